use crate::error::PipelineError;
use crate::intake::whole_state::WholeState;
use crate::jobs::whole_state::read_whole_state;
use crate::snapshot::counted_rows::CountedRows;
use crate::snapshot::effective::{effective, may_count};
use crate::workspace::Workspace;
use chrono::{DateTime, FixedOffset, NaiveDate};
use ledger::{AsOf, Ledger, Submission};
use model::{Moment, Period, Severity};
use programme::{Department, Programme};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// All that counts, is held and waits, over all periods.
    pub state: WholeState,
}

/// A department and a period.
#[derive(Debug, Serialize)]
pub struct DepartmentStatus {
    /// Its code.
    pub department: String,
    /// Its name.
    pub name: String,
    /// What became of its report.
    pub state: DepartmentState,
    /// Whether it exists on the period's last day: of one that does not nothing is wanted.
    pub exists: bool,
    /// Whether the file came on or after the deadline.
    pub late: bool,
    /// When the file came.
    pub received: Option<Moment>,
    /// The period that the file is about: the one asked for, or another that reports it too.
    pub reported: Option<Period>,
    /// The file that counts; if none does, the last that came.
    pub file: Option<String>,
    /// Rows that are held.
    pub held: u32,
    /// Findings to mend.
    pub to_mend: usize,
    /// What to write to a department of which nothing counts.
    pub reminder: Option<String>,
}

/// What became of a department's report on a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DepartmentState {
    /// Nothing came.
    Missing,
    /// Of the year only quarters before the fourth came.
    Partial,
    /// It has nothing to report.
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

impl DepartmentStatus {
    /// Whether a report of the department on the period is still to come.
    pub fn is_wanting(&self) -> bool {
        self.exists && self.state.is_wanting()
    }
}

impl DepartmentState {
    /// Whether no report of the department on the period counts.
    pub fn is_wanting(self) -> bool {
        matches!(
            self,
            Self::Missing | Self::Partial | Self::Refused | Self::SetAside
        )
    }
}

/// Who has sent for a period, and who has not.
///
/// # Errors
/// When the ledger cannot be read.
pub fn status(workspace: &Workspace, period: Period) -> Result<StatusSummary, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let sent = SentFiles::of(workspace, &ledger, ledger.submissions(AsOf::NOW)?, period);
    // As of the last run: a day that has passed since asks nothing by itself.
    let today = ledger.last_run()?;
    let today = today.unwrap_or_else(|| Moment::from(DateTime::UNIX_EPOCH));
    let today = today.day(workspace.settings.utc_offset);
    let state = read_whole_state(workspace, &ledger, &sent.submissions, today)?;
    let departments = sent.departments()?;
    let deadline = sent.deadline;
    Ok(StatusSummary {
        period,
        deadline: deadline.map(|day| day.to_string()),
        departments,
        unclaimed: sent.unclaimed(),
        state,
    })
}

/// Until when reports on a period are due, and what became of each department's.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn department_states(
    workspace: &Workspace,
    ledger: &Ledger,
    submissions: &[Submission],
    period: Period,
) -> Result<(Option<NaiveDate>, Vec<DepartmentStatus>), PipelineError> {
    let sent = SentFiles::of(workspace, ledger, submissions.to_vec(), period);
    Ok((sent.deadline, sent.departments()?))
}

/// What was sent, seen for one period.
struct SentFiles<'a> {
    programme: &'a Programme,
    ledger: &'a Ledger,
    submissions: Vec<Submission>,
    period: Period,
    /// The day before which reports are due, if there is one.
    deadline: Option<NaiveDate>,
    offset: FixedOffset,
}

impl<'a> SentFiles<'a> {
    fn of(
        workspace: &'a Workspace,
        ledger: &'a Ledger,
        submissions: Vec<Submission>,
        period: Period,
    ) -> Self {
        let programme = workspace.programme_of(period.calendar_year());
        Self {
            programme,
            submissions,
            ledger,
            period,
            // The plan sets a day for the year's report only; a quarter's is the office's own.
            deadline: match period.quarter_number() {
                None => Some(programme.deadline.in_year(period.calendar_year())),
                Some(_) => workspace.settings.quarter_deadline(period.last_day()),
            },
            offset: workspace.settings.utc_offset,
        }
    }

    /// Those that must report or did, in the registry's order.
    fn departments(&self) -> Result<Vec<DepartmentStatus>, PipelineError> {
        let mut departments = Vec::new();
        for department in &self.programme.departments {
            departments.extend(self.by_department(department)?);
        }
        Ok(departments)
    }

    /// How a department did; nothing of one that need not report and did not.
    fn by_department(
        &self,
        department: &Department,
    ) -> Result<Option<DepartmentStatus>, PipelineError> {
        let of_department =
            |submission: &&Submission| submission.department.as_ref() == Some(&department.code);
        let is_its = |submission: &&Submission| {
            of_department(submission) && submission.period.is_some_and(|it| it.reports(self.period))
        };
        let mut sent: Vec<&Submission> = self.submissions.iter().filter(is_its).collect();
        // Of those that report it, one on the period itself comes first, and of these the newest.
        sent.sort_by_key(|it| (it.period == Some(self.period), it.id));
        let counting = sent.iter().rev().copied().find(|sent| may_count(sent));
        let exists = department.life.covers(self.period.last_day());
        // What those sent that it succeeded is a part of its year.
        let part = self.part_of_year(|submission| {
            let sender = submission.department.as_deref();
            sender.is_some_and(|sender| exists && self.reporter_now(sender) == department.code)
        });
        if sent.is_empty() && part.is_none() && !department.must_report(self.period.last_day()) {
            return Ok(None);
        }
        let last = counting.or(part).or(sent.last().copied());
        let held = counting.map_or(Ok(0), |submission| self.held_rows(submission))?;
        let state = match part {
            Some(_) if counting.is_none() => DepartmentState::Partial,
            _ => state(&sent, counting, held),
        };
        let received = last.map(|submission| submission.at);
        Ok(Some(DepartmentStatus {
            department: department.code.clone(),
            name: department.name.clone(),
            state,
            exists,
            late: state != DepartmentState::Partial && received.is_some_and(|at| self.is_late(at)),
            received,
            reported: last.and_then(|submission| submission.period),
            file: last.map(|submission| submission.file_name.clone()),
            held,
            to_mend: last.map_or(Ok(0), |submission| self.findings_to_mend(submission))?,
            reminder: (exists && state.is_wanting()).then(|| self.reminder(department, part)),
        }))
    }

