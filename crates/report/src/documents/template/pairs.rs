use crate::display;
use crate::documents::template::input::TemplateInput;
use crate::documents::template::styles::{TemplateStyles, protect};
use crate::error::ReportError;
use programme::{ColumnType, Form, Layout, ReporterColumns};
use rust_xlsxwriter::{DataValidation, Worksheet};

/// The columns of the labels and of their values.
const LABEL: u16 = 0;
const VALUE: u16 = 1;

/// Writes a form of labels with their values beside them. What is known of the sender is filled in already.
///
/// # Errors
/// When it does not fit a workbook.
pub(crate) fn write(
    sheet: &mut Worksheet,
    form: &Form,
    input: &TemplateInput<'_>,
    styles: &TemplateStyles,
) -> Result<(), ReportError> {
    sheet
        .set_column_width(LABEL, 24)?
        .set_column_width(VALUE, 52)?;
    sheet.write_with_format(0, LABEL, form.title.vi.to_uppercase(), &styles.bold)?;
    let is_named = |place: fn(&ReporterColumns) -> &String, name: &String| {
        form.reporter
            .as_ref()
            .is_some_and(|reporter| place(reporter) == name)
    };
    for (row, column) in (2u32..).zip(&form.columns) {
        sheet.write_with_format(row, LABEL, &column.heading, &styles.bold)?;
        let words = &input.programme.words;
        if is_named(|reporter| &reporter.department, &column.name) {
            sheet.write_with_format(row, VALUE, &input.department.name, &styles.plain)?;
        } else if is_named(|reporter| &reporter.period, &column.name) {
            let period = display::period(words, input.period);
            sheet.write_with_format(row, VALUE, period, &styles.plain)?;
        } else {
            sheet.write_blank(row, VALUE, &styles.entry(&column.kind))?;
        }
    }
    let below = 3 + u32::try_from(form.columns.len()).unwrap_or(0);
    write_changes(sheet, below, input, styles)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    protect(sheet);
    Ok(())
}

/// Writes a place for each form where a sender says whether it replaces what was sent before.
fn write_changes(
    sheet: &mut Worksheet,
    first: u32,
    input: &TemplateInput<'_>,
    styles: &TemplateStyles,
) -> Result<(), ReportError> {
    let words = &input.programme.words;
    sheet.write_with_format(first, LABEL, words.get("form_changes_head"), &styles.plain)?;
    let forms = input.programme.forms.values();
    let tables = forms.filter(|form| form.layout == Layout::Table && !form.own_workbook);
    let mut row = first;
    for form in tables {
        row += 1;
        sheet.write_with_format(row, LABEL, &form.sheet, &styles.bold)?;
        sheet.write_blank(row, VALUE, &styles.entry(&ColumnType::Text))?;
    }
    let offered = ["form_unchanged", "form_whole"].map(|word| words.get(word));
    let offered = DataValidation::new().allow_list_strings(&offered)?;
    if row > first {
        sheet.add_data_validation(first + 1, VALUE, row, VALUE, &offered)?;
    }
    Ok(())
}
