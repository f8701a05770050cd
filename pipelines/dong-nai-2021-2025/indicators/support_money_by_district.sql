SELECT record, field, COALESCE(district, 'unclassified') AS district, money_source, value
FROM support_money
