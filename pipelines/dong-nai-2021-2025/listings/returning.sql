-- The enterprises that were supported in more than one year.
WITH by_year AS (SELECT *, EXTRACT(YEAR FROM period_end) AS year FROM support)
SELECT
  enterprise_id,
  MIN(enterprise) AS enterprise, MIN(tax_code) AS tax_code,
  CAST(COUNT(DISTINCT year) AS BIGINT) AS years, CAST(COUNT(*) AS BIGINT) AS cases,
  STRING_AGG(DISTINCT content, '; ' ORDER BY content) AS content,
  STRING_AGG(DISTINCT department, '; ' ORDER BY department) AS department,
  STRING_AGG(record, ' ' ORDER BY record) AS record,
  SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget
FROM by_year
GROUP BY enterprise_id
HAVING COUNT(DISTINCT year) > 1
ORDER BY enterprise_id
