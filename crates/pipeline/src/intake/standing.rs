use crate::snapshot::effective::{effective, may_count, reporter};
use crate::workspace::Workspace;
use ledger::{Outcome, Submission};
use model::{FileId, Period};
use programme::Programme;
use serde::Serialize;

/// What a file of the ledger is to the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum FileStanding {
    /// Its accepted rows count.
    Counted,
    /// An officer took it out of the figures.
    SetAside {
        /// Why.
        reason: String,
    },
    /// Another counts in its place.
    Superseded {
        /// The name of that file.
        by: String,
    },
}

/// What a file is to the figures, among all submissions in the order they were taken in; nothing if nothing of it was taken
/// in.
pub(crate) fn standing(
    workspace: &Workspace,
    submissions: &[Submission],
    file: &FileId,
) -> Option<FileStanding> {
    // One that was read again stands as it was read last.
    let taken = |submission: &&Submission| {
        submission.file == *file && submission.outcome != Outcome::Refused
    };
    let submission = submissions.iter().rev().find(taken)?;
    let year = submission.period?.calendar_year();
    standing_among(workspace.programme_of(year), submissions, submission)
}

fn standing_among(
    programme: &Programme,
    submissions: &[Submission],
    submission: &Submission,
) -> Option<FileStanding> {
    if let Some(reason) = &submission.set_aside {
        let reason = reason.clone();
        return Some(FileStanding::SetAside { reason });
    }
    let (period, sender) = (submission.period?, reporter(programme, submission)?);
    if !may_count(submission) {
        return None;
    }
    let counting = effective(programme, submissions, period.calendar_year());
    if counting.iter().any(|other| other.file == submission.file) {
        return Some(FileStanding::Counted);
    }
    let is_instead = |other: &&&Submission| {
        let is_for = |of: Period| of == period || of.is_whole_year();
        reporter(programme, other).as_ref() == Some(&sender) && other.period.is_some_and(is_for)
    };
    let other = counting.iter().find(is_instead)?;
    let by = other.file_name.clone();
    Some(FileStanding::Superseded { by })
}

#[cfg(test)]
mod tests {
    use super::{FileStanding, standing_among};
    use crate::testing::{programme, submission};
    use ledger::{Outcome, Submission};

    fn standings(submissions: &[Submission]) -> Vec<Option<FileStanding>> {
        let of = |one| standing_among(programme(), submissions, one);
        submissions.iter().map(of).collect()
    }

    fn superseded(id: i64) -> Option<FileStanding> {
        let by = submission(id, "SCT", "2023").file_name;
        Some(FileStanding::Superseded { by })
    }

    #[test]
    fn a_newer_file_and_a_report_on_the_whole_year_stand_in_place_of_others() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2022"),
            submission(3, "SCT", "2023"),
            submission(4, "SCT", "2023"),
        ];
        let counted = Some(FileStanding::Counted);
        let expected = [superseded(4), counted.clone(), superseded(4), counted];
        assert_eq!(standings(&sent), expected);
    }

    #[test]
    fn what_an_officer_set_aside_says_why_and_lets_the_one_before_stand() {
        let reason = "nhầm tệp".to_owned();
        let aside = Submission {
            set_aside: Some(reason.clone()),
            ..submission(2, "SCT", "2023")
        };
        let found = standings(&[submission(1, "SCT", "2023"), aside]);
        let expected = [
            Some(FileStanding::Counted),
            Some(FileStanding::SetAside { reason }),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_refused_stands_for_nothing() {
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(1, "SCT", "2023")
        };
        assert_eq!(standings(&[refused]), [None]);
    }
}
