-- A person is one expert, whoever reports him and however many certificates he has. One whose certificate is from before the
-- years that are counted was not trained in them; without a day he counts as reported.
SELECT e.record, 'name' AS field, e.department, e.case_id AS value
FROM expert AS e
CROSS JOIN shown AS s
WHERE e.certified_on_last IS NULL OR e.certified_on_last >= s.first_day
