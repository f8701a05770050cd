-- Each case of support with its first content, and the task that stands under.
SELECT s.record, COALESCE(f.code, 'unclassified') AS content, COALESCE(c.parent, 'unclassified') AS task
FROM support AS s
LEFT JOIN (SELECT record, code FROM support_content WHERE position = 1) AS f ON s.record = f.record
LEFT JOIN content AS c ON f.code = c.code
