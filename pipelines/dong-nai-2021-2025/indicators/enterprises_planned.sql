SELECT record, 'enterprises' AS field, task, department, enterprises AS value
FROM plan
WHERE enterprises IS NOT NULL
