-- Each case of support whose enterprise is told to be micro, small or medium, with the most that such a one has (NĐ 80/2021/NĐ-CP
-- Điều 5): employees, and revenue or capital, in đồng. They differ for trade and services on the one hand, agriculture, forestry,
-- fishery, industry and construction on the other; where the field does not say which, the wider limit stands. `law_day` is the day
-- whose law applies, as a number: that on which the support began.
WITH named AS (
  SELECT
    record, size, employees, revenue, capital,
    REGEXP_LIKE(LOWER(sector), 'thương mại|dịch vụ|bán buôn|bán lẻ|buôn bán|phân phối|du lịch|vận tải|kho bãi|logistics|nhà hàng|khách sạn|tư vấn') AS names_trade,
    REGEXP_LIKE(LOWER(sector), 'sản xuất|chế biến|chế tạo|công nghiệp|xây dựng|nông nghiệp|lâm nghiệp|thủy sản|thuỷ sản|trồng trọt|chăn nuôi|khai thác|gia công') AS names_industry,
    CAST(EXTRACT(YEAR FROM COALESCE(start, period_end)) AS BIGINT) * 10000
      + CAST(EXTRACT(MONTH FROM COALESCE(start, period_end)) AS BIGINT) * 100
      + CAST(EXTRACT(DAY FROM COALESCE(start, period_end)) AS BIGINT) AS law_day
  FROM support
  WHERE size IN ('micro', 'small', 'medium')
),
sorted AS (
  SELECT
    record, size, employees, revenue, capital, law_day,
    CASE
      WHEN names_trade AND NOT names_industry THEN 'trade'
      WHEN names_industry AND NOT names_trade THEN 'industry'
      ELSE 'unsaid'
    END AS field_kind
  FROM named
)
SELECT
  record, size, employees, revenue, capital, field_kind, law_day,
  CASE
    WHEN size = 'micro' THEN 10
    WHEN size = 'small' AND field_kind = 'trade' THEN 50
    WHEN size = 'small' THEN 100
    WHEN field_kind = 'trade' THEN 100
    ELSE 200
  END AS most_employees,
  CASE
    WHEN size = 'micro' AND field_kind = 'industry' THEN 3000000000
    WHEN size = 'micro' THEN 10000000000
    WHEN size = 'small' AND field_kind = 'industry' THEN 50000000000
    WHEN size = 'small' THEN 100000000000
    WHEN field_kind = 'industry' THEN 200000000000
    ELSE 300000000000
  END AS most_revenue,
  CASE
    WHEN size = 'micro' THEN 3000000000
    WHEN size = 'small' AND field_kind = 'industry' THEN 20000000000
    WHEN size = 'small' THEN 50000000000
    ELSE 100000000000
  END AS most_capital
FROM sorted
