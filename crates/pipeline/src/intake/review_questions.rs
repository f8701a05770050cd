//! The review workbook: what waits for a person, and what was joined without one.

use crate::error::PipelineError;
use crate::support::answer_index::{previous_line, verdict_word};
use crate::support::comparison::Comparison;
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::support_line::SupportLine;
use chrono::{DateTime, FixedOffset};
use ledger::Verdict;
use link::OverlapClass;
use programme::Programme;
use rayon::prelude::*;
use report::{ReviewInput, ReviewRow, ReviewSheet};

/// Written in place of the fingerprints of support if a question is on enterprises only.
pub(crate) const NO_SUPPORT: &str = "-";

/// The bytes of a review workbook: the open questions, and the records that were joined, so that whoever knows better
/// can take them apart. Nothing if there is neither.
///
/// # Errors
/// When the rows do not fit a workbook.
pub(crate) fn review_workbook(
    programme: &Programme,
    comparison: &Comparison,
    at: DateTime<FixedOffset>,
) -> Result<Option<Vec<u8>>, PipelineError> {
    let questions = question_rows(programme, comparison);
    let joined = joined_rows(programme, comparison);
    if questions.is_empty() && joined.is_empty() {
        return Ok(None);
    }
    let words = &programme.report.review;
    let sheet = |name, intro, rows| {
        let intro = programme.words.get(intro);
        ReviewSheet { name, intro, rows }
    };
    let bytes = report::review(&ReviewInput {
        words: &programme.words,
        at,
        answers: Verdict::ALL
            .iter()
            .map(|verdict| verdict_word(programme, *verdict))
            .collect(),
        sheets: vec![
            sheet(&words.questions_sheet, "review_intro", questions),
            sheet(&words.joined_sheet, "joined_intro", joined),
        ],
    })?;
    Ok(Some(bytes))
}

/// The questions on enterprises, then those on overlapping support, which depend on them.
fn question_rows(programme: &Programme, comparison: &Comparison) -> Vec<ReviewRow> {
    let enterprises = comparison
        .questions
        .iter()
        .map(|question| enterprise_row(programme, question, "ask_same", Verdict::Verify));
    let overlaps: Vec<ReviewRow> = comparison
        .overlaps
        .par_iter()
        .filter(|overlap| overlap.waits)
        .map(|overlap| overlap_row(programme, overlap))
        .collect();
    enterprises.chain(overlaps).collect()
}

fn joined_rows(programme: &Programme, comparison: &Comparison) -> Vec<ReviewRow> {
    let row = |pair| enterprise_row(programme, pair, "ask_joined", Verdict::Same);
    comparison.joined.iter().map(row).collect()
}

fn overlap_row(programme: &Programme, overlap: &OverlapLine) -> ReviewRow {
    let (question, proposal) = match overlap.class {
        OverlapClass::Unclear => ("ask_unclear", Verdict::Verify),
        OverlapClass::Duplicate | OverlapClass::Repeat | OverlapClass::Combined => {
            ("ask_duplicate", Verdict::Duplicate)
        }
    };
    ReviewRow {
        question: programme.words.get(question).to_owned(),
        sides: [
            overlap.left.shown(programme),
            overlap.right.shown(programme),
        ],
        evidence: format!("{} ({})", overlap.evidence, overlap.clause),
        proposal: verdict_word(programme, proposal).to_owned(),
        previous: previous_line(programme, &overlap.previous),
        keys: keys(&overlap.left, &overlap.right, true),
    }
}

fn enterprise_row(
    programme: &Programme,
    pair: &QuestionLine,
    question: &str,
    proposal: Verdict,
) -> ReviewRow {
    ReviewRow {
        question: programme.words.get(question).to_owned(),
        sides: [pair.left.shown(programme), pair.right.shown(programme)],
        evidence: pair.reasons.clone(),
        proposal: verdict_word(programme, proposal).to_owned(),
        previous: previous_line(programme, &pair.previous),
        keys: keys(&pair.left, &pair.right, false),
    }
}

/// What an answer is found by when the workbook comes back: the mentions, the support, and whom both are about.
fn keys(left: &SupportLine, right: &SupportLine, on_support: bool) -> [String; 6] {
    let support = |line: &SupportLine| match on_support {
        true => line.support_fingerprint(),
        false => NO_SUPPORT.to_owned(),
    };
    let [left_mention, right_mention] = [left, right].map(|line| line.fingerprint.to_string());
    [
        left_mention,
        right_mention,
        support(left),
        support(right),
        left.about(),
        right.about(),
    ]
}
