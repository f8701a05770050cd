SELECT record, 'disbursed' AS field, task, source, department, disbursed AS value
FROM reported_budget
WHERE disbursed IS NOT NULL
