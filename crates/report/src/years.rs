use crate::ReportError;
use crate::input::{AnnualReport, TargetProgress};
use crate::page::{Heading, Page};
use crate::summary::font;
use programme::PlannedAndDone;
use rust_xlsxwriter::{Chart, ChartSolidFill, ChartType, Color};

/// Year beside year: each target alone and from its first year on, then what was planned for each year and done.
pub(crate) fn write(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    sheet: &str,
    done: &[PlannedAndDone],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let years: Vec<i32> = (report.programme.first_year..=report.programme.last_year).collect();
    let titles: Vec<String> = years.iter().map(|year| words.fill("year_head", [("year", &year.to_string())])).collect();
    let mut headings = vec![
        (words.get("no"), 5),
        (words.get("target"), 46),
        (words.get("to_reach"), 15),
        (words.get("counted_as"), 20),
    ];
    headings.extend(titles.iter().map(|title| (title.as_str(), 17)));
    headings.push((words.get("share"), 12));
    page.head(&headings.into_iter().map(|(text, width)| Heading { text, width }).collect::<Vec<_>>())?;
    let styles = page.styles;
    let share_col = u16::try_from(4 + years.len()).unwrap_or(u16::MAX);
    let mut widest: Option<(&TargetProgress<'_>, u32)> = None;
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let top = page.row;
        if widest.is_none_or(|(other, _)| other.target.at_least < target.at_least) {
            widest = Some((progress, top));
        }
        let word = if target.about { words.get("about") } else { words.get("at_least") };
        for (is_sum, counted_as) in [(false, "in_the_year"), (true, "from_the_start")] {
            if is_sum {
                (0..3).try_for_each(|col| page.text(col, "", &styles.text))?;
            } else {
                page.number(0, number, &styles.center)?;
                page.text(1, &target.title.vi, &styles.text)?;
                page.text(2, &format!("{word} {}", target.at_least), &styles.center)?;
            }
            page.text(3, words.get(counted_as), &styles.text)?;
            for (col, year) in (4..).zip(&years) {
                match progress.by_year.get(year) {
                    Some(&(alone, sum)) => page.number(col, if is_sum { sum } else { alone }, &styles.number)?,
                    None => page.text(col, "", &styles.text)?,
                }
            }
            if is_sum {
                page.share(share_col, None, [progress.figures.total(), target.at_least], &styles.share)?;
            } else {
                page.text(share_col, "", &styles.text)?;
            }
            page.end_row()?;
        }
    }
    planned_and_done(page, report, done)?;
    match widest {
        Some((progress, top)) => chart(page, report, sheet, progress, top, share_col - 1),
        None => Ok(()),
    }
}

fn planned_and_done(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    done: &[PlannedAndDone],
) -> Result<(), ReportError> {
    if done.is_empty() {
        return Ok(());
    }
    let words = &report.programme.words;
    let styles = page.styles;
    page.row += 1;
    page.sheet.write_string_with_format(page.row, 1, words.get("planned_and_done"), &styles.bold)?;
    page.row += 1;
    page.heading_row(&[
        words.get("no"),
        words.get("subject"),
        words.get("year"),
        "",
        words.get("planned"),
        words.get("done"),
        words.get("share"),
    ])?;
    page.sheet.merge_range(page.row - 1, 2, page.row - 1, 3, words.get("year"), &styles.heading)?;
    for (number, pair) in (1..).zip(done) {
        for (place, (year, totals)) in report.years.iter().enumerate() {
            let total = |name: &str| totals.get(name).copied().unwrap_or_default();
            if place == 0 {
                page.number(0, number, &styles.center)?;
            } else {
                page.text(0, "", &styles.center)?;
            }
            page.text(1, if place == 0 { &pair.heading } else { "" }, &styles.text)?;
            page.sheet.merge_range(page.row, 2, page.row, 3, &year.to_string(), &styles.center)?;
            let (planned, done) = (total(&pair.planned), total(&pair.done));
            page.number(4, planned, &styles.number)?;
            page.number(5, done, &styles.number_bold)?;
            page.share(6, Some((5, 4)), [done, planned], &styles.share)?;
            page.end_row()?;
        }
    }
    Ok(())
}

/// The target that asks for most, year by year.
fn chart(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    sheet: &str,
    progress: &TargetProgress<'_>,
    top: u32,
    last: u16,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let mut chart = Chart::new(ChartType::Column);
    let heading = top.min(3);
    for (row, key, color) in [(top, "in_the_year", 0xB4_C4_D2), (top + 1, "from_the_start", 0x3A_5A_78)] {
        chart
            .add_series()
            .set_name(words.get(key))
            .set_categories((sheet, heading, 4, heading, last))
            .set_values((sheet, row, 4, row, last))
            .set_format(ChartSolidFill::new().set_color(Color::RGB(color)));
    }
    let title = &progress.target.title.vi;
    chart.title().set_name(title).set_font(font().set_bold().set_size(12));
    chart.x_axis().set_font(&font());
    chart.y_axis().set_min(0.0).set_font(&font());
    chart.legend().set_font(&font());
    chart.set_alt_text(title);
    chart.set_width(980).set_height(300);
    page.row += 2;
    page.sheet.insert_chart(page.row, 1, &chart)?;
    page.row += 16;
    Ok(())
}
