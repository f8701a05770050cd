//! How many questions on files wait, as they were known at a moment: a report counts them as a run does.

use crate::error::PipelineError;
use crate::intake::amount_questions::{AmountAnswers, open_amounts};
use crate::intake::heading_questions::{known_headings, open_headings};
use crate::intake::replacement_questions::{open_replacements, standing_again};
use chrono::{FixedOffset, NaiveDate};
use ledger::{AsOf, Ledger, Submission};
use programme::Programme;
use std::collections::BTreeMap;

/// The number of questions on headings, on forms that wait or stand again, and on amounts of some submissions of a programme, on a
/// day at the clock of the office.
///
/// Lists of other programmes are not among them: a version that waits lies in its folder, and is in the ledger once it counts.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn questions_on_files(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    known: AsOf,
    (today, offset): (NaiveDate, FixedOffset),
) -> Result<usize, PipelineError> {
    let on_headings = ledger.heading_answers_at(known)?;
    let known_headings = known_headings(&on_headings, today, offset);
    let unsure = ledger.unsure_headings()?;
    let headings = open_headings(
        programme,
        submissions,
        &unsure,
        &on_headings,
        &known_headings,
    );
    let on_replacements = ledger.replacement_answers_at(known)?;
    // Why they wait is told by the run that asks.
    let untold = BTreeMap::new();
    let waiting = open_replacements(programme, submissions, &on_replacements, &untold);
    let again = standing_again(programme, submissions, &on_replacements);
    let on_amounts = AmountAnswers::new(&ledger.amount_answers_at(known)?);
    let amounts = open_amounts(
        programme,
        submissions,
        &ledger.unsure_amounts()?,
        &on_amounts,
    );
    Ok(headings.len() + waiting.len() + again.len() + amounts.len())
}
