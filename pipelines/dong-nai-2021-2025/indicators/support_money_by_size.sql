SELECT record, field, COALESCE(size, 'unclassified') AS size, money_source, value
FROM support_money