    /// Who has succeeded a department by the period's last day; itself if nobody has.
    fn reporter_now<'c>(&'c self, department: &'c str) -> &'c str {
        let last_day = self.period.last_day();
        self.programme.code_on("department", department, last_day)
    }

    /// If a year is asked for: the last of its quarters that counts.
    fn part_of_year<'s>(
        &'s self,
        of_department: impl Fn(&&'s Submission) -> bool,
    ) -> Option<&'s Submission> {
        let year = self
            .period
            .is_whole_year()
            .then_some(self.period.calendar_year());
        let is_part = |submission: &&Submission| {
            may_count(submission) && submission.period.map(Period::calendar_year) == year
        };
        let parts = self
            .submissions
            .iter()
            .filter(of_department)
            .filter(is_part);
        year.and_then(|_| parts.max_by_key(|it| (it.period, it.id)))
    }

    /// The rows of a file that are held, as far as it stands: those that something newer has replaced wait for nobody.
    fn held_rows(&self, submission: &Submission) -> Result<u32, PipelineError> {
        let form_rows = self.ledger.form_rows(submission.id)?;
        let year = self.period.calendar_year();
        let standing = effective(self.programme, &self.submissions, year);
        let standing = standing.iter().find(|it| it.id == submission.id);
        let forms = standing.into_iter().flat_map(Submission::counting_forms);
        Ok(CountedRows::of(self.programme, forms, &form_rows).held)
    }

    fn findings_to_mend(&self, submission: &Submission) -> Result<usize, PipelineError> {
        let findings = self.ledger.findings(submission.id)?;
        let to_mend = findings.iter().filter(|f| f.severity <= Severity::Correct);
        Ok(to_mend.count())
    }

    fn is_late(&self, at: Moment) -> bool {
        self.deadline.is_some_and(|day| at.day(self.offset) >= day)
    }

    /// What to write to a department that must still report.
    fn reminder(&self, department: &Department, part: Option<&Submission>) -> String {
        let words = &self.programme.words;
        let part = part.and_then(|submission| submission.period);
        let until = part.map(|period| {
            words.render_template("reminder_until", [("period", &period.to_string())])
        });
        let day = self.deadline.map(|day| day.format("%d/%m/%Y").to_string());
        let values = BTreeMap::from([
            ("department_name", department.name.clone()),
            ("period", self.period.to_string()),
            ("deadline", day.unwrap_or_else(|| "…".to_owned())),
            ("until", until.unwrap_or_default()),
            ("clause", self.programme.deadline.clause.clone()),
            ("decision", self.programme.decision.clone()),
        ]);
        let template = self.programme.report.feedback.reminder.trim();
        model::render_template(template, &values)
    }

    /// Names of files whose department or period is not known.
    fn unclaimed(&self) -> Vec<String> {
        let is_unclaimed = |s: &&Submission| s.department.is_none() || s.period.is_none();
        let unclaimed = self.submissions.iter().filter(is_unclaimed);
        let names: BTreeSet<&String> = unclaimed.map(|submission| &submission.file_name).collect();
        names.into_iter().cloned().collect()
    }
}

/// The state of a department that sent some files, of which one counts at most.
fn state(sent: &[&Submission], counting: Option<&Submission>, held: u32) -> DepartmentState {
    match counting {
        None if sent.is_empty() => DepartmentState::Missing,
        None if sent.iter().any(|sent| sent.set_aside.is_some()) => DepartmentState::SetAside,
        None => DepartmentState::Refused,
        Some(submission) if submission.nil_return => DepartmentState::Nil,
        Some(_) if held > 0 => DepartmentState::Held,
        Some(_) => DepartmentState::Received,
    }
}

#[cfg(test)]
mod tests {
    use super::{DepartmentState, state};
    use crate::testing::submission;
    use ledger::{Outcome, Submission};

    #[test]
    fn the_state_is_that_of_the_submission_that_counts_else_why_none_does() {
        let sent = submission(1, "SCT", "2023");
        let nil = Submission {
            nil_return: true,
            ..sent.clone()
        };
        let refused = Submission {
            outcome: Outcome::Refused,
            ..sent.clone()
        };
        let set_aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..sent.clone()
        };
        assert_eq!(state(&[], None, 0), DepartmentState::Missing);
        assert_eq!(state(&[&refused], None, 0), DepartmentState::Refused);
        assert_eq!(
            state(&[&refused, &set_aside], None, 0),
            DepartmentState::SetAside
        );
        assert_eq!(state(&[&nil], Some(&nil), 0), DepartmentState::Nil);
        assert_eq!(
            state(&[&refused, &sent], Some(&sent), 2),
            DepartmentState::Held
        );
        assert_eq!(state(&[&sent], Some(&sent), 0), DepartmentState::Received);
    }
}
