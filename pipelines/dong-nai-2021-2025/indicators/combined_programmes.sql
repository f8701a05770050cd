SELECT record, 'related_programme' AS field, related_programme, department, 1 AS value
FROM support
WHERE related_programme IS NOT NULL
