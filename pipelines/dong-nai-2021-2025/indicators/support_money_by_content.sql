-- What support cost, by who paid (V.1, V.2, V.3); a case stands under its first content.
SELECT s.record, 'state_budget' AS field, COALESCE(c.code, 'unclassified') AS content, 'state' AS money_source, s.state_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS c ON s.record = c.record
WHERE s.state_budget IS NOT NULL
UNION ALL
SELECT s.record, 'enterprise_budget' AS field, COALESCE(c.code, 'unclassified') AS content, 'enterprise' AS money_source, s.enterprise_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS c ON s.record = c.record
WHERE s.enterprise_budget IS NOT NULL
UNION ALL
SELECT s.record, 'other_budget' AS field, COALESCE(c.code, 'unclassified') AS content, 'other' AS money_source, s.other_budget AS value
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS c ON s.record = c.record
WHERE s.other_budget IS NOT NULL
