use crate::error::ReportError;
use model::CellRef;
use rust_xlsxwriter::XlsxError;

/// A cell's place as the writing library counts.
///
/// # Errors
/// When it is beyond the last column of a workbook.
pub(crate) fn place(cell: CellRef) -> Result<(u32, u16), ReportError> {
    let col = u16::try_from(cell.col).map_err(|_| XlsxError::RowColumnLimitError)?;
    Ok((cell.row, col))
}

/// A cell's name for a formula.
pub(crate) fn cell(row: u32, col: u16) -> String {
    CellRef {
        row,
        col: u32::from(col),
    }
    .to_string()
}

/// A cell's name that does not move: `='Tổng hợp'!$G$5`.
pub(crate) fn absolute(sheet: &str, row: u32, col: u16) -> String {
    let name = cell(row, col);
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    format!("={}!${letters}${}", quoted(sheet), row + 1)
}

/// A sheet's name in an address.
pub(crate) fn quoted(sheet: &str) -> String {
    format!("'{}'", sheet.replace('\'', "''"))
}
