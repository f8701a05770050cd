//! The blank workbook that a department fills in.

mod carry_over;
mod column;
mod dropdowns;
pub(crate) mod input;
mod pairs;
mod styles;
mod table;

use crate::display;
use crate::documents::template::dropdowns::DropdownLists;
use crate::documents::template::input::TemplateInput;
use crate::documents::template::styles::TemplateStyles;
use crate::error::ReportError;
use chrono::Datelike;
use programme::{Form, Layout};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// Writes a department's blank workbook; gives the bytes of an .xlsx.
///
/// Every sheet is a form with its headings locked, dropdowns for its lists, the rules' words on its headings and
/// a greyed row of examples. Filled in and sent back it has no finding about its structure.
///
/// # Errors
/// [`ReportError`] when the workbook cannot be made.
pub fn template(input: &TemplateInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let day = input.period.first_day();
    let created = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(2021), 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(display::period(&input.programme.words, input.period))
            .set_creation_datetime(&created),
    );
    let styles = TemplateStyles::new();
    let lists = DropdownLists::from_programme(input.programme);
    let mut forms: Vec<&Form> = input
        .programme
        .forms
        .values()
        .filter(|form| !form.own_workbook)
        .collect();
    forms.sort_by_key(|form| (form.layout == Layout::Table, form.sheet.as_str()));
    for form in forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&form.sheet)?;
        match form.layout {
            Layout::Pairs => pairs::write(sheet, form, input, &styles)?,
            Layout::Table => table::write(sheet, form, input, &lists, &styles)?,
        }
    }
    lists.write(
        workbook.add_worksheet(),
        &input.programme.report.template.list_sheet,
    )?;
    Ok(workbook.save_to_buffer()?)
}
