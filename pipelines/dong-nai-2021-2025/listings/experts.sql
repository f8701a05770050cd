SELECT name, organisation, position, course, certificate, certified_on, field, department, record
FROM expert
ORDER BY name NULLS LAST, record
