//! Rules that compare the periods of a sender judge a report when it comes in. What becomes true of it later, since a report on an
//! earlier period is corrected or comes late, is found here.

use crate::error::PipelineError;
use crate::intake::assess::beside_others;
use crate::jobs::earlier::{Compared, compared_forms, other_reports};
use crate::snapshot::effective::{EffectiveSubmissions, reporter_and_heir, succeeding};
use ledger::{Ledger, Submission};
use model::{Finding, SubmissionId};
use programme::{Programme, tables};
use std::collections::BTreeSet;
use validate::SourceFile;

/// What is true of the submissions that count and was not when they came in: of each those findings that are not recorded.
/// `is_meant` says of a submission, and of one that came after it and is on an earlier period, whether it is judged again.
///
/// # Errors
/// When records are missing or damaged.
pub(crate) fn judged_again(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    is_meant: impl Fn(&Submission, &Submission) -> bool,
) -> Result<Vec<(SubmissionId, Vec<Finding>)>, PipelineError> {
    let known = EffectiveSubmissions::among(programme, submissions, programme.years());
    let mut judged = Vec::new();
    for submission in &known.effective {
        let own = reporter_and_heir(programme, submission);
        let (Some(own), Some(department), Some(period)) =
            (own, submission.department.as_deref(), submission.period)
        else {
            continue;
        };
        let forms: BTreeSet<&str> = submission.counting_forms().collect();
        let mut later = known.effective.iter().filter(|other| {
            other.id > submission.id
                && other.period.is_some_and(|other| other < period)
                && other.counting_forms().any(|form| forms.contains(form))
        });
        let is_of_sender = |other: &Submission| {
            let other = reporter_and_heir(programme, other);
            other.is_some_and(|other| other.heir == own.heir)
        };
        if !later.any(|other| is_of_sender(other) && is_meant(submission, other)) {
            continue;
        }
        let sender = (department, submission.unit.as_deref());
        let compared = Compared {
            file: &submission.file,
            sender: succeeding(programme, sender, period.calendar_year()),
            period,
            forms: compared_forms(programme, forms.into_iter()),
        };
        let others = other_reports(ledger, programme, submissions, &[], &compared)?;
        let mut observations = Vec::new();
        for form in compared.forms {
            let facts = ledger.facts(submission.id, &form.code)?;
            let counts = !facts.column("held")?.bool()?;
            let rows = tables::conform(form, &facts.filter(&counts)?)?;
            observations.extend(beside_others(programme, form, (&rows, period), &others)?);
        }
        let source = SourceFile {
            id: submission.file.clone(),
            name: submission.file_name.clone(),
        };
        let recorded = ledger.findings(submission.id)?;
        let mut found = validate::findings(programme, &source, submission.period, &observations);
        found.retain(|finding| {
            let same = |it: &Finding| it.code == finding.code && it.message == finding.message;
            !recorded.iter().any(same)
        });
        if !found.is_empty() {
            judged.push((submission.id, found));
        }
    }
    Ok(judged)
}
