//! What another office keeps of a ledger: by it a ledger that was rewritten as a whole is found out.

use crate::error::PipelineError;
use crate::jobs::sign::SigningKey;
use crate::signature::{PublicKey, SignatureProof, Signer, beside, check};
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{AsOf, Ledger, LogHead, write_whole};
use model::{DocumentNumber, FileId, Moment};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The head of a log and the reports that were issued by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// The version of this form of file: 1.
    stamp: u32,
    /// The programme of the workspace.
    programme: String,
    /// When it was made.
    at: Moment,
    /// The head of the log.
    log: LogHead,
    /// The reports that had been issued, in that order.
    reports: Vec<StampedReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StampedReport {
    number: DocumentNumber,
    year: i32,
    sha256: FileId,
    figures: Option<FileId>,
}

/// A stamp that was written.
#[derive(Debug, Serialize)]
pub struct StampSummary {
    /// Where it is.
    pub path: PathBuf,
    /// The file of its signature, if it was signed.
    pub signature: Option<PathBuf>,
    /// The head of the log.
    pub head: LogHead,
    /// How many reports it names.
    pub reports: usize,
}

/// What a stamp that another office kept comes to.
#[derive(Debug, Serialize)]
pub struct StampProof {
    /// The stamp.
    pub path: PathBuf,
    /// When it was made.
    pub at: Moment,
    /// The entry that was the log's head then.
    pub entry: i64,
    /// Whether the log still holds that entry as it was, and with it all before it.
    pub is_continued: bool,
    /// Numbers of the reports in it that the ledger does not know as they were.
    pub lost: Vec<DocumentNumber>,
    /// What the signature beside it comes to by the key that was given; none without a key or a signature.
    pub signature: Option<SignatureProof>,
}

impl StampProof {
    /// Whether the ledger is the one that was stamped, gone on.
    pub fn is_well(&self) -> bool {
        let is_right = |signature: &SignatureProof| signature.is_right;
        self.is_continued && self.lost.is_empty() && self.signature.as_ref().is_none_or(is_right)
    }
}

/// Writes a stamp, to be kept by another office; signed if a key is given.
///
/// # Errors
/// When nothing has come in, the key cannot be used, or the file cannot be written.
pub fn stamp(
    workspace: &Workspace,
    out: &Path,
    key: Option<SigningKey<'_>>,
    now: DateTime<Utc>,
) -> Result<StampSummary, PipelineError> {
    let signer = key
        .map(|key| Signer::open(key.path, key.password, workspace.root()))
        .transpose()?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let head = ledger.head(AsOf::NOW)?.ok_or(PipelineError::Empty)?;
    let made = Stamp {
        stamp: 1,
        programme: workspace.programme.id.clone(),
        at: now.into(),
        log: head.clone(),
        reports: reports(&ledger)?,
    };
    let mut text = serde_json::to_string_pretty(&made)
        .map_err(|error| PipelineError::file(out)(error.into()))?;
    text.push('\n');
    write_whole(out, text.as_bytes())?;
    let mut signature = None;
    if let Some(signer) = signer {
        let comment = format!(
            "stamp of {} log {} {}",
            made.programme, head.entry, head.hash
        );
        let path = beside(out);
        write_whole(&path, signer.sign(text.as_bytes(), &comment)?.as_bytes())?;
        signature = Some(path);
    }
    Ok(StampSummary {
        path: out.to_owned(),
        signature,
        reports: made.reports.len(),
        head,
    })
}

/// Holds a ledger against a stamp.
///
/// # Errors
/// When the stamp cannot be read, or the ledger does not answer.
pub(crate) fn check_stamp(
    ledger: &Ledger,
    path: &Path,
    key: Option<&PublicKey>,
) -> Result<StampProof, PipelineError> {
    let bytes = std::fs::read(path).map_err(PipelineError::file(path))?;
    let stamp: Stamp =
        serde_json::from_slice(&bytes).map_err(|error| PipelineError::file(path)(error.into()))?;
    let entries = ledger.audit()?;
    let LogHead { entry, hash } = &stamp.log;
    let known: BTreeMap<String, StampedReport> = reports(ledger)?
        .into_iter()
        .map(|report| (report.sha256.0.clone(), report))
        .collect();
    let signature = key.map(|key| check(path, &bytes, (key, true)));
    Ok(StampProof {
        signature: signature.transpose()?.flatten(),
        path: path.to_owned(),
        at: stamp.at,
        entry: *entry,
        is_continued: entries.iter().any(|it| it.id == *entry && it.hash == *hash),
        lost: stamp
            .reports
            .into_iter()
            .filter(|report| known.get(&report.sha256.0) != Some(report))
            .map(|report| report.number)
            .collect(),
    })
}

fn reports(ledger: &Ledger) -> Result<Vec<StampedReport>, PipelineError> {
    let issued = ledger.issued_reports()?.into_iter();
    Ok(issued
        .filter_map(|known| {
            let stamp = known.report.status.stamp()?;
            Some(StampedReport {
                number: stamp.number.clone(),
                year: known.report.year,
                sha256: known.report.file.clone(),
                figures: known.report.figures_hash.clone(),
            })
        })
        .collect())
}
