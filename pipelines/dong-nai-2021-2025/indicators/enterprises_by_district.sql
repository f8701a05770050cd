SELECT record, 'enterprise' AS field, COALESCE(district, 'unclassified') AS district, enterprise_id AS value
FROM support
