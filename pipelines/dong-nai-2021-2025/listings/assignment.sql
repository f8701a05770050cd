-- The appendix's table, and beside each line what those who lead the task did in the years asked for, as themselves or as what they
-- were merged into; what others did of the task stands on its first line, and what is of no task of the table below it.
WITH activity_task AS (
  SELECT a.record, COALESCE(t.parent, a.task) AS done_task, a.department, a.value
  FROM activity AS a
  LEFT JOIN task AS t ON a.task = t.code
),
paid AS (
  SELECT COALESCE(t.parent, b.task) AS done_task, b.department, SUM(b.spent) AS spent
  FROM reported_budget AS b
  LEFT JOIN task AS t ON b.task = t.code
  GROUP BY COALESCE(t.parent, b.task), b.department
),
lead_tasks AS (SELECT assigned_task, department FROM assigned WHERE leads GROUP BY assigned_task, department),
first_lines AS (SELECT assigned_task, MIN(line) AS line FROM assignment GROUP BY assigned_task),
of_leads AS (
  SELECT l.line, a.record, a.value
  FROM assigned AS l
  JOIN activity_task AS a ON l.assigned_task = a.done_task AND l.department = a.department
  WHERE l.leads
),
of_others AS (
  SELECT f.line, a.record, a.value
  FROM activity_task AS a
  JOIN first_lines AS f ON a.done_task = f.assigned_task
  LEFT JOIN lead_tasks AS l ON a.done_task = l.assigned_task AND a.department = l.department
  WHERE l.department IS NULL
),
of_no_task AS (
  SELECT a.record, a.value
  FROM activity_task AS a
  LEFT JOIN first_lines AS f ON a.done_task = f.assigned_task
  WHERE f.line IS NULL
),
done_by_leads AS (SELECT line, CAST(SUM(value) AS BIGINT) AS activities FROM of_leads GROUP BY line),
done_by_others AS (SELECT line, CAST(SUM(value) AS BIGINT) AS activities FROM of_others GROUP BY line),
no_task AS (SELECT CAST(SUM(value) AS BIGINT) AS activities FROM of_no_task),
paid_by_leads AS (
  SELECT l.line, SUM(p.spent) AS spent
  FROM assigned AS l
  JOIN paid AS p ON l.assigned_task = p.done_task AND l.department = p.department
  WHERE l.leads
  GROUP BY l.line
),
paid_by_others AS (
  SELECT f.line, SUM(p.spent) AS spent
  FROM paid AS p
  JOIN first_lines AS f ON p.done_task = f.assigned_task
  LEFT JOIN lead_tasks AS l ON p.done_task = l.assigned_task AND p.department = l.department
  WHERE l.department IS NULL
  GROUP BY f.line
),
lines AS (
  SELECT
    a.line, a.stated_number, t.title AS assigned_task, a.lead_names, a.helper_names, a.ground,
    dl.activities AS activities_of_leads, pl.spent AS spent_by_leads, dx.activities AS activities_of_others, px.spent AS spent_by_others
  FROM assignment AS a
  LEFT JOIN task AS t ON a.assigned_task = t.code
  LEFT JOIN done_by_leads AS dl ON a.line = dl.line
  LEFT JOIN paid_by_leads AS pl ON a.line = pl.line
  LEFT JOIN done_by_others AS dx ON a.line = dx.line
  LEFT JOIN paid_by_others AS px ON a.line = px.line
  UNION ALL
  SELECT
    999 AS line, 999 AS stated_number, 'Chưa xác định nhiệm vụ' AS assigned_task, '' AS lead_names, '' AS helper_names, '' AS ground,
    n.activities AS activities_of_leads, CAST(NULL AS BIGINT) AS spent_by_leads,
    CAST(NULL AS BIGINT) AS activities_of_others, CAST(NULL AS BIGINT) AS spent_by_others
  FROM no_task AS n
  WHERE n.activities > 0
),
line_records AS (
  SELECT line, record FROM of_leads
  UNION ALL
  SELECT line, record FROM of_others
  UNION ALL
  SELECT 999 AS line, record FROM of_no_task
),
records AS (SELECT line, ARRAY_AGG(record) AS record FROM line_records GROUP BY line)
SELECT
  l.line, l.stated_number, l.assigned_task, l.lead_names, l.helper_names, l.ground,
  l.activities_of_leads, l.spent_by_leads, l.activities_of_others, l.spent_by_others, r.record
FROM lines AS l
LEFT JOIN records AS r ON l.line = r.line
ORDER BY l.line NULLS LAST
