SELECT name, task, start, "end", place, trainer, participants, from_enterprises, experts, state_budget, enterprise_budget, other_budget, department, record
FROM training
ORDER BY task, start, record
