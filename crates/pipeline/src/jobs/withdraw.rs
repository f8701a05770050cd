use crate::error::PipelineError;
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{Ledger, Lock};
use model::{DocumentNumber, IssueStamp};
use serde::Serialize;

/// An issued report that was taken back.
#[derive(Debug, Serialize)]
pub struct WithdrawSummary {
    /// The year it is about.
    pub year: i32,
    /// What it was issued under.
    pub issued: Option<IssueStamp>,
    /// Why it was taken back.
    pub reason: String,
}

/// Takes an issued report back, with a reason: it stays known and proved, and later reports are no longer compared with it.
///
/// `year` is the year it is about, needed only if two reports were issued under one number.
///
/// # Errors
/// When no report was issued under the number, several were, it was withdrawn before, or another program works on the
/// ledger.
pub fn withdraw(
    workspace: &Workspace,
    number: &DocumentNumber,
    year: Option<i32>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<WithdrawSummary, PipelineError> {
    let lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open_to_write(&lock)?;
    // A clock that went back must not leave it standing for the reports that follow.
    let at = ledger.later_moment(now.into())?;
    let known = ledger.withdraw(at, number, year, reason, &workspace.settings.operator)?;
    Ok(WithdrawSummary {
        year: known.report.year,
        issued: known.report.status.stamp().cloned(),
        reason: reason.to_owned(),
    })
}
