-- Each enterprise of the year once: who supported it with what, and what that cost.
SELECT
  s.enterprise_id,
  MIN(s.enterprise) AS enterprise, MIN(s.tax_code) AS tax_code, MIN(s.district) AS district, MIN(s.size) AS size,
  ARRAY_AGG(DISTINCT s.product) AS product,
  ARRAY_AGG(DISTINCT s.content) AS content,
  ARRAY_AGG(DISTINCT s.tool) AS tool,
  ARRAY_AGG(DISTINCT s.department) AS department,
  CAST(COUNT(c.record) AS BIGINT) AS cases,
  ARRAY_AGG(s.record) AS record,
  MIN(s.start) AS first, MAX(s.model) AS model,
  SUM(s.state_budget) AS state_budget, SUM(s.enterprise_budget) AS enterprise_budget, SUM(s.other_budget) AS other_budget
FROM support AS s
LEFT JOIN counted_support AS c ON s.record = c.record
GROUP BY s.enterprise_id
ORDER BY enterprise_id NULLS LAST
