-- The appendix's table, and beside each line what those who lead the task did in the years asked for, as themselves or as what they
-- were merged into; what others did of the task stands on its first line, and what is of no task of the table below it.
WITH done AS (
  SELECT COALESCE(t.parent, a.task) AS done_task, a.department, CAST(SUM(a.value) AS BIGINT) AS activities,
    STRING_AGG(a.record, ' ' ORDER BY a.record) AS records
  FROM activity AS a
  LEFT JOIN task AS t ON a.task = t.code
  GROUP BY COALESCE(t.parent, a.task), a.department
),
paid AS (
  SELECT COALESCE(t.parent, b.task) AS done_task, b.department, SUM(b.spent) AS spent
  FROM reported_budget AS b
  LEFT JOIN task AS t ON b.task = t.code
  GROUP BY COALESCE(t.parent, b.task), b.department
),
leading AS (SELECT assigned_task, department FROM assigned WHERE leads GROUP BY assigned_task, department),
first_lines AS (SELECT assigned_task, MIN(line) AS line FROM assignment GROUP BY assigned_task),
done_by_leads AS (
  SELECT l.line, SUM(d.activities) AS activities, STRING_AGG(d.records, ' ' ORDER BY d.records) AS records
  FROM assigned AS l
  JOIN done AS d ON l.assigned_task = d.done_task AND l.department = d.department
  WHERE l.leads
  GROUP BY l.line
),
paid_by_leads AS (
  SELECT l.line, SUM(p.spent) AS spent
  FROM assigned AS l
  JOIN paid AS p ON l.assigned_task = p.done_task AND l.department = p.department
  WHERE l.leads
  GROUP BY l.line
),
done_by_others AS (
  SELECT f.line, SUM(d.activities) AS activities, STRING_AGG(d.records, ' ' ORDER BY d.records) AS records
  FROM done AS d
  JOIN first_lines AS f ON d.done_task = f.assigned_task
  LEFT JOIN leading AS l ON d.done_task = l.assigned_task AND d.department = l.department
  WHERE l.department IS NULL
  GROUP BY f.line
),
paid_by_others AS (
  SELECT f.line, SUM(p.spent) AS spent
  FROM paid AS p
  JOIN first_lines AS f ON p.done_task = f.assigned_task
  LEFT JOIN leading AS l ON p.done_task = l.assigned_task AND p.department = l.department
  WHERE l.department IS NULL
  GROUP BY f.line
),
no_task AS (
  SELECT SUM(d.activities) AS activities, STRING_AGG(d.records, ' ' ORDER BY d.records) AS records
  FROM done AS d
  LEFT JOIN first_lines AS f ON d.done_task = f.assigned_task
  WHERE f.line IS NULL
)
SELECT
  a.line, a.stated_number, t.title AS assigned_task, a.lead_names, a.helper_names, a.ground,
  dl.activities AS activities_of_leads, pl.spent AS spent_by_leads, dx.activities AS activities_of_others, px.spent AS spent_by_others,
  COALESCE(dl.records, '') || ' ' || COALESCE(dx.records, '') AS record
FROM assignment AS a
LEFT JOIN task AS t ON a.assigned_task = t.code
LEFT JOIN done_by_leads AS dl ON a.line = dl.line
LEFT JOIN paid_by_leads AS pl ON a.line = pl.line
LEFT JOIN done_by_others AS dx ON a.line = dx.line
LEFT JOIN paid_by_others AS px ON a.line = px.line
UNION ALL
SELECT
  999 AS line, 999 AS stated_number, 'Chưa xác định nhiệm vụ' AS assigned_task, '' AS lead_names, '' AS helper_names, '' AS ground,
  n.activities AS activities_of_leads, CAST(NULL AS BIGINT) AS spent_by_leads, CAST(NULL AS BIGINT) AS activities_of_others, CAST(NULL AS BIGINT) AS spent_by_others,
  n.records AS record
FROM no_task AS n
WHERE n.activities > 0
ORDER BY line
