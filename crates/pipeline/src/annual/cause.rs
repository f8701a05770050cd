use crate::annual::build::BuiltReport;
use crate::annual::matched_records::{MatchedRecord, MatchedRecords};
use crate::snapshot::effective::reporter;
use crate::support::support_line::SupportLine;
use chrono::NaiveDate;
use ledger::{Outcome, Submission};
use model::Period;
use programme::Lifetime;
use serde::Serialize;
use std::collections::BTreeSet;
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
    /// A list of another programme's support came, changed or went.
    Register,
    /// The programme's rules, lists or indicators are others.
    Rule,
    /// The department was merged, split or renamed, or a code was.
    Merged,
    /// The program reads or counts otherwise than the one that the report was issued with.
    Program,
    /// The workbook is the same; other workbooks that it is compared with are not.
    Others,
}

impl Cause {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What may have made the difference between two reports of one year.
pub(crate) struct Causes<'a> {
    sides: [&'a BuiltReport<'a>; 2],
}

impl<'a> Causes<'a> {
    /// Of two reports, the earlier first.
    pub(crate) fn between(sides: [&'a BuiltReport<'a>; 2]) -> Self {
        Self { sides }
    }

    /// Why a record changed, came or went; `side` is the one that the value in question is on.
    pub(crate) fn of_change(
        &self,
        records: &MatchedRecords,
        record: MatchedRecord,
        side: usize,
    ) -> Cause {
        // What a record became is due to the file that it is in now.
        let side = if record.is_in_both() { 1 } else { side };
        let file = records.file(record, side).unwrap_or_default();
        self.of_file(file, records.form(record), side == 1)
    }

