-- One for each row of form 3, under its first content.
SELECT s.record, 'content' AS field, COALESCE(c.code, 'unclassified') AS content, s.department, 1 AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS c ON s.record = c.record
