use crate::ReportError;
use crate::input::{AnnualReport, Restatement};
use crate::paper::{Heading, Look, Paper};
use crate::submissions::moment;

/// What changed in the figures since the report was issued last: each figure, then the cells that changed it and why.
pub(crate) fn write(
    page: &mut dyn Paper,
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
    page.head(
        &headings.map(|(key, width)| Heading::new(words.get(key), width)),
        0,
    )?;
    for figure in &restatement.figures {
        page.text(0, &figure.id, Look::TextBold)?;
        page.text(1, &figure.title, Look::TextBold)?;
        for (col, value) in [
            (2, figure.before),
            (3, figure.after),
            (4, figure.after - figure.before),
        ] {
            page.number(col, value, Look::NumberBold)?;
        }
        page.blanks(5..=9, Look::Text)?;
        page.end_row()?;
        for value in &figure.values {
            let (gone, come) = if value.is_added {
                ("", value.shown.as_str())
            } else {
                (value.shown.as_str(), "")
            };
            page.text(0, "", Look::Text)?;
            page.text(
                1,
                words.get(if value.is_added {
                    "came_in"
                } else {
                    "went_out"
                }),
                Look::Text,
            )?;
            page.text(2, gone, Look::Right)?;
            page.text(3, come, Look::Right)?;
            page.text(4, "", Look::Text)?;
            let place = [
                &value.department,
                &value.file_name,
                &value.sheet,
                &value.cell,
            ];
            for (col, text) in (5..).zip(place) {
                page.text(col, text, Look::Text)?;
            }
            page.text(9, words.get(&format!("cause_{}", value.cause)), Look::Text)?;
            page.end_row()?;
        }
    }
    let as_of = moment(restatement.as_of);
    page.note(&words.render_template(
        "restatement_note",
        [("moment", &as_of), ("hash", &restatement.file)],
    ))
}
