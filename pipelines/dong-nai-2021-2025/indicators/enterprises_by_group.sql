-- An enterprise with products of two groups counts once under each (II.2).
SELECT s.record, 'product_group' AS field, g.code AS product_group, s.enterprise_id AS value
FROM support AS s
JOIN support_product_group AS g ON s.record = g.record
