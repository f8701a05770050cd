SELECT record, 'content' AS field, COALESCE(district, 'unclassified') AS district, 1 AS value
FROM counted_support
