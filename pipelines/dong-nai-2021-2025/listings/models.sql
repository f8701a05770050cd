-- II.1.b: the enterprises that apply the solutions in sync, as models to share, each once.
SELECT
  enterprise_id,
  MIN(enterprise) AS enterprise, MIN(tax_code) AS tax_code, MIN(district) AS district,
  STRING_AGG(DISTINCT content, '; ' ORDER BY content) AS content,
  STRING_AGG(DISTINCT tool, '; ' ORDER BY tool) AS tool,
  STRING_AGG(DISTINCT department, '; ' ORDER BY department) AS department,
  STRING_AGG(DISTINCT result, '; ' ORDER BY result) AS result,
  MIN(start) AS first, STRING_AGG(record, ' ' ORDER BY record) AS record,
  SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget
FROM support
WHERE enterprise_id IN (SELECT enterprise_id FROM support WHERE model)
GROUP BY enterprise_id
ORDER BY enterprise_id
