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

#[cfg(test)]
mod tests {
    use super::{absolute, cell, place, quoted};
    use model::CellRef;

    #[test]
    fn cells_are_named_as_formulas_name_them() {
        assert_eq!(cell(4, 27), "AB5");
        assert_eq!(absolute("Tổng hợp", 4, 6), "='Tổng hợp'!$G$5");
        assert_eq!(quoted("Lưu ý 'mới'"), "'Lưu ý ''mới'''");
    }

    #[test]
    fn a_cell_beyond_the_last_column_is_an_error() {
        let at = |col| place(CellRef { row: 3, col });
        assert_eq!(at(16).unwrap(), (3, 16));
        assert!(at(70_000).is_err());
    }
}
