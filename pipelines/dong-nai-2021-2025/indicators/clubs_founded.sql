-- A club is one, whoever reports it. One that is older than the years that are counted was not founded in them; without a day it
-- counts as reported.
SELECT c.record, 'name' AS field, c.department, c.case_id AS value
FROM club AS c
CROSS JOIN shown AS s
WHERE c.founded_on_last IS NULL OR c.founded_on_last >= s.first_day
