-- Support, each row with the year that reports it and the case that it is. Several rows that a report has of one case, as of
-- instalments, are cases of their own, known again by their order.
SELECT
  *, COALESCE(EXTRACT(YEAR FROM period_end), 0) AS year,
  COALESCE(case_id, record) || ' ' || CAST(
    ROW_NUMBER() OVER (PARTITION BY COALESCE(case_id, record), period_end ORDER BY record) AS STRING
  ) AS one_case
FROM support
