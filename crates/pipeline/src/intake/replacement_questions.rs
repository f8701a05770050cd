//! Forms that would take something of what was sent before away: a person is asked whether they take its place.

use crate::snapshot::effective::{effective, may_count, standing_before};
use crate::support::case_changes::CaseChange;
use ledger::{Outcome, ReplacementAnswer, ReplacementVerdict, Standing, Submission};
use model::{FileId, Finding, Period, SubmissionId};
use programme::{Programme, RuleKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A form of a file that waits for a person.
#[derive(Debug, Clone, Serialize)]
pub struct ReplacementQuestion {
    /// The department's code.
    pub department: String,
    /// The period it is about.
    pub period: Period,
    /// The form's code; the codes of all forms of a file that was set aside.
    pub form: String,
    /// The file's content.
    #[serde(skip)]
    pub file: FileId,
    /// The file's name.
    pub file_name: String,
    /// The names of the files whose rows count meanwhile.
    pub standing: Vec<String>,
    /// What was found; of a file that was set aside, why.
    pub found: String,
    /// Whether the file was set aside, so that what stood before it stands again; else its form waits.
    pub is_set_aside: bool,
    /// Whether a newer program read something else in the file than what stands of it.
    pub is_read_anew: bool,
    /// Of one that was read anew, what would change record by record.
    pub changes: Vec<CaseChange>,
    /// What the answer is kept under.
    #[serde(skip)]
    pub answered_as: String,
    /// What was answered before: it has to be looked into.
    #[serde(skip)]
    pub previous: Option<ReplacementAnswer>,
}

/// What an answer on a form of a submission that waits is kept under: of one that was read anew the version that read it is part
/// of it, for what one version reads says nothing of the next.
pub(crate) fn answered_as(submission: &Submission, form: &str) -> String {
    match submission.forms.get(form) {
        Some(Standing::ReadAnew) => format!("{form} read by {}", submission.reader),
        _ => form.to_owned(),
    }
}

/// Whether an answer on a form of a submission lets it count.
fn lets_count(submission: &Submission, form: &str, answer: &ReplacementAnswer) -> bool {
    let is_read_anew = submission.forms.get(form) == Some(&Standing::ReadAnew);
    match answer.verdict {
        ReplacementVerdict::Replace => true,
        ReplacementVerdict::Add => !is_read_anew,
        ReplacementVerdict::Keep | ReplacementVerdict::Verify => false,
    }
}

/// The last answer on a form of a file, or on what is kept under another word in a form's place.
pub(crate) fn last_answer<'a>(
    answers: &'a [ReplacementAnswer],
    file: &FileId,
    form: &str,
) -> Option<&'a ReplacementAnswer> {
    let mut of_form = answers.iter().rev();
    of_form.find(|answer| answer.file == *file && answer.form == form)
}

/// The submissions of which a form waits: those that were neither refused nor set aside, nor read once more since.
fn waiting(submissions: &[Submission]) -> impl Iterator<Item = (&Submission, &str)> {
    let last: BTreeMap<&FileId, SubmissionId> = submissions
        .iter()
        .map(|submission| (&submission.file, submission.id))
        .collect();
    let current = submissions.iter().filter(move |submission| {
        may_count(submission) && last.get(&submission.file) == Some(&submission.id)
    });
    current.flat_map(|submission| {
        let forms = submission.forms.iter();
        let waiting = forms.filter(|(_, standing)| standing.waits());
        waiting.map(move |(form, _)| (submission, form.as_str()))
    })
}

/// The submissions of which a form waits that may now count by what a person said.
pub(crate) fn released<'s>(
    submissions: &'s [Submission],
    answers: &[ReplacementAnswer],
) -> Vec<&'s Submission> {
    let mut released: Vec<&Submission> = waiting(submissions)
        .filter(|(submission, form)| {
            let key = answered_as(submission, form);
            last_answer(answers, &submission.file, &key)
                .is_some_and(|answer| lets_count(submission, form, answer))
        })
        .map(|(submission, _)| submission)
        .collect();
    released.dedup_by_key(|submission| submission.id);
    released
}

