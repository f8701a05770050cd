//! The questions for a person: written into a workbook, and read back from it with the answers.

mod columns;
pub(crate) mod input;
pub(crate) mod read;

use crate::documents::review::columns::{
    BETWEEN_OFFERED, FOR_GROUP, HEAD, RECORD, RecordSide, ReviewContent, columns,
};
use crate::documents::review::input::{
    CarriedWords, ReviewInput, ReviewRow, ReviewSheet, ReviewSubject,
};
use crate::error::ReportError;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::text::cell_text;
use crate::formats::xlsx::workbook::{setup, titled};
use model::OutputKind;
use programme::Words;
use rust_xlsxwriter::utility::cell_range_absolute;
use rust_xlsxwriter::{Color, DataValidation, Format, Formula, Worksheet};
use std::collections::BTreeMap;

/// Writes the questions, one on a row; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when they do not fit a workbook.
pub fn review(input: &ReviewInput<'_>) -> Result<Vec<u8>, ReportError> {
    let title = input.words.get("review_title");
    let mut workbook = titled(OutputKind::Review, title, input.at)?;
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
    let entry = |color| styles.text.clone().set_background_color(Color::RGB(color));
    let entries = Entries {
        blank: entry(0xFF_F7_DC),
        carried: entry(0xF8_CB_AD),
    };
    for (number, question) in (1u32..).zip(&questions.rows) {
        let row = HEAD + number;
        for (col, column) in (0..).zip(&columns) {
            write_cell(
                sheet,
                (row, col),
                column.content,
                question,
                styles,
                &entries,
            )?;
        }
        sheet.set_row_height(row, 15 * lines_of(question))?;
    }
    let last = HEAD + u32::try_from(questions.rows.len()).unwrap_or(u32::MAX - HEAD);
    for (col, column) in (0..).zip(&columns) {
        if column.content == ReviewContent::Answer {
            let after = u16::try_from(columns.len()).unwrap_or(u16::MAX);
            offer_answers(sheet, (col, after), &questions.rows)?;
            write_progress(sheet, words, (HEAD + 1, last, col), &questions.rows)?;
            sheet.autofilter(HEAD, 0, last, after - 1)?;
        }
        if column.content == ReviewContent::ForGroup && is_used(column.content, &questions.rows) {
            let mark = DataValidation::new().allow_list_strings(&[FOR_GROUP])?;
            sheet.add_data_validation(HEAD + 1, col, last, col, &mark)?;
        }
        if column.heading.is_none() || !is_used(column.content, &questions.rows) {
            sheet.set_column_hidden(col)?;
        }
    }
    Ok(())
}

/// Whether a column says something of any question.
fn is_used(content: ReviewContent, rows: &[ReviewRow]) -> bool {
    match content {
        ReviewContent::Effect => rows.iter().any(|row| !row.effect.is_empty()),
        ReviewContent::Group | ReviewContent::ForGroup => {
            rows.iter().any(|row| !row.group.is_empty())
        }
        _ => true,
    }
}

/// Writes how many of the questions have an answer; the cell counts on while a person fills them in.
fn write_progress(
    sheet: &mut Worksheet,
    words: &Words,
    (first, last, col): (u32, u32, u16),
    rows: &[ReviewRow],
) -> Result<(), ReportError> {
    let all = rows.len().to_string();
    // The count is put in by the formula.
    const COUNT: &str = "\u{1f}";
    let values = [("answered", COUNT), ("all", &*all)];
    let template = words.render_template("review_progress", values);
    let (before, after) = template.split_once(COUNT).unwrap_or((&template, ""));
    let quoted = |text: &str| text.replace('"', "\"\"");
    let answers = cell_range_absolute(first, col, last, col);
    let formula = format!(
        "=\"{}\"&COUNTA({answers})&\"{}\"",
        quoted(before),
        quoted(after)
    );
    let carried = rows.iter().filter(|row| row.carried.is_some()).count();
    let result = format!("{before}{carried}{after}");
    sheet.write_formula(HEAD - 1, 0, Formula::new(formula).set_result(result))?;
    Ok(())
}

/// Puts the answers into dropdowns, one for all rows that follow one another with the same answers.
///
/// The choices stand in columns of the sheet that are not shown, from `first_of_list` on, in the first row that offers them: in
/// the dropdown itself a comma would part them, and they may be no longer than 255 letters.
fn offer_answers(
    sheet: &mut Worksheet,
    (col, first_of_list): (u16, u16),
    rows: &[ReviewRow],
) -> Result<(), ReportError> {
    let mut lists: BTreeMap<&[String], String> = BTreeMap::new();
    let mut row = HEAD + 1;
    let mut end = first_of_list;
    for same in rows.chunk_by(|one, other| one.answers == other.answers) {
        let count = u32::try_from(same.len()).unwrap_or(u32::MAX - HEAD);
        let last = row.saturating_add(count) - 1;
        let answers = same[0].answers.as_slice();
        if !answers.is_empty() {
            if !lists.contains_key(answers) {
                let mut to = first_of_list;
                for (at, answer) in (first_of_list..).zip(answers) {
                    sheet.write_string(row, at, answer)?;
                    to = at;
                }
                end = end.max(to + 1);
                let list = cell_range_absolute(row, first_of_list, row, to);
                lists.insert(answers, format!("={list}"));
            }
            let list = Formula::new(&lists[answers]);
            let list = DataValidation::new().allow_list_formula(list);
            sheet.add_data_validation(row, col, last, col, &list)?;
        }
        row = last + 1;
    }
    for hidden in first_of_list..end {
        sheet.set_column_hidden(hidden)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    (row, col): (u32, u16),
    content: ReviewContent,
    question: &ReviewRow,
    styles: &Styles,
    entries: &Entries,
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
            match &question.carried {
                Some(words) => {
                    let text = cell_text(written_in(words, content));
                    sheet.write_string_with_format(row, col, &*text, &entries.carried)?
                }
                None => sheet.write_blank(row, col, &entries.blank)?,
            };
            return Ok(());
        }
        ReviewContent::ForGroup => {
            if !question.group.is_empty() {
                sheet.write_blank(row, col, &entries.blank)?;
            }
            return Ok(());
        }
        ReviewContent::Effect => (&question.effect, &styles.text),
        ReviewContent::Group => (&question.group, &styles.text),
        ReviewContent::Offered => {
            sheet.write_string(row, col, question.answers.join(BETWEEN_OFFERED))?;
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
        ReviewContent::Previous => match &question.carried {
            Some(words) => {
                let lines = [question.previous.as_str(), words.mark.as_str()];
                let lines = lines.into_iter().filter(|line| !line.is_empty());
                let text = lines.collect::<Vec<_>>().join("\n");
                sheet.write_string_with_format(row, col, &*cell_text(&text), &styles.text_bold)?;
                return Ok(());
            }
            None => (&question.previous, &styles.text),
        },
    };
    sheet.write_string_with_format(row, col, &*cell_text(text), format)?;
    Ok(())
}

/// How the cells look into which a person writes.
struct Entries {
    blank: Format,
    /// What was written there before and not taken.
    carried: Format,
}

/// What a person wrote into one of the cells.
fn written_in(words: &CarriedWords, content: ReviewContent) -> &str {
    match content {
        ReviewContent::Answer => &words.answer,
        ReviewContent::Reason => &words.reason,
        ReviewContent::By => &words.by,
        _ => &words.until,
    }
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
        .max(
            question
                .carried
                .as_ref()
                .map_or(0, |words| words.mark.chars().count().div_ceil(26)),
        )
        .clamp(1, 12);
    u16::try_from(lines).unwrap_or(1)
}
