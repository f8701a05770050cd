-- A club is known by its school and name.
SELECT record, 'name' AS field, department, school || ' · ' || name AS value
FROM club
