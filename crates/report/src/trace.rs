use crate::ReportError;
use crate::input::AnnualReport;
use crate::page::{Heading, Page};
use aggregate::Figures;
use programme::Measure;

/// From each figure to the cells it is made of: one line for each value that counts.
///
/// A figure narrowed to fewer keys is made of all lines whose id begins as its own does for the keys it has.
pub(crate) fn write(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        (words.get("figure"), 62),
        (words.get("indicator"), 40),
        (words.get("value"), 34),
        (words.get("department"), 14),
        (words.get("file"), 44),
        (words.get("sheet"), 24),
        (words.get("cell"), 8),
        (words.get("file_code"), 15),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    for progress in &report.targets {
        // The year's own figures follow below.
        if progress.figures.years != report.year.to_string() {
            lines(page, report, &progress.figures)?;
        }
    }
    for indicator in &report.programme.indicators {
        if let Some(figures) = report.figures.get(&indicator.name) {
            lines(page, report, figures)?;
        }
    }
    page.sheet.autofilter(3, 0, page.row.max(4) - 1, 7)?;
    Ok(())
}

fn lines(page: &mut Page<'_>, report: &AnnualReport<'_>, figures: &Figures) -> Result<(), ReportError> {
    let styles = page.styles;
    let title = report.programme.indicator(&figures.indicator).map_or("", |i| i.title.vi.as_str());
    for contribution in &figures.contributions {
        let keys = figures.by.iter().cloned().zip(contribution.keys.iter().cloned()).collect();
        page.text(0, &figures.id(&keys), &styles.text)?;
        page.text(1, title, &styles.text)?;
        match (figures.measure, contribution.value.parse()) {
            (Measure::Sum, Ok(amount)) => page.number(2, amount, &styles.number)?,
            _ => page.text(2, &contribution.value, &styles.text)?,
        }
        if let Some(origin) = report.origins.get(&contribution.record) {
            page.text(3, &origin.department, &styles.text)?;
            page.text(4, &origin.file_name, &styles.text)?;
            page.text(5, &origin.sheet, &styles.text)?;
            page.text(6, &origin.cell(&contribution.field), &styles.center)?;
            page.text(7, origin.file.get(..12).unwrap_or_default(), &styles.text)?;
        }
        page.end_row()?;
    }
    Ok(())
}
