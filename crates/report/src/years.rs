use crate::ReportError;
use crate::input::{AnnualReport, TargetProgress};
use crate::paper::{Chart, Heading, Look, Paper, Series};
use programme::PlannedAndDone;

/// Year beside year: each target alone and from its first year on, then what was planned for each year and done.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    done: &[PlannedAndDone],
    totals: &[String],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let years: Vec<i32> = report.programme.years().collect();
    let titles: Vec<String> = years
        .iter()
        .map(|year| words.render_template("year_head", [("year", &year.to_string())]))
        .collect();
    let mut headings = vec![
        (words.get("no"), 5),
        (words.get("target"), 46),
        (words.get("to_reach"), 15),
        (words.get("counted_as"), 20),
    ];
    headings.extend(titles.iter().map(|title| (title.as_str(), 17)));
    headings.push((words.get("share"), 17));
    page.head(
        &headings
            .into_iter()
            .map(|(text, width)| Heading::new(text, width))
            .collect::<Vec<_>>(),
        0,
    )?;
    page.fit_one_page()?;
    let share_col = u16::try_from(4 + years.len()).unwrap_or(u16::MAX);
    let mut widest: Option<(&TargetProgress<'_>, u32)> = None;
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let top = page.row();
        if widest.is_none_or(|(other, _)| other.target.at_least < target.at_least) {
            widest = Some((progress, top));
        }
        let word = if target.about {
            words.get("about")
        } else {
            words.get("at_least")
        };
        for (is_sum, counted_as) in [(false, "in_the_year"), (true, "from_the_start")] {
            if is_sum {
                page.blanks(0..=2, Look::Text)?;
            } else {
                page.number(0, number, Look::Center)?;
                page.text(1, &target.title.vi, Look::Text)?;
                page.text(2, &format!("{word} {}", target.at_least), Look::Center)?;
            }
            page.text(3, words.get(counted_as), Look::Text)?;
            for (col, year) in (4..).zip(&years) {
                match progress.by_year.get(year) {
                    Some(&(alone, sum)) => {
                        page.number(col, if is_sum { sum } else { alone }, Look::Number)?
                    }
                    None => page.text(col, "", Look::Text)?,
                }
            }
            if is_sum {
                page.share(
                    share_col,
                    None,
                    [progress.figures.total(), target.at_least],
                    Look::Share,
                )?;
            } else {
                page.text(share_col, "", Look::Text)?;
            }
            page.end_row()?;
        }
    }
    planned_and_done(page, report, done)?;
    side_by_side(page, report, totals, &titles)?;
    match widest {
        Some((progress, top)) => chart(page, report, progress, top, share_col - 1),
        None => Ok(()),
    }
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
    let headings = [
        (words.get("no"), 1),
        (words.get("subject"), 1),
        (words.get("year"), 2),
        (words.get("planned"), 1),
        (words.get("done"), 1),
        (words.get("share"), 1),
    ];
    page.next_table(Some(words.get("planned_and_done")), &headings)?;
    for (number, pair) in (1..).zip(done) {
        for (place, (year, totals)) in report.years.iter().enumerate() {
            let total = |name: &str| totals.get(name).copied().unwrap_or_default();
            if place == 0 {
                page.number(0, number, Look::Center)?;
            } else {
                page.text(0, "", Look::Center)?;
            }
            page.text(1, if place == 0 { &pair.heading } else { "" }, Look::Text)?;
            page.span(2..=3, &year.to_string(), Look::Center)?;
            let (planned, done) = (total(&pair.planned), total(&pair.done));
            page.number(4, planned, Look::Number)?;
            page.number(5, done, Look::NumberBold)?;
            page.share(6, Some((5, 4)), [done, planned], Look::Share)?;
            page.end_row()?;
        }
    }
    Ok(())
}

/// The totals of indicators, year beside year, and over all of them.
fn side_by_side(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    totals: &[String],
    titles: &[String],
) -> Result<(), ReportError> {
    if totals.is_empty() {
        return Ok(());
    }
    let words = &report.programme.words;
    let mut headings = vec![
        (words.get("no"), 1),
        (words.get("headline_all"), 1),
        (words.get("unit"), 2),
    ];
    headings.extend(titles.iter().map(|title| (title.as_str(), 1)));
    headings.push((words.get("all_years"), 1));
    page.next_table(Some(words.get("side_by_side")), &headings)?;
    for (number, name) in (1..).zip(totals) {
        let Some(indicator) = report.programme.indicator(name) else {
            continue;
        };
        page.number(0, number, Look::Center)?;
        page.text(1, &indicator.title.vi, Look::Text)?;
        page.span(
            2..=3,
            if indicator.unit == "dong" {
                words.get("dong")
            } else {
                ""
            },
            Look::Center,
        )?;
        let mut col = 4;
        for year in report.programme.years() {
            match report.years.get(&year).and_then(|totals| totals.get(name)) {
                Some(total) => page.number(col, *total, Look::Number)?,
                None => page.text(col, "", Look::Text)?,
            }
            col += 1;
        }
        page.number(
            col,
            report.all_years.get(name).copied().unwrap_or_default(),
            Look::NumberBold,
        )?;
        page.end_row()?;
    }
    Ok(())
}

/// The target that asks for most, year by year.
fn chart(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    progress: &TargetProgress<'_>,
    top: u32,
    last: u16,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let heading = top.min(3);
    let titles: Vec<String> = report
        .programme
        .years()
        .map(|year| words.render_template("year_head", [("year", &year.to_string())]))
        .collect();
    let values = |pick: fn(&(i64, i64)) -> i64| {
        report
            .programme
            .years()
            .map(|year| {
                progress
                    .by_year
                    .get(&year)
                    .map_or(0.0, |both| pick(both) as f64)
            })
            .collect()
    };
    page.chart(&Chart {
        title: &progress.target.title.vi,
        lies: false,
        categories: (
            ((heading, 4), (heading, last)),
            titles.iter().map(String::as_str).collect(),
        ),
        series: vec![
            Series {
                name: words.get("in_the_year"),
                cells: ((top, 4), (top, last)),
                values: values(|both| both.0),
                color: 0xB4_C4_D2,
            },
            Series {
                name: words.get("from_the_start"),
                cells: ((top + 1, 4), (top + 1, last)),
                values: values(|both| both.1),
                color: 0x3A_5A_78,
            },
        ],
        end: None,
        is_share: false,
    })
}
