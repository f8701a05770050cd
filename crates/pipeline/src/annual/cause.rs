use crate::annual::build::BuiltReport;
use crate::snapshot::effective::effective;
use ledger::{Outcome, Submission};
use serde::Serialize;
use strum::IntoStaticStr;

/// Why a value came into a figure or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// A newer workbook of the same department and period supersedes it.
    Correction,
    /// The workbook came after the deadline.
    Late,
    /// The workbook came in between.
    New,
    /// An officer set the workbook aside, or took it back.
    SetAside,
    /// A person answered a question.
    Answer,
    /// The programme's rules, lists or indicators are others.
    Rule,
    /// The workbook is the same; other workbooks or registers that it is compared with are not.
    Others,
}

impl Cause {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Why a value of a file is in one of two reports only: in the later one if it was added.
pub(crate) fn cause([before, after]: [&BuiltReport<'_>; 2], file: &str, is_added: bool) -> Cause {
    let programme = after.report.programme;
    let in_side = |side: &BuiltReport<'_>| {
        side.submissions
            .iter()
            .find(|submission| submission.file.0 == file)
            .cloned()
    };
    let counts_in = |side: &BuiltReport<'_>| {
        let counting = effective(programme, &side.submissions, after.report.year);
        counting.iter().any(|submission| submission.file.0 == file)
    };
    if counts_in(before) && counts_in(after) {
        return match () {
            () if before.report.programme.hash != programme.hash => Cause::Rule,
            () if before.answers != after.answers => Cause::Answer,
            () => Cause::Others,
        };
    }
    let [known_before, known_after] = [before, after].map(in_side);
    let was_set_aside =
        |known: &Option<Submission>| known.as_ref().is_some_and(|s| s.set_aside.is_some());
    if was_set_aside(&known_before) != was_set_aside(&known_after) {
        return Cause::SetAside;
    }
    let Some(submission) = known_after.or(known_before) else {
        return Cause::New;
    };
    let is_rival = |other: &&Submission| {
        other.file != submission.file
            && other.department == submission.department
            && other.period == submission.period
    };
    let rival = if is_added { before } else { after }
        .submissions
        .iter()
        .find(is_rival);
    let deadline = programme.deadline.of(after.report.year);
    match () {
        () if rival.is_some_and(|rival| rival.outcome != Outcome::Refused) => Cause::Correction,
        () if submission.at.day(*after.report.as_of.offset()) >= deadline => Cause::Late,
        () => Cause::New,
    }
}
