use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use aggregate::Figures;
use programme::{ComparedKeys, Indicator};
use std::collections::{BTreeMap, BTreeSet};

/// How many of the largest changes are told.
const CHANGES: usize = 3;

/// An indicator beside the year before.
struct YearLine<'a> {
    number: i64,
    indicator: &'a Indicator,
    now: i64,
    /// Nothing if nothing of anyone counts for the year before.
    before: Option<i64>,
}

/// What changed under a code, and under which other code most of it.
struct ChangeLine<'a> {
    number: i64,
    indicator: &'a Indicator,
    code: String,
    before: i64,
    now: i64,
    why: Vec<(String, i64)>,
}

type YearColumn<'a> = ColumnSpec<'a, YearLine<'a>>;
type ChangeColumn<'a> = ColumnSpec<'a, ChangeLine<'a>>;

/// What leaders ask for first: this year beside the one before and the whole period, what share of its target that is, and the
/// largest changes with what they are made of.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    totals: &[String],
    changes: &[ComparedKeys],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = year_columns(report);
    columns.begin(page, 0)?;
    let named = totals.iter().filter_map(|name| {
        let figures = report.figures.get(name)?;
        Some((report.programme.indicator(name)?, figures))
    });
    for (number, (indicator, figures)) in (1..).zip(named) {
        let line = YearLine {
            number,
            indicator,
            now: figures.total(),
            before: report
                .total_before(&indicator.name)
                .filter(|_| report.is_compared()),
        };
        columns.row(page, &line)?;
    }
    if !report.is_compared() {
        return page.note(words.get("overview_not_compared"));
    }
    let lines = largest(report, changes);
    let columns = change_columns(report);
    columns.begin_next(page, Some(words.get("largest_changes")))?;
    for line in &lines {
        columns.row(page, line)?;
    }
    match lines.is_empty() {
        true => page.note(words.get("no_changes")),
        false => page.note(words.get("largest_changes_note")),
    }
}

/// A difference for reading, with its sign.
fn changed(report: &AnnualReport<'_>, indicator: &Indicator, value: i64) -> String {
    let sign = if value > 0 { "+" } else { "" };
    format!("{sign}{}", report.for_reading(&indicator.name, value))
}

fn year_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, YearLine<'a>> {
    let words = &report.programme.words;
    let no_data = || CellValue::Text(words.get("no_data").into(), Look::Pending);
    let right = |text: String| CellValue::Text(text.into(), Look::Number);
    let asked = |indicator: &Indicator| {
        let targets = report.targets.iter();
        let longest = targets.filter(|it| it.target.indicator == indicator.name);
        longest.max_by_key(|it| it.target.to - it.target.from)
    };
    ColumnList(vec![
        YearColumn::new(words.get("no"), 5, |line| CellValue::ordinal(line.number)),
        YearColumn::new(words.get("headline"), 46, |line| {
            CellValue::text(&line.indicator.title.vi)
        }),
        YearColumn::new(words.get("this_period"), 20, move |line| {
            CellValue::Text(
                report.for_reading(&line.indicator.name, line.now).into(),
                Look::NumberBold,
            )
        }),
        YearColumn::new(words.get("year_before"), 20, move |line| {
            match line.before {
                Some(before) => right(report.for_reading(&line.indicator.name, before)),
                None => no_data(),
            }
        }),
        YearColumn::new(words.get("difference"), 20, move |line| match line.before {
            Some(before) => right(changed(report, line.indicator, line.now - before)),
            None => CellValue::blank(),
        }),
        YearColumn::new(words.get("all_years"), 20, move |line| {
            match report.all_years.get(&line.indicator.name) {
                Some(total) => right(report.for_reading(&line.indicator.name, *total)),
                None => CellValue::blank(),
            }
        }),
        YearColumn::new(words.get("target"), 14, move |line| {
            match asked(line.indicator) {
                Some(progress) => CellValue::centered(progress.to_reach(words)),
                None => CellValue::blank(),
            }
        }),
        YearColumn::new(words.get("share"), 10, move |line| {
            match asked(line.indicator) {
                Some(progress) => CellValue::centered(progress.share()),
                None => CellValue::blank(),
            }
        }),
    ])
}

