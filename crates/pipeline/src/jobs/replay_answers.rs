//! The answers that the ledger keeps, held against the review workbooks in which persons wrote them.

use crate::error::PipelineError;
use crate::intake::review_answers::{OfferedAnswer, ReviewedRow, reviewed_rows};
use crate::workspace::Workspace;
use ledger::{GivenAnswers, KeptAnswers, Ledger, WrittenAnswer};
use model::{FileId, ProgrammeHash};
use programme::Programme;
use std::collections::BTreeMap;

/// The review workbooks that do not say what is kept of them. One that is not as it came is told as a damaged original; of one that
/// was taken before words were kept as they were written, nothing is said.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn answers_not_written(
    workspace: &Workspace,
    ledger: &Ledger,
) -> Result<Vec<FileId>, PipelineError> {
    let mut loaded: BTreeMap<ProgrammeHash, Option<Programme>> = BTreeMap::new();
    let mut found = Vec::new();
    for kept in ledger.kept_answers()? {
        let KeptAnswers {
            file,
            programmes,
            given,
            ..
        } = kept;
        let Ok(bytes) = ledger.bytes(&file) else {
            continue;
        };
        for hash in &programmes {
            if !loaded.contains_key(hash) {
                let programme = workspace.programme_with_hash(ledger, hash).ok();
                loaded.insert(hash.clone(), programme.map(|it| it.programme));
            }
        }
        let programmes: Vec<&Programme> = programmes
            .iter()
            .filter_map(|hash| loaded.get(hash)?.as_ref())
            .collect();
        if !given.written.is_empty() && !is_written(&given, &bytes, &programmes) {
            found.push(file);
        }
    }
    Ok(found)
}

/// Whether all that is kept stands in a workbook: each word, and each answer as an answer of its row.
fn is_written(given: &GivenAnswers, bytes: &[u8], programmes: &[&Programme]) -> bool {
    let readings = programmes.iter().filter_map(|programme| {
        let rows = reviewed_rows(programme, bytes)?;
        Some((*programme, rows))
    });
    // Which of its programmes a run read answers by, its day said.
    let mut readings = readings.filter(|(_, rows)| !rows.is_empty());
    readings.any(|(programme, rows)| {
        let stands = |written: &WrittenAnswer| {
            let mut rows = rows.iter();
            rows.any(|row| {
                row.question() == written.question && words_of(row).says_the_same(written)
            })
        };
        let offered: Vec<OfferedAnswer> = rows
            .iter()
            .filter_map(|row| row.to_offered(programme, programmes))
            .collect();
        given.written.iter().all(stands) && all_answers(given).all(|it| offered.contains(&it))
    })
}

fn words_of(row: &ReviewedRow) -> WrittenAnswer {
    let said = &row.row;
    WrittenAnswer {
        question: row.question(),
        answer: said.answer.clone(),
        reason: said.reason.clone(),
        by: said.by.clone(),
        until: said.until_text.clone(),
        fault: None,
    }
}

fn all_answers(given: &GivenAnswers) -> impl Iterator<Item = OfferedAnswer> {
    let GivenAnswers {
        on_records,
        on_headings,
        on_replacements,
        on_amounts,
        ..
    } = given.clone();
    let on_records = on_records.into_iter().map(OfferedAnswer::Record);
    let on_headings = on_headings.into_iter().map(OfferedAnswer::Heading);
    let on_replacements = on_replacements.into_iter().map(OfferedAnswer::Replacement);
    let on_amounts = on_amounts.into_iter().map(OfferedAnswer::Amount);
    on_records
        .chain(on_headings)
        .chain(on_replacements)
        .chain(on_amounts)
}

#[cfg(test)]
mod tests {
    use super::is_written;
    use crate::intake::review_answers::reviewed_rows;
    use crate::testing::programme;
    use ledger::{AnswerFault, GivenAnswers};

    /// A workbook in which one question on a heading is answered, and another in words that nothing offers.
    fn workbook(by: &str) -> Vec<u8> {
        let sheet = &programme().report.review.headings_sheet;
        let row = |answer: &str, heading: &str| {
            format!(
                "1 | x | | | | | | | | {answer} | đã hỏi | {by} | | SXD | support | {heading}\n"
            )
        };
        let rows = [row("NSNN", "kinh phi"), row("để xem", "so tien")].concat();
        testkit::workbook(&format!("== {sheet}\n\n\n\nTT | Câu hỏi\n{rows}"))
    }

    /// What the ledger keeps of it.
    fn given(by: &str) -> GivenAnswers {
        let rows = reviewed_rows(programme(), &workbook(by)).unwrap();
        let mut given = GivenAnswers::default();
        for row in &rows {
            let mut written = super::words_of(row);
            match row.to_offered(programme(), &[programme()]) {
                Some(super::OfferedAnswer::Heading(answer)) => given.on_headings.push(answer),
                _ => written.fault = Some(AnswerFault::NotOffered),
            }
            given.written.push(written);
        }
        assert_eq!((given.on_headings.len(), given.written.len()), (1, 2));
        given
    }

    #[test]
    fn what_is_kept_stands_in_its_workbook_word_for_word() {
        let is_of = |given: &GivenAnswers| is_written(given, &workbook("An"), &[programme()]);
        let whole = given("An");
        assert!(is_of(&whole));
        assert!(!is_of(&given("Bình")));
        let mut without_question = whole.clone();
        without_question.written[1].question.keys[2] = "khac".to_owned();
        let mut other_meaning = whole.clone();
        other_meaning.on_headings[0].meaning = None;
        let mut other_person = whole.clone();
        other_person.on_headings[0].by = "Bình".to_owned();
        let mut other_reason = whole;
        other_reason.written[1].reason.clear();
        for changed in [without_question, other_meaning, other_person, other_reason] {
            assert!(!is_of(&changed), "{changed:?}");
        }
        assert!(!is_written(&given("An"), b"no workbook", &[programme()]));
    }
}
