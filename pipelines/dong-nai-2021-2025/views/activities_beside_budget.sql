-- Of each file that has form 8: what the activities of a group of tasks cost by who paid, beside what form 8 says was spent; it
-- stands at the first of their rows in each form. Money of enterprises and others is compared where form 8 has it: not all
-- departments write it there.
WITH spent AS (
  SELECT
    b.file, COALESCE(t.parent, b.task) AS task_group,
    CASE WHEN b.source IN ('ensured', 'supported') THEN 'state' ELSE b.source END AS money_source,
    SUM(b.spent) AS spent
  FROM budget AS b
  LEFT JOIN task AS t ON b.task = t.code
  GROUP BY b.file, COALESCE(t.parent, b.task), CASE WHEN b.source IN ('ensured', 'supported') THEN 'state' ELSE b.source END
),
cost AS (
  SELECT file, task_group, money_source, SUM(value) AS cost FROM activity_money GROUP BY file, task_group, money_source
),
files AS (SELECT file FROM budget GROUP BY file)
SELECT MIN(m.record) AS record, m.form, MAX(c.cost) AS cost, MAX(COALESCE(s.spent, 0)) AS spent
FROM activity_money AS m
JOIN cost AS c ON m.file = c.file AND m.task_group = c.task_group AND m.money_source = c.money_source
JOIN files AS f ON m.file = f.file
LEFT JOIN spent AS s ON m.file = s.file AND m.task_group = s.task_group AND m.money_source = s.money_source
WHERE m.value <> 0 AND (m.money_source = 'state' OR s.spent IS NOT NULL)
GROUP BY m.file, m.form, m.task_group, m.money_source
