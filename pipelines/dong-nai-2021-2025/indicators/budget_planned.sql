SELECT record, 'planned' AS field, task, source, department, planned AS value
FROM budget
WHERE planned IS NOT NULL
