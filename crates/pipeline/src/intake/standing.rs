use crate::snapshot::effective::{effective, reporter};
use ledger::{Outcome, Submission};
use model::{FileId, Period};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeMap;

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

/// What each file is to the figures, among all submissions in the order they were taken in.
pub(crate) struct FileStandings<'s> {
    submissions: &'s [Submission],
    /// Those that count, of the years that were asked for.
    counting: BTreeMap<i32, Vec<Submission>>,
}

impl<'s> FileStandings<'s> {
    pub(crate) fn among(submissions: &'s [Submission]) -> Self {
        Self {
            submissions,
            counting: BTreeMap::new(),
        }
    }

    /// What a file is; nothing if nothing of it was taken in. `programme_of` gives the programme of a year.
    pub(crate) fn of<'p>(
        &mut self,
        file: &FileId,
        programme_of: impl Fn(i32) -> &'p Programme,
    ) -> Option<FileStanding> {
        // One that was read again stands as it was read last.
        let taken = |submission: &&Submission| {
            submission.file == *file && submission.outcome != Outcome::Refused
        };
        let submission = self.submissions.iter().rev().find(taken)?;
        if let Some(reason) = &submission.set_aside {
            let reason = reason.clone();
            return Some(FileStanding::SetAside { reason });
        }
        let period = submission.period?;
        let year = period.calendar_year();
        let programme = programme_of(year);
        let sender = reporter(programme, submission)?;
        let counting = self
            .counting
            .entry(year)
            .or_insert_with(|| effective(programme, self.submissions, year));
        let counts = |other: &&Submission| other.counting_forms().next().is_some();
        let own = counting.iter().find(|other| other.file == *file);
        if own.as_ref().is_some_and(counts) {
            return Some(FileStanding::Counted);
        }
        let is_for = |of: Period| of == period || of.is_whole_year();
        let mut others = counting.iter().filter(counts);
        let other = others.find(|other| {
            reporter(programme, other).as_ref() == Some(&sender) && other.period.is_some_and(is_for)
        });
        match other {
            Some(other) => Some(FileStanding::Superseded {
                by: other.file_name.clone(),
            }),
            // One that has nothing to report counts as such.
            None => own.map(|_| FileStanding::Counted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FileStanding, FileStandings};
    use crate::testing::{programme, submission};
    use ledger::{Outcome, Submission};

    fn standings(submissions: &[Submission]) -> Vec<Option<FileStanding>> {
        let mut standings = FileStandings::among(submissions);
        let files = submissions.iter().map(|submission| &submission.file);
        files
            .map(|file| standings.of(file, |_| programme()))
            .collect()
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
