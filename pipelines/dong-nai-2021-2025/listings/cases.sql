-- The cases of the year, enterprise by enterprise.
SELECT
  s.enterprise_id, s.enterprise, s.tax_code, s.address, s.district, s.size, s.product,
  s.content, s.content_words, s.tool, s.contract, s.start, s."end", s.status, s.model,
  s.state_budget, s.enterprise_budget, s.other_budget, s.result, s.department, s.record
FROM support AS s
ORDER BY s.enterprise_id, s.start, s.record
