use crate::error::{KeyError, PipelineError};
use crate::intake::inbox::{FolderLimits, read_folder};
use crate::jobs::fault_line::FaultLine;
use crate::jobs::replay::{changed_programmes, replay_issued, replay_records};
use crate::jobs::replay_answers::answers_not_written;
use crate::jobs::report::{make, request_of_recorded};
use crate::jobs::stamp::{StampProof, check_stamp};
use crate::signature::{PublicKey, SignatureProof, check, public_key};
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{
    AsOf, Damaged, Ledger, LedgerError, LedgerPart, Lock, LogHead, RecordedReport, file_id, recover,
};
use model::{FileId, InputsHash, IssueStamp, Moment, ReportStatus, ShortHash};
use serde::Serialize;
use std::error::Error;
use std::path::{Path, PathBuf};
use strum::IntoStaticStr;

/// What a workbook is as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReportState {
    /// It was issued, and stands or was followed by a newer one.
    Issued,
    /// It was issued and taken back.
    Withdrawn,
    /// A draft.
    Draft,
    /// Made before drafts were told from what was issued: the ledger does not say whether it left the office.
    Unmarked,
    /// The ledger knows no report of these bytes.
    Unknown,
}

impl ReportState {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        self.into()
    }

    fn of(recorded: &RecordedReport) -> Self {
        match (&recorded.report.status, &recorded.withdrawal) {
            (ReportStatus::Issued(_), None) => Self::Issued,
            (ReportStatus::Issued(_), Some(_)) => Self::Withdrawn,
            (ReportStatus::Draft, _) => Self::Draft,
            (ReportStatus::Unmarked, _) => Self::Unmarked,
        }
    }
}

/// What a ledger knows of a report.
#[derive(Debug, Serialize)]
pub struct ReportProof {
    /// The report.
    pub path: PathBuf,
    /// The hash of its bytes.
    pub sha256: String,
    /// What it is as a document.
    pub state: ReportState,
    /// When it was first written; none if the ledger does not know these bytes.
    pub made_at: Option<Moment>,
    /// What it was issued under, if it was.
    pub issued: Option<IssueStamp>,
    /// When it was taken back, if it was.
    pub withdrawn_at: Option<Moment>,
    /// Why it was taken back.
    pub reason: Option<String>,
    /// The moment whose knowledge it shows.
    pub as_of: Option<Moment>,
    /// The hash over all that it was made from.
    pub inputs: Option<InputsHash>,
    /// Whether the ledger gives the same bytes today.
    pub is_reproduced: bool,
    /// Whether it gives the same figures today: what a newer program writes may look otherwise. None if the report was
    /// recorded before that was kept.
    pub has_same_figures: Option<bool>,
    /// The version of the program that made it.
    pub made_by: Option<String>,
    /// What the signature beside it comes to, if there is one.
    pub signature: Option<SignatureProof>,
    /// Whether the log says that it was signed: a signature that is gone is noticed.
    pub was_signed: bool,
}

impl ReportProof {
    /// Whether the ledger knows it and gives the same today: the same bytes, or the same figures however they look now; and
    /// what was signed still has its signature.
    pub fn is_proved(&self) -> bool {
        self.state != ReportState::Unknown
            && (self.is_reproduced || self.has_same_figures == Some(true))
            && self
                .signature
                .as_ref()
                .is_none_or(|signature| signature.is_right)
            && (self.signature.is_some() || !self.was_signed)
    }
}

/// What a code from paper stands for.
#[derive(Debug, Serialize)]
pub struct CodeProof {
    /// The code, as it is shown.
    pub code: String,
    /// The entry of the log whose hash it begins.
    pub entry: Option<CodeEntry>,
    /// The reports whose figures it stands for.
    pub reports: Vec<CodeReport>,
}

/// An entry of the log by its code.
#[derive(Debug, Serialize)]
pub struct CodeEntry {
    /// Its number.
    pub id: i64,
    /// Its moment.
    pub at: String,
    /// What was done.
    pub action: String,
    /// How many entries follow it.
    pub followed_by: usize,
}

