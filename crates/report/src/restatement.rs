use crate::ReportError;
use crate::input::{AnnualReport, Restatement};
use crate::page::{Heading, Page};
use crate::submissions::moment;

/// What changed in the figures since the report was issued last: each figure, then the cells that changed it and why.
pub(crate) fn write(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    restatement: &Restatement,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        ("figure", 34),
        ("subject", 34),
        ("before", 17),
        ("after", 17),
        ("difference", 17),
        ("department", 12),
        ("file", 26),
        ("sheet", 18),
        ("cell", 8),
        ("cause", 18),
    ];
    page.head(&headings.map(|(key, width)| Heading { text: words.get(key), width }))?;
    let styles = page.styles;
    for figure in &restatement.figures {
        page.text(0, &figure.id, &styles.text_bold)?;
        page.text(1, &figure.title, &styles.text_bold)?;
        for (col, value) in [(2, figure.before), (3, figure.after), (4, figure.after - figure.before)] {
            page.number(col, value, &styles.number_bold)?;
        }
        for col in 5..10 {
            page.text(col, "", &styles.text)?;
        }
        page.end_row()?;
        for value in &figure.values {
            let (gone, come) = if value.is_added { ("", value.shown.as_str()) } else { (value.shown.as_str(), "") };
            page.text(0, "", &styles.text)?;
            page.text(1, words.get(if value.is_added { "came_in" } else { "went_out" }), &styles.text)?;
            page.text(2, gone, &styles.right)?;
            page.text(3, come, &styles.right)?;
            page.text(4, "", &styles.text)?;
            let place = [&value.department, &value.file_name, &value.sheet, &value.cell];
            for (col, text) in (5..).zip(place) {
                page.text(col, text, &styles.text)?;
            }
            page.text(9, words.get(&format!("cause_{}", value.cause)), &styles.text)?;
            page.end_row()?;
        }
    }
    let as_of = moment(restatement.as_of);
    page.note(&words.fill("restatement_note", [("moment", &as_of), ("hash", &restatement.file)]))
}
