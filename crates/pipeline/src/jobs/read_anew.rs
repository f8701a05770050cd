//! Files that were taken in before the readers were mended: read anew, and held against what stands of them.

use crate::error::PipelineError;
use crate::intake::replacement_questions::ReplacementQuestion;
use crate::jobs::named_file::find_file;
use crate::snapshot::effective::{EffectiveSubmissions, own_standing};
use crate::snapshot::rows::Snapshot;
use crate::support::case_changes::{CaseChange, case_changes};
use crate::versions::READER_VERSION;
use crate::workspace::Workspace;
use ledger::{Ledger, Submission};
use model::{FileId, SubmissionId};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Programme};
use std::collections::BTreeSet;

/// The submissions that stand and are to be read anew: those of the files that are named, or all that an older reader read.
///
/// # Errors
/// When no file has such a name, or more than one.
pub(crate) fn to_be_read_anew<'s>(
    workspace: &Workspace,
    submissions: &'s [Submission],
    named: &[String],
) -> Result<Vec<&'s Submission>, PipelineError> {
    let stands = standing(workspace, submissions);
    let mut last: Vec<&Submission> = Vec::new();
    for submission in submissions {
        last.retain(|known| known.file != submission.file);
        last.push(submission);
    }
    last.retain(|submission| stands.contains(&submission.file));
    if named.is_empty() {
        last.retain(|submission| submission.reader < READER_VERSION);
    } else {
        let files = named
            .iter()
            .map(|name| Ok(&find_file(submissions, name)?.file));
        let files: BTreeSet<&FileId> = files.collect::<Result<_, PipelineError>>()?;
        last.retain(|submission| files.contains(&submission.file));
    }
    Ok(last)
}

/// The files of which anything counts.
fn standing<'s>(workspace: &Workspace, submissions: &'s [Submission]) -> BTreeSet<&'s FileId> {
    let mut counting: BTreeSet<SubmissionId> = BTreeSet::new();
    for programme in workspace.programmes() {
        let known = EffectiveSubmissions::among(programme, submissions, programme.years());
        counting.extend(known.effective.iter().map(|submission| submission.id));
    }
    let counting = submissions.iter().filter(|it| counting.contains(&it.id));
    counting.map(|submission| &submission.file).collect()
}

/// What would change, record by record, if what a newer program reads in a form counted; nothing of another question.
///
/// # Errors
/// When records are missing or damaged.
pub(crate) fn read_anew_changes(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
    question: &ReplacementQuestion,
) -> Result<Vec<CaseChange>, PipelineError> {
    let mut of_file = submissions.iter().rev();
    let last = of_file.find(|submission| submission.file == question.file);
    let (true, Some(last), Some(form)) =
        (question.is_read_anew, last, programme.form(&question.form))
    else {
        return Ok(Vec::new());
    };
    let sent = (&*question.department, last.unit.as_deref(), question.period);
    let own = own_standing(programme, submissions, sent, &question.file);
    // One file in two readings: the earlier goes under a name that no file has.
    let (before, after) = (FileId("before".to_owned()), &question.file);
    let mut accepted = Tables::new();
    if let Some(part) = own.get(&*form.code) {
        let mut rows = counted_rows(ledger, form, part)?;
        let names = Column::new("file".into(), vec![&*before.0; rows.height()]);
        rows.with_column(names)?;
        tables::append(&mut accepted, &form.code, &rows)?;
    }
    tables::append(
        &mut accepted,
        &form.code,
        &counted_rows(ledger, form, last)?,
    )?;
    let rows = Snapshot {
        accepted,
        ..Snapshot::default()
    };
    Ok(case_changes(programme, rows, [&before, after])?.cases)
}

/// The rows of a form of a submission that count, or would.
pub(crate) fn counted_rows(
    ledger: &Ledger,
    form: &Form,
    submission: &Submission,
) -> Result<DataFrame, PipelineError> {
    let facts = ledger.facts(submission.id, &form.code)?;
    let counts = !facts.column("held")?.bool()?;
    Ok(tables::conform(form, &facts.filter(&counts)?)?)
}
