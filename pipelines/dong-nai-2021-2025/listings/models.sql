-- II.1.b: the enterprises that apply the solutions in sync, as models to share, each once.
SELECT
  enterprise_id,
  MIN(enterprise) AS enterprise, MIN(tax_code) AS tax_code, MIN(district) AS district,
  ARRAY_AGG(DISTINCT content) AS content,
  ARRAY_AGG(DISTINCT tool) AS tool,
  ARRAY_AGG(DISTINCT department) AS department,
  ARRAY_AGG(DISTINCT result) AS result,
  MIN(start) AS first, ARRAY_AGG(record) AS record,
  SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget
FROM support
WHERE enterprise_id IN (SELECT enterprise_id FROM support WHERE model)
GROUP BY enterprise_id
ORDER BY enterprise_id NULLS LAST
