use crate::{PipelineError, Workspace};
use chrono::{DateTime, SecondsFormat, Utc};
use ledger::{Ledger, Lock};

/// Sets a file aside with a reason: out of the figures, visible in the report. Without a reason it is taken back.
///
/// `file` is the file's name when it came in, or the first digits of its hash. Gives its name and hash.
///
/// # Errors
/// When no file, or more than one, is so called.
pub fn set_aside(
    workspace: &Workspace,
    file: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(String, String), PipelineError> {
    let _lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let mut found: Vec<_> = ledger.submissions(None)?;
    found.retain(|s| s.file_name == file || (file.len() >= 8 && s.file.0.starts_with(file)));
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found.dedup_by(|a, b| a.file == b.file);
    match found.as_slice() {
        [one] => {
            let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
            ledger.set_aside(&at, &one.file, reason, &workspace.settings.operator)?;
            Ok((one.file_name.clone(), one.file.to_string()))
        }
        several => Err(PipelineError::WhichFile {
            file: file.to_owned(),
            found: several
                .iter()
                .map(|s| format!("{} ({})", s.file_name, s.file.short()))
                .collect(),
        }),
    }
}
