SELECT name, school, decision, founded_on, members, activities, department, record
FROM club
ORDER BY school, name, record
