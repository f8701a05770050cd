SELECT record, 'name' AS field, kind, department, 1 AS value FROM idea
