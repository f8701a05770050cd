SELECT record, 'related_programme' AS field, related_programme, enterprise_id AS value
FROM support
WHERE related_programme IS NOT NULL
