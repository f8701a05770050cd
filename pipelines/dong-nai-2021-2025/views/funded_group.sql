-- The groups of tasks of which parts are on the funding lists (V.1): the state's money for a whole group is on a list of its own, or
-- it must be told for each part.
SELECT t.parent AS whole_group
FROM task AS t
JOIN funding AS f ON t.code = f.task
WHERE t.parent IS NOT NULL
GROUP BY t.parent
