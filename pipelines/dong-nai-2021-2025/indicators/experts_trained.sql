-- A person with one certificate is one expert, whoever reports it.
SELECT record, 'name' AS field, department, name || ' · ' || COALESCE(certificate, '') AS value
FROM expert
