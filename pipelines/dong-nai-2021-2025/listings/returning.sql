-- The enterprises that were supported in more than one year.
WITH by_year AS (
  SELECT s.*, EXTRACT(YEAR FROM s.period_end) AS year, CASE WHEN c.record IS NULL THEN 0 ELSE 1 END AS is_case
  FROM support AS s
  LEFT JOIN counted_support AS c ON s.record = c.record
)
SELECT
  enterprise_id,
  MIN(enterprise) AS enterprise, MIN(tax_code) AS tax_code,
  CAST(COUNT(DISTINCT year) AS BIGINT) AS years, CAST(SUM(is_case) AS BIGINT) AS cases,
  ARRAY_AGG(DISTINCT content) AS content,
  ARRAY_AGG(DISTINCT department) AS department,
  ARRAY_AGG(record) AS record,
  SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget
FROM by_year
GROUP BY enterprise_id
HAVING COUNT(DISTINCT year) > 1
ORDER BY enterprise_id NULLS LAST
