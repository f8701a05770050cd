-- One for each row of forms 1, 2, 3, 4a, 5 and 6. A case of support stands under the task of its first content.
SELECT record, 'name' AS field, task, department, 1 AS value FROM policy
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM communication
UNION ALL
SELECT s.record, 'content' AS field, f.task, s.department, 1 AS value
FROM counted_support AS s
JOIN first_content AS f ON s.record = f.record
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM training
UNION ALL
SELECT record, 'name' AS field, 'IV.4.e' AS task, department, 1 AS value FROM club
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM capacity