/// The questions that are open under a programme. `findings` are those of the submissions of which a form waits.
pub(crate) fn open_replacements(
    programme: &Programme,
    submissions: &[Submission],
    answers: &[ReplacementAnswer],
    findings: &BTreeMap<SubmissionId, Vec<Finding>>,
) -> Vec<ReplacementQuestion> {
    let mut open = Vec::new();
    for (submission, form) in waiting(submissions) {
        let (Some(department), Some(period)) = (&submission.department, submission.period) else {
            continue;
        };
        let answered_as = answered_as(submission, form);
        let previous = last_answer(answers, &submission.file, &answered_as);
        let is_answered = previous.is_some_and(|it| {
            it.verdict == ReplacementVerdict::Keep || lets_count(submission, form, it)
        });
        let is_of_programme = programme.years().contains(&period.calendar_year());
        if is_answered || !is_of_programme {
            continue;
        }
        let reporter = (department.as_str(), submission.unit.as_deref(), period);
        let mut standing = standing_before(programme, submissions, reporter, &submission.file);
        let standing = standing.remove(form).unwrap_or_default();
        let is_read_anew = submission.forms.get(form) == Some(&Standing::ReadAnew);
        // A later file has settled it.
        if standing.iter().any(|part| part.id > submission.id) {
            continue;
        }
        let of_form = findings.get(&submission.id).into_iter().flatten();
        let says_why = |finding: &&Finding| match programme.rules.get(&finding.code) {
            Some(rule) => matches!(rule.kind, RuleKind::Reader(it) if it.is_about_replacement()),
            None => false,
        };
        let of_form = of_form.filter(|finding| finding.form.as_deref() == Some(form));
        let mut of_form = of_form.filter(says_why);
        open.push(ReplacementQuestion {
            department: department.clone(),
            period,
            form: form.to_owned(),
            file: submission.file.clone(),
            file_name: submission.file_name.clone(),
            is_set_aside: false,
            is_read_anew,
            changes: Vec::new(),
            answered_as,
            standing: match is_read_anew {
                // What stands is the file itself.
                true => vec![submission.file_name.clone()],
                false => standing.iter().map(|it| it.file_name.clone()).collect(),
            },
            found: of_form
                .next()
                .map_or_else(String::new, |it| it.message.vi.clone()),
            previous: previous.cloned(),
        });
    }
    open
}

/// What an answer on a file that was set aside is kept under, in place of a form: no form has a name with a blank in it.
pub(crate) const SET_ASIDE: &str = "set aside";

/// The files that an officer set aside so that what was sent before them counts again, as far as nobody has said yet that
/// this is right.
pub(crate) fn standing_again(
    programme: &Programme,
    submissions: &[Submission],
    answers: &[ReplacementAnswer],
) -> Vec<ReplacementQuestion> {
    let mut open = Vec::new();
    // One that was read again is told as it was read last.
    let last: BTreeMap<&FileId, &Submission> = submissions
        .iter()
        .map(|submission| (&submission.file, submission))
        .collect();
    let set_aside = submissions.iter().filter(|submission| {
        let is_last = last.get(&submission.file).map(|it| it.id) == Some(submission.id);
        is_last && submission.set_aside.is_some() && submission.outcome != Outcome::Refused
    });
    for submission in set_aside {
        let (Some(department), Some(period), Some(reason)) = (
            &submission.department,
            submission.period,
            &submission.set_aside,
        ) else {
            continue;
        };
        let year = period.calendar_year();
        let previous = last_answer(answers, &submission.file, SET_ASIDE);
        let is_answered = previous.is_some_and(|it| it.verdict != ReplacementVerdict::Verify);
        if is_answered || !programme.years().contains(&year) {
            continue;
        }
        let reporter = (department.as_str(), submission.unit.as_deref(), period);
        let before = standing_before(programme, submissions, reporter, &submission.file);
        let effective = effective(programme, submissions, year);
        let counts = |part: &Submission, form: &str| {
            let mut effective = effective.iter();
            effective.any(|it| it.id == part.id && it.counting_forms().any(|of| of == form))
        };
        let (mut forms, mut files) = (Vec::new(), Vec::new());
        for form in submission.counting_forms() {
            let parts = before.get(form).map(Vec::as_slice).unwrap_or_default();
            let is_again = |part: &&Submission| part.id < submission.id && counts(part, form);
            if !parts.is_empty() && parts.iter().all(is_again) {
                forms.push(form);
                files.extend(parts.iter().map(|part| part.file_name.clone()));
            }
        }
        files.sort();
        files.dedup();
        if !forms.is_empty() {
            open.push(ReplacementQuestion {
                department: department.clone(),
                period,
                form: forms.join(", "),
                file: submission.file.clone(),
                file_name: submission.file_name.clone(),
                standing: files,
                found: reason.clone(),
                is_set_aside: true,
                is_read_anew: false,
                changes: Vec::new(),
                answered_as: SET_ASIDE.to_owned(),
                previous: previous.cloned(),
            });
        }
    }
    open
}