/// A report by the code of its figures.
#[derive(Debug, Serialize)]
pub struct CodeReport {
    /// Its file's name.
    pub file_name: String,
    /// The year it is about.
    pub year: i32,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// What it was issued under, if it was.
    pub issued: Option<IssueStamp>,
}

impl CodeProof {
    /// Whether it stands for anything here.
    pub fn is_known(&self) -> bool {
        self.entry.is_some() || !self.reports.is_empty()
    }
}

/// What is to be looked at besides the ledger itself.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOrder<'a> {
    /// A report, to be proved.
    pub report: Option<&'a Path>,
    /// A code from paper.
    pub code: Option<&'a ShortHash>,
    /// A stamp that another office kept.
    pub stamp: Option<&'a Path>,
    /// The public key of whoever signs, from outside the workspace; without it a report's is the one that the log names, and a
    /// stamp's signature is not looked at.
    pub public_key: Option<&'a Path>,
    /// The moment, under which what was mended is recorded.
    pub now: DateTime<Utc>,
}

/// What looking a workspace through came to.
#[derive(Debug, Serialize)]
pub struct VerifySummary {
    /// Files as they came.
    pub originals: usize,
    /// Files of records.
    pub facts: usize,
    /// Entries of the log.
    pub entries: usize,
    /// What is not as it was written.
    pub faults: Vec<FaultLine>,
    /// Files in the ledger's folders that no submission, register or answer has; nothing reads them.
    pub unknown: Vec<PathBuf>,
    /// How many files were read again and gave the records that are kept.
    pub read_again: usize,
    /// How many of the others an older version of the reader read, so that today's may read them otherwise.
    pub read_otherwise: usize,
    /// How many issued reports were made again with the figures that were issued.
    pub reports: usize,
    /// How many of the others an older version of the program made, so that today's may count otherwise.
    pub counted_otherwise: usize,
    /// The head of the log.
    pub head: Option<LogHead>,
    /// What is known of the report that was asked about.
    pub report: Option<ReportProof>,
    /// What the code that was asked about stands for.
    pub code: Option<CodeProof>,
    /// What the stamp that was asked about comes to.
    pub stamp: Option<StampProof>,
}

impl VerifySummary {
    /// Whether all is as it was written, or was made good, and the report is one that the ledger knows and makes again
    /// with the same bytes or figures.
    pub fn is_well(&self) -> bool {
        self.faults.iter().all(|fault| fault.is_mended)
            && self.report.as_ref().is_none_or(ReportProof::is_proved)
            && self.code.as_ref().is_none_or(CodeProof::is_known)
            && self.stamp.as_ref().is_none_or(StampProof::is_well)
    }
}

