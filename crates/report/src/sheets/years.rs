use crate::error::ReportError;
use crate::input::annual::{AnnualReport, PlanShare, TargetProgress};
use crate::paper::cell::CellValue;
use crate::paper::chart::{BarChart, BarSeries};
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use crate::paper::{HEADING_ROW, Paper};
use programme::{Indicator, PlannedAndDone};
use std::collections::BTreeMap;

/// A line of a target: its years each alone, or each from the first on.
struct TargetLine<'a> {
    number: i64,
    progress: &'a TargetProgress<'a>,
    is_sum: bool,
}

/// What was planned and done in a year; of a subject, only its first line is numbered.
struct PlanLine<'a> {
    number: i64,
    pair: &'a PlannedAndDone,
    is_first: bool,
    year: i32,
    totals: &'a BTreeMap<String, i64>,
    /// If not all that did something have a plan: what those did and planned that have one.
    share: Option<&'a PlanShare>,
}

/// An indicator behind its number.
type NumberedIndicator<'a> = (i64, &'a Indicator);

type YearColumn<'a> = ColumnSpec<'a, TargetLine<'a>>;
type PlanColumn<'a> = ColumnSpec<'a, PlanLine<'a>>;
type IndicatorColumn<'a> = ColumnSpec<'a, NumberedIndicator<'a>>;

/// The names of the columns that the chart's ends stand in.
const FIRST_YEAR: &str = "first_year";
const SHARE: &str = "share";

/// Year beside year: each target alone and from its first year on, then what was planned for each year and done.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    done: &[PlannedAndDone],
    totals: &[String],
) -> Result<(), ReportError> {
    let columns = target_columns(report);
    columns.begin(page, 0)?;
    page.fit_one_page()?;
    let mut widest: Option<(&TargetProgress<'_>, u32)> = None;
    for (number, progress) in (1..).zip(&report.targets) {
        let top = page.row();
        // One chart has room, for the target that most people ask about: the one that asks for most.
        if widest.is_none_or(|(other, _)| other.target.at_least < progress.target.at_least) {
            widest = Some((progress, top));
        }
        for is_sum in [false, true] {
            let line = TargetLine {
                number,
                progress,
                is_sum,
            };
            columns.row(page, &line)?;
        }
    }
    planned_and_done(page, report, done)?;
    side_by_side(page, report, totals)?;
    let places = columns.place_of(FIRST_YEAR).zip(columns.place_of(SHARE));
    match widest.zip(places) {
        Some(((progress, top), (first, share))) => {
            chart(page, report, progress, top, (first, share - 1))
        }
        None => Ok(()),
    }
}

fn target_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, TargetLine<'a>> {
    let words = &report.programme.words;
    // What is said of the target stands on its first line only.
    let once = |cell: CellValue<'a>, line: &TargetLine<'a>| match line.is_sum {
        true => CellValue::blank(),
        false => cell,
    };
    let mut columns = vec![
        YearColumn::new(words.get("no"), 5, move |line| {
            once(CellValue::ordinal(line.number), line)
        }),
        YearColumn::new(words.get("target"), 46, move |line| {
            once(CellValue::text(&line.progress.target.title.vi), line)
        }),
        YearColumn::new(words.get("to_reach"), 15, move |line| {
            once(CellValue::centered(line.progress.to_reach(words)), line)
        }),
        YearColumn::new(words.get("counted_as"), 20, |line| {
            CellValue::text(words.get(match line.is_sum {
                true => "from_the_start",
                false => "in_the_year",
            }))
        }),
    ];
    for year in report.programme.years() {
        let name = (year == *report.programme.years().start()).then_some(FIRST_YEAR);
        let column = YearColumn::new(report.year_title(year), 17, move |line| {
            let is_without = report.is_without_data(year);
            // What was counted before stays, also in a year of which nothing is held.
            match line.progress.by_year.get(&year) {
                Some(&(_, sum)) if is_without && !(line.is_sum && sum != 0) => no_data(report),
                Some(&(_, sum)) if line.is_sum => CellValue::Number(sum, Look::Number),
                Some(&(alone, _)) => CellValue::Number(alone, Look::Number),
                None => CellValue::blank(),
            }
        });
        columns.push(match name {
            Some(name) => column.named(name),
            None => column,
        });
    }
    let share = YearColumn::new(words.get("share"), 17, |line| match line.is_sum {
        true => CellValue::Share {
            parts: [line.progress.figures.total(), line.progress.target.at_least],
            columns: None,
            look: Look::Share,
        },
        false => CellValue::blank(),
    });
    columns.push(share.named(SHARE));
    ColumnList(columns)
}

/// What stands in place of a number of a year of which nothing is held.
fn no_data<'a>(report: &'a AnnualReport<'_>) -> CellValue<'a> {
    CellValue::Text(report.programme.words.get("no_data").into(), Look::Pending)
}

