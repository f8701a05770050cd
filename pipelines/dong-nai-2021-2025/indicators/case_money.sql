-- What each activity cost, by who paid (V.1, V.2, V.3). A case of support stands under the task of its first content.
SELECT s.record, 'state_budget' AS field, COALESCE(c.parent, 'unclassified') AS task, 'state' AS money_source, s.department, s.state_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS f ON s.record = f.record
LEFT JOIN content AS c ON f.code = c.code
WHERE s.state_budget IS NOT NULL
UNION ALL
SELECT s.record, 'enterprise_budget' AS field, COALESCE(c.parent, 'unclassified') AS task, 'enterprise' AS money_source, s.department, s.enterprise_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS f ON s.record = f.record
LEFT JOIN content AS c ON f.code = c.code
WHERE s.enterprise_budget IS NOT NULL
UNION ALL
SELECT s.record, 'other_budget' AS field, COALESCE(c.parent, 'unclassified') AS task, 'other' AS money_source, s.department, s.other_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS f ON s.record = f.record
LEFT JOIN content AS c ON f.code = c.code
WHERE s.other_budget IS NOT NULL
UNION ALL
SELECT record, 'state_budget' AS field, task, 'state' AS money_source, department, state_budget AS value FROM training WHERE state_budget IS NOT NULL
UNION ALL
SELECT record, 'enterprise_budget' AS field, task, 'enterprise' AS money_source, department, enterprise_budget AS value FROM training WHERE enterprise_budget IS NOT NULL
UNION ALL
SELECT record, 'other_budget' AS field, task, 'other' AS money_source, department, other_budget AS value FROM training WHERE other_budget IS NOT NULL
UNION ALL
SELECT record, 'state_budget' AS field, task, 'state' AS money_source, department, state_budget AS value FROM capacity WHERE state_budget IS NOT NULL
UNION ALL
SELECT record, 'enterprise_budget' AS field, task, 'enterprise' AS money_source, department, enterprise_budget AS value FROM capacity WHERE enterprise_budget IS NOT NULL
UNION ALL
SELECT record, 'other_budget' AS field, task, 'other' AS money_source, department, other_budget AS value FROM capacity WHERE other_budget IS NOT NULL
