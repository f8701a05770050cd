use crate::error::PipelineError;
use crate::jobs::named_file::find_file;
use crate::workspace::Workspace;
use ledger::{AsOf, AuditEntry, Ledger, Outcome, Submission};
use model::{Finding, Moment, Period};
use serde::Serialize;
use serde_json::Value;

/// What was done with a workspace, the oldest first.
#[derive(Debug, Serialize)]
pub struct LogSummary {
    /// The entries that were asked for.
    pub entries: Vec<LogEntry>,
}

/// An entry of the log.
#[derive(Debug, Serialize)]
pub struct LogEntry {
    /// Its number, from 1.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who, as the settings named the operator.
    pub operator: String,
    /// What was done, as the ledger calls it.
    pub action: String,
    /// On what.
    pub detail: Value,
    /// The files that a run took in.
    pub files: Vec<LoggedFile>,
}

/// A file as a run took it in.
#[derive(Debug, Serialize)]
pub struct LoggedFile {
    /// Its name when it came in.
    pub file: String,
    /// Its content's hash.
    pub sha256: String,
    /// The department's code, if it is known.
    pub department: Option<String>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// What became of it.
    pub outcome: Outcome,
    /// What was found in it; nothing if only the entries were asked for.
    pub findings: Vec<Finding>,
}

/// What was done with a workspace; of one entry, or of the run that took a file in last, with all that was found.
///
/// `what` is the number of an entry, a file's name when it came in, or the first digits of its hash.
///
/// # Errors
/// When the ledger cannot be read, there is no entry of that number, or no file has that name, or more than one.
pub fn log(workspace: &Workspace, what: Option<&str>) -> Result<LogSummary, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let audit = ledger.audit()?;
    let submissions = ledger.submissions(AsOf::NOW)?;
    let taken = |entry: &AuditEntry| {
        let is_run = entry.action == "run";
        let at = entry.at.clone();
        let of_run = submissions.iter();
        of_run.filter(move |submission| is_run && submission.at.to_string() == at)
    };
    let Some(what) = what else {
        let entries = audit.iter().map(|entry| {
            let files = taken(entry).map(|it| logged_file(it, Vec::new()));
            logged_entry(entry, files.collect())
        });
        let entries = entries.collect::<Result<_, _>>()?;
        return Ok(LogSummary { entries });
    };
    let numbered = audit.iter().find(|entry| entry.id.to_string() == what);
    let (entry, of_entry): (&AuditEntry, Vec<&Submission>) = match numbered {
        Some(entry) => (entry, taken(entry).collect()),
        None => {
            let found = find_file(&submissions, what)?;
            let at = found.at.to_string();
            let mut runs = audit.iter().filter(|it| it.action == "run");
            let run = runs.find(|entry| entry.at == at);
            let none = || PipelineError::WhichFile {
                file: what.to_owned(),
                found: Vec::new(),
            };
            (run.ok_or_else(none)?, vec![found])
        }
    };
    let mut files = Vec::new();
    for submission in of_entry {
        files.push(logged_file(submission, ledger.findings(submission.id)?));
    }
    let entries = vec![logged_entry(entry, files)?];
    Ok(LogSummary { entries })
}

fn logged_entry(entry: &AuditEntry, files: Vec<LoggedFile>) -> Result<LogEntry, PipelineError> {
    let unreadable = || PipelineError::LogEntry { number: entry.id };
    Ok(LogEntry {
        number: entry.id,
        at: entry.at.parse().map_err(|_| unreadable())?,
        operator: entry.operator.clone(),
        action: entry.action.clone(),
        detail: serde_json::from_str(&entry.detail).map_err(|_| unreadable())?,
        files,
    })
}

fn logged_file(submission: &Submission, findings: Vec<Finding>) -> LoggedFile {
    LoggedFile {
        file: submission.file_name.clone(),
        sha256: submission.file.to_string(),
        department: submission.department.clone(),
        period: submission.period,
        outcome: submission.outcome,
        findings,
    }
}
