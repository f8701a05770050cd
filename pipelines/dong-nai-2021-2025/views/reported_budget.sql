-- What the reporters say of their budgets. What Sở Tài chính allocates (VI.3) is the same money seen from the other side: it
-- stands beside theirs and is not added to it.
SELECT b.record, b.file, b.task, b.source, b.department, b.planned, b.spent, b.disbursed, b.note
FROM budget AS b
LEFT JOIN reporter AS r ON b.department = r.department
WHERE r.role IS NULL OR r.role <> 'budget'
