SELECT recipient, tax_code, award, level, CAST(year AS STRING) AS year, decision, department, record
FROM award
ORDER BY level NULLS LAST, award NULLS LAST, recipient NULLS LAST, record
