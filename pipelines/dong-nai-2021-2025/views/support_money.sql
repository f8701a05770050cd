-- What support cost, by who paid (V.1, V.2, V.3).
SELECT record, file, department, size, district, 'state_budget' AS field, 'state' AS money_source, state_budget AS value
FROM support
WHERE state_budget IS NOT NULL
UNION ALL
SELECT record, file, department, size, district, 'enterprise_budget' AS field, 'enterprise' AS money_source, enterprise_budget AS value
FROM support
WHERE enterprise_budget IS NOT NULL
UNION ALL
SELECT record, file, department, size, district, 'other_budget' AS field, 'other' AS money_source, other_budget AS value
FROM support
WHERE other_budget IS NOT NULL