fn change_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, ChangeLine<'a>> {
    let words = &report.programme.words;
    let right = |text: String| CellValue::Text(text.into(), Look::Number);
    ColumnList(vec![
        ChangeColumn::spanning(1, words.get("no"), |line| CellValue::ordinal(line.number)),
        ChangeColumn::spanning(1, words.get("subject"), |line| {
            CellValue::text(format!("{}: {}", line.indicator.title.vi, line.code))
        }),
        ChangeColumn::spanning(1, words.get("this_period"), move |line| {
            right(report.for_reading(&line.indicator.name, line.now))
        }),
        ChangeColumn::spanning(1, words.get("year_before"), move |line| {
            right(report.for_reading(&line.indicator.name, line.before))
        }),
        ChangeColumn::spanning(1, words.get("difference"), move |line| {
            CellValue::Text(
                changed(report, line.indicator, line.now - line.before).into(),
                Look::NumberBold,
            )
        }),
        ChangeColumn::spanning(3, words.get("mostly_of"), move |line| {
            let parts = line.why.iter().map(|(title, value)| {
                format!("{title} ({})", changed(report, line.indicator, *value))
            });
            CellValue::text(parts.collect::<Vec<_>>().join("; "))
        }),
    ])
}

/// The largest changes since the year before, each indicator's by itself put in order of its share of both years together.
fn largest<'a>(report: &'a AnnualReport<'_>, changes: &[ComparedKeys]) -> Vec<ChangeLine<'a>> {
    let mut lines: Vec<(i128, ChangeLine<'a>)> = Vec::new();
    for compared in changes {
        let both = report
            .figures
            .get(&compared.indicator)
            .zip(report.before.get(&compared.indicator));
        let (Some((now, before)), Some(indicator)) =
            (both, report.programme.indicator(&compared.indicator))
        else {
            continue;
        };
        let whole = i128::from(now.total().abs().max(before.total().abs()).max(1));
        let narrowed = |key: &str, code: &str| (key.to_owned(), code.to_owned());
        for code in codes(&compared.by, now, before) {
            let keys = BTreeMap::from([narrowed(&compared.by, &code)]);
            let (value, earlier) = (now.value(&keys), before.value(&keys));
            if value == earlier {
                continue;
            }
            let mut why: Vec<(String, i64)> = codes(&compared.why, now, before)
                .into_iter()
                .filter_map(|other| {
                    let keys: BTreeMap<String, String> = [
                        narrowed(&compared.by, &code),
                        narrowed(&compared.why, &other),
                    ]
                    .into();
                    let part = now.value(&keys) - before.value(&keys);
                    let is_same_way = part.signum() == (value - earlier).signum();
                    is_same_way.then(|| (title(report, &compared.why, &other), part))
                })
                .collect();
            why.sort_by_key(|(_, part)| std::cmp::Reverse(part.abs()));
            why.truncate(2);
            let weight = i128::from((value - earlier).abs()) * 1_000_000 / whole;
            let line = ChangeLine {
                number: 0,
                indicator,
                code: title(report, &compared.by, &code),
                before: earlier,
                now: value,
                why,
            };
            lines.push((weight, line));
        }
    }
    lines.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.code.cmp(&other.code)));
    let largest = lines.into_iter().take(CHANGES).map(|(_, line)| line);
    (1..)
        .zip(largest)
        .map(|(number, line)| ChangeLine { number, ..line })
        .collect()
}

/// The codes under which anything counts in one of two years.
fn codes(key: &str, now: &Figures, before: &Figures) -> BTreeSet<String> {
    let of = |figures: &Figures| -> Vec<String> {
        let place = figures.by.iter().position(|it| it == key);
        let parts = figures.contributions.iter();
        place.map_or_else(Vec::new, |place| {
            parts.map(|part| part.key(place).to_owned()).collect()
        })
    };
    of(now).into_iter().chain(of(before)).collect()
}

