SELECT record, 'enterprise' AS field, COALESCE(size, 'unclassified') AS size, enterprise_id AS value
FROM support
