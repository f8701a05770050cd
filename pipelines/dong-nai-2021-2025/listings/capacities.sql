SELECT name, task, organisation, kind, quantity, result, state_budget, enterprise_budget, other_budget, department, record
FROM capacity
ORDER BY task NULLS LAST, organisation NULLS LAST, record
