//! The folder where questions are asked and answers come back.

use crate::error::PipelineError;
use crate::intake::inbox::{DroppedFile, WhyWaiting, mark_beside};
use crate::intake::look::{Looked, look};
use crate::intake::review_answers::{ReviewedRow, reviewed_rows};
use crate::intake::review_questions::AskedRows;
use crate::workspace::Workspace;
use chrono::NaiveTime;
use ledger::{Ledger, file_id, write_whole};
use model::{FileId, Moment};
use polars::prelude::{Column, DataFrame};
use programme::Programme;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The kind under which the cache keeps that a review workbook holds no answer.
const UNANSWERED: &str = "unanswered";

/// What a workbook in the folder is.
pub(crate) enum ReviewFile {
    /// No review workbook, or one that cannot be opened.
    NoReview,
    /// Nobody wrote anything into it.
    Unanswered,
    /// The rows into which a person wrote something; none if it changed otherwise since it was written.
    Answered(Vec<ReviewedRow>),
}

/// Reads a workbook in the folder.
///
/// One that is as a run wrote it is known by the ledger. That nobody wrote anything into another, which was only saved anew, is
/// kept in the cache by its bytes, since reading a large workbook takes long; `cache_keys` gathers what is in use of the cache. The
/// one of the day, `todays`, will be replaced: if it is not as it was written it is kept, whatever was changed.
///
/// # Errors
/// When the ledger cannot be read or the cache not be written.
pub(crate) fn read_review_file(
    ledger: &Ledger,
    programme: &Programme,
    file: &DroppedFile,
    todays: &str,
    cache_keys: &mut BTreeSet<FileId>,
) -> Result<ReviewFile, PipelineError> {
    let is_todays = file.name == todays;
    if ledger.is_unanswered_questions(&file.id)?
        || !is_todays && is_unanswered(ledger, programme, &file.id, cache_keys)
    {
        return Ok(ReviewFile::Unanswered);
    }
    let Some(rows) = reviewed_rows(programme, &file.bytes) else {
        return Ok(ReviewFile::NoReview);
    };
    if rows.is_empty() && !is_todays {
        keep_unanswered(ledger, programme, &file.id, cache_keys)?;
        return Ok(ReviewFile::Unanswered);
    }
    Ok(ReviewFile::Answered(rows))
}

/// The name of the review workbook of a day.
pub(crate) fn name_of_day(workspace: &Workspace, now: Moment) -> String {
    let at = now.local(workspace.settings.utc_offset);
    format!("{}.xlsx", at.format("%Y-%m-%d"))
}

/// Where the questions of a run are.
pub(crate) enum WrittenQuestions {
    /// There are none.
    None,
    At(PathBuf),
    /// The workbook of the day stays as it is, since somebody has it open, wrote into it meanwhile, or it cannot be replaced.
    Waits(WhyWaiting),
}

/// Writes the review workbook of a day, or removes it if there is nothing to ask or look over.
///
/// Only one is replaced whose every word is known: one that this program wrote and nobody answered, or one that is `kept` in the
/// ledger. What came into its place while the run went on stays: all that was found is in the ledger by now, and the next run
/// reads it and asks again.
///
/// # Errors
/// When the ledger cannot be read or written, or the rows do not fit a workbook.
pub(crate) fn write_questions(
    workspace: &Workspace,
    programme: &Programme,
    asked: AskedRows,
    kept: &BTreeSet<FileId>,
    ledger: &Ledger,
    now: Moment,
) -> Result<WrittenQuestions, PipelineError> {
    let name = name_of_day(workspace, now);
    let path = workspace.review().join(&name);
    // The same questions give the same bytes all day long: a run that changes nothing writes nothing new.
    let now_here = now.local(workspace.settings.utc_offset);
    let at = now_here
        .with_time(NaiveTime::MIN)
        .single()
        .unwrap_or(now_here);
    let bytes = asked.workbook(programme, at)?;
    let is_known = |file: &FileId| -> Result<bool, PipelineError> {
        Ok(kept.contains(file) || ledger.is_unanswered_questions(file)?)
    };
    let most = workspace.settings.max_submission_bytes;
    let why = match std::fs::symlink_metadata(&path).is_ok() {
        false => None,
        true => why_not_replaced(&path, most, bytes.as_deref(), is_known)?,
    };
    match why {
        // With nothing to write in its place, only a person's words matter.
        Some(why) if bytes.is_some() || why == WhyWaiting::Answered => {
            return Ok(WrittenQuestions::Waits(why));
        }
        Some(_) => return Ok(WrittenQuestions::None),
        None => {}
    }
    let Some(bytes) = bytes else {
        if path.exists()
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!(path = %path.display(), %error, "not removed");
        }
        return Ok(WrittenQuestions::None);
    };
    let operator = &workspace.settings.operator;
    ledger.record_questions(now, &file_id(&bytes), &name, operator)?;
    if let Err(error) = write_whole(&path, &bytes) {
        tracing::warn!(path = %path.display(), %error, "questions not written");
        return Ok(WrittenQuestions::Waits(WhyWaiting::Unwritten));
    }
    Ok(WrittenQuestions::At(path))
}

/// Why what stands in the place of a review workbook has to stay, if it has to.
fn why_not_replaced(
    path: &Path,
    most: u64,
    new: Option<&[u8]>,
    is_known: impl Fn(&FileId) -> Result<bool, PipelineError>,
) -> Result<Option<WhyWaiting>, PipelineError> {
    if let Some(mark) = mark_beside(path) {
        return Ok(Some(WhyWaiting::Open { mark }));
    }
    Ok(match look(path, most) {
        Looked::Read(bytes) => {
            let is_same = new.is_some_and(|new| new == bytes);
            (!is_same && !is_known(&file_id(&bytes))?).then_some(WhyWaiting::Answered)
        }
        Looked::Changing => Some(WhyWaiting::Unfinished),
        Looked::NoFile(_) | Looked::TooLarge(_) => Some(WhyWaiting::Unwritten),
        Looked::Unreadable => Some(WhyWaiting::Unreadable),
    })
}

fn is_unanswered(
    ledger: &Ledger,
    programme: &Programme,
    file: &FileId,
    cache_keys: &mut BTreeSet<FileId>,
) -> bool {
    let key = unanswered_key(programme, file);
    let is_kept = ledger.derived(UNANSWERED, &key).is_some();
    if is_kept {
        cache_keys.insert(key);
    }
    is_kept
}

fn unanswered_key(programme: &Programme, file: &FileId) -> FileId {
    file_id(format!("{UNANSWERED} {} {file}", programme.hash).as_bytes())
}

fn keep_unanswered(
    ledger: &Ledger,
    programme: &Programme,
    file: &FileId,
    cache_keys: &mut BTreeSet<FileId>,
) -> Result<(), PipelineError> {
    let key = unanswered_key(programme, file);
    let column = Column::new("file".into(), [file.to_string()]);
    let frame = DataFrame::new_infer_height(vec![column])?;
    ledger.keep_derived(UNANSWERED, &key, &frame)?;
    cache_keys.insert(key);
    Ok(())
}