/// Looks every file of the ledger through, makes good what can be made good, and proves a report.
///
/// All is made once more from what it was made of: records from the original by the programme of their run, the figures of issued
/// reports from what was known then. What is damaged is put back if that gives what it was; what is whole in itself and does not
/// follow is named. An original that lies in a folder of the workspace once more is put back. Nothing is mended that is whole.
///
/// # Errors
/// When another program works on the ledger, or it does not answer.
pub fn verify(
    workspace: &Workspace,
    order: &VerifyOrder<'_>,
) -> Result<VerifySummary, PipelineError> {
    let folder = workspace.ledger();
    // A copy that may not be written is looked through all the same.
    let lock = match Lock::take(&folder) {
        Ok(lock) => Some(lock),
        Err(LedgerError::Write { .. }) if folder.is_dir() => None,
        Err(error) => return Err(error.into()),
    };
    let history = recover(&folder, lock.is_some())?;
    let is_one_history = history.iter().all(|fault| fault.is_mended);
    let may_mend = lock.is_some() && is_one_history;
    let mut faults: Vec<FaultLine> = history.into_iter().map(FaultLine::of_history).collect();
    let ledger = Ledger::open_unchecked(&folder)?;
    let checked = ledger.check()?;
    // A row that cannot be read is among the faults already.
    let submissions = ledger.submissions(AsOf::NOW).unwrap_or_default();
    // Records are made from originals: those are put back first.
    let (facts, others): (Vec<Damaged>, Vec<Damaged>) = checked
        .damaged
        .into_iter()
        .partition(|damaged| matches!(damaged.what, LedgerPart::Facts { .. }));
    let (originals, others): (Vec<Damaged>, Vec<Damaged>) = others
        .into_iter()
        .partition(|damaged| matches!(damaged.what, LedgerPart::Original(_)));
    for damaged in originals {
        let is_mended = match &damaged.what {
            LedgerPart::Original(file) if may_mend => put_back(workspace, &ledger, file)?,
            _ => false,
        };
        faults.push(FaultLine::of(damaged, "original", is_mended));
    }
    let database = folder.join("ledger.sqlite");
    let replayed = replay_records(workspace, &ledger, &submissions, facts, may_mend);
    let replayed = or_told(replayed, &database, &mut faults)?;
    faults.extend(replayed.faults);
    for damaged in others {
        let (what, is_mended) = match &damaged.what {
            // The next run makes it anew.
            LedgerPart::Derived => (
                "derived".to_owned(),
                may_mend && std::fs::remove_file(&damaged.path).is_ok(),
            ),
            LedgerPart::Database(fault) => (fault.clone(), false),
            LedgerPart::Original(_) | LedgerPart::Facts { .. } => continue,
        };
        faults.push(FaultLine::of(damaged, &what, is_mended));
    }
    let changed = changed_programmes(&ledger, &database);
    let changed = or_told(changed, &database, &mut faults)?;
    faults.extend(changed);
    let not_written = answers_not_written(workspace, &ledger);
    for file in or_told(not_written, &database, &mut faults)? {
        faults.push(FaultLine::unfounded(&ledger.original(&file), "answers"));
    }
    let issued = or_told(replay_issued(workspace, &ledger), &database, &mut faults)?;
    faults.extend(issued.faults);
    let mended: Vec<String> = faults
        .iter()
        .filter(|fault| fault.is_mended)
        .map(|fault| fault.path.display().to_string())
        .collect();
    if may_mend && !mended.is_empty() {
        let detail = serde_json::json!({ "files": mended });
        let operator = &workspace.settings.operator;
        ledger.record(order.now.into(), operator, "repair", &detail)?;
    }
    let given = order.public_key.map(read_public_key).transpose()?;
    Ok(VerifySummary {
        originals: checked.originals,
        facts: checked.facts,
        entries: checked.entries,
        faults,
        unknown: checked.unknown,
        read_again: replayed.same,
        read_otherwise: replayed.otherwise,
        reports: issued.same,
        counted_otherwise: issued.otherwise,
        head: ledger.head(AsOf::NOW)?,
        report: order
            .report
            .map(|path| prove(workspace, &ledger, path, given.as_ref()))
            .transpose()?,
        code: order.code.map(|code| look_up(&ledger, code)).transpose()?,
        stamp: order
            .stamp
            .map(|path| check_stamp(&ledger, path, given.as_ref()))
            .transpose()?,
    })
}

/// What was worked out; nothing, and a fault told, if a value of the database means nothing.
fn or_told<T: Default>(
    worked_out: Result<T, PipelineError>,
    database: &Path,
    faults: &mut Vec<FaultLine>,
) -> Result<T, PipelineError> {
    match worked_out {
        Err(PipelineError::Ledger(error @ (LedgerError::Database(_) | LedgerError::Entry(_)))) => {
            let why = error.source().map(ToString::to_string);
            let what = why.unwrap_or_else(|| error.to_string());
            faults.push(FaultLine::unfounded(database, &what));
            Ok(T::default())
        }
        other => other,
    }
}

/// Puts an original back if a folder of the workspace has it once more; gives whether one has.
fn put_back(workspace: &Workspace, ledger: &Ledger, file: &FileId) -> Result<bool, PipelineError> {
    let limits = FolderLimits {
        file: workspace.settings.max_list_bytes,
        is_known: &|found| found != file,
    };
    let found = [workspace.inbox(), workspace.registers(), workspace.review()]
        .iter()
        .filter_map(|folder| read_folder(folder, &limits).ok())
        .flat_map(|folder| folder.files)
        .find(|dropped| dropped.id == *file);
    let mended = found.map(|dropped| ledger.restore_original(file, &dropped.bytes));
    Ok(mended.transpose()?.unwrap_or(false))
}

