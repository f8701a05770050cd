//! Questions for a person, and the answers that come back.

use crate::answers::ordered;
use crate::grant::GrantLine;
use crate::inbox::{Dropped, Inbox};
use crate::overlap::{Compared, QuestionLine};
use crate::{PipelineError, Workspace};
use chrono::{DateTime, Utc};
use ledger::{Answer, Ledger, RunWriter, Verdict, file_id, write_whole};
use link::OverlapClass;
use model::{FileId, SheetCopy};
use polars::prelude::{Column, DataFrame};
use programme::Programme;
use rayon::prelude::*;
use report::{ReviewInput, ReviewRow, ReviewSheet, Reviewed};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A review workbook that came back.
#[derive(Debug, Serialize)]
pub struct AnsweredFile {
    /// Its name.
    pub file: String,
    /// The answers taken from it; none where they were taken before.
    pub answers: usize,
    /// Rows whose answer is none of those offered.
    pub unknown: usize,
}

/// The answers of a review workbook; nothing where it is none.
pub(crate) fn answers_of(programme: &Programme, bytes: &[u8]) -> Option<Vec<Reviewed>> {
    let words = &programme.report.review;
    let sheets: Vec<SheetCopy> = ingest::sheet_copies(bytes)
        .into_iter()
        .filter(|sheet| sheet.name == words.questions_sheet || sheet.name == words.joined_sheet)
        .collect();
    (!sheets.is_empty()).then(|| sheets.iter().flat_map(report::read_review).collect())
}

/// The answers of a workbook in the folder of questions; nothing where it is none, or nobody answered yet.
///
/// That nobody did is remembered by the file's bytes: `kept` gathers the names under which it is.
pub(crate) fn answered(
    ledger: &Ledger,
    programme: &Programme,
    file: &Dropped,
    kept: &mut BTreeSet<FileId>,
) -> Result<Option<Vec<Reviewed>>, PipelineError> {
    let name = unanswered(programme, &file.id);
    if ledger.derived(UNANSWERED, &name).is_some() {
        kept.insert(name);
        return Ok(None);
    }
    let answers = answers_of(programme, &file.bytes);
    if answers.as_ref().is_some_and(Vec::is_empty) {
        keep_unanswered(ledger, programme, &file.id, kept)?;
    }
    Ok(answers.filter(|rows| !rows.is_empty()))
}

/// What is kept of review workbooks that hold no answer.
const UNANSWERED: &str = "unanswered";

fn unanswered(programme: &Programme, file: &FileId) -> FileId {
    file_id(format!("{UNANSWERED} {} {file}", programme.hash).as_bytes())
}

fn keep_unanswered(
    ledger: &Ledger,
    programme: &Programme,
    file: &FileId,
    kept: &mut BTreeSet<FileId>,
) -> Result<(), PipelineError> {
    let name = unanswered(programme, file);
    let frame = DataFrame::new_infer_height(vec![Column::new("file".into(), [file.to_string()])])?;
    ledger.keep_derived(UNANSWERED, &name, &frame)?;
    kept.insert(name);
    Ok(())
}

/// Keeps the answers of review workbooks that are not kept yet.
pub(crate) fn take(
    programme: &Programme,
    writer: &mut RunWriter<'_>,
    files: &[(&Dropped, Vec<Reviewed>)],
) -> Result<Vec<AnsweredFile>, PipelineError> {
    let mut taken = Vec::new();
    for (file, rows) in files {
        let answers: Vec<Answer> = rows
            .iter()
            .filter_map(|row| answer(programme, row))
            .collect();
        if !answers.is_empty() {
            writer.take_answers(&file.id, &file.bytes, &answers)?;
        }
        let unknown = rows.len() - answers.len();
        taken.push(AnsweredFile {
            file: file.name.clone(),
            answers: answers.len(),
            unknown,
        });
    }
    Ok(taken)
}

fn word(programme: &Programme, verdict: Verdict) -> &str {
    programme.words.get(match verdict {
        Verdict::Duplicate => "answer_duplicate",
        Verdict::NotDuplicate => "answer_not_duplicate",
        Verdict::Same => "answer_same",
        Verdict::Different => "answer_different",
        Verdict::Verify => "answer_verify",
    })
}

/// An answer on the grants is kept with what decided of the grants, one on the enterprises with what decided of them.
fn answer(programme: &Programme, row: &Reviewed) -> Option<Answer> {
    let said = vietext::fold(&row.answer);
    let verdict = Verdict::ALL
        .into_iter()
        .find(|verdict| vietext::fold(word(programme, *verdict)) == said)?;
    let [
        left_party,
        right_party,
        left_grant,
        right_grant,
        left_about,
        right_about,
    ] = row.keys.clone();
    let is_of_grants = match verdict {
        Verdict::Duplicate | Verdict::NotDuplicate => true,
        Verdict::Same | Verdict::Different => false,
        Verdict::Verify => left_grant != NO_GRANTS,
    };
    let prints = if is_of_grants {
        [left_grant, right_grant]
    } else {
        [left_party, right_party]
    };
    Some(Answer {
        verdict,
        prints: ordered(prints),
        about: ordered([left_about, right_about]),
        reason: row.reason.clone(),
        by: row.by.clone(),
        until: row.until,
    })
}

