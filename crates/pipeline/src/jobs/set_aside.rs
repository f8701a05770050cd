use crate::error::PipelineError;
use crate::jobs::named_file::find_file;
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{AsOf, Ledger, Lock};

/// Sets a file aside with a reason: out of the figures, visible in the report. Without a reason it is taken back.
///
/// `file` is the file's name when it came in, or the first digits of its hash. Gives its name and hash.
///
/// # Errors
/// When no file has that name, or more than one; when `now` is before the last run and no reason is given for that
/// (`backdate`).
pub fn set_aside(
    workspace: &Workspace,
    file: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
    backdate: Option<&str>,
) -> Result<(String, String), PipelineError> {
    let lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open_to_write(&lock)?;
    let submissions = ledger.submissions(AsOf::NOW)?;
    let found = find_file(&submissions, file)?;
    let at = ledger.recorded_at(now.into(), backdate)?;
    ledger.set_aside(at, &found.file, reason, &workspace.settings.operator)?;
    Ok((found.file_name.clone(), found.file.to_string()))
}
