SELECT recipient, tax_code, award, level, CAST(year AS VARCHAR) AS year, decision, department, record
FROM award
ORDER BY level, award, recipient, record