    /// Why a record that is the same on both sides counts otherwise, and the other record that made it so, if one did: what
    /// it was given again by, and the side that has that.
    pub(crate) fn of_counting(
        &self,
        records: &MatchedRecords,
        record: MatchedRecord,
    ) -> (Cause, Option<(&'a SupportLine, usize)>) {
        let same = |text: fn(&MatchedRecords, MatchedRecord, usize) -> Option<&str>| {
            text(records, record, 0) == text(records, record, 1)
        };
        if !same(MatchedRecords::department) {
            return (Cause::Merged, None);
        }
        let duplicate = [0, 1].map(|side| {
            let id = records.id(record, side)?;
            self.sides[side].duplicates.get(id).copied()
        });
        if duplicate[0] != duplicate[1] {
            // Only a person's word decides that two are one.
            if duplicate.contains(&Some(true)) {
                return (Cause::Answer, None);
            }
            let side = usize::from(duplicate[1].is_some());
            let id = records.id(record, side).unwrap_or_default();
            let others = self.sides[side].given_again.get(id).into_iter().flatten();
            for other in others {
                let cause = self.of_other(other, records.form(record), side);
                if cause != Cause::Others {
                    return (cause, Some((other, side)));
                }
            }
        }
        let cause = match () {
            () if !same(MatchedRecords::enterprise) && self.are_answers_others() => Cause::Answer,
            () if self.is_programme_another() => Cause::Rule,
            () if self.is_recoded() => Cause::Merged,
            () if self.are_answers_others() => Cause::Answer,
            () => Cause::Others,
        };
        (cause, None)
    }

    /// Why the record that another was given again by is on one side only.
    fn of_other(&self, other: &SupportLine, form: &str, side: usize) -> Cause {
        match (
            &other.register,
            self.sides[side].report.origins.get(&other.record),
        ) {
            (Some(_), _) if self.are_registers_others() => Cause::Register,
            (None, Some(origin)) => self.of_file(origin.file, form, side == 1),
            _ => Cause::Others,
        }
    }

    /// Why what a file holds of a form is on one side only: on the later one if it was added.
    fn of_file(&self, file: &str, form: &str, is_added: bool) -> Cause {
        let counting = self.sides.map(|side| {
            let mut counting = side.snapshot.submissions.effective.iter();
            counting.find(|submission| submission.file.0 == file && has(submission, form))
        });
        if let [Some(before), Some(after)] = counting {
            return match () {
                // The same file is read again only if a person said what its headings are, or that it replaces another.
                () if before.id != after.id => Cause::Answer,
                () if self.is_programme_another() => Cause::Rule,
                () if self.are_answers_others() => Cause::Answer,
                () => Cause::Others,
            };
        }
        let [known_before, known_after] = self.sides.map(|side| known(side, file));
        let Some(submission) = known_after.or(known_before) else {
            return Cause::New;
        };
        let is_set_aside =
            |known: Option<&Submission>| known.is_some_and(|s| s.set_aside.is_some());
        if is_set_aside(known_before) != is_set_aside(known_after) {
            return Cause::SetAside;
        }
        if let (Some(before), Some(after)) = (known_before, known_after)
            && before.id != after.id
        {
            return Cause::Answer;
        }
        match (known_before, is_added) {
            // It came: as the correction of one of the same period that was there, or for the first time.
            (None, _) => self.of_arrival(submission),
            // It was known, and counts now, or no longer: what superseded it went, or something superseded it.
            (Some(_), true) => match self.is_one_set_aside(submission) {
                true => Cause::SetAside,
                false if self.are_answers_others() => Cause::Answer,
                false => Cause::Others,
            },
            (Some(_), false) => self.of_superseding(submission, form),
        }
    }

    /// Why a submission that is new counts.
    fn of_arrival(&self, submission: &Submission) -> Cause {
        let is_rival = |other: &&Submission| {
            other.file != submission.file
                && other.outcome != Outcome::Refused
                && self.is_of_one_reporter(other, submission)
                && other.period == submission.period
        };
        let after = &self.sides[1].report;
        let year = submission.period.map(Period::calendar_year);
        let deadline = (after.programme.deadline).in_year(year.unwrap_or(after.year));
        match () {
            () if self.sides[0].submissions.iter().any(|s| is_rival(&s)) => Cause::Correction,
            () if submission.at.day(*after.as_of.offset()) >= deadline => Cause::Late,
            () => Cause::New,
        }
    }

    /// Why a submission that was there counts no longer.
    fn of_superseding(&self, submission: &Submission, form: &str) -> Cause {
        let year = |submission: &Submission| submission.period.map(Period::calendar_year);
        let mut newer = self.sides[1].snapshot.submissions.effective.iter();
        let newer = newer.find(|other| {
            let mut before = self.sides[0].submissions.iter();
            before.all(|known| known.id != other.id)
                && has(other, form)
                && self.is_of_one_reporter(other, submission)
                && year(other) == year(submission)
        });
        match newer {
            Some(newer) if known(self.sides[0], &newer.file.0).is_some() => Cause::Answer,
            Some(newer) => self.of_arrival(newer),
            None if self.is_one_set_aside(submission) => Cause::SetAside,
            None if self.are_answers_others() => Cause::Answer,
            None => Cause::Others,
        }
    }

    /// Whether one of the reporter's submissions was set aside or taken back in between.
    fn is_one_set_aside(&self, submission: &Submission) -> bool {
        let set_aside = |side: &BuiltReport<'_>| -> BTreeSet<String> {
            let of_reporter = side.submissions.iter().filter(|other| {
                other.set_aside.is_some() && self.is_of_one_reporter(other, submission)
            });
            of_reporter.map(|other| other.file.0.clone()).collect()
        };
        set_aside(self.sides[0]) != set_aside(self.sides[1])
    }

    /// Whether two submissions are of one reporter, or of one that succeeded the other.
    fn is_of_one_reporter(&self, a: &Submission, b: &Submission) -> bool {
        let after = &self.sides[1].report;
        let (programme, today) = (after.programme, after.as_of.date_naive());
        let current = |submission| {
            let (department, unit) = reporter(programme, submission)?;
            Some((programme.code_on("department", department, today), unit))
        };
        current(a) == current(b)
    }

