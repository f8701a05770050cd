SELECT name, school, decision, founded_on, members, activities, department, record
FROM club
ORDER BY school NULLS LAST, name NULLS LAST, record
