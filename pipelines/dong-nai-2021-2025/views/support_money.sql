-- What support cost, by who paid (V.1, V.2, V.3). A case stands under its first content.
SELECT record, file, department, size, district, content, task, 'state_budget' AS field, 'state' AS money_source, state_budget AS value
FROM first_content
WHERE state_budget IS NOT NULL
UNION ALL
SELECT record, file, department, size, district, content, task, 'enterprise_budget' AS field, 'enterprise' AS money_source, enterprise_budget AS value
FROM first_content
WHERE enterprise_budget IS NOT NULL
UNION ALL
SELECT record, file, department, size, district, content, task, 'other_budget' AS field, 'other' AS money_source, other_budget AS value
FROM first_content
WHERE other_budget IS NOT NULL
