-- State money of support that is given elsewhere as well, or may be while a person has not decided (III.2.b, VI.2.b).
SELECT s.record, 'state_budget' AS field, s.department, s.state_budget AS value
FROM support AS s
JOIN duplicate AS d ON s.record = d.record
WHERE s.state_budget IS NOT NULL