fn planned_and_done(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    done: &[PlannedAndDone],
) -> Result<(), ReportError> {
    if done.is_empty() {
        return Ok(());
    }
    let words = &report.programme.words;
    let columns = plan_columns(report);
    columns.begin_next(page, Some(words.get("planned_and_done")))?;
    for (number, pair) in (1..).zip(done) {
        for (place, (year, totals)) in report.years.iter().enumerate() {
            let line = PlanLine {
                number,
                pair,
                is_first: place == 0,
                year: *year,
                totals,
                share: share(report, *year, pair),
            };
            columns.row(page, &line)?;
        }
    }
    for (year, pair) in report
        .years
        .keys()
        .flat_map(|year| done.iter().map(move |it| (year, it)))
    {
        if let Some(share) = share(report, *year, pair) {
            let year = year.to_string();
            let departments = share.lacking.join(", ");
            let values = [
                ("subject", pair.heading.as_str()),
                ("year", &year),
                ("departments", &departments),
            ];
            page.note(&words.render_template("plan_share_note", values))?;
        }
    }
    Ok(())
}

/// What those did and planned that have a plan, if others did something too.
fn share<'a>(
    report: &'a AnnualReport<'_>,
    year: i32,
    pair: &PlannedAndDone,
) -> Option<&'a PlanShare> {
    let of_year = report.plan_shares.get(&year)?;
    let share = of_year.get(&(pair.planned.clone(), pair.done.clone()))?;
    (!share.lacking.is_empty()).then_some(share)
}

fn plan_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, PlanLine<'a>> {
    let words = &report.programme.words;
    ColumnList(vec![
        PlanColumn::spanning(1, words.get("no"), |line| match line.is_first {
            true => CellValue::ordinal(line.number),
            false => CellValue::centered(""),
        }),
        PlanColumn::spanning(1, words.get("subject"), |line| match line.is_first {
            true => CellValue::text(&line.pair.heading),
            false => CellValue::blank(),
        }),
        PlanColumn::spanning(2, words.get("year"), |line| {
            CellValue::centered(line.year.to_string())
        }),
        PlanColumn::spanning(1, words.get("planned"), |line| {
            match report.is_without_data(line.year) {
                true => no_data(report),
                false => CellValue::Number(line.planned(), Look::Number),
            }
        }),
        PlanColumn::spanning(1, words.get("done"), |line| {
            match report.is_without_data(line.year) {
                true => no_data(report),
                false => CellValue::Number(line.done(), Look::NumberBold),
            }
        }),
        PlanColumn::spanning(1, words.get("share"), |line| {
            // A share of texts would be an error.
            if report.is_without_data(line.year) {
                return CellValue::blank();
            }
            if let Some(share) = line.share {
                return CellValue::Share {
                    parts: [share.done, share.planned],
                    columns: None,
                    look: Look::Share,
                };
            }
            CellValue::Share {
                parts: [line.done(), line.planned()],
                // The column before holds what was done, the one before that what was planned.
                columns: Some([1, 2]),
                look: Look::Share,
            }
        }),
    ])
}

impl PlanLine<'_> {
    fn planned(&self) -> i64 {
        self.totals
            .get(&self.pair.planned)
            .copied()
            .unwrap_or_default()
    }

    fn done(&self) -> i64 {
        self.totals
            .get(&self.pair.done)
            .copied()
            .unwrap_or_default()
    }
}

/// The totals of indicators, year beside year, and over all of them.
fn side_by_side(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    totals: &[String],
) -> Result<(), ReportError> {
    if totals.is_empty() {
        return Ok(());
    }
    let columns = indicator_columns(report);
    let words = &report.programme.words;
    columns.begin_next(page, Some(words.get("side_by_side")))?;
    for (number, name) in (1..).zip(totals) {
        if let Some(indicator) = report.programme.indicator(name) {
            columns.row(page, &(number, indicator))?;
        }
    }
    Ok(())
}

fn indicator_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, NumberedIndicator<'a>> {
    let words = &report.programme.words;
    let mut columns = vec![
        IndicatorColumn::spanning(1, words.get("no"), |(number, _)| {
            CellValue::ordinal(*number)
        }),
        IndicatorColumn::spanning(1, words.get("headline_all"), |(_, indicator)| {
            CellValue::text(&indicator.title.vi)
        }),
        IndicatorColumn::spanning(2, words.get("unit"), |(_, indicator)| {
            CellValue::centered(report.unit_of(indicator))
        }),
    ];
    columns.extend(report.programme.years().map(|year| {
        let totals = report.years.get(&year);
        let cell = move |(_, indicator): &NumberedIndicator<'a>| match totals
            .and_then(|totals| totals.get(&indicator.name))
        {
            Some(_) if report.is_without_data(year) => no_data(report),
            Some(total) => CellValue::Number(*total, Look::Number),
            None => CellValue::blank(),
        };
        IndicatorColumn::spanning(1, report.year_title(year), cell)
    }));
    columns.push(IndicatorColumn::spanning(
        1,
        words.get("all_years"),
        |(_, indicator)| {
            let total = report.all_years.get(&indicator.name);
            CellValue::Number(total.copied().unwrap_or_default(), Look::NumberBold)
        },
    ));
    ColumnList(columns)
}

