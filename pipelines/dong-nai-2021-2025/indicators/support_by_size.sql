SELECT record, 'content' AS field, COALESCE(size, 'unclassified') AS size, 1 AS value
FROM counted_support
