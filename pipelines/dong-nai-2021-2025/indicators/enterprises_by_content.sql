-- An enterprise helped with two contents counts once under each.
SELECT s.record, 'content' AS field, c.code AS content, s.enterprise_id AS value
FROM support AS s
JOIN support_content AS c ON s.record = c.record
