use crate::error::ReportError;
use crate::input::annual::{AnnualReport, TargetProgress};
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::chart::{BarChart, BarSeries};
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use aggregate::Figures;
use model::Vnd;
use programme::Indicator;

/// The least share that the scale of the chart ends with, so that what is missing is seen.
const FULL: f64 = 1.2;

/// A target behind its number.
type NumberedTarget<'a> = (i64, &'a TargetProgress<'a>);
type TargetColumn<'a> = ColumnSpec<'a, NumberedTarget<'a>>;

/// An indicator at the head, behind its number.
type NumberedFigure<'a> = (i64, &'a Figures, &'a Indicator);
type HeadlineColumn<'a> = ColumnSpec<'a, NumberedFigure<'a>>;

/// One printed page: what the plan asks, what is reached, how sure that is, and the figures leaders ask for first.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    headline: &[String],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let targets = target_columns(report);
    targets.begin(page, 0)?;
    page.fit_one_page()?;
    let first = page.row();
    for row in (1..).zip(&report.targets) {
        targets.row(page, &row)?;
    }
    // The chart needs a range of at least one row.
    let last = page.row().max(first + 1) - 1;
    page.note(words.get("targets_note"))?;
    page.note(&uncertain(report))?;

    let headlines = headline_columns(report);
    headlines.begin_next(page, None)?;
    let figures = headline.iter().filter_map(|name| report.figures.get(name));
    for (number, figures) in (1..).zip(figures) {
        if let Some(indicator) = report.programme.indicator(&figures.indicator) {
            headlines.row(page, &(number, figures, indicator))?;
        }
    }
    let places = targets.place_of("target").zip(targets.place_of("share"));
    match places {
        Some(places) if !report.targets.is_empty() => chart(page, report, (first, last), places),
        _ => Ok(()),
    }
}

fn target_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, NumberedTarget<'a>> {
    let words = &report.programme.words;
    let in_year = words.render_template("in_year", [("year", &report.year.to_string())]);
    ColumnList(vec![
        TargetColumn::new(words.get("no"), 5, |(number, _)| {
            CellValue::ordinal(*number)
        }),
        TargetColumn::new(words.get("target"), 46, |(_, progress)| {
            CellValue::text(&progress.target.title.vi)
        })
        .named("target"),
        TargetColumn::new(words.get("clause"), 9, |(_, progress)| {
            CellValue::centered(&progress.target.clause)
        }),
        TargetColumn::new(words.get("span"), 12, |(_, progress)| {
            CellValue::centered(progress.span())
        }),
        TargetColumn::new(words.get("to_reach"), 14, |(_, progress)| {
            CellValue::centered(progress.to_reach(words))
        }),
        TargetColumn::new(in_year, 11, |(_, progress)| {
            CellValue::Number(progress.in_year, Look::Number)
        }),
        TargetColumn::new(words.get("to_date"), 10, |(_, progress)| {
            CellValue::whole_figure(&progress.figures)
        }),
        TargetColumn::new(words.get("share"), 10, |(_, progress)| CellValue::Share {
            parts: [progress.figures.total(), progress.target.at_least],
            columns: None,
            look: Look::Share,
        })
        .named("share"),
        TargetColumn::new(words.get("range"), 13, |(_, progress)| {
            let (least, most) = progress.range;
            CellValue::centered(if least == most {
                least.to_string()
            } else {
                format!("{least} – {most}")
            })
        }),
        TargetColumn::new(words.get("result"), 22, |(_, progress)| {
            result(report, progress)
        }),
    ])
}

/// Whether a target is reached, and whether what is still open may change that.
fn result<'a>(report: &'a AnnualReport<'_>, progress: &TargetProgress<'_>) -> CellValue<'a> {
    let (words, year) = (&report.programme.words, report.year);
    let (target, (least, most)) = (progress.target, progress.range);
    let mut years = target.from..=target.to.min(year);
    if most < target.at_least && years.clone().all(|year| report.is_without_data(year)) {
        return CellValue::Text(words.get("no_data").into(), Look::Pending);
    }
    let (state, look) = match () {
        // Even if everything open goes the wrong way.
        () if least >= target.at_least => ("reached", Look::Good),
        () if progress.figures.total() >= target.at_least => ("reached_unless", Look::Pending),
        () if most >= target.at_least => ("reached_if", Look::Pending),
        () if year < target.to => ("under_way", Look::Pending),
        () if years.any(|year| report.is_without_data(year)) => {
            ("not_reached_without", Look::Pending)
        }
        () => ("not_reached", Look::Pending),
    };
    CellValue::Text(words.get(state).into(), look)
}

