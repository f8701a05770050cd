-- The cases of support that count, each as the last year that reports it has it: over several years a contract that runs on
-- is one case. What two departments paid jointly is one case too (III.2.b); a record that only says again what another says
-- is in no table.
WITH latest AS (SELECT one_case, MAX(year) AS year FROM reported_support GROUP BY one_case)
SELECT s.record, s.department, s.size, s.district
FROM reported_support AS s
JOIN latest AS l ON s.one_case = l.one_case AND s.year = l.year
LEFT JOIN duplicate AS d ON s.record = d.record
WHERE d.record IS NULL OR NOT (d.is_decided AND d.is_second)
