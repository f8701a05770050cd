-- Each case of support with its first content, the task that stands under, and its money.
SELECT
  s.record, s.file, s.department, s.size, s.district, s.state_budget, s.enterprise_budget, s.other_budget,
  COALESCE(s.code, 'unclassified') AS content, COALESCE(c.parent, 'unclassified') AS task
FROM (SELECT *, SPLIT_PART(content, ';', 1) AS code FROM support) AS s
LEFT JOIN content AS c ON s.code = c.code
