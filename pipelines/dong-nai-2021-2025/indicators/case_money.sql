-- What each activity cost, by who paid (V.1, V.2, V.3). A case of support stands under the task of its first content.
SELECT record, field, task, money_source, department, value
FROM activity_money
