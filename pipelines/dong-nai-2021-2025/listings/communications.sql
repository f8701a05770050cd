SELECT name, kind, task, date, place, quantity, unit, participants, department, record
FROM communication
ORDER BY task NULLS LAST, date NULLS LAST, record
