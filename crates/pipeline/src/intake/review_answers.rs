//! The rows of review workbooks that come back, and which answers they are.

use crate::intake::answer_choice::AnswerChoice;
use crate::intake::on_questions::NO_SUPPORT;
use crate::intake::review_questions::{amount_word, offered_on_records, replacement_word};
use crate::intake::text_questions::{is_on_text, to_text_answer};
use crate::support::answer_index::{ordered, verdict_word};
use ledger::{
    AmountAnswer, AmountVerdict, Answer, AskedOn, HeadingAnswer, QuestionKey, ReplacementAnswer,
    ReplacementVerdict, Verdict,
};
use model::{FileId, HeadingMeaning};
use programme::Programme;
use report::{ReviewLayout, Reviewed};

/// A row into which a person wrote something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReviewedRow {
    pub layout: AskedOn,
    pub row: Reviewed,
}

/// An answer that is among those offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OfferedAnswer {
    Record(Answer),
    Heading(HeadingAnswer),
    Replacement(ReplacementAnswer),
    Amount(AmountAnswer),
}

impl ReviewedRow {
    /// The question it is about.
    pub(crate) fn question(&self) -> QuestionKey {
        QuestionKey {
            layout: self.layout,
            keys: self.row.keys.to_vec(),
        }
    }

    /// Whether an answer on it may have a last day.
    pub(crate) fn has_last_day(&self) -> bool {
        match self.layout {
            AskedOn::Records => !is_on_text(&self.row.keys),
            AskedOn::Headings => true,
            AskedOn::Replacements | AskedOn::Amounts => false,
        }
    }

    /// The answer as the ledger keeps it; nothing if it is none of those offered.
    pub(crate) fn to_offered(
        &self,
        programme: &Programme,
        all: &[&Programme],
    ) -> Option<OfferedAnswer> {
        let row = &self.row;
        match self.layout {
            AskedOn::Records if is_on_text(&row.keys) => {
                to_text_answer(all, row).map(OfferedAnswer::Record)
            }
            AskedOn::Records => to_answer(programme, row).map(OfferedAnswer::Record),
            AskedOn::Headings => to_heading_answer(all, row).map(OfferedAnswer::Heading),
            AskedOn::Replacements => {
                to_replacement_answer(programme, row).map(OfferedAnswer::Replacement)
            }
            AskedOn::Amounts => to_amount_answer(programme, row).map(OfferedAnswer::Amount),
        }
    }
}

impl OfferedAnswer {
    /// Whether it says the same of the same question, whoever says it and why.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Record(one), Self::Record(other)) => {
                one.verdict == other.verdict && one.prints == other.prints
            }
            (Self::Heading(one), Self::Heading(other)) => one.meaning == other.meaning,
            (Self::Replacement(one), Self::Replacement(other)) => one.verdict == other.verdict,
            (Self::Amount(one), Self::Amount(other)) => one.verdict == other.verdict,
            _ => false,
        }
    }

    /// Whether it only says that it has to be looked into.
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Record(answer) => answer.verdict == Verdict::Verify,
            Self::Heading(answer) => answer.meaning.is_none(),
            Self::Replacement(answer) => answer.verdict == ReplacementVerdict::Verify,
            Self::Amount(answer) => answer.verdict == AmountVerdict::Verify,
        }
    }
}

/// The rows of a review workbook into which a person wrote something; nothing if the workbook is none.
pub(crate) fn reviewed_rows(programme: &Programme, bytes: &[u8]) -> Option<Vec<ReviewedRow>> {
    let words = &programme.report.review;
    let mut found = None;
    for sheet in ingest::sheet_copies(bytes) {
        let (layout, columns) = match &sheet.name {
            name if *name == words.headings_sheet => (AskedOn::Headings, ReviewLayout::Headings),
            name if *name == words.replacements_sheet => {
                (AskedOn::Replacements, ReviewLayout::Replacements)
            }
            name if *name == words.amounts_sheet => (AskedOn::Amounts, ReviewLayout::Amounts),
            name if [&words.questions_sheet, &words.joined_sheet].contains(&name) => {
                (AskedOn::Records, ReviewLayout::Pairs)
            }
            _ => continue,
        };
        let rows: &mut Vec<ReviewedRow> = found.get_or_insert_default();
        let of_sheet = report::read_review(&sheet, columns).into_iter();
        rows.extend(of_sheet.map(|row| ReviewedRow { layout, row }));
    }
    found
}

/// The answer on a heading as the ledger keeps it; nothing if it is none of those offered.
fn to_heading_answer(programmes: &[&Programme], row: &Reviewed) -> Option<HeadingAnswer> {
    let [department, form, heading, ..] = row.keys.clone();
    let choice = AnswerChoice::read(&row.answer, &row.offered);
    let meaning = programmes.iter().find_map(|programme| {
        if choice.is(programme.words.get("answer_verify")) {
            return Some(None);
        }
        if choice.is(programme.words.get("answer_not_of_form")) {
            return Some(Some(HeadingMeaning::NotOfForm));
        }
        let columns = &programme.form(&form)?.columns;
        let column = columns.iter().find(|column| choice.is(&column.heading))?;
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
fn to_replacement_answer(programme: &Programme, row: &Reviewed) -> Option<ReplacementAnswer> {
    let choice = AnswerChoice::read(&row.answer, &row.offered);
    let mut verdicts = ReplacementVerdict::ALL.iter();
    let verdict = verdicts.find(|verdict| choice.is(replacement_word(programme, **verdict)))?;
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
fn to_amount_answer(programme: &Programme, row: &Reviewed) -> Option<AmountAnswer> {
    let choice = AnswerChoice::read(&row.answer, &row.offered);
    let mut verdicts = AmountVerdict::ALL.iter();
    let verdict = verdicts.find(|verdict| choice.is(amount_word(programme, **verdict)))?;
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
fn to_answer(programme: &Programme, row: &Reviewed) -> Option<Answer> {
    let verdict = verdict_on(programme, row)?;
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

/// The verdict that an answer on records is: one that its question offers, in the programme's words for support, for other
/// cases, or in those that were offered before.
fn verdict_on(programme: &Programme, row: &Reviewed) -> Option<Verdict> {
    let (offered, words) = offered_on_records(&row.keys);
    let in_order = match row.offered.as_slice() {
        // A workbook from before they stood in it.
        [] | [_] => words_of(programme, offered, words),
        in_order => in_order.to_vec(),
    };
    let choice = AnswerChoice::read(&row.answer, &in_order);
    let verdict = |word: &(Verdict, &str)| choice.is(word.1);
    let own = offered.iter().map(|it| (*it, verdict_word(programme, *it)));
    let others = words
        .iter()
        .map(|(it, key)| (*it, programme.words.get(key)));
    let all: Vec<(Verdict, &str)> = own.chain(others).collect();
    all.into_iter().find(verdict).map(|(it, _)| it)
}

fn words_of(programme: &Programme, offered: &[Verdict], words: &[(Verdict, &str)]) -> Vec<String> {
    let word = |it: &Verdict| {
        let other = words.iter().find(|(verdict, _)| verdict == it);
        other.map_or_else(
            || verdict_word(programme, *it),
            |(_, key)| programme.words.get(key),
        )
    };
    offered.iter().map(|it| word(it).to_owned()).collect()
}
