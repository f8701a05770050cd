//! The answers in review workbooks that come back.

use crate::intake::review_questions::NO_SUPPORT;
use crate::support::answer_index::{ordered, verdict_word};
use ledger::{Answer, Verdict};
use model::SheetCopy;
use programme::Programme;
use report::Reviewed;
use serde::Serialize;

/// A review workbook that came back.
#[derive(Debug, Serialize)]
pub struct AnsweredFile {
    /// Its name.
    pub file: String,
    /// The answers taken from it; none if they were taken before.
    pub answers: usize,
    /// Rows whose answer is none of those offered.
    pub unknown: usize,
}

/// The answered rows of a review workbook; nothing if the workbook is none.
pub(crate) fn reviewed_rows(programme: &Programme, bytes: &[u8]) -> Option<Vec<Reviewed>> {
    let words = &programme.report.review;
    let sheets: Vec<SheetCopy> = ingest::sheet_copies(bytes)
        .into_iter()
        .filter(|sheet| sheet.name == words.questions_sheet || sheet.name == words.joined_sheet)
        .collect();
    (!sheets.is_empty()).then(|| sheets.iter().flat_map(report::read_review).collect())
}

/// The answer of a row as the ledger keeps it; nothing if it is none of those offered.
///
/// An answer on support is kept by the fingerprints of both cases, one on enterprises by those of both mentions: it
/// holds for as long as these stay.
pub(crate) fn to_answer(programme: &Programme, row: &Reviewed) -> Option<Answer> {
    let word = vietext::fold(&row.answer);
    let verdict = Verdict::ALL
        .iter()
        .find(|verdict| vietext::fold(verdict_word(programme, **verdict)) == word)?;
    let [
        left_party,
        right_party,
        left_support,
        right_support,
        left_about,
        right_about,
    ] = row.keys.clone();
    let is_on_support = match verdict {
        Verdict::Duplicate | Verdict::NotDuplicate => true,
        Verdict::Same | Verdict::Different => false,
        Verdict::Verify => left_support != NO_SUPPORT,
    };
    let prints = match is_on_support {
        true => [left_support, right_support],
        false => [left_party, right_party],
    };
    Some(Answer {
        verdict: *verdict,
        prints: ordered(prints),
        about: ordered([left_about, right_about]),
        reason: row.reason.clone(),
        by: row.by.clone(),
        until: row.until,
    })
}
