SELECT record, field, task, department, value FROM activity