    /// Whether the figures stand under the departments and codes of another day.
    fn is_recoded(&self) -> bool {
        let [before, after] = self.sides.map(|side| &side.report);
        let days = [before, after].map(|report| report.as_of.date_naive());
        let has_ended = |last: NaiveDate| days[0] <= last && last < days[1];
        let entries = after
            .programme
            .lists
            .values()
            .flat_map(|list| &list.entries);
        let is_another =
            |life: &Lifetime| !life.successors.is_empty() && life.to.is_some_and(has_ended);
        before.as_of != after.as_of
            && (after.under_today || entries.into_iter().any(|entry| is_another(&entry.life)))
    }

    fn is_programme_another(&self) -> bool {
        let [before, after] = self.sides.map(|side| &side.report.programme.hash);
        before != after
    }

    fn are_answers_others(&self) -> bool {
        self.sides[0].answers != self.sides[1].answers
    }

    fn are_registers_others(&self) -> bool {
        self.sides[0].report.registers != self.sides[1].report.registers
    }
}

/// Whether the rows that a submission has of a form count.
fn has(submission: &Submission, form: &str) -> bool {
    submission
        .forms
        .get(form)
        .is_some_and(|standing| standing.counts())
}

/// The submission of a file that was known when a report was made.
fn known<'s>(side: &'s BuiltReport<'_>, file: &str) -> Option<&'s Submission> {
    // A file that was read again counts as it was read last.
    let mut submissions = side.submissions.iter().rev();
    submissions.find(|submission| submission.file.0 == file)
}

#[cfg(test)]
mod tests {
    use super::{Cause, Causes};
    use crate::loaded_programme::LoadedProgramme;
    use crate::testing::{answer, built, request, small_programme, standings, submission};
    use ledger::{Answer, Outcome, Standing, Submission, Verdict};

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
        let causes = Causes::between(sides.each_ref());
        causes.of_file("f1", "budget", is_added)
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
    fn a_version_that_stands_again_does_so_because_the_newer_one_was_set_aside() {
        let newer = submission(2, "SCT", "2023");
        let aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..newer.clone()
        };
        let (before, after) = (side(&[file(), newer]), side(&[file(), aside]));
        assert_eq!(of(before, after, true), Cause::SetAside);
    }

    #[test]
    fn a_form_leaves_because_of_the_newer_file_that_has_it_and_the_others_stay() {
        let newer = Submission {
            forms: standings(["budget"]),
            ..submission(2, "SCT", "2023")
        };
        let (before, after) = (side(&[file()]), side(&[file(), newer]));
        assert_eq!(of(before, after, false), Cause::Correction);
    }

    #[test]
    fn a_form_that_waited_counts_because_a_person_said_so() {
        let stands = |standing| Submission {
            forms: [("budget".to_owned(), standing)].into(),
            ..file()
        };
        let again = Submission {
            id: model::SubmissionId(2),
            ..stands(Standing::Replaces)
        };
        let waits = stands(Standing::Waits);
        let (before, after) = (
            side(std::slice::from_ref(&waits)),
            side(&[waits.clone(), again]),
        );
        assert_eq!(of(before, after, true), Cause::Answer);
    }

    #[test]
    fn a_quarter_leaves_because_of_the_years_report_that_came() {
        let quarter = submission(1, "SCT", "2023-Q3");
        let year = Submission {
            at: "2023-12-24T00:00:00Z".parse().unwrap(),
            ..submission(2, "SCT", "2023")
        };
        let late = of(
            side(std::slice::from_ref(&quarter)),
            side(&[quarter, year]),
            false,
        );
        assert_eq!(late, Cause::Late);
    }

    #[test]
    fn what_another_department_sent_is_no_correction() {
        let other = submission(2, "SXD", "2023");
        let both = side(&[other.clone(), file()]);
        assert_eq!(of(side(&[other]), both, true), Cause::New);
    }

    #[test]
    fn a_cause_has_one_name_everywhere() {
        for cause in [Cause::Correction, Cause::SetAside, Cause::Others] {
            let json = serde_json::to_string(&cause).unwrap();
            assert_eq!(json, format!("\"{}\"", cause.name()));
        }
    }
}
