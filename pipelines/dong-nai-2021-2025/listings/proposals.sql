SELECT difficulty, proposal, addressee, department, record
FROM proposal
ORDER BY department, record
