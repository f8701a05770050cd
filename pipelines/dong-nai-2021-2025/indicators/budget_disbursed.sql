SELECT record, 'disbursed' AS field, task, source, department, disbursed AS value
FROM budget
WHERE disbursed IS NOT NULL
