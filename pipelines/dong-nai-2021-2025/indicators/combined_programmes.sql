-- A case that goes together with two programmes of III.1.b counts once under each.
SELECT s.record, 'related_programme' AS field, p.code AS related_programme, s.department, 1 AS value
FROM support AS s
JOIN counted_support AS c ON s.record = c.record
JOIN support_related_programme AS p ON s.record = p.record
