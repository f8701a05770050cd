-- What each activity cost, by who paid (V.1, V.2, V.3). A case of support stands under the task of its first content.
SELECT m.record, m.field, f.task, m.money_source, m.department, m.value
FROM support_money AS m
JOIN first_content AS f ON m.record = f.record
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
