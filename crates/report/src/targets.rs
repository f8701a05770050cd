use crate::ReportError;
use crate::input::AnnualReport;
use crate::page::{Heading, Page};
use std::collections::BTreeMap;

/// One line a target: what the plan asks, what is reached, what is left, and the figure's id.
pub(crate) fn write(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let in_year = words.fill("in_year", [("year", &report.year.to_string())]);
    let headings = [
        (words.get("no"), 5),
        (words.get("target"), 52),
        (words.get("clause"), 9),
        (words.get("span"), 12),
        (words.get("to_reach"), 14),
        (in_year.as_str(), 11),
        (words.get("to_date"), 10),
        (words.get("short_of"), 10),
        (words.get("result"), 16),
        (words.get("figure"), 34),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
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
        page.number(6, value, &styles.number_bold)?;
        page.number(7, (target.at_least - value).max(0), &styles.number)?;
        let (state, format) = match () {
            () if value >= target.at_least => (words.get("reached"), &styles.good),
            () if report.year < target.to => (words.get("under_way"), &styles.pending),
            () => (words.get("not_reached"), &styles.pending),
        };
        page.text(8, state, format)?;
        page.text(9, &progress.figures.id(&BTreeMap::new()), &styles.text)?;
        page.end_row()?;
    }
    page.note(words.get("targets_note"))
}
