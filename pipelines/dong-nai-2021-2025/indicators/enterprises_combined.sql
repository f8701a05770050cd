SELECT s.record, 'related_programme' AS field, p.code AS related_programme, s.enterprise_id AS value
FROM support AS s
JOIN support_related_programme AS p ON s.record = p.record
