-- The support that was still going on when it was reported last, in the last period there is.
WITH latest AS (SELECT MAX(period_end) AS day FROM support)
SELECT
  s.enterprise_id, s.enterprise, s.tax_code, s.content, s.tool, s.contract, s.start,
  s.state_budget, s.enterprise_budget, s.department, s.record
FROM support AS s
JOIN latest AS l ON s.period_end = l.day
WHERE s.status = 'ongoing'
ORDER BY s.enterprise_id NULLS LAST, s.start NULLS LAST, s.record
