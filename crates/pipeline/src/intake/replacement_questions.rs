//! Forms that would take something of what was sent before away: a person is asked whether they take its place.

use crate::snapshot::effective::{may_count, standing_before};
use ledger::{ReplacementAnswer, ReplacementVerdict, Standing, Submission};
use model::{FileId, Finding, Period, SubmissionId};
use programme::{Programme, RuleKind};
use serde::Serialize;
use std::collections::BTreeMap;

/// A form of a file that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplacementQuestion {
    /// The department's code.
    pub department: String,
    /// The period it is about.
    pub period: Period,
    /// The form's code.
    pub form: String,
    /// The file's content.
    #[serde(skip)]
    pub file: FileId,
    /// The file's name.
    pub file_name: String,
    /// The names of the files whose rows count meanwhile.
    pub standing: Vec<String>,
    /// What was found.
    pub found: String,
    /// What was answered before: it has to be looked into.
    #[serde(skip)]
    pub previous: Option<ReplacementAnswer>,
}

/// The last answer on a form of a file.
fn last_answer<'a>(
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
        let waiting = forms.filter(|(_, standing)| **standing == Standing::Waits);
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
            last_answer(answers, &submission.file, form).is_some_and(|answer| {
                matches!(
                    answer.verdict,
                    ReplacementVerdict::Replace | ReplacementVerdict::Add
                )
            })
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
        let previous = last_answer(answers, &submission.file, form);
        let is_answered = previous.is_some_and(|it| it.verdict != ReplacementVerdict::Verify);
        let is_of_programme = programme.years().contains(&period.calendar_year());
        if is_answered || !is_of_programme {
            continue;
        }
        let reporter = (department.as_str(), submission.unit.as_deref(), period);
        let mut standing = standing_before(programme, submissions, reporter, &submission.file);
        let standing = standing.remove(form).unwrap_or_default();
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
            standing: standing.iter().map(|it| it.file_name.clone()).collect(),
            found: of_form
                .next()
                .map_or_else(String::new, |it| it.message.vi.clone()),
            previous: previous.cloned(),
        });
    }
    open
}

/// The submissions whose findings say why a form waits.
pub(crate) fn with_waiting_forms(submissions: &[Submission]) -> Vec<SubmissionId> {
    let mut ids: Vec<SubmissionId> = waiting(submissions).map(|(it, _)| it.id).collect();
    ids.dedup();
    ids
}
