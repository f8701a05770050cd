-- VI.3: what is allocated for the tasks, as Sở Tài chính reports it.
SELECT b.record, 'planned' AS field, b.task, b.source, b.planned AS value
FROM budget AS b
JOIN reporter AS r ON b.department = r.department
WHERE r.role = 'budget' AND b.planned IS NOT NULL
