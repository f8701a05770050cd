-- The cases of the years asked for, enterprise by enterprise: each once, as it was reported last, with the years that report it
-- and the money of all of them.
WITH together AS (
  SELECT
    one_case, MAX(year) AS last_year,
    ARRAY_AGG(DISTINCT CAST(year AS STRING)) AS years,
    MAX(contract_value) AS contract_value, ARRAY_AGG(record) AS records,
    SUM(state_budget) AS state_budget, SUM(enterprise_budget) AS enterprise_budget, SUM(other_budget) AS other_budget
  FROM reported_support
  GROUP BY one_case
),
listed AS (
  SELECT
    s.enterprise_id, s.enterprise, s.tax_code, s.address, s.district, s.size, s.product,
    s.content, s.content_words, s.tool, s.contract, t.contract_value, t.years, s.start, s.finish, s.status, s.model,
    t.state_budget, t.enterprise_budget, t.other_budget, s.result, s.department, t.records, s.record AS last_record
  FROM reported_support AS s
  JOIN together AS t ON s.one_case = t.one_case AND s.year = t.last_year
)
SELECT
  enterprise_id, enterprise, tax_code, address, district, size, product,
  content, content_words, tool, contract, contract_value, years, start, finish, status, model,
  state_budget, enterprise_budget, other_budget, result, department, records AS record
FROM listed
ORDER BY enterprise_id NULLS LAST, start NULLS LAST, last_record
