use model::CellRef;

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
    use super::{absolute, cell, quoted};

    #[test]
    fn cells_are_named_as_formulas_name_them() {
        assert_eq!(cell(4, 27), "AB5");
        assert_eq!(absolute("Tổng hợp", 4, 6), "='Tổng hợp'!$G$5");
        assert_eq!(quoted("Lưu ý 'mới'"), "'Lưu ý ''mới'''");
    }
}
