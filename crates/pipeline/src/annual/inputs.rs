use crate::annual::request::{ReportRequest, Variant};
use crate::snapshot::rows::Snapshot;
use crate::support::registers::{RegisterLine, Registers};
use crate::support::resolved::OtherProgrammes;
use chrono::FixedOffset;
use ledger::{Answer, FormRows, Submission, file_id};
use model::{Finding, InputsHash, SubmissionId};
use std::collections::BTreeMap;

/// All that a report is made from, as it was known at its moment.
pub(crate) struct AnnualInputs {
    /// The clock of the office.
    pub offset: FixedOffset,
    /// All submissions, in the order they were taken in.
    pub submissions: Vec<Submission>,
    /// What is recorded of each submission of the years shown.
    pub recorded: BTreeMap<SubmissionId, RecordedSubmission>,
    /// What counts from the programme's first year to the report's.
    pub snapshot: Snapshot,
    pub others: OtherProgrammes,
    pub registers: Registers,
    /// The answers of persons, in the order they were given.
    pub answers: Vec<Answer>,
}

/// What the ledger records of a submission.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordedSubmission {
    pub findings: Vec<Finding>,
    pub form_rows: BTreeMap<String, FormRows>,
}

/// The hash over all that a report was made from: programme, year, moment, the submissions and registers that count,
/// and what persons answered.
pub(crate) fn inputs_hash(
    request: &ReportRequest,
    submissions: &[Submission],
    others: &[Submission],
    registers: &[RegisterLine],
    answers: &[Answer],
) -> InputsHash {
    let programme = &request.programme.programme;
    let mut text = format!("{}\n{}\n{}\n", programme.hash, request.year, request.as_of);
    // Nothing is written for the default, as in the hashes of reports from before there were variants.
    if request.variant != Variant::default() {
        text.push_str(&format!("{}\n", request.variant.name()));
    }
    for earlier in &request.earlier {
        text.push_str(&format!("{}\n", earlier.programme.hash));
    }
    for submission in submissions.iter().chain(others) {
        text.push_str(&format!("{} {}\n", submission.id, submission.file));
    }
    for register in registers {
        text.push_str(&format!("{} {}\n", register.file, register.sha256));
    }
    for answer in answers {
        let until = answer.until.map_or_else(String::new, |day| day.to_string());
        text.push_str(&format!(
            "{} {} {until}\n",
            answer.prints.join(" "),
            answer.verdict.name()
        ));
    }
    InputsHash(file_id(text.as_bytes()).0)
}
