//! The folder where questions are asked and answers come back.

use crate::error::PipelineError;
use crate::intake::inbox::{DropFolder, DroppedFile};
use crate::intake::review_answers::{AnsweredFile, ReviewedRows, reviewed_rows};
use crate::intake::review_questions::{OpenQuestions, review_workbook};
use crate::workspace::Workspace;
use ledger::{GivenAnswers, Ledger, RunWriter, file_id, write_whole};
use model::{FileId, Moment};
use polars::prelude::{Column, DataFrame};
use programme::Programme;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The kind under which the cache keeps that a review workbook holds no answer.
const UNANSWERED: &str = "unanswered";

/// A review workbook that came back.
pub(crate) struct AnswersOfFile<'f> {
    pub file: &'f DroppedFile,
    /// How many rows are answered.
    pub rows: usize,
    /// Their answers that are among those offered.
    pub given: GivenAnswers,
}

/// The answered rows of a workbook in the folder; nothing if it is no review workbook, or nobody has answered yet.
///
/// That nobody has is kept in the cache by the file's bytes, since reading a large workbook takes long; `cache_keys`
/// gathers what is in use of the cache.
///
/// # Errors
/// When the cache cannot be written.
pub(crate) fn read_answers(
    ledger: &Ledger,
    programme: &Programme,
    file: &DroppedFile,
    cache_keys: &mut BTreeSet<FileId>,
) -> Result<Option<ReviewedRows>, PipelineError> {
    let key = unanswered_key(programme, &file.id);
    if ledger.derived(UNANSWERED, &key).is_some() {
        cache_keys.insert(key);
        return Ok(None);
    }
    let rows = reviewed_rows(programme, &file.bytes);
    if rows.as_ref().is_some_and(|rows| rows.count() == 0) {
        keep_unanswered(ledger, programme, &file.id, cache_keys)?;
    }
    Ok(rows.filter(|rows| rows.count() > 0))
}

/// Takes the answers of review workbooks into a run.
///
/// # Errors
/// When the ledger cannot be written.
pub(crate) fn take_answers(
    writer: &mut RunWriter<'_>,
    files: &[AnswersOfFile<'_>],
) -> Result<Vec<AnsweredFile>, PipelineError> {
    let mut taken = Vec::new();
    for AnswersOfFile { file, rows, given } in files {
        let answers = given.count();
        if answers > 0 {
            writer.take_answers(&file.id, &file.bytes, given)?;
        }
        taken.push(AnsweredFile {
            file: file.name.clone(),
            answers,
            unknown: rows - answers,
        });
    }
    Ok(taken)
}

/// Where the questions of a run are.
pub(crate) enum WrittenQuestions {
    /// There are none, or the workbook of the day is marked as open and waits.
    None,
    At(PathBuf),
    /// A program holds the workbook of the day open, and it cannot be replaced.
    Unwritten(PathBuf),
}

/// Writes the review workbook of a day, `review/<date>.xlsx`, or removes it if there is nothing to ask or look over. One that
/// another program holds open is left as it is: all that was found is in the ledger by now, and the next run asks again.
///
/// # Errors
/// When the cache cannot be written.
pub(crate) fn write_questions(
    workspace: &Workspace,
    programme: &Programme,
    folder: &DropFolder,
    asked: &OpenQuestions<'_>,
    (ledger, cache_keys): (&Ledger, &mut BTreeSet<FileId>),
    now: Moment,
) -> Result<WrittenQuestions, PipelineError> {
    let at = now.local(workspace.settings.utc_offset);
    let name = format!("{}.xlsx", at.format("%Y-%m-%d"));
    let path = workspace.review().join(&name);
    if folder.waiting.iter().any(|file| file.file == name) {
        return Ok(WrittenQuestions::None);
    }
    let Some(bytes) = review_workbook(programme, asked, at)? else {
        if path.exists()
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!(path = %path.display(), %error, "not removed");
        }
        return Ok(WrittenQuestions::None);
    };
    if let Err(error) = write_whole(&path, &bytes) {
        tracing::warn!(path = %path.display(), %error, "questions not written");
        return Ok(WrittenQuestions::Unwritten(path));
    }
    keep_unanswered(ledger, programme, &file_id(&bytes), cache_keys)?;
    Ok(WrittenQuestions::At(path))
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
