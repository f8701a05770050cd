use crate::{PipelineError, Workspace};
use chrono::DateTime;
use ledger::{Ledger, Outcome, Submission};
use model::{Period, Severity};
use serde::Serialize;
use std::collections::BTreeMap;

/// Who has sent for a period, and who has not.
#[derive(Debug, Serialize)]
pub struct StatusSummary {
    /// The period.
    pub period: Period,
    /// The day before which reports are due.
    pub deadline: Option<String>,
    /// The departments that must report, in the registry's order, then others that did.
    pub departments: Vec<DepartmentStatus>,
    /// Files that were refused without it being known whose they are.
    pub unclaimed: Vec<String>,
}

/// A department and a period.
#[derive(Debug, Serialize)]
pub struct DepartmentStatus {
    /// Its code.
    pub department: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: DepartmentState,
    /// Whether what stands came on or after the deadline.
    pub late: bool,
    /// When what stands came, RFC 3339 in UTC.
    pub received: Option<String>,
    /// The file that stands.
    pub file: Option<String>,
    /// Rows that are held.
    pub held: u32,
    /// Findings to mend.
    pub to_mend: usize,
    /// What to write to a department of which nothing stands.
    pub reminder: Option<String>,
}

/// Where a department stands in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentState {
    /// Nothing came.
    Missing,
    /// It says that there is nothing to report.
    Nil,
    /// It reported; every row counts.
    Received,
    /// It reported; some rows are held.
    Held,
    /// What it sent could not be taken.
    Refused,
    /// What it sent was set aside by an officer.
    SetAside,
}

impl DepartmentState {
    /// Whether nothing of the department stands.
    pub fn is_wanting(self) -> bool {
        matches!(self, Self::Missing | Self::Refused | Self::SetAside)
    }
}

/// Says who has sent for a period.
///
/// # Errors
/// When the ledger cannot be read.
pub fn status(workspace: &Workspace, period: Period) -> Result<StatusSummary, PipelineError> {
    let programme = workspace.programme_of(period.calendar_year());
    let ledger = Ledger::open(&workspace.ledger())?;
    let all = ledger.submissions(None)?;
    // The plan sets a day for the year's report only; a quarter's is the office's own.
    let deadline = match period.quarter_number() {
        None => Some(programme.deadline.in_year(period.calendar_year())),
        Some(_) => workspace.settings.quarter_deadline(period.last_day()),
    };
    let mut departments = Vec::new();
    for department in &programme.departments {
        let sent: Vec<&Submission> = all
            .iter()
            .filter(|s| s.department.as_ref() == Some(&department.code) && s.period == Some(period))
            .collect();
        if sent.is_empty() && !department.must_report(period.last_day()) {
            continue;
        }
        let stands = sent
            .iter()
            .rev()
            .find(|s| s.outcome != Outcome::Refused && s.set_aside.is_none());
        let last = stands.or(sent.last());
        let held = match stands {
            Some(submission) => ledger
                .form_rows(submission.id)?
                .values()
                .map(|rows| rows.held)
                .sum(),
            None => 0,
        };
        let to_mend = match last {
            Some(s) => ledger
                .findings(s.id)?
                .iter()
                .filter(|f| f.severity <= Severity::Correct)
                .count(),
            None => 0,
        };
        let state = match stands {
            None if sent.is_empty() => DepartmentState::Missing,
            None if sent.iter().any(|s| s.set_aside.is_some()) => DepartmentState::SetAside,
            None => DepartmentState::Refused,
            Some(s) if s.nil_return => DepartmentState::Nil,
            Some(_) if held > 0 => DepartmentState::Held,
            Some(_) => DepartmentState::Received,
        };
        let reminder = state.is_wanting().then(|| {
            let day =
                deadline.map_or_else(|| "…".to_owned(), |day| day.format("%d/%m/%Y").to_string());
            let values = BTreeMap::from([
                ("department_name", department.name.clone()),
                ("period", period.to_string()),
                ("deadline", day),
                ("clause", programme.deadline.clause.clone()),
                ("decision", programme.decision.clone()),
            ]);
            model::render_template(programme.report.feedback.reminder.trim(), &values)
        });
        let received_on = last.and_then(|s| DateTime::parse_from_rfc3339(&s.at).ok());
        departments.push(DepartmentStatus {
            department: department.code.clone(),
            name: department.name.clone(),
            state,
            late: received_on.zip(deadline).is_some_and(|(at, day)| {
                at.with_timezone(&workspace.settings.utc_offset)
                    .date_naive()
                    >= day
            }),
            received: last.map(|s| s.at.clone()),
            file: last.map(|s| s.file_name.clone()),
            held,
            to_mend,
            reminder,
        });
    }
    let mut unclaimed: Vec<String> = all
        .iter()
        .filter(|s| s.department.is_none() || s.period.is_none())
        .map(|s| s.file_name.clone())
        .collect();
    unclaimed.sort();
    unclaimed.dedup();
    Ok(StatusSummary {
        period,
        deadline: deadline.map(|d| d.to_string()),
        departments,
        unclaimed,
    })
}
