-- A case stands under its first content.
SELECT record, field, content, money_source, value
FROM support_money
