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
files AS (SELECT file FROM budget GROUP BY file),
-- Rows are many and groups few: they are added up before anything is joined.
paid AS (
  SELECT file, form, task_group, money_source, SUM(value) AS paid, MIN(record) AS record
  FROM activity_money
  WHERE value <> 0
  GROUP BY file, form, task_group, money_source
),
cost AS (
  SELECT file, task_group, money_source, SUM(paid) AS cost FROM paid GROUP BY file, task_group, money_source
)
SELECT p.record, p.form, c.cost, COALESCE(s.spent, 0) AS spent
FROM paid AS p
JOIN files AS f ON p.file = f.file
JOIN cost AS c ON p.file = c.file AND p.task_group = c.task_group AND p.money_source = c.money_source
LEFT JOIN spent AS s ON p.file = s.file AND p.task_group = s.task_group AND p.money_source = s.money_source
WHERE p.money_source = 'state' OR s.spent IS NOT NULL
