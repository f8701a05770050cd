//! What stands of a reporter's period when a file of it comes in, read from the ledger.

use crate::error::PipelineError;
use crate::intake::replacement::{Earlier, StandingForm};
use crate::money::add;
use crate::snapshot::effective::standing_before;
use ingest::Reading;
use ledger::{Ledger, ReplacementAnswer, Submission};
use model::FileId;
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Programme};

/// What a file's forms would take the place of, and what a person said of them.
///
/// # Errors
/// When records are missing or damaged.
pub(crate) fn earlier(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    answers: &[ReplacementAnswer],
    (file, reading): (&FileId, &Reading),
) -> Result<Earlier, PipelineError> {
    let mut earlier = Earlier::default();
    let of_file = answers.iter().filter(|answer| answer.file == *file);
    let said = of_file.map(|answer| (answer.form.clone(), answer.verdict));
    earlier.answers.extend(said);
    let (Some(department), Some(period)) = (reading.department.as_deref(), reading.period) else {
        return Ok(earlier);
    };
    let before = submissions.iter().find(|known| known.file == *file);
    let reporter = (department, reading.unit.as_deref(), period);
    for (code, parts) in standing_before(programme, submissions, reporter, file) {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let is_read = reading.tables.iter().any(|table| table.form == code);
        let mut standing = StandingForm {
            is_later: before.is_some_and(|before| parts.iter().any(|part| part.id > before.id)),
            ..StandingForm::default()
        };
        let mut rows = Tables::new();
        for part in parts {
            standing.files.push(part.file_name.clone());
            let own = ledger.form_rows(part.id)?.remove(code).unwrap_or_default();
            standing.rows.accepted += own.accepted;
            for (column, amount) in own.sums {
                let sum = standing.rows.sums.entry(column).or_insert(0);
                *sum = add(*sum, amount, &form.sheet)?;
            }
            if is_read {
                tables::append(&mut rows, code, &accepted(ledger, form, part)?)?;
            }
        }
        standing.frame = rows.remove(code).unwrap_or_default();
        earlier.standing.insert(code.to_owned(), standing);
    }
    Ok(earlier)
}

/// The rows of a form of a submission that count.
fn accepted(
    ledger: &Ledger,
    form: &Form,
    submission: &Submission,
) -> Result<DataFrame, PipelineError> {
    let frame = ledger.facts(submission.id, &form.code)?;
    let is_held = frame.column("held")?.bool()?.clone();
    Ok(tables::conform(form, &frame)?.filter(&!&is_held)?)
}
