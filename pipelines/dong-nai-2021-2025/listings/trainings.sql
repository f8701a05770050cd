SELECT name, task, start, finish, place, trainer, participants, from_enterprises, experts, state_budget, enterprise_budget, other_budget, department, record
FROM training
ORDER BY task NULLS LAST, start NULLS LAST, record
