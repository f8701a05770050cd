-- A case stands under its first content.
SELECT m.record, m.field, f.content, m.money_source, m.value
FROM support_money AS m
JOIN first_content AS f ON m.record = f.record
