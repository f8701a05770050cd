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

#[cfg(test)]
mod tests {
    use super::findings_shown;
    use crate::annual::inputs::RecordedSubmission;
    use crate::testing::{programme, snapshot, submission};
    use model::{Extent, FileId, Finding, Severity, SubmissionId, Text};
    use std::collections::BTreeMap;

    fn finding(code: &str, severity: Severity, file: &str) -> Finding {
        Finding {
            code: code.to_owned(),
            severity,
            extent: Extent::Row,
            file: FileId(file.to_owned()),
            file_name: format!("{file}.xlsx"),
            sheet: None,
            form: None,
            cells: Vec::new(),
            column: None,
            records: Vec::new(),
            found: String::new(),
            message: Text::default(),
            advice: Text::default(),
        }
    }

    #[test]
    fn the_most_serious_come_first_then_by_department_and_file() {
        let sent = [
            submission(1, "SXD", "2023-Q2"),
            submission(2, "SCT", "2023"),
            // The year supersedes it, so its own findings are not shown.
            submission(3, "SCT", "2023-Q2"),
        ];
        let recorded = |findings| RecordedSubmission {
            findings,
            ..RecordedSubmission::default()
        };
        let of_sxd = vec![
            finding("V010", Severity::Warn, "f1"),
            finding("V020", Severity::Hold, "f1"),
        ];
        let of_sct = vec![
            finding("V030", Severity::Info, "f2"),
            finding("V040", Severity::Hold, "f2"),
        ];
        let superseded = vec![finding("V050", Severity::Hold, "f3")];
        let recorded = BTreeMap::from([
            (SubmissionId(1), recorded(of_sxd)),
            (SubmissionId(2), recorded(of_sct)),
            (SubmissionId(3), recorded(superseded)),
        ]);
        let shown = snapshot(&sent, &[]);
        let found = findings_shown(programme(), &shown, &recorded).unwrap();
        let lines: Vec<String> = found
            .iter()
            .map(|(department, finding)| {
                format!("{} {department} {}", finding.severity, finding.code)
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        hold Sở Công Thương V040
        hold Sở Xây dựng V020
        warn Sở Xây dựng V010
        info Sở Công Thương V030
        ");
    }
}
