-- The cases of support that count. What a person found to be a duplicate counts once (III.2.b).
SELECT s.record, s.department, s.size, s.district
FROM support AS s
LEFT JOIN duplicate AS d ON s.record = d.record
WHERE d.record IS NULL OR NOT (d.is_decided AND d.is_second)
