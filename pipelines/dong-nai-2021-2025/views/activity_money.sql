-- What the rows of forms 3, 4a and 6 cost, by file, by the group of tasks (IV.1 to IV.5) and by who paid.
WITH paid AS (
  SELECT m.record, s.file, 'support' AS form, f.task, m.money_source, m.value
  FROM support_money AS m
  JOIN first_content AS f ON m.record = f.record
  JOIN support AS s ON m.record = s.record
  UNION ALL
  SELECT record, file, 'training' AS form, task, 'state' AS money_source, state_budget AS value FROM training WHERE state_budget IS NOT NULL
  UNION ALL
  SELECT record, file, 'training' AS form, task, 'enterprise' AS money_source, enterprise_budget AS value FROM training WHERE enterprise_budget IS NOT NULL
  UNION ALL
  SELECT record, file, 'training' AS form, task, 'other' AS money_source, other_budget AS value FROM training WHERE other_budget IS NOT NULL
  UNION ALL
  SELECT record, file, 'capacity' AS form, task, 'state' AS money_source, state_budget AS value FROM capacity WHERE state_budget IS NOT NULL
  UNION ALL
  SELECT record, file, 'capacity' AS form, task, 'enterprise' AS money_source, enterprise_budget AS value FROM capacity WHERE enterprise_budget IS NOT NULL
  UNION ALL
  SELECT record, file, 'capacity' AS form, task, 'other' AS money_source, other_budget AS value FROM capacity WHERE other_budget IS NOT NULL
)
SELECT p.record, p.file, p.form, COALESCE(t.parent, p.task) AS task_group, p.money_source, p.value
FROM paid AS p
LEFT JOIN task AS t ON p.task = t.code
