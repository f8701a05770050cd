use crate::error::ReportError;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::clipped;
use crate::formats::xlsx::workbook::{setup, titled};
use chrono::{DateTime, FixedOffset, NaiveDate};
use model::{CellCopy, SheetCopy};
use programme::Words;
use rust_xlsxwriter::{Color, DataValidation, Format, Worksheet};
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
/// The row of the heading, from 0; title and instructions stand above it.
const HEAD: u32 = 3;

/// What a column of a sheet of questions holds. The writing and the reading back find a column by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReviewContent {
    Number,
    Question,
    /// A field of one of both records.
    Record(RecordSide, usize),
    Evidence,
    Proposal,
    Previous,
    Answer,
    Reason,
    By,
    Until,
    /// What the program knows the question again by; not shown.
    Key(usize),
}

/// One of both records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RecordSide {
    Left,
    Right,
}

/// A column of a sheet of questions.
struct ReviewColumn {
    content: ReviewContent,
    /// The key of the heading; what is not shown has none.
    heading: Option<&'static str>,
    /// In characters.
    width: u16,
}

/// The fields of a record: the key of the heading, the width in characters, and whether a difference matters. Who says
/// it, when and where differ in any case.
const RECORD: [(&str, u16, bool); FIELDS] = [
    ("overlap_source", 14, false),
    ("enterprise", 28, true),
    ("tax_code_head", 15, true),
    ("address_head", 24, true),
    ("overlap_what", 15, true),
    ("overlap_span", 13, false),
    ("overlap_place", 24, false),
];

/// The columns from left to right. A workbook that was sent out is read back by this order: a new one comes last but the
/// keys, and an answered workbook from before it is no longer understood.
fn columns() -> Vec<ReviewColumn> {
    let column = |content, heading, width| ReviewColumn {
        content,
        heading: Some(heading),
        width,
    };
    let record = |side| {
        (0..).zip(RECORD).map(move |(field, (heading, width, _))| {
            column(ReviewContent::Record(side, field), heading, width)
        })
    };
    let mut columns = vec![
        column(ReviewContent::Number, "no", 5),
        column(ReviewContent::Question, "review_question", 20),
    ];
    columns.extend(record(RecordSide::Left));
    columns.extend(record(RecordSide::Right));
    columns.extend([
        column(ReviewContent::Evidence, "review_evidence", 40),
        column(ReviewContent::Proposal, "review_proposal", 16),
        column(ReviewContent::Previous, "review_previous", 24),
        column(ReviewContent::Answer, "review_answer", 20),
        column(ReviewContent::Reason, "review_reason", 28),
        column(ReviewContent::By, "review_by", 16),
        column(ReviewContent::Until, "review_until", 13),
    ]);
    columns.extend((0..KEYS).map(|key| ReviewColumn {
        content: ReviewContent::Key(key),
        heading: None,
        width: 0,
    }));
    columns
}

