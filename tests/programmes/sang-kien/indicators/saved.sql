SELECT record, 'saved' AS field, kind, department, saved AS value FROM idea WHERE saved IS NOT NULL
