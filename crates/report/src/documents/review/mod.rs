//! The questions for a person: written into a workbook, and read back from it with the answers.

mod columns;
pub(crate) mod input;
pub(crate) mod read;

use crate::documents::review::columns::{HEAD, RECORD, RecordSide, ReviewContent, columns};
use crate::documents::review::input::{ReviewInput, ReviewRow, ReviewSheet, ReviewSubject};
use crate::error::ReportError;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::clipped;
use crate::formats::xlsx::workbook::{setup, titled};
use rust_xlsxwriter::{Color, DataValidation, Format, Worksheet};

/// Writes the questions, one on a row; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when they do not fit a workbook.
pub fn review(input: &ReviewInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = titled(input.words.get("review_title"), input.at)?;
    let styles = Styles::new();
    // A sheet without questions would only be opened for nothing.
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
    let columns = columns(questions.layout);
    sheet.set_name(questions.name)?;
    setup(sheet, None);
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
    for (col, column) in (0..).zip(&columns) {
        if column.content == ReviewContent::Answer {
            offer_answers(sheet, col, &questions.rows)?;
        }
        if column.heading.is_none() {
            sheet.set_column_hidden(col)?;
        }
    }
    Ok(())
}

/// The most letters that a list of choices may have.
const LONGEST_LIST: usize = 255;

/// Puts the answers into dropdowns, one for all rows that follow one another with the same answers.
fn offer_answers(sheet: &mut Worksheet, col: u16, rows: &[ReviewRow]) -> Result<(), ReportError> {
    let mut row = HEAD + 1;
    for same in rows.chunk_by(|one, other| one.answers == other.answers) {
        let count = u32::try_from(same.len()).unwrap_or(u32::MAX - HEAD);
        let last = row.saturating_add(count) - 1;
        let answers = &same[0].answers;
        // Answers that no list can hold are typed: a comma parts the choices.
        let is_list = !answers.is_empty() && answers.iter().all(|it| !it.contains([',', '"']));
        if is_list && answers.join(",").chars().count() <= LONGEST_LIST {
            let answers = DataValidation::new().allow_list_strings(answers)?;
            sheet.add_data_validation(row, col, last, col, &answers)?;
        }
        row = last + 1;
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
        ReviewContent::Single(field) => match &question.subject {
            ReviewSubject::Single(fields) => (&fields[field], &styles.text),
            ReviewSubject::Pair(_) => return Ok(()),
        },
        ReviewContent::Record(side, field) => {
            let ReviewSubject::Pair(sides) = &question.subject else {
                return Ok(());
            };
            let [left, right] = &**sides;
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
    let fields: Vec<&String> = match &question.subject {
        ReviewSubject::Pair(sides) => sides.iter().flatten().collect(),
        ReviewSubject::Single(fields) => fields.iter().collect(),
    };
    let longest = fields
        .into_iter()
        .map(|text| text.chars().count().div_ceil(18))
        .max()
        .unwrap_or(1);
    let lines = longest
        .max(question.evidence.chars().count().div_ceil(44))
        .clamp(1, 12);
    u16::try_from(lines).unwrap_or(1)
}
