use crate::ReportError;
use crate::input::AnnualReport;
use crate::paper::{Heading, Look, Paper};
use aggregate::Figures;
use programme::Measure;

/// The row of the first line.
pub(crate) const FIRST: u32 = 4;

/// The figures in the order of their lines: those over several years, then those of the year.
pub(crate) fn order<'a>(report: &'a AnnualReport<'_>) -> impl Iterator<Item = &'a Figures> {
    let shown = |f: &&Figures| {
        report
            .figures
            .values()
            .all(|figures| figures.years != f.years)
    };
    let over_years = report
        .targets
        .iter()
        .map(|progress| &progress.figures)
        .filter(shown);
    let of_year = report
        .programme
        .indicators
        .iter()
        .filter_map(|indicator| report.figures.get(&indicator.name));
    over_years.chain(of_year)
}

/// From each figure to the cells it is made of: one line for each value that counts.
///
/// A figure narrowed to fewer keys is made of all lines whose id begins as its own does for the keys it has.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
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
    page.head(&headings.map(|(text, width)| Heading::new(text, width)), 0)?;
    debug_assert_eq!(page.row(), FIRST);
    for figures in order(report) {
        lines(page, report, figures)?;
    }
    page.filter(7)
}

fn lines(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    figures: &Figures,
) -> Result<(), ReportError> {
    let title = report
        .programme
        .indicator(&figures.indicator)
        .map_or("", |i| i.title.vi.as_str());
    let mut last: Option<&[String]> = None;
    for contribution in &figures.contributions {
        let is_first = last.replace(&contribution.keys) != Some(&contribution.keys);
        let keys = figures
            .by
            .iter()
            .cloned()
            .zip(contribution.keys.iter().cloned())
            .collect();
        page.figure_id(0, &figures.id(&keys), is_first)?;
        page.text(1, title, Look::Text)?;
        match (figures.measure, contribution.value.parse()) {
            (Measure::Sum, Ok(amount)) => page.number(2, amount, Look::Number)?,
            _ => page.text(2, &contribution.value, Look::Text)?,
        }
        if let Some(origin) = report.origins.get(&contribution.record) {
            page.text(3, &origin.department, Look::Text)?;
            page.text(4, &origin.file_name, Look::Text)?;
            page.text(5, &origin.sheet, Look::Text)?;
            page.text(6, &origin.cell(&contribution.field), Look::Center)?;
            page.text(7, origin.file.get(..12).unwrap_or_default(), Look::Text)?;
        }
        page.end_row()?;
    }
    Ok(())
}
