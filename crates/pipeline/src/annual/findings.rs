use crate::annual::departments::short_name;
use crate::annual::inputs::RecordedSubmission;
use crate::error::PipelineError;
use crate::snapshot::cross_findings::cross_findings;
use crate::snapshot::rows::Snapshot;
use model::{Finding, SubmissionId};
use programme::Programme;
use std::collections::BTreeMap;

/// The findings on the submissions that are shown and over all of them, each with its department's short name; the
/// most serious first.
///
/// # Errors
/// When a rule's SQL fails.
pub(crate) fn findings_shown(
    programme: &Programme,
    shown: &Snapshot,
    recorded: &BTreeMap<SubmissionId, RecordedSubmission>,
) -> Result<Vec<(String, Finding)>, PipelineError> {
    let mut findings: Vec<(String, Finding)> = Vec::new();
    let mut department_of: BTreeMap<&str, &str> = BTreeMap::new();
    for submission in &shown.submissions.effective {
        let department = submission.department.as_deref();
        department_of.extend(department.map(|department| (submission.file.0.as_str(), department)));
        let name = short_name(programme, department.unwrap_or_default());
        let own = recorded
            .get(&submission.id)
            .map(|recorded| recorded.findings.as_slice());
        let own = own.unwrap_or_default();
        findings.extend(own.iter().map(|finding| (name.clone(), finding.clone())));
    }
    for finding in cross_findings(programme, shown)? {
        let department = department_of
            .get(finding.file.0.as_str())
            .copied()
            .unwrap_or_default();
        findings.push((short_name(programme, department), finding));
    }
    findings.sort_by(|(x_name, x), (y_name, y)| {
        (
            x.severity,
            x_name,
            &x.file_name,
            &x.sheet,
            &x.code,
            &x.records,
        )
            .cmp(&(
                y.severity,
                y_name,
                &y.file_name,
                &y.sheet,
                &y.code,
                &y.records,
            ))
    });
    Ok(findings)
}