/// A code in a reader's words: a department's short name, a task's number and title.
fn title(report: &AnnualReport<'_>, key: &str, code: &str) -> String {
    let programme = report.programme;
    match programme.department(code) {
        Some(department) if key == "department" => department.short.clone(),
        _ if programme.codes_of(key).contains(&code) => {
            format!("{code} {}", programme.title_of(key, code, "vi"))
        }
        _ => programme.words.get("unclassified").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::testing::{figures, on_text, programme, report};
    use model::PartOfYear;
    use programme::{ComparedKeys, Measure};
    use std::collections::BTreeMap;

    #[test]
    fn a_year_stands_beside_the_one_before_with_the_largest_changes() {
        let mut report = report(programme());
        let spent = |rows: &[(&[&str], &str, &str)]| {
            let by = ["task", "department"];
            let spent = figures("budget_spent", Measure::Sum, &by, rows);
            BTreeMap::from([("budget_spent".to_owned(), spent)])
        };
        report.figures = spent(&[
            (&["IV.1.a", "SCT"], "r1", "900000000"),
            (&["IV.2.a", "SCT"], "r2", "100000000"),
            (&["IV.2.a", "SYT"], "r3", "50000000"),
            (&["IV.2.a", "SXD"], "r4", "10000000"),
        ]);
        report.before = spent(&[
            (&["IV.1.a", "SCT"], "r5", "200000000"),
            (&["IV.2.a", "SYT"], "r6", "80000000"),
            (&["IV.2.a", "SXD"], "r7", "10000000"),
        ]);
        let total = |value| BTreeMap::from([("budget_spent".to_owned(), value)]);
        report.years = BTreeMap::from([(2022, total(290_000_000))]);
        report.all_years = total(1_350_000_000);
        let totals = ["budget_spent".to_owned()];
        let changes = [ComparedKeys {
            indicator: "budget_spent".to_owned(),
            by: "department".to_owned(),
            why: "task".to_owned(),
        }];
        insta::assert_snapshot!(on_text(|page| write(page, &report, &totals, &changes)), @r"
        [TT | Số liệu chính trong kỳ | Kỳ này | Năm trước | Chênh lệch | Cả giai đoạn | Mục tiêu | Tỷ lệ] kept 0
        #1 | Thực hiện | *1.060,0 triệu đồng | 290,0 triệu đồng | +770,0 triệu đồng | 1.350,0 triệu đồng |  |
        -- BA THAY ĐỔI LỚN NHẤT SO VỚI NĂM TRƯỚC
        [TT‹1› | Nội dung‹1› | Kỳ này‹1› | Năm trước‹1› | Chênh lệch‹1› | Chủ yếu do‹3›]
        #1 | Thực hiện: Sở Công Thương | 1.000,0 triệu đồng | 200,0 triệu đồng | *+800,0 triệu đồng | IV.1.a Nghiên cứu, đề xuất các quy định khuyến khích xây dựng kế hoạch áp dụng các giải pháp nâng cao năng suất chất lượng (+700,0 triệu đồng); IV.2.a Kết nối, chia sẻ cơ sở dữ liệu, kiến thức, kinh nghiệm về năng suất chất lượng (+100,0 triệu đồng)‹3›
        #2 | Thực hiện: Sở Y tế | 50,0 triệu đồng | 80,0 triệu đồng | *-30,0 triệu đồng | IV.2.a Kết nối, chia sẻ cơ sở dữ liệu, kiến thức, kinh nghiệm về năng suất chất lượng (-30,0 triệu đồng)‹3›
        note: Xếp theo mức thay đổi so với tổng của từng chỉ tiêu; cột cuối nêu phần thay đổi cùng chiều lớn nhất.
        ");
        report.part = PartOfYear::Quarter(2);
        let text = on_text(|page| write(page, &report, &totals, &changes));
        assert!(
            text.contains("Chưa có số liệu") || text.contains("note: "),
            "{text}"
        );
    }
}
