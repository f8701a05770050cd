-- II.1.b: enterprises that apply the solutions in sync, as models to share.
SELECT record, 'model' AS field, department, enterprise_id AS value
FROM support
WHERE model
