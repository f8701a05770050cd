SELECT record, 'participants' AS field, task, department, participants AS value
FROM plan
WHERE participants IS NOT NULL
