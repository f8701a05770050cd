-- One for each row of form 3, under its first content.
SELECT s.record, 'content' AS field, f.content, s.department, 1 AS value
FROM counted_support AS s
JOIN first_content AS f ON s.record = f.record
