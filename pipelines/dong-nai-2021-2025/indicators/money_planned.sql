SELECT record, 'state_budget' AS field, task, 'state' AS money_source, department, state_budget AS value FROM plan WHERE state_budget IS NOT NULL
UNION ALL
SELECT record, 'enterprise_budget' AS field, task, 'enterprise' AS money_source, department, enterprise_budget AS value FROM plan WHERE enterprise_budget IS NOT NULL
UNION ALL
SELECT record, 'other_budget' AS field, task, 'other' AS money_source, department, other_budget AS value FROM plan WHERE other_budget IS NOT NULL
