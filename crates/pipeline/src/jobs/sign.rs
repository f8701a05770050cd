use crate::error::PipelineError;
use crate::signature::{Signer, beside};
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{Ledger, Lock, file_id, write_whole};
use model::{DocumentNumber, ShortHash};
use serde::Serialize;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Which key signs.
#[derive(Debug, Clone, Copy)]
pub struct SigningKey<'a> {
    /// The file of the secret key, outside the workspace.
    pub path: &'a Path,
    /// Its password, if it has one.
    pub password: Option<&'a str>,
}

/// A report that was signed.
#[derive(Debug, Serialize)]
pub struct SignSummary {
    /// The report.
    pub report: PathBuf,
    /// Its number.
    pub number: DocumentNumber,
    /// The file of its signature.
    pub signature: PathBuf,
    /// The key's number.
    pub key: String,
}

/// Signs an issued report: its bytes, its number, the head of the log behind it and the hash of its figures. The signature
/// lies beside it, and the log tells of it.
///
/// # Errors
/// When the report is not one that was issued and stands, the key cannot be used or lies inside the workspace, or another
/// program works on the ledger.
pub fn sign(
    workspace: &Workspace,
    report: &Path,
    key: SigningKey<'_>,
    now: DateTime<Utc>,
) -> Result<SignSummary, PipelineError> {
    let signer = Signer::open(key.path, key.password, workspace.root())?;
    let lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open_to_write(&lock)?;
    let bytes = std::fs::read(report).map_err(PipelineError::file(report))?;
    let known = ledger.report(&file_id(&bytes))?;
    let known = known.filter(|known| known.withdrawal.is_none());
    let not_issued = || PipelineError::NotIssued(report.to_owned());
    let known = known.ok_or_else(not_issued)?;
    let stamp = known.report.status.stamp().ok_or_else(not_issued)?;
    let as_of = ledger.as_of_report(known.report.as_of, known.id)?;
    let head = ledger
        .head(as_of)?
        .map(|head| format!("{} {}", head.entry, ShortHash::of(&head.hash)));
    let figures = known
        .report
        .figures_hash
        .as_ref()
        .map(|hash| ShortHash::of(&hash.0).to_string());
    let comment = format!(
        "number {} signed-on {} as-of {} log {} figures {}",
        stamp.number,
        stamp.signed_on,
        known.report.as_of,
        head.unwrap_or_default(),
        figures.unwrap_or_default()
    );
    let signature = beside(report);
    let text = signer.sign(&bytes, &comment)?;
    write_whole(&signature, text.as_bytes())?;
    let detail = json!({ "number": stamp.number, "sha256": known.report.file.0, "public_key": signer.public_text(),
                         "signature": file_id(text.as_bytes()) });
    ledger.record(now.into(), &workspace.settings.operator, "sign", &detail)?;
    Ok(SignSummary {
        report: report.to_owned(),
        number: stamp.number.clone(),
        signature,
        key: signer.key(),
    })
}