/// The target that asks for most, year by year.
fn chart(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    progress: &TargetProgress<'_>,
    top: u32,
    (first, last): (u16, u16),
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let years = report.programme.years();
    let titles: Vec<String> = years.clone().map(|year| report.year_title(year)).collect();
    let values = |pick: fn(&(i64, i64)) -> i64| {
        let value = |year| {
            progress
                .by_year
                .get(&year)
                .map_or(0.0, |both| pick(both) as f64)
        };
        years.clone().map(value).collect()
    };
    page.chart(&BarChart {
        title: &progress.target.title.vi,
        horizontal: false,
        categories: (
            ((HEADING_ROW, first), (HEADING_ROW, last)),
            titles.iter().map(String::as_str).collect(),
        ),
        series: vec![
            BarSeries {
                name: words.get("in_the_year"),
                cells: ((top, first), (top, last)),
                values: values(|both| both.0),
                color: 0xB4_C4_D2,
            },
            BarSeries {
                name: words.get("from_the_start"),
                cells: ((top + 1, first), (top + 1, last)),
                values: values(|both| both.1),
                color: 0x3A_5A_78,
            },
        ],
        end: None,
        is_share: false,
    })
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::annual::PlanShare;
    use crate::testing::{figures, on_text, programme, report, target};
    use programme::{Measure, PlannedAndDone};
    use std::collections::BTreeMap;

    #[test]
    fn years_stand_side_by_side() {
        let programme = programme();
        let mut report = report(programme);
        let clubs = figures("clubs_founded", Measure::Sum, &[], &[(&[], "r1", "2")]);
        report.targets = vec![target(programme, clubs, 0)];
        let totals = |planned: i64, spent: i64| {
            BTreeMap::from([
                ("money_planned".to_owned(), planned),
                ("budget_spent".to_owned(), spent),
            ])
        };
        report.years = BTreeMap::from([(2022, totals(0, 70)), (2023, totals(200, 150))]);
        report.all_years = BTreeMap::from([("budget_spent".to_owned(), 220)]);
        report
            .years
            .insert(2021, BTreeMap::from([("budget_spent".to_owned(), 0)]));
        report.targets[0].by_year.insert(2021, (0, 0));
        report.years_without_data = [2021].into();
        let done = [PlannedAndDone {
            heading: "Kinh phí".to_owned(),
            planned: "money_planned".to_owned(),
            done: "budget_spent".to_owned(),
        }];
        let share = PlanShare {
            done: 90,
            planned: 200,
            lacking: vec!["Sở Y tế".to_owned()],
        };
        let pair = ("money_planned".to_owned(), "budget_spent".to_owned());
        report.plan_shares = BTreeMap::from([(2023, BTreeMap::from([(pair, share)]))]);
        let totals = ["budget_spent".to_owned(), "no_such".to_owned()];
        insta::assert_snapshot!(on_text(|page| write(page, &report, &done, &totals)), @r#"
        [TT | Mục tiêu | Chỉ tiêu | Cách tính | Năm 2021 | Năm 2022 | Năm 2023 | Năm 2024 | Năm 2025 | Tỷ lệ] kept 0
        one page
        #1 | Câu lạc bộ cải tiến năng suất chất lượng cho sinh viên được thành lập | ít nhất 1 | Trong năm | ?Chưa có số liệu | 0 | 2 |  |  |
         |  |  | Lũy kế | ?Chưa có số liệu | 0 | 2 |  |  | 2/1
        -- KẾ HOẠCH NĂM VÀ THỰC HIỆN
        [TT‹1› | Nội dung‹1› | Năm‹2› | Kế hoạch‹1› | Thực hiện‹1› | Tỷ lệ‹1›]
        #1 | Kinh phí | 2021‹2› | ?Chưa có số liệu | ?Chưa có số liệu |
         |  | 2022‹2› | 0 | *70 | 70/0 ←1/←2
         |  | 2023‹2› | 200 | *150 | 90/200
        note: Kinh phí, năm 2023: tỷ lệ chỉ tính các cơ quan có kế hoạch năm; chưa có kế hoạch: Sở Y tế.
        -- SỐ LIỆU CÁC NĂM
        [TT‹1› | Số liệu chính‹1› | Đơn vị tính‹2› | Năm 2021‹1› | Năm 2022‹1› | Năm 2023‹1› | Năm 2024‹1› | Năm 2025‹1› | Cả giai đoạn‹1›]
        #1 | Thực hiện | đồng‹2› | ?Chưa có số liệu | 70 | 150 |  |  | *220
        chart Câu lạc bộ cải tiến năng suất chất lượng cho sinh viên được thành lập over (((3, 4), (3, 8)), ["Năm 2021", "Năm 2022", "Năm 2023", "Năm 2024", "Năm 2025"])
          Trong năm ((4, 4), (4, 8)) [0.0, 0.0, 2.0, 0.0, 0.0]
          Lũy kế ((5, 4), (5, 8)) [0.0, 0.0, 2.0, 0.0, 0.0]
        "#);
    }
}
