SELECT record, 'participants' AS field, task, department, participants AS value
FROM training
WHERE participants IS NOT NULL
