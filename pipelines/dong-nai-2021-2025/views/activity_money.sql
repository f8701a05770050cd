-- What the rows of forms 3, 4a and 6 cost, by file, by the task and its group (IV.1 to IV.5) and by who paid (V.1, V.2, V.3). A
-- case of support stands under the task of its first content.
WITH paid AS (
  SELECT record, file, department, 'support' AS form, field, task, money_source, value FROM support_money
  UNION ALL
  SELECT record, file, department, 'training' AS form, 'state_budget' AS field, task, 'state' AS money_source, state_budget AS value FROM training WHERE state_budget IS NOT NULL
  UNION ALL
  SELECT record, file, department, 'training' AS form, 'enterprise_budget' AS field, task, 'enterprise' AS money_source, enterprise_budget AS value FROM training WHERE enterprise_budget IS NOT NULL
  UNION ALL
  SELECT record, file, department, 'training' AS form, 'other_budget' AS field, task, 'other' AS money_source, other_budget AS value FROM training WHERE other_budget IS NOT NULL
  UNION ALL
  SELECT record, file, department, 'capacity' AS form, 'state_budget' AS field, task, 'state' AS money_source, state_budget AS value FROM capacity WHERE state_budget IS NOT NULL
  UNION ALL
  SELECT record, file, department, 'capacity' AS form, 'enterprise_budget' AS field, task, 'enterprise' AS money_source, enterprise_budget AS value FROM capacity WHERE enterprise_budget IS NOT NULL
  UNION ALL
  SELECT record, file, department, 'capacity' AS form, 'other_budget' AS field, task, 'other' AS money_source, other_budget AS value FROM capacity WHERE other_budget IS NOT NULL
)
SELECT p.record, p.file, p.department, p.form, p.field, p.task, COALESCE(t.parent, p.task) AS task_group, p.money_source, p.value
FROM paid AS p
LEFT JOIN task AS t ON p.task = t.code
