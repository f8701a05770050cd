//! What goes back to a sender whose workbook has something to mend.

pub(crate) mod input;
mod list;
mod sheet_copy;

use crate::documents::feedback::input::FeedbackInput;
use crate::error::ReportError;
use crate::formats::xlsx::sheet_name::fitting_names;
use crate::formats::xlsx::styles::Styles;
use crate::formats::xlsx::workbook::titled;
use model::{CellRef, Finding, OutputKind};
use std::collections::BTreeMap;

/// Writes what goes back to a sender; gives the bytes of an .xlsx.
///
/// # Errors
/// [`ReportError`] when the sheets do not fit a workbook.
pub fn feedback(input: &FeedbackInput<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = titled(OutputKind::Feedback, &input.words.title, input.at)?;
    let styles = Styles::new();
    let names = input.sheets.iter().map(|sheet| sheet.name.as_str());
    let names = fitting_names(&input.words.sheet, names);
    list::write(workbook.add_worksheet(), input, &names, &styles)?;
    for (sheet, name) in input.sheets.iter().zip(&names) {
        let mut marks: BTreeMap<CellRef, Vec<&Finding>> = BTreeMap::new();
        for finding in input
            .findings
            .iter()
            .filter(|f| f.sheet.as_deref() == Some(sheet.name.as_str()))
        {
            for cell in finding.cells.iter().filter_map(|cell| cell.parse().ok()) {
                marks.entry(cell).or_default().push(finding);
            }
        }
        sheet_copy::write(workbook.add_worksheet(), sheet, name, &marks)?;
    }
    Ok(workbook.save_to_buffer()?)
}
