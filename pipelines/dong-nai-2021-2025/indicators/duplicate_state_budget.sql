-- State money in the figures of support that another programme gave as well, or that may be a duplicate while a person has
-- not decided (III.2.b, VI.2.b). Of what is found to be reported twice the second record is in no figure.
SELECT s.record, 'state_budget' AS field, s.department, s.state_budget AS value
FROM support AS s
JOIN duplicate AS d ON s.record = d.record
WHERE s.state_budget IS NOT NULL AND NOT d.is_joint