/// The files of which a form waits since a newer program reads it otherwise.
pub(crate) fn waiting_as_read_anew(submissions: &[Submission]) -> BTreeSet<FileId> {
    let anew = waiting(submissions)
        .filter(|(submission, form)| submission.forms.get(*form) == Some(&Standing::ReadAnew));
    anew.map(|(submission, _)| submission.file.clone())
        .collect()
}

/// The submissions whose findings say why a form waits.
pub(crate) fn with_waiting_forms(submissions: &[Submission]) -> Vec<SubmissionId> {
    let mut ids: Vec<SubmissionId> = waiting(submissions).map(|(it, _)| it.id).collect();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::{SET_ASIDE, standing_again};
    use crate::testing::{programme, submission};
    use ledger::{ReplacementAnswer, ReplacementVerdict, Submission};

    fn set_aside(id: i64, period: &str) -> Submission {
        Submission {
            set_aside: Some("nhầm tệp".to_owned()),
            ..submission(id, "SCT", period)
        }
    }

    /// The files that are asked about, with those that count again.
    fn asked(sent: &[Submission], answers: &[ReplacementAnswer]) -> Vec<String> {
        let open = standing_again(programme(), sent, answers);
        let told = open.iter();
        told.map(|it| format!("{}: {}", it.file_name, it.standing.join(" ")))
            .collect()
    }

    #[test]
    fn what_counts_again_since_a_file_was_set_aside_is_asked_about() {
        let sent = [submission(1, "SCT", "2023"), set_aside(2, "2023")];
        assert_eq!(asked(&sent, &[]), ["f2.xlsx: f1.xlsx"]);
        // Quarters count again where the year's report is set aside.
        let sent = [submission(1, "SCT", "2023-Q4"), set_aside(2, "2023")];
        assert_eq!(asked(&sent, &[]), ["f2.xlsx: f1.xlsx"]);
    }

    #[test]
    fn nothing_is_asked_where_nothing_counts_again_or_a_later_file_stands() {
        assert_eq!(asked(&[set_aside(1, "2023")], &[]), [""; 0]);
        let others = [submission(1, "SXD", "2023"), set_aside(2, "2023")];
        assert_eq!(asked(&others, &[]), [""; 0]);
        let later = [
            submission(1, "SCT", "2023"),
            set_aside(2, "2023"),
            submission(3, "SCT", "2023"),
        ];
        assert_eq!(asked(&later, &[]), [""; 0]);
        let of_year = [
            submission(1, "SCT", "2023-Q1"),
            set_aside(2, "2023-Q1"),
            submission(3, "SCT", "2023"),
        ];
        assert_eq!(asked(&of_year, &[]), [""; 0]);
    }

    #[test]
    fn a_person_says_once_that_it_is_right() {
        let sent = [submission(1, "SCT", "2023"), set_aside(2, "2023")];
        let answer = |verdict| ReplacementAnswer {
            file: sent[1].file.clone(),
            form: SET_ASIDE.to_owned(),
            verdict,
            reason: "đã hỏi".to_owned(),
            by: "An".to_owned(),
        };
        assert_eq!(asked(&sent, &[answer(ReplacementVerdict::Keep)]), [""; 0]);
        let verify = [answer(ReplacementVerdict::Verify)];
        assert_eq!(asked(&sent, &verify).len(), 1);
    }
}
