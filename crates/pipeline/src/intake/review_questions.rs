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

/// The keys by which an answer is found when the workbook comes back: both mentions, both cases of support, and the
/// enterprises with who reports them.
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

#[cfg(test)]
mod tests {
    use super::review_workbook;
    use crate::intake::review_answers::{reviewed_rows, to_answer};
    use crate::support::answer_index::{AnswerIndex, QuestionKind, ordered};
    use crate::support::comparison::Comparison;
    use crate::support::overlap_line::{OverlapLine, QuestionLine};
    use crate::testing::{day, offset, programme, support_line};
    use ledger::{Answer, Verdict};
    use link::{Overlap, OverlapClass};
    use model::{CellCopy, CellRef, Moment, SheetCopy};

    fn question() -> QuestionLine {
        QuestionLine {
            left: support_line("SCT", "Mẫu Một"),
            right: support_line("SXD", "Mẫu 1"),
            score: "1.00".to_owned(),
            reasons: "tên +1.00".to_owned(),
            previous: None,
        }
    }

    fn overlap(class: OverlapClass) -> OverlapLine {
        let overlap = Overlap {
            left: 0,
            right: 1,
            class,
            contents: Default::default(),
            tools: Default::default(),
        };
        let sides = [
            support_line("SCT", "Mẫu Hai"),
            support_line("SXD", "Mẫu Hai"),
        ];
        OverlapLine::new(
            &overlap,
            sides,
            &AnswerIndex::default(),
            day("2024-01-01"),
            &programme().overlap,
        )
    }

    fn comparison() -> Comparison {
        Comparison {
            questions: vec![question()],
            overlaps: vec![
                overlap(OverlapClass::Repeat),
                overlap(OverlapClass::Duplicate),
            ],
            joined: vec![question()],
            ..Comparison::default()
        }
    }

    fn workbook(comparison: &Comparison) -> Option<Vec<u8>> {
        let at: Moment = "2024-01-01T00:00:00Z".parse().unwrap();
        review_workbook(programme(), comparison, at.local(offset())).unwrap()
    }

    /// The answers taken from a sheet if a person writes one into each of its rows.
    fn answered(sheet: &SheetCopy, written: &[&str]) -> Vec<Answer> {
        let mut sheet = sheet.clone();
        let text = |cell: &(CellRef, CellCopy)| match &cell.1 {
            CellCopy::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let heading = programme().words.get("review_answer");
        let head = sheet
            .cells
            .iter()
            .find(|cell| text(cell) == heading)
            .unwrap()
            .0;
        for (row, answer) in (head.row + 1..).zip(written) {
            let cell = |right: u32| CellRef {
                row,
                col: head.col + right,
            };
            let write = [*answer, "hồ sơ số 5", "cán bộ", "30/06/2024"];
            sheet.cells.extend(
                (0..)
                    .zip(write)
                    .map(|(right, text)| (cell(right), CellCopy::Text(text.to_owned()))),
            );
        }
        let rows = report::read_review(&sheet);
        rows.iter()
            .filter_map(|row| to_answer(programme(), row))
            .collect()
    }

    #[test]
    fn nothing_is_written_if_nothing_waits_and_nothing_was_joined() {
        assert!(workbook(&Comparison::default()).is_none());
        let decided = Comparison {
            overlaps: vec![
                overlap(OverlapClass::Repeat),
                overlap(OverlapClass::Combined),
            ],
            ..Comparison::default()
        };
        assert!(workbook(&decided).is_none());
    }

    #[test]
    fn answers_that_a_person_writes_in_are_found_by_what_was_asked() {
        let bytes = workbook(&comparison()).unwrap();
        assert_eq!(
            reviewed_rows(programme(), &bytes),
            Some(Vec::new()),
            "nobody has answered"
        );
        let sheets = ingest::sheet_copies(&bytes);
        let [questions, joined] = &sheets[..] else {
            panic!("two sheets: {}", sheets.len())
        };
        // Questions on enterprises come first, then the overlaps that wait; capitals do not matter.
        let given = answered(questions, &["Cùng doanh nghiệp", "TRÙNG"]);
        let verdicts: Vec<Verdict> = given.iter().map(|answer| answer.verdict).collect();
        assert_eq!(verdicts, [Verdict::Same, Verdict::Duplicate]);
        assert_eq!(
            (given[0].by.as_str(), given[0].until),
            ("cán bộ", Some(day("2024-06-30")))
        );
        let index = AnswerIndex::new(&given);
        let (asked, overlap) = (question(), overlap(OverlapClass::Duplicate));
        let on = |kind, left, right| index.on(kind, left, right).unwrap().answer.verdict;
        let same = on(QuestionKind::Enterprises, &asked.right, &asked.left);
        assert_eq!(same, Verdict::Same);
        let duplicate = on(QuestionKind::Grants, &overlap.left, &overlap.right);
        assert_eq!(duplicate, Verdict::Duplicate);
        assert_eq!(
            answered(joined, &["có lẽ"]),
            [],
            "no answer that is offered"
        );
    }

    #[test]
    fn to_look_into_it_is_kept_for_what_was_asked() {
        let bytes = workbook(&comparison()).unwrap();
        let verify = programme().words.get("answer_verify");
        let given = answered(&ingest::sheet_copies(&bytes)[0], &[verify, verify]);
        assert!(given.iter().all(|answer| answer.verdict == Verdict::Verify));
        // The first question is on enterprises, the second on support: each answer has the fingerprints of its own kind.
        let asked = question();
        let mentions = [asked.left, asked.right].map(|line| line.fingerprint.to_string());
        assert_eq!(given[0].prints, ordered(mentions));
        let overlap = overlap(OverlapClass::Duplicate);
        let support = [overlap.left, overlap.right].map(|line| line.support_fingerprint());
        assert_eq!(given[1].prints, ordered(support));
    }

    #[test]
    fn what_is_no_review_workbook_has_no_answers() {
        let other = testkit::workbook("== Biểu 8\nx\n");
        assert_eq!(reviewed_rows(programme(), &other), None);
    }
}
