//! The answers in review workbooks that come back.

use crate::intake::review_questions::{NO_SUPPORT, amount_word, replacement_word};
use crate::support::answer_index::{ordered, verdict_of};
use ledger::{
    AmountAnswer, AmountVerdict, Answer, GivenAnswers, HeadingAnswer, ReplacementAnswer,
    ReplacementVerdict, Verdict,
};
use model::{FileId, HeadingMeaning};
use programme::Programme;
use report::{ReviewLayout, Reviewed};
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

/// The answered rows of a review workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ReviewedRows {
    /// On pairs of records.
    pub on_records: Vec<Reviewed>,
    /// On headings.
    pub on_headings: Vec<Reviewed>,
    /// On forms that wait.
    pub on_replacements: Vec<Reviewed>,
    /// On amounts.
    pub on_amounts: Vec<Reviewed>,
}

impl ReviewedRows {
    pub(crate) fn count(&self) -> usize {
        self.on_records.len()
            + self.on_headings.len()
            + self.on_replacements.len()
            + self.on_amounts.len()
    }

    /// The answers that are among those offered.
    pub(crate) fn to_given(&self, programme: &Programme, all: &[&Programme]) -> GivenAnswers {
        let on_records = self.on_records.iter();
        let on_headings = self.on_headings.iter();
        GivenAnswers {
            on_records: on_records
                .filter_map(|row| to_answer(programme, row))
                .collect(),
            on_headings: on_headings
                .filter_map(|row| to_heading_answer(all, row))
                .collect(),
            on_replacements: self
                .on_replacements
                .iter()
                .filter_map(|row| to_replacement_answer(programme, row))
                .collect(),
            on_amounts: self
                .on_amounts
                .iter()
                .filter_map(|row| to_amount_answer(programme, row))
                .collect(),
        }
    }
}

/// The answered rows of a review workbook; nothing if the workbook is none.
pub(crate) fn reviewed_rows(programme: &Programme, bytes: &[u8]) -> Option<ReviewedRows> {
    let words = &programme.report.review;
    let mut found = None;
    for sheet in ingest::sheet_copies(bytes) {
        let layout = match &sheet.name {
            name if *name == words.headings_sheet => ReviewLayout::Headings,
            name if *name == words.replacements_sheet => ReviewLayout::Replacements,
            name if *name == words.amounts_sheet => ReviewLayout::Amounts,
            name if [&words.questions_sheet, &words.joined_sheet].contains(&name) => {
                ReviewLayout::Pairs
            }
            _ => continue,
        };
        let rows: &mut ReviewedRows = found.get_or_insert_default();
        let rows = match layout {
            ReviewLayout::Headings => &mut rows.on_headings,
            ReviewLayout::Replacements => &mut rows.on_replacements,
            ReviewLayout::Amounts => &mut rows.on_amounts,
            ReviewLayout::Pairs => &mut rows.on_records,
        };
        rows.extend(report::read_review(&sheet, layout));
    }
    found
}

/// The answer on a heading as the ledger keeps it; nothing if it is none of those offered.
pub(crate) fn to_heading_answer(
    programmes: &[&Programme],
    row: &Reviewed,
) -> Option<HeadingAnswer> {
    let [department, form, heading, ..] = row.keys.clone();
    let word = vietext::fold(&row.answer);
    let is = |programme: &Programme, key| vietext::fold(programme.words.get(key)) == word;
    let meaning = programmes.iter().find_map(|programme| {
        if is(programme, "answer_verify") {
            return Some(None);
        }
        if is(programme, "answer_not_of_form") {
            return Some(Some(HeadingMeaning::NotOfForm));
        }
        let columns = &programme.form(&form)?.columns;
        let column = columns
            .iter()
            .find(|column| vietext::fold(&column.heading) == word)?;
        Some(Some(HeadingMeaning::Column(column.name.clone())))
    })?;
    Some(HeadingAnswer {
        department,
        form,
        heading,
        meaning,
        reason: row.reason.clone(),
        by: row.by.clone(),
        until: row.until,
    })
}

/// The answer on a form that waits as the ledger keeps it; nothing if it is none of those offered.
pub(crate) fn to_replacement_answer(
    programme: &Programme,
    row: &Reviewed,
) -> Option<ReplacementAnswer> {
    let word = vietext::fold(&row.answer);
    let mut verdicts = ReplacementVerdict::ALL.iter();
    let verdict =
        verdicts.find(|verdict| vietext::fold(replacement_word(programme, **verdict)) == word)?;
    let [file, form, ..] = row.keys.clone();
    Some(ReplacementAnswer {
        file: FileId(file),
        form,
        verdict: *verdict,
        reason: row.reason.clone(),
        by: row.by.clone(),
    })
}

/// The answer on an amount as the ledger keeps it; nothing if it is none of those offered.
pub(crate) fn to_amount_answer(programme: &Programme, row: &Reviewed) -> Option<AmountAnswer> {
    let word = vietext::fold(&row.answer);
    let mut verdicts = AmountVerdict::ALL.iter();
    let verdict =
        verdicts.find(|verdict| vietext::fold(amount_word(programme, **verdict)) == word)?;
    let [department, form, column, subject, amount, ..] = row.keys.clone();
    Some(AmountAnswer {
        department,
        form,
        column,
        subject: Some(subject)
            .filter(|it| it != NO_SUPPORT)
            .unwrap_or_default(),
        amount: amount.trim_end_matches([' ', 'đ']).parse().ok()?,
        verdict: *verdict,
        reason: row.reason.clone(),
        by: row.by.clone(),
    })
}

/// The answer of a row as the ledger keeps it; nothing if it is none of those offered.
///
/// An answer on support is kept by the fingerprints of both cases, one on enterprises by those of both mentions: it
/// holds for as long as these stay.
pub(crate) fn to_answer(programme: &Programme, row: &Reviewed) -> Option<Answer> {
    let verdict = verdict_of(programme, &row.answer)?;
    let [
        left_party,
        right_party,
        left_support,
        right_support,
        left_about,
        right_about,
    ] = row.keys.clone();
    let is_on_support = match verdict {
        Verdict::Duplicate | Verdict::Joint | Verdict::NotDuplicate => true,
        Verdict::Continues
        | Verdict::Ended
        | Verdict::Mistaken
        | Verdict::Counts
        | Verdict::NotCounted => true,
        Verdict::Same | Verdict::Different => false,
        Verdict::Verify => left_support != NO_SUPPORT,
    };
    let prints = match is_on_support {
        true => [left_support, right_support],
        false => [left_party, right_party],
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