fn headline_columns<'a>(report: &'a AnnualReport<'_>) -> ColumnList<'a, NumberedFigure<'a>> {
    let words = &report.programme.words;
    ColumnList(vec![
        HeadlineColumn::spanning(1, words.get("no"), |(number, ..)| {
            CellValue::ordinal(*number)
        }),
        HeadlineColumn::spanning(1, words.get("headline"), |(.., indicator)| {
            CellValue::text(&indicator.title.vi)
        }),
        HeadlineColumn::spanning(2, words.get("clause"), |(.., indicator)| {
            CellValue::centered(&indicator.clause)
        }),
        HeadlineColumn::spanning(2, words.get("value"), |(_, figures, _)| {
            CellValue::whole_figure(figures)
        }),
        HeadlineColumn::spanning(1, words.get("unit"), |(.., indicator)| {
            CellValue::text(report.unit_of(indicator))
        }),
        HeadlineColumn::spanning(3, words.get("range"), |(_, figures, _)| {
            let total = figures.total();
            let range = report.ranges.get(&figures.indicator).copied();
            let (least, most) = range.unwrap_or((total, total));
            CellValue::centered(if least == most {
                Vnd(least).to_string()
            } else {
                format!("{} – {}", Vnd(least), Vnd(most))
            })
        }),
    ])
}

/// What is still open, and whether it may change whether a target is reached.
fn uncertain(report: &AnnualReport<'_>) -> String {
    let words = &report.programme.words;
    let waiting = report.overlaps_waiting();
    let counts = [report.held.len(), report.questions, waiting].map(|count| count.to_string());
    let [held, questions, waiting] = counts.each_ref().map(String::as_str);
    let turns = |progress: &TargetProgress<'_>| {
        let (least, most) = progress.range;
        least < progress.target.at_least && most >= progress.target.at_least
    };
    let turned = report
        .targets
        .iter()
        .filter(|progress| turns(progress))
        .count();
    let open = words.render_template(
        "uncertain",
        [
            ("held", held),
            ("questions", questions),
            ("waiting", waiting),
        ],
    );
    let effect = match turned {
        0 => words.get("uncertain_no_target").to_owned(),
        count => words.render_template("uncertain_targets", [("count", &count.to_string())]),
    };
    format!("{open} {effect}")
}

