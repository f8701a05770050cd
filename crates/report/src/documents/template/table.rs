use crate::display;
use crate::documents::template::carry_over::carry_over;
use crate::documents::template::column::{EntryColumn, columns};
use crate::documents::template::dropdowns::DropdownLists;
use crate::documents::template::input::TemplateInput;
use crate::documents::template::styles::{TemplateStyles, protect};
use crate::error::ReportError;
use programme::Form;
use rust_xlsxwriter::Worksheet;

/// The row of the heading, from 0; numbering, examples and entries follow.
const HEAD: u32 = 6;
const NUMBERING: u32 = HEAD + 1;
const EXAMPLE: u32 = HEAD + 2;
const FIRST_ENTRY: u32 = HEAD + 3;

/// Writes a blank table: a heading, a row of examples, and empty rows to fill in, the first ones with running cases.
///
/// # Errors
/// When it does not fit a workbook.
pub(crate) fn write(
    sheet: &mut Worksheet,
    form: &Form,
    input: &TemplateInput<'_>,
    lists: &DropdownLists,
    styles: &TemplateStyles,
) -> Result<(), ReportError> {
    titles(sheet, form, input, styles)?;
    let columns = columns(form, input, lists, styles)?;
    let bottom = EXAMPLE + input.programme.report.template.rows;
    for (col, column) in (0..).zip(&columns) {
        write_column(sheet, col, column, bottom, styles)?;
    }
    if let Some(running) = input.running.get(&form.code) {
        carry_over(sheet, FIRST_ENTRY, &columns, (form, running), input)?;
    }
    sheet.set_row_height(HEAD, 48)?;
    sheet
        .set_freeze_panes(HEAD + 1, 2)?
        .set_repeat_rows(HEAD, HEAD)?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX) - 1;
    sheet.set_print_area(0, 0, bottom, last)?;
    protect(sheet);
    Ok(())
}

/// Who reports on what, for when, in which unit.
fn titles(
    sheet: &mut Worksheet,
    form: &Form,
    input: &TemplateInput<'_>,
    styles: &TemplateStyles,
) -> Result<(), ReportError> {
    let template = &input.programme.report.template;
    let words = &input.programme.words;
    let mut period = display::period(words, input.period);
    // A quarter's report holds all since the year's first day (VI.1.d).
    if input.period.quarter_number().is_some() {
        period = format!("{period} {}", words.get("year_to_date"));
    }
    let title = format!("{}. {}", form.sheet, form.title.vi.to_uppercase());
    let period = words.render_template("period_line", [("period", &period)]);
    let header = &input.programme.report.header;
    let parent = header.template_parent_on(input.period.last_day());
    let parent = parent.unwrap_or(&template.parent);
    sheet.write_with_format(0, 0, parent, &styles.plain)?;
    sheet.write_with_format(1, 0, input.department.name.to_uppercase(), &styles.bold)?;
    sheet.write_with_format(3, 0, title, &styles.bold)?;
    sheet.write_with_format(4, 0, period, &styles.plain)?;
    if form.has_money() {
        let unit = words.render_template("unit_line", [("unit", &template.unit)]);
        sheet.write_with_format(5, 0, unit, &styles.plain)?;
    }
    Ok(())
}

fn write_column(
    sheet: &mut Worksheet,
    col: u16,
    column: &EntryColumn<'_>,
    bottom: u32,
    styles: &TemplateStyles,
) -> Result<(), ReportError> {
    sheet.set_column_width(col, column.width)?;
    sheet.write_with_format(HEAD, col, &column.heading, &styles.heading)?;
    sheet.write_with_format(NUMBERING, col, format!("({})", col + 1), &styles.small)?;
    sheet.write_with_format(EXAMPLE, col, &column.example, &styles.example)?;
    // What the rules say stands on the heading, so that the sheet itself needs no instructions.
    if let Some(note) = &column.heading_note {
        sheet.insert_note(HEAD, col, note)?;
    }
    if let Some(note) = &column.example_note {
        sheet.insert_note(EXAMPLE, col, note)?;
    }
    if let Some(validation) = &column.validation {
        sheet.add_data_validation(FIRST_ENTRY, col, bottom, col, validation)?;
    }
    for row in FIRST_ENTRY..=bottom {
        sheet.write_blank(row, col, &column.entry)?;
    }
    Ok(())
}
