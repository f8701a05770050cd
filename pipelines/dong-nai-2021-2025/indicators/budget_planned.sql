SELECT record, 'planned' AS field, task, source, department, planned AS value
FROM reported_budget
WHERE planned IS NOT NULL
