SELECT s.record, 'related_programme' AS field, s.related_programme, s.department, 1 AS value
FROM support AS s
JOIN counted_support AS c ON s.record = c.record
WHERE s.related_programme IS NOT NULL