/// The public key in a file.
fn read_public_key(path: &Path) -> Result<PublicKey, PipelineError> {
    let text = std::fs::read_to_string(path).map_err(PipelineError::file(path))?;
    let unusable = || KeyError::Unusable {
        path: path.to_owned(),
        why: "no public key".to_owned(),
    };
    Ok(public_key(&text).ok_or_else(unusable)?)
}

fn prove(
    workspace: &Workspace,
    ledger: &Ledger,
    path: &Path,
    given: Option<&PublicKey>,
) -> Result<ReportProof, PipelineError> {
    let bytes = std::fs::read(path).map_err(PipelineError::file(path))?;
    let file = file_id(&bytes);
    let known = ledger.report(&file)?;
    let made_again = match &known {
        Some(known) => {
            let request = request_of_recorded(workspace, ledger, known)?;
            make(workspace, ledger, &request).ok()
        }
        None => None,
    };
    let is_reproduced = made_again
        .as_ref()
        .is_some_and(|made| made.files.workbook == bytes);
    let figures_then = known
        .as_ref()
        .and_then(|known| known.report.figures_hash.as_ref());
    let has_same_figures =
        figures_then.map(|then| made_again.is_some_and(|made| made.figures_hash == *then));
    let named = key_of_signature(ledger, &file)?;
    let was_signed = named.is_some();
    let key = match given {
        Some(given) => Some((given.clone(), true)),
        None => named
            .and_then(|text| public_key(&text))
            .map(|key| (key, false)),
    };
    let signature = match &key {
        Some((key, is_given)) => check(path, &bytes, (key, *is_given))?,
        None => None,
    };
    let (state, withdrawal) = match &known {
        Some(known) => (ReportState::of(known), known.withdrawal.clone()),
        None => (ReportState::Unknown, None),
    };
    let made = known.map(|known| known.report);
    Ok(ReportProof {
        path: path.to_owned(),
        sha256: file.0,
        state,
        made_at: made.as_ref().map(|made| made.at),
        issued: made.as_ref().and_then(|made| made.status.stamp().cloned()),
        withdrawn_at: withdrawal.as_ref().map(|withdrawal| withdrawal.at),
        reason: withdrawal.map(|withdrawal| withdrawal.reason),
        as_of: made.as_ref().map(|made| made.as_of),
        inputs: made.as_ref().map(|made| made.inputs_hash.clone()),
        is_reproduced,
        has_same_figures,
        made_by: made.map(|made| made.versions.program),
        signature,
        was_signed,
    })
}

/// The public key by which a report was signed, as the log names it; none if it was not.
fn key_of_signature(ledger: &Ledger, file: &FileId) -> Result<Option<String>, PipelineError> {
    let entries = ledger.audit()?.into_iter().rev();
    let mut signed = entries
        .filter(|entry| entry.action == "sign")
        .filter_map(|entry| serde_json::from_str::<serde_json::Value>(&entry.detail).ok());
    let of_file = signed.find(|detail| detail["sha256"] == file.0);
    Ok(of_file.and_then(|detail| detail["public_key"].as_str().map(str::to_owned)))
}

/// What a code from paper stands for.
fn look_up(ledger: &Ledger, code: &ShortHash) -> Result<CodeProof, PipelineError> {
    let entries = ledger.audit()?;
    let at = entries.iter().position(|entry| code.is_of(&entry.hash));
    let entry = at.and_then(|at| {
        let entry = entries.get(at)?;
        Some(CodeEntry {
            id: entry.id,
            at: entry.at.clone(),
            action: entry.action.clone(),
            followed_by: entries.len() - at - 1,
        })
    });
    let reports = ledger.reports()?.into_iter().map(|known| known.report);
    let reports = reports
        .filter(|made| {
            made.figures_hash
                .as_ref()
                .is_some_and(|hash| code.is_of(&hash.0))
        })
        .map(|made| CodeReport {
            issued: made.status.stamp().cloned(),
            file_name: made.file_name,
            year: made.year,
            as_of: made.as_of,
        })
        .collect();
    Ok(CodeProof {
        code: code.to_string(),
        entry,
        reports,
    })
}
