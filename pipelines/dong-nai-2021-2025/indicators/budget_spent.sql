SELECT record, 'spent' AS field, task, source, department, spent AS value
FROM reported_budget
WHERE spent IS NOT NULL
