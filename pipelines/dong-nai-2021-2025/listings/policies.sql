SELECT name, number, issued_on, issuer, task, status, department, record
FROM policy
ORDER BY task NULLS LAST, department NULLS LAST, record
