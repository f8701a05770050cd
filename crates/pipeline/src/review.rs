//! Questions for a person, and the answers that come back.

use crate::inbox::{Dropped, Inbox};
use crate::overlap::{Compared, GrantLine};
use crate::{PipelineError, Workspace};
use chrono::{DateTime, Utc};
use ledger::{Answer, Ledger, RunWriter, Verdict};
use programme::Programme;
use report::{ReviewInput, ReviewRow, Reviewed};
use serde::Serialize;
use std::collections::BTreeMap;
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
    let sheets = ingest::copy(bytes);
    let sheet = sheets.iter().find(|sheet| sheet.name == programme.report.review_sheet)?;
    Some(report::read_review(sheet))
}

/// Keeps the answers of review workbooks, each file once.
pub(crate) fn take(
    programme: &Programme,
    ledger: &Ledger,
    writer: &mut RunWriter<'_>,
    files: &[(&Dropped, Vec<Reviewed>)],
) -> Result<Vec<AnsweredFile>, PipelineError> {
    let mut taken = Vec::new();
    for (file, rows) in files {
        let mut answered = AnsweredFile { file: file.name.clone(), answers: 0, unknown: 0 };
        if !ledger.has_answers_of(&file.id)? {
            let answers: Vec<Answer> = rows.iter().filter_map(|row| answer(programme, row)).collect();
            answered.answers = answers.len();
            answered.unknown = rows.len() - answers.len();
            if !answers.is_empty() {
                writer.take_answers(&file.id, &file.bytes, &answers)?;
            }
        }
        taken.push(answered);
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
    let verdict = Verdict::ALL.into_iter().find(|verdict| vietext::fold(word(programme, *verdict)) == said)?;
    let [left_party, right_party, left_grant, right_grant, left_about, right_about] = row.keys.clone();
    let is_of_grants = match verdict {
        Verdict::Duplicate | Verdict::NotDuplicate => true,
        Verdict::Same | Verdict::Different => false,
        Verdict::Verify => left_grant != NO_GRANTS,
    };
    let prints = if is_of_grants { [left_grant, right_grant] } else { [left_party, right_party] };
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

pub(crate) fn ordered([a, b]: [String; 2]) -> [String; 2] {
    if a <= b { [a, b] } else { [b, a] }
}

/// What persons said of two records being one enterprise, the last word on each pair.
pub(crate) fn of_enterprises(ledger: &Ledger, as_of: Option<&str>) -> Result<Vec<link::Answer>, PipelineError> {
    let last: BTreeMap<[String; 2], Verdict> =
        ledger.answers(as_of)?.into_iter().map(|answer| (answer.prints, answer.verdict)).collect();
    let answer = |([left, right], verdict): ([String; 2], Verdict)| match verdict {
        Verdict::Same => Some(link::Answer { left, right, same: true }),
        Verdict::Different => Some(link::Answer { left, right, same: false }),
        Verdict::Duplicate | Verdict::NotDuplicate | Verdict::Verify => None,
    };
    Ok(last.into_iter().filter_map(answer).collect())
}

/// Writes what waits for a person to `review/<date>.xlsx`; takes that file away where nothing waits. Gives the file.
pub(crate) fn ask(
    workspace: &Workspace,
    folder: &Inbox,
    compared: &Compared,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, PipelineError> {
    let at = now.with_timezone(&workspace.settings.utc_offset);
    let name = format!("{}.xlsx", at.format("%Y-%m-%d"));
    let path = workspace.review().join(&name);
    if folder.locked.contains(&name) {
        return Ok(None);
    }
    let rows = rows(&workspace.programme, compared);
    if rows.is_empty() {
        if path.exists() {
            std::fs::remove_file(&path).map_err(PipelineError::file(&path))?;
        }
        return Ok(None);
    }
    let bytes = report::review(&ReviewInput {
        words: &workspace.programme.words,
        sheet: &workspace.programme.report.review_sheet,
        at,
        answers: Verdict::ALL.into_iter().map(|verdict| word(&workspace.programme, verdict)).collect(),
        rows,
    })?;
    crate::report_job::write(&path, &bytes)?;
    Ok(Some(path))
}

/// An answer, its reason and who gave it, in words; blank where there is none.
pub(crate) fn previous_line(programme: &Programme, answer: &Option<Answer>) -> String {
    answer.as_ref().map_or_else(String::new, |answer| {
        let values = [("answer", word(programme, answer.verdict)), ("reason", &answer.reason), ("by", &answer.by)];
        programme.words.fill("previous_line", values)
    })
}

fn rows(programme: &Programme, compared: &Compared) -> Vec<ReviewRow> {
    let words = &programme.words;
    let both = |left: &GrantLine, right: &GrantLine| [left.shown(programme), right.shown(programme)];
    let questions = compared.questions.iter().map(|question| ReviewRow {
        question: words.get("ask_same").to_owned(),
        sides: both(&question.left, &question.right),
        evidence: question.reasons.clone(),
        proposal: word(programme, Verdict::Verify).to_owned(),
        previous: previous_line(programme, &question.previous),
        keys: keys(&question.left, &question.right, false),
    });
    let overlaps = compared.overlaps.iter().filter(|overlap| overlap.waits).map(|overlap| ReviewRow {
        question: words.get(if overlap.class == "unclear" { "ask_unclear" } else { "ask_duplicate" }).to_owned(),
        sides: both(&overlap.left, &overlap.right),
        evidence: format!("{} ({})", overlap.evidence, overlap.clause),
        proposal: word(programme, if overlap.class == "unclear" { Verdict::Verify } else { Verdict::Duplicate })
            .to_owned(),
        previous: previous_line(programme, &overlap.previous),
        keys: keys(&overlap.left, &overlap.right, true),
    });
    questions.chain(overlaps).collect()
}

fn keys(left: &GrantLine, right: &GrantLine, of_grants: bool) -> [String; 6] {
    let grant = |line: &GrantLine| if of_grants { line.print() } else { NO_GRANTS.to_owned() };
    [left.party_print(), right.party_print(), grant(left), grant(right), left.about(), right.about()]
}
