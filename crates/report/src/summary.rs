use crate::ReportError;
use crate::input::{AnnualReport, TargetProgress};
use crate::page::{Heading, Page};
use rust_xlsxwriter::{Chart, ChartFont, ChartSolidFill, ChartType, Color};
use std::collections::BTreeMap;

/// The share of its target that counts in full: beyond the end of the chart nothing more is shown.
const FULL: f64 = 1.2;

/// One printed page: what the plan asks, what is reached, how sure that is, and the figures leaders ask for first.
pub(crate) fn write(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    sheet: &str,
    headline: &[String],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let in_year = words.fill("in_year", [("year", &report.year.to_string())]);
    let headings = [
        (words.get("no"), 5),
        (words.get("target"), 46),
        (words.get("clause"), 9),
        (words.get("span"), 12),
        (words.get("to_reach"), 14),
        (in_year.as_str(), 11),
        (words.get("to_date"), 10),
        (words.get("share"), 10),
        (words.get("range"), 13),
        (words.get("result"), 22),
        (words.get("figure"), 30),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    page.sheet.set_print_fit_to_pages(1, 1);
    let styles = page.styles;
    let first = page.row;
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let value = progress.figures.total();
        page.number(0, number, &styles.center)?;
        page.text(1, &target.title.vi, &styles.text)?;
        page.text(2, &target.clause, &styles.center)?;
        page.text(3, &format!("{} - {}", target.from, target.to), &styles.center)?;
        let word = if target.about { words.get("about") } else { words.get("at_least") };
        page.text(4, &format!("{word} {}", target.at_least), &styles.center)?;
        page.number(5, progress.in_year, &styles.number)?;
        page.figure(6, &progress.figures, &BTreeMap::new(), None, &styles.number_bold)?;
        page.share(7, None, [value, target.at_least], &styles.share)?;
        let (least, most) = progress.range;
        let range = if least == most { least.to_string() } else { format!("{least} – {most}") };
        page.text(8, &range, &styles.center)?;
        let (state, format) = match () {
            () if least >= target.at_least => ("reached", &styles.good),
            () if value >= target.at_least => ("reached_unless", &styles.pending),
            () if most >= target.at_least => ("reached_if", &styles.pending),
            () if report.year < target.to => ("under_way", &styles.pending),
            () => ("not_reached", &styles.pending),
        };
        page.text(9, words.get(state), format)?;
        page.text(10, &progress.figures.id(&BTreeMap::new()), &styles.text)?;
        page.end_row()?;
    }
    let last = page.row.max(first + 1) - 1;
    page.note(words.get("targets_note"))?;
    page.note(&uncertain(report))?;
    page.row += 2;
    let figures = headline.iter().filter_map(|name| report.figures.get(name));
    page.heading_row(&[
        words.get("no"),
        words.get("headline"),
        words.get("clause"),
        "",
        words.get("value"),
        "",
        words.get("unit"),
    ])?;
    page.sheet.merge_range(page.row - 1, 2, page.row - 1, 3, words.get("clause"), &styles.heading)?;
    page.sheet.merge_range(page.row - 1, 4, page.row - 1, 5, words.get("value"), &styles.heading)?;
    for (number, figures) in (1..).zip(figures) {
        let Some(indicator) = report.programme.indicator(&figures.indicator) else { continue };
        page.number(0, number, &styles.center)?;
        page.text(1, &indicator.title.vi, &styles.text)?;
        page.sheet.merge_range(page.row, 2, page.row, 3, &indicator.clause, &styles.center)?;
        page.sheet.merge_range(page.row, 4, page.row, 5, "", &styles.number_bold)?;
        page.figure(4, figures, &BTreeMap::new(), None, &styles.number_bold)?;
        page.text(6, if indicator.unit == "dong" { words.get("dong") } else { "" }, &styles.text)?;
        page.end_row()?;
    }
    chart(page, report, sheet, (first, last))
}

/// What is still open, and whether it may change whether a target is reached.
fn uncertain(report: &AnnualReport<'_>) -> String {
    let words = &report.programme.words;
    let waiting = report.overlaps.iter().filter(|overlap| overlap.waits).count();
    let counts = [report.held.len(), report.questions, waiting].map(|count| count.to_string());
    let [held, questions, waiting] = counts.each_ref().map(String::as_str);
    let turns = |progress: &TargetProgress<'_>| {
        let (least, most) = progress.range;
        least < progress.target.at_least && most >= progress.target.at_least
    };
    let turned = report.targets.iter().filter(|progress| turns(progress)).count();
    let open = words.fill("uncertain", [("held", held), ("questions", questions), ("waiting", waiting)]);
    let effect = match turned {
        0 => words.get("uncertain_no_target").to_owned(),
        count => words.fill("uncertain_targets", [("count", &count.to_string())]),
    };
    format!("{open} {effect}")
}

/// How far each target is reached, as bars below the tables; dark on light, so that it reads in grey.
fn chart(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    sheet: &str,
    (first, last): (u32, u32),
) -> Result<(), ReportError> {
    if report.targets.is_empty() {
        return Ok(());
    }
    let words = &report.programme.words;
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_name(words.get("share"))
        .set_categories((sheet, first, 1, last, 1))
        .set_values((sheet, first, 7, last, 7))
        .set_format(ChartSolidFill::new().set_color(Color::RGB(0x3A_5A_78)))
        .set_gap(60);
    chart.title().set_name(words.get("targets_chart")).set_font(font().set_bold().set_size(12));
    // Of bars the library calls the upright axis y, though it bears the categories.
    chart.y_axis().set_reverse().set_font(&font());
    chart.x_axis().set_min(0.0).set_max(FULL).set_num_format("0%").set_font(&font());
    chart.legend().set_hidden();
    chart.set_alt_text(words.get("targets_chart"));
    chart.set_width(980).set_height(300);
    page.row += 1;
    page.sheet.insert_chart(page.row, 1, &chart)?;
    page.row += 16;
    Ok(())
}

/// The font of charts.
pub(crate) fn font() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_name("Times New Roman").set_size(10);
    font
}
