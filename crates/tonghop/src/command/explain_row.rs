use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use pipeline::{Reason, RecordExplained};
use programme::CountingEffect;
use std::path::Path;

/// Why a row of a workbook that came in counts or does not.
pub(crate) fn explain_row(
    dir: &Path,
    (file, sheet, cell): (&str, &str, &str),
    out: &Output,
) -> anyhow::Result<Exit> {
    let Some(row) = row_of(cell) else {
        return Err(UsageError(message!("explain.cell", out.lang, cell = cell)).into());
    };
    let workspace = open::workspace(dir)?;
    let explained = timed("explain", || {
        pipeline::explain_row(&workspace, file, sheet, row)
    })?;
    let period = explained.period.map(|period| period.to_string());
    out.line(message!(
        "explain.row",
        out.lang,
        file = explained.file,
        sheet = explained.sheet,
        row = explained.row,
        department = explained.department.as_deref().unwrap_or("?"),
        period = period.as_deref().unwrap_or("?"),
        received = explained.received
    ));
    if explained.records.is_empty() {
        out.line(message!("explain.no_record", out.lang));
    }
    for record in &explained.records {
        tell(record, out);
    }
    for finding in &explained.findings {
        out.line(message!(
            "explain.finding",
            out.lang,
            severity = message!(format!("severity.{}", finding.severity), out.lang),
            code = finding.code,
            message = finding.message.get(out.lang)
        ));
    }
    out.json(&explained)?;
    Ok(Exit::Well)
}

/// The row of a cell such as 'C7', or of its number alone.
fn row_of(cell: &str) -> Option<i64> {
    let digits = cell.trim_start_matches(|sign: char| sign.is_ascii_alphabetic() || sign == '$');
    digits.parse().ok().filter(|row| *row > 0)
}

fn tell(record: &RecordExplained, out: &Output) {
    let key = match record.counts {
        true => "explain.counts",
        false => "explain.counts_not",
    };
    let (form, subject) = (&record.form, &record.subject);
    out.line(message!(key, out.lang, form = form, subject = subject));
    for reason in &record.reasons {
        out.line(said(reason, out.lang));
    }
    for (figure, value) in &record.figures {
        out.line(message!(
            "explain.figure",
            out.lang,
            figure = figure,
            value = value
        ));
    }
}

fn said(reason: &Reason, lang: &str) -> String {
    match reason {
        Reason::Refused => message!("explain.refused", lang),
        Reason::SetAside { reason } => message!("explain.set_aside", lang, reason = reason),
        Reason::Waits => message!("explain.waits", lang),
        Reason::Replaced { file, received } => {
            message!("explain.replaced", lang, file = file, received = received)
        }
        Reason::OfYear { file } => message!("explain.of_year", lang, file = file),
        Reason::Held { code, message } => message!(
            "explain.held",
            lang,
            code = code,
            message = message.get(lang)
        ),
        Reason::LaterPeriod { files } => {
            message!("explain.later_period", lang, files = files.join("; "))
        }
        Reason::ReportedTwice { others } => {
            message!("explain.reported_twice", lang, others = others.join("; "))
        }
        Reason::InError => message!("explain.in_error", lang),
        Reason::Choice {
            title,
            effect,
            reason,
            clause,
            ..
        } => {
            let key = match effect {
                CountingEffect::Counts => "explain.choice_counts",
                CountingEffect::Asked => "explain.choice_asked",
                CountingEffect::LeftOut => "explain.choice_left_out",
            };
            message!(
                key,
                lang,
                title = title.get(lang),
                clause = clause,
                reason = reason.get(lang)
            )
        }
        Reason::NoIndicator => message!("explain.no_indicator", lang),
    }
}

#[cfg(test)]
mod tests {
    use super::row_of;

    #[test]
    fn a_row_is_named_by_a_cell_or_its_number() {
        assert_eq!(
            ["C7", "$AB$12", "9", "7C", "C", "0"].map(row_of),
            [Some(7), Some(12), Some(9), None, None, None]
        );
    }
}