/// Stands for what decided of the grants where only the enterprises are asked about.
const NO_GRANTS: &str = "-";

/// Writes what waits for a person, and what was joined without one, to `review/<date>.xlsx`; takes that file away
/// where there is neither. Gives the file.
pub(crate) fn ask(
    workspace: &Workspace,
    programme: &Programme,
    folder: &Inbox,
    compared: &Compared,
    (ledger, kept): (&Ledger, &mut BTreeSet<FileId>),
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, PipelineError> {
    let at = now.with_timezone(&workspace.settings.utc_offset);
    let name = format!("{}.xlsx", at.format("%Y-%m-%d"));
    let path = workspace.review().join(&name);
    if folder.locked.contains(&name) {
        return Ok(None);
    }
    let (questions, joined) = (questions(programme, compared), joined(programme, compared));
    if questions.is_empty() && joined.is_empty() {
        if path.exists() {
            std::fs::remove_file(&path).map_err(PipelineError::file(&path))?;
        }
        return Ok(None);
    }
    let words = &programme.report.review;
    let sheet = |name, intro, rows| ReviewSheet {
        name,
        intro: programme.words.get(intro),
        rows,
    };
    let bytes = report::review(&ReviewInput {
        words: &programme.words,
        at,
        answers: Verdict::ALL
            .into_iter()
            .map(|verdict| word(programme, verdict))
            .collect(),
        sheets: vec![
            sheet(&words.questions_sheet, "review_intro", questions),
            sheet(&words.joined_sheet, "joined_intro", joined),
        ],
    })?;
    write_whole(&path, &bytes)?;
    keep_unanswered(ledger, programme, &file_id(&bytes), kept)?;
    Ok(Some(path))
}

/// An answer, its reason and who gave it, in words; blank where there is none.
pub(crate) fn previous_line(programme: &Programme, answer: &Option<Answer>) -> String {
    answer.as_ref().map_or_else(String::new, |answer| {
        let values = [
            ("answer", word(programme, answer.verdict)),
            ("reason", &answer.reason),
            ("by", &answer.by),
        ];
        programme.words.render_template("previous_line", values)
    })
}

fn questions(programme: &Programme, compared: &Compared) -> Vec<ReviewRow> {
    let enterprises = compared
        .questions
        .iter()
        .map(|question| on_enterprises(programme, question, "ask_same", Verdict::Verify));
    let overlaps = compared
        .overlaps
        .par_iter()
        .filter(|overlap| overlap.waits)
        .map(|overlap| {
            let (asked, proposal) = match overlap.class {
                OverlapClass::Unclear => ("ask_unclear", Verdict::Verify),
                _ => ("ask_duplicate", Verdict::Duplicate),
            };
            ReviewRow {
                question: programme.words.get(asked).to_owned(),
                sides: [
                    overlap.left.shown(programme),
                    overlap.right.shown(programme),
                ],
                evidence: format!("{} ({})", overlap.evidence, overlap.clause),
                proposal: word(programme, proposal).to_owned(),
                previous: previous_line(programme, &overlap.previous),
                keys: keys(&overlap.left, &overlap.right, true),
            }
        });
    let overlaps: Vec<ReviewRow> = overlaps.collect();
    enterprises.chain(overlaps).collect()
}

/// What was taken for one enterprise: whoever knows better takes it apart.
fn joined(programme: &Programme, compared: &Compared) -> Vec<ReviewRow> {
    let row = |pair| on_enterprises(programme, pair, "ask_joined", Verdict::Same);
    compared.joined.iter().map(row).collect()
}

fn on_enterprises(
    programme: &Programme,
    pair: &QuestionLine,
    asked: &str,
    proposal: Verdict,
) -> ReviewRow {
    ReviewRow {
        question: programme.words.get(asked).to_owned(),
        sides: [pair.left.shown(programme), pair.right.shown(programme)],
        evidence: pair.reasons.clone(),
        proposal: word(programme, proposal).to_owned(),
        previous: previous_line(programme, &pair.previous),
        keys: keys(&pair.left, &pair.right, false),
    }
}

fn keys(left: &GrantLine, right: &GrantLine, of_grants: bool) -> [String; 6] {
    let grant = |line: &GrantLine| {
        if of_grants {
            line.print()
        } else {
            NO_GRANTS.to_owned()
        }
    };
    let [left_party, right_party] = [left, right].map(|line| line.said.to_string());
    [
        left_party,
        right_party,
        grant(left),
        grant(right),
        left.about(),
        right.about(),
    ]
}
