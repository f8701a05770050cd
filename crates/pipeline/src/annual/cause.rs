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
    let counting = |side: &BuiltReport<'_>| {
        let counting = effective(programme, &side.submissions, after.report.year);
        let mut counting = counting.into_iter();
        counting
            .find(|submission| submission.file.0 == file)
            .map(|submission| submission.id)
    };
    if let (Some(counted_before), Some(counted_after)) = (counting(before), counting(after)) {
        return match () {
            () if before.report.programme.hash != programme.hash => Cause::Rule,
            () if before.answers != after.answers => Cause::Answer,
            // The same file is read again only if a person said what its headings are.
            () if counted_before != counted_after => Cause::Answer,
            () => Cause::Others,
        };
    }
    let [known_before, known_after] = [before, after].map(|side| known(side, file));
    let was_set_aside = |known: Option<&Submission>| known.is_some_and(|s| s.set_aside.is_some());
    if was_set_aside(known_before) != was_set_aside(known_after) {
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
    let deadline = programme.deadline.in_year(after.report.year);
    match () {
        () if rival.is_some_and(|rival| rival.outcome != Outcome::Refused) => Cause::Correction,
        () if submission.at.day(*after.report.as_of.offset()) >= deadline => Cause::Late,
        () => Cause::New,
    }
}

/// The submission of a file that was known when a report was made.
fn known<'s>(side: &'s BuiltReport<'_>, file: &str) -> Option<&'s Submission> {
    let mut submissions = side.submissions.iter();
    submissions.find(|submission| submission.file.0 == file)
}

#[cfg(test)]
mod tests {
    use super::{Cause, cause};
    use crate::loaded_programme::LoadedProgramme;
    use crate::testing::{answer, built, request, small_programme, submission};
    use ledger::{Answer, Outcome, Submission, Verdict};

    /// What was known at one of two reports on 2023.
    struct Side {
        programme: LoadedProgramme,
        submissions: Vec<Submission>,
        answers: Vec<Answer>,
    }

    fn side(submissions: &[Submission]) -> Side {
        Side {
            programme: small_programme(),
            submissions: submissions.to_vec(),
            answers: Vec::new(),
        }
    }

    /// Why a value of the file `f1` came in between two reports, or left.
    fn of(before: Side, after: Side, is_added: bool) -> Cause {
        let requests = [before.programme, after.programme].map(|it| request(it, 2023));
        let mut sides = [
            built(&requests[0], &before.submissions, &[]),
            built(&requests[1], &after.submissions, &[]),
        ];
        sides[0].answers = before.answers;
        sides[1].answers = after.answers;
        cause(sides.each_ref(), "f1", is_added)
    }

    fn file() -> Submission {
        submission(1, "SCT", "2023")
    }

    #[test]
    fn a_file_that_came_in_between_is_new_or_late() {
        assert_eq!(of(side(&[]), side(&[file()]), true), Cause::New);
        let on = |at: &str| Submission {
            at: at.parse().unwrap(),
            ..file()
        };
        // Reports come before 30 November (VI.1.d, VI.2.e), by the clock of the office.
        let last = on("2023-11-29T16:59:59Z");
        assert_eq!(of(side(&[]), side(&[last]), true), Cause::New);
        let late = on("2023-11-29T17:00:00Z");
        assert_eq!(of(side(&[]), side(&[late]), true), Cause::Late);
    }

    #[test]
    fn a_file_that_was_read_again_was_so_because_of_an_answer() {
        let again = Submission {
            id: model::SubmissionId(2),
            ..file()
        };
        let both = side(&[file(), again]);
        assert_eq!(of(side(&[file()]), both, true), Cause::Answer);
    }

    #[test]
    fn a_newer_file_of_one_department_and_period_is_a_correction_of_the_older() {
        let newer = Submission {
            at: "2023-12-24T00:00:00Z".parse().unwrap(),
            ..submission(2, "SCT", "2023")
        };
        let both = || side(&[file(), newer.clone()]);
        assert_eq!(
            of(side(&[file()]), both(), false),
            Cause::Correction,
            "it left"
        );
        let older = Submission {
            id: model::SubmissionId(0),
            ..newer.clone()
        };
        assert_eq!(
            of(
                side(std::slice::from_ref(&older)),
                side(&[older, file()]),
                true
            ),
            Cause::Correction,
            "it came in"
        );
    }

    #[test]
    fn one_that_was_refused_is_no_older_version() {
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(2, "SCT", "2023")
        };
        assert_eq!(
            of(
                side(std::slice::from_ref(&refused)),
                side(&[refused, file()]),
                true
            ),
            Cause::New
        );
    }

    #[test]
    fn what_an_officer_sets_aside_or_takes_back_has_that_cause() {
        let aside = || Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..file()
        };
        assert_eq!(
            of(side(&[file()]), side(&[aside()]), false),
            Cause::SetAside
        );
        assert_eq!(of(side(&[aside()]), side(&[file()]), true), Cause::SetAside);
    }

    #[test]
    fn of_a_file_that_counts_in_both_the_rules_or_answers_or_others_are_the_cause() {
        assert_eq!(of(side(&[file()]), side(&[file()]), true), Cause::Others);
        let mut answered = side(&[file()]);
        answered.answers = vec![answer(Verdict::Same, ["a", "b"])];
        assert_eq!(of(side(&[file()]), answered, true), Cause::Answer);
        let mut other_rules = side(&[file()]);
        other_rules.programme.programme.hash = model::ProgrammeHash("another".to_owned());
        other_rules.answers = vec![answer(Verdict::Same, ["a", "b"])];
        assert_eq!(of(side(&[file()]), other_rules, true), Cause::Rule);
    }

    #[test]
    fn a_cause_has_one_name_everywhere() {
        for cause in [Cause::Correction, Cause::SetAside, Cause::Others] {
            let json = serde_json::to_string(&cause).unwrap();
            assert_eq!(json, format!("\"{}\"", cause.name()));
        }
    }
}
