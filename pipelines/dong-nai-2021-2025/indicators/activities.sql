-- One for each row of forms 1, 2, 3, 4a, 5 and 6. A case of support stands under the task of its first content; one
-- that a person found to be a duplicate counts once (III.2.b).
SELECT record, 'name' AS field, task, department, 1 AS value FROM policy
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM communication
UNION ALL
SELECT s.record, 'content' AS field, COALESCE(c.parent, 'unclassified') AS task, s.department, 1 AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS f ON s.record = f.record
LEFT JOIN content AS c ON f.code = c.code
LEFT JOIN duplicate AS d ON s.record = d.record
WHERE d.record IS NULL OR NOT (d.is_decided AND d.is_second)
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM training
UNION ALL
SELECT record, 'name' AS field, 'IV.4.e' AS task, department, 1 AS value FROM club
UNION ALL
SELECT record, 'name' AS field, task, department, 1 AS value FROM capacity
