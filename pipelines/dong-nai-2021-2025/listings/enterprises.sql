-- Each enterprise of the year once: who supported it with what, and what that cost.
SELECT
  enterprise_id,
  MIN(enterprise) AS enterprise, MIN(tax_code) AS tax_code, MIN(district) AS district, MIN(size) AS size,
  STRING_AGG(DISTINCT product, '; ' ORDER BY product) AS product,
  STRING_AGG(DISTINCT content, '; ' ORDER BY content) AS content,
  STRING_AGG(DISTINCT tool, '; ' ORDER BY tool) AS tool,
  STRING_AGG(DISTINCT department, '; ' ORDER BY department) AS department,
  CAST(COUNT(*) AS BIGINT) AS cases,
  STRING_AGG(record, ' ' ORDER BY record) AS record,
  MIN(start) AS first, MAX(model) AS model,
  SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget, SUM(other_budget) AS other_budget
FROM support
GROUP BY enterprise_id
ORDER BY enterprise_id
