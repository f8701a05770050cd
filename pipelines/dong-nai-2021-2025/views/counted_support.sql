-- The cases of support that count. What two departments paid jointly is one case (III.2.b); a record that only says again
-- what another says is in no table.
SELECT s.record, s.department, s.size, s.district
FROM support AS s
LEFT JOIN duplicate AS d ON s.record = d.record
WHERE d.record IS NULL OR NOT (d.is_decided AND d.is_second)
