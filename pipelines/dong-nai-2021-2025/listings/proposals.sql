SELECT difficulty, proposal, COALESCE(addressee, '') AS addressee, department, record
FROM proposal
ORDER BY addressee, department NULLS LAST, record
