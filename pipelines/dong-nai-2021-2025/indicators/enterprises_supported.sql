-- II.1.b: enterprises are counted once each, over all departments and years.
SELECT record, 'enterprise' AS field, department, enterprise_id AS value
FROM support