/// Writes the questions, one on a row, both records next to each other; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when they do not fit a workbook.
pub fn review(input: &ReviewInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = titled(input.words.get("review_title"), input.at)?;
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
    let columns = columns();
    sheet.set_name(questions.name)?;
    setup(sheet);
    // Two records next to each other are wider than a page.
    sheet
        .set_print_fit_to_pages(2, 0)
        .set_repeat_columns(0, 1)?;
    sheet.write_with_format(0, 0, words.get("review_title"), &styles.bold)?;
    sheet.write_with_format(1, 0, questions.intro, &styles.plain)?;
    for (col, column) in (0..).zip(&columns) {
        if let Some(heading) = column.heading {
            sheet.set_column_width(col, f64::from(column.width))?;
            sheet.write_with_format(HEAD, col, words.get(heading), &styles.heading)?;
        }
    }
    sheet.set_row_height(HEAD, 32)?;
    sheet
        .set_freeze_panes(HEAD + 1, 2)?
        .set_repeat_rows(HEAD, HEAD)?;
    let entry = styles
        .text
        .clone()
        .set_background_color(Color::RGB(0xFF_F7_DC));
    for (number, question) in (1u32..).zip(&questions.rows) {
        let row = HEAD + number;
        for (col, column) in (0..).zip(&columns) {
            write_cell(sheet, (row, col), column.content, question, styles, &entry)?;
        }
        sheet.set_row_height(row, 15 * lines_of(question))?;
    }
    let last = HEAD
        + u32::try_from(questions.rows.len())
            .unwrap_or(u32::MAX - HEAD)
            .max(1);
    for (col, column) in (0..).zip(&columns) {
        if column.content == ReviewContent::Answer {
            let answers = DataValidation::new().allow_list_strings(&input.answers)?;
            sheet.add_data_validation(HEAD + 1, col, last, col, &answers)?;
        }
        if column.heading.is_none() {
            sheet.set_column_hidden(col)?;
        }
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    content: ReviewContent,
    question: &ReviewRow,
    styles: &Styles,
    entry: &Format,
) -> Result<(), ReportError> {
    let [left, right] = &question.sides;
    let (text, format) = match content {
        ReviewContent::Number => {
            sheet.write_with_format(row, col, row - HEAD, &styles.center)?;
            return Ok(());
        }
        ReviewContent::Answer
        | ReviewContent::Reason
        | ReviewContent::By
        | ReviewContent::Until => {
            sheet.write_blank(row, col, entry)?;
            return Ok(());
        }
        ReviewContent::Key(key) => {
            sheet.write_string(row, col, &question.keys[key])?;
            return Ok(());
        }
        ReviewContent::Question => (&question.question, &styles.text),
        ReviewContent::Record(side, field) => {
            let text = match side {
                RecordSide::Left => &left[field],
                RecordSide::Right => &right[field],
            };
            // What differs stands out.
            let (.., matters) = RECORD[field];
            let differs = matters && left[field] != right[field];
            let format = if differs {
                &styles.text_bold
            } else {
                &styles.text
            };
            (text, format)
        }
        ReviewContent::Evidence => (&question.evidence, &styles.text),
        ReviewContent::Proposal => (&question.proposal, &styles.text),
        ReviewContent::Previous => (&question.previous, &styles.text),
    };
    sheet.write_string_with_format(row, col, &*clipped(text), format)?;
    Ok(())
}

/// How many lines of text the row of a question needs.
fn lines_of(question: &ReviewRow) -> u16 {
    let longest = question
        .sides
        .iter()
        .flatten()
        .map(|text| text.chars().count().div_ceil(18))
        .max()
        .unwrap_or(1);
    let lines = longest
        .max(question.evidence.chars().count().div_ceil(44))
        .clamp(1, 12);
    u16::try_from(lines).unwrap_or(1)
}

/// The rows of a review sheet that a person answered, in their order.
pub fn read_review(sheet: &SheetCopy) -> Vec<Reviewed> {
    let mut rows: BTreeMap<u32, Vec<(ReviewContent, &CellCopy)>> = BTreeMap::new();
    let columns = columns();
    for (cell, value) in sheet.cells.iter().filter(|(cell, _)| cell.row > HEAD) {
        let column = usize::try_from(cell.col)
            .ok()
            .and_then(|at| columns.get(at));
        if let Some(column) = column {
            rows.entry(cell.row)
                .or_default()
                .push((column.content, value));
        }
    }
    rows.values().filter_map(|cells| read_row(cells)).collect()
}

/// The answer of a row; nothing if it has none, or if its hidden keys are gone.
fn read_row(cells: &[(ReviewContent, &CellCopy)]) -> Option<Reviewed> {
    let value = |wanted: ReviewContent| {
        cells
            .iter()
            .find(|(content, _)| *content == wanted)
            .map(|(_, value)| *value)
    };
    let text = |wanted: ReviewContent| match value(wanted) {
        Some(CellCopy::Text(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    // A day typed as text counts as it is printed everywhere here.
    let until = match value(ReviewContent::Until) {
        Some(CellCopy::Day(day)) => Some(*day),
        Some(CellCopy::Text(text)) => NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y").ok(),
        _ => None,
    };
    let reviewed = Reviewed {
        answer: text(ReviewContent::Answer),
        reason: text(ReviewContent::Reason),
        by: text(ReviewContent::By),
        until,
        keys: std::array::from_fn(|key| text(ReviewContent::Key(key))),
    };
    (!reviewed.answer.is_empty() && reviewed.keys.iter().all(|key| !key.is_empty()))
        .then_some(reviewed)
}
