use crate::ReportError;
use crate::style::Styles;
use crate::xlsx::{begin, clipped, setup};
use chrono::{DateTime, FixedOffset, NaiveDate};
use model::{CellCopy, SheetCopy};
use programme::Words;
use rust_xlsxwriter::{DataValidation, Worksheet};
use std::collections::BTreeMap;

/// The questions that wait for a person.
#[derive(Debug)]
pub struct ReviewInput<'a> {
    /// The programme's words.
    pub words: &'a Words,
    /// When they are asked.
    pub at: DateTime<FixedOffset>,
    /// The answers offered.
    pub answers: Vec<&'a str>,
    /// The sheets, those without rows left out.
    pub sheets: Vec<ReviewSheet<'a>>,
}

/// A sheet of questions.
#[derive(Debug)]
pub struct ReviewSheet<'a> {
    /// Its name.
    pub name: &'a str,
    /// What a person should do.
    pub intro: &'a str,
    /// The questions.
    pub rows: Vec<ReviewRow>,
}

/// A question: two records next to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRow {
    /// What is asked.
    pub question: String,
    /// Both records: who says it, name, tax code, address, contents and tools, time, place.
    pub sides: [[String; FIELDS]; 2],
    /// What speaks for and against.
    pub evidence: String,
    /// The answer proposed.
    pub proposal: String,
    /// What was answered before something changed.
    pub previous: String,
    /// What the program needs to know the question again; not shown.
    pub keys: [String; KEYS],
}

/// A row that a person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The answer, as it is written.
    pub answer: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// The last day on which it holds.
    pub until: Option<NaiveDate>,
    /// The keys of the question.
    pub keys: [String; KEYS],
}

const FIELDS: usize = 7;
const KEYS: usize = 6;

/// The columns: the key of the heading, the width in characters.
const SIDE: [(&str, u16); FIELDS] = [
    ("overlap_source", 14),
    ("enterprise", 28),
    ("tax_code_head", 15),
    ("address_head", 24),
    ("overlap_what", 15),
    ("overlap_span", 13),
    ("overlap_place", 24),
];
const LEFT: u16 = 2;
const RIGHT: u16 = 9;
const EVIDENCE: u16 = 16;
const ANSWER: u16 = EVIDENCE + 3;
const HIDDEN: u16 = ANSWER + 4;
const HEAD: u32 = 3;

/// Writes the questions, one on a row, both records next to each other; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when they do not fit a workbook.
pub fn review(input: &ReviewInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = begin(input.words.get("review_title"), input.at)?;
    let styles = Styles::new();
    for questions in input.sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        write(workbook.add_worksheet(), input, questions, &styles)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write(
    sheet: &mut Worksheet,
    input: &ReviewInput<'_>,
    questions: &ReviewSheet<'_>,
    styles: &Styles,
) -> Result<(), ReportError> {
    let words = input.words;
    sheet.set_name(questions.name)?;
    setup(sheet);
    // Two records next to each other are wider than a page.
    sheet
        .set_print_fit_to_pages(2, 0)
        .set_repeat_columns(0, 1)?;
    sheet.write_with_format(0, 0, words.get("review_title"), &styles.bold)?;
    sheet.write_with_format(1, 0, questions.intro, &styles.plain)?;
    let one = |key: &'static str, width: u16| (words.get(key), width);
    let mut headings = vec![one("no", 5), one("review_question", 20)];
    headings.extend(
        SIDE.iter()
            .chain(&SIDE)
            .map(|&(key, width)| one(key, width)),
    );
    headings.extend([
        one("review_evidence", 40),
        one("review_proposal", 16),
        one("review_previous", 24),
    ]);
    headings.extend([
        one("review_answer", 20),
        one("review_reason", 28),
        one("review_by", 16),
        one("review_until", 13),
    ]);
    for (col, (text, width)) in (0..).zip(&headings) {
        sheet.set_column_width(col, f64::from(*width))?;
        sheet.write_with_format(HEAD, col, *text, &styles.heading)?;
    }
    sheet.set_row_height(HEAD, 32)?;
    sheet
        .set_freeze_panes(HEAD + 1, 2)?
        .set_repeat_rows(HEAD, HEAD)?;
    let entry = styles
        .text
        .clone()
        .set_background_color(rust_xlsxwriter::Color::RGB(0xFF_F7_DC));
    for (number, question) in (1u32..).zip(&questions.rows) {
        let row = HEAD + number;
        sheet.write_with_format(row, 0, number, &styles.center)?;
        sheet.write_string_with_format(row, 1, &*clipped(&question.question), &styles.text)?;
        let [left, right] = &question.sides;
        for (at, (a, b)) in (0u16..).zip(left.iter().zip(right)) {
            // What differs stands out; who says it and where always do.
            let differs = (1..5).contains(&at) && a != b;
            let format = if differs {
                &styles.text_bold
            } else {
                &styles.text
            };
            sheet.write_string_with_format(row, LEFT + at, &*clipped(a), format)?;
            sheet.write_string_with_format(row, RIGHT + at, &*clipped(b), format)?;
        }
        for (col, text) in
            (EVIDENCE..).zip([&question.evidence, &question.proposal, &question.previous])
        {
            sheet.write_string_with_format(row, col, &*clipped(text), &styles.text)?;
        }
        for col in ANSWER..HIDDEN {
            sheet.write_blank(row, col, &entry)?;
        }
        for (col, key) in (HIDDEN..).zip(&question.keys) {
            sheet.write_string(row, col, key)?;
        }
        let longest = left
            .iter()
            .chain(right)
            .map(|text| text.chars().count().div_ceil(18))
            .max()
            .unwrap_or(1);
        let lines = longest
            .max(question.evidence.chars().count().div_ceil(44))
            .clamp(1, 12);
        sheet.set_row_height(row, 15 * u16::try_from(lines).unwrap_or(1))?;
    }
    let last = HEAD
        + u32::try_from(questions.rows.len())
            .unwrap_or(u32::MAX - HEAD)
            .max(1);
    sheet.add_data_validation(
        HEAD + 1,
        ANSWER,
        last,
        ANSWER,
        &DataValidation::new().allow_list_strings(&input.answers)?,
    )?;
    for (col, _) in (HIDDEN..).zip(0..KEYS) {
        sheet.set_column_hidden(col)?;
    }
    Ok(())
}

/// The rows of a review sheet that a person answered, in their order.
pub fn read_review(sheet: &SheetCopy) -> Vec<Reviewed> {
    let mut rows: BTreeMap<u32, BTreeMap<u32, &CellCopy>> = BTreeMap::new();
    for (cell, value) in sheet.cells.iter().filter(|(cell, _)| cell.row > HEAD) {
        rows.entry(cell.row).or_default().insert(cell.col, value);
    }
    let read = |cells: &BTreeMap<u32, &CellCopy>| {
        let text = |col: u16| match cells.get(&u32::from(col)) {
            Some(CellCopy::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        };
        let until = match cells.get(&u32::from(ANSWER + 3)) {
            Some(CellCopy::Day(day)) => Some(*day),
            Some(CellCopy::Text(text)) => NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y").ok(),
            _ => None,
        };
        let keys: [String; KEYS] =
            std::array::from_fn(|i| text(HIDDEN + u16::try_from(i).unwrap_or_default()));
        let reviewed = Reviewed {
            answer: text(ANSWER),
            reason: text(ANSWER + 1),
            by: text(ANSWER + 2),
            until,
            keys,
        };
        (!reviewed.answer.is_empty() && reviewed.keys.iter().all(|key| !key.is_empty()))
            .then_some(reviewed)
    };
    rows.values().filter_map(read).collect()
}
