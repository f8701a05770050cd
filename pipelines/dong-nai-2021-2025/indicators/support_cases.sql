-- One for each row of form 3, under its first content. What a person found to be a duplicate counts once (III.2.b).
SELECT s.record, 'content' AS field, COALESCE(c.code, 'unclassified') AS content, s.department, 1 AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS c ON s.record = c.record
LEFT JOIN duplicate AS d ON s.record = d.record
WHERE d.record IS NULL OR NOT (d.is_decided AND d.is_second)