/// How far each target is reached, as bars below the tables; dark on light, so that it reads in grey.
#[expect(clippy::float_arithmetic, reason = "the length of a bar")]
fn chart(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    (first, last): (u32, u32),
    (title_col, share_col): (u16, u16),
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let share = |progress: &TargetProgress<'_>| {
        progress.figures.total() as f64 / progress.target.at_least.max(1) as f64
    };
    // No bar is cut.
    let end = report.targets.iter().map(share).fold(FULL, f64::max);
    let end = (end * 5.0).ceil() / 5.0;
    page.chart(&BarChart {
        title: words.get("targets_chart"),
        horizontal: true,
        categories: (
            ((first, title_col), (last, title_col)),
            report
                .targets
                .iter()
                .map(|p| p.target.title.vi.as_str())
                .collect(),
        ),
        series: vec![BarSeries {
            name: words.get("share"),
            cells: ((first, share_col), (last, share_col)),
            values: report.targets.iter().map(share).collect(),
            color: 0x3A_5A_78,
        }],
        end: Some(end),
        is_share: true,
    })
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::input::rows::HeldRow;
    use crate::testing::{figures, on_text, programme, report, target};
    use programme::Measure;
    use std::collections::BTreeMap;

    #[test]
    fn targets_and_headline_figures_stand_on_one_page() {
        let programme = programme();
        let mut report = report(programme);
        let spent = figures("budget_spent", Measure::Sum, &[], &[(&[], "r1", "1500")]);
        let firms = figures(
            "enterprises_supported",
            Measure::CountDistinct,
            &[],
            &[(&[], "r1", "E12"), (&[], "r2", "E13")],
        );
        report.targets = vec![target(programme, firms.clone(), 1)];
        report.figures = BTreeMap::from([
            ("budget_spent".to_owned(), spent),
            ("enterprises_supported".to_owned(), firms),
        ]);
        let headline = ["enterprises_supported", "no_such", "budget_spent"].map(str::to_owned);
        insta::assert_snapshot!(on_text(|page| write(page, &report, &headline)), @r#"
        [TT | Mục tiêu | Căn cứ | Giai đoạn | Chỉ tiêu | Trong năm 2023 | Lũy kế | Tỷ lệ | Khoảng có thể | Kết quả] kept 0
        one page
        #1 | Doanh nghiệp được hỗ trợ các giải pháp nâng cao năng suất chất lượng, năm 2021 - 2022 | II.1.b | 2021 - 2022 | khoảng 10 | 2 | *2 (enterprises_supported/2023 named) | 2/10 | 1 – 3 | ?Chưa đạt
        note: Doanh nghiệp, chuyên gia, câu lạc bộ được tính mỗi đơn vị một lần, qua tất cả cơ quan và các năm. Từng giá trị và ô gốc ở trang “Truy vết”.
        note: Chưa chắc chắn: 0 dòng tạm giữ, 0 câu hỏi chờ trả lời, 0 trùng lặp chờ quyết định. Xử lý các việc này không làm thay đổi việc đạt hay chưa đạt mục tiêu nào.
        --
        [TT‹1› | Số liệu chính trong kỳ‹1› | Căn cứ‹2› | Giá trị‹2› | Đơn vị tính‹1› | Khoảng có thể‹3›]
        #1 | Doanh nghiệp được hỗ trợ (mỗi doanh nghiệp tính một lần) | II.1.b‹2› | *2 (enterprises_supported/2023 named)‹2› |  | 2‹3›
        #2 | Thực hiện | V‹2› | *1500 (budget_spent/2023 named)‹2› | đồng | 1.500‹3›
        chart Tỷ lệ hoàn thành mục tiêu (%) over (((4, 1), (4, 1)), ["Doanh nghiệp được hỗ trợ các giải pháp nâng cao năng suất chất lượng, năm 2021 - 2022"])
          Tỷ lệ ((4, 7), (4, 7)) [0.2]
        "#);
    }

    #[test]
    fn a_result_says_what_is_still_open() {
        let programme = programme();
        let mut report = report(programme);
        let club = |count: usize| {
            let records: Vec<String> = (0..count).map(|at| format!("r{at}")).collect();
            let rows: Vec<(&[&str], &str, &str)> = records
                .iter()
                .map(|r| (&[] as &[&str], r.as_str(), "1"))
                .collect();
            figures("clubs_founded", Measure::Sum, &[], &rows)
        };
        let asked = usize::try_from(target(programme, club(0), 0).target.at_least).unwrap();
        let mut result = |count: usize, open: i64, year: i32| {
            let progress = target(programme, club(count), open);
            report.year = year;
            let crate::paper::cell::CellValue::Text(text, _) = super::result(&report, &progress)
            else {
                panic!("no text")
            };
            text.into_owned()
        };
        let said = [
            result(asked, 0, 2023),
            result(asked, 1, 2023),
            result(asked - 1, 1, 2023),
            result(0, 0, 2023),
            result(0, 0, 2025),
        ];
        insta::assert_snapshot!(said.join("\n"), @r"
        Đạt
        Đạt, còn tùy phần chưa xử lý hoặc cách tính
        Có thể đạt khi xử lý xong hoặc tính cách khác
        Đang thực hiện
        Chưa đạt
        ");
        report.targets = vec![target(programme, club(asked - 1), 1)];
        report.questions = 3;
        report.held = Vec::<HeldRow>::new();
        insta::assert_snapshot!(super::uncertain(&report), @"Chưa chắc chắn: 0 dòng tạm giữ, 3 câu hỏi chờ trả lời, 0 trùng lặp chờ quyết định. Việc đạt 1 mục tiêu còn tùy vào kết quả xử lý.");
    }
}
