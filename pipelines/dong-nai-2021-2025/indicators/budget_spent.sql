SELECT record, 'spent' AS field, task, source, department, spent AS value
FROM budget
WHERE spent IS NOT NULL
