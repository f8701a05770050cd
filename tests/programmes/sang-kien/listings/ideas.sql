SELECT name, kind, people, saved, department, record FROM idea ORDER BY department, record
