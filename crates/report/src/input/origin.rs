use std::collections::BTreeMap;

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordOrigin {
    /// The department.
    pub department: String,
    /// The file's hash.
    pub file: String,
    /// The file's name when it came in.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: i64,
    /// The cell of each of the form's columns, by name.
    pub cells: BTreeMap<String, String>,
}

impl RecordOrigin {
    /// The cell of a column; the row's first if the column has none.
    pub fn cell(&self, field: &str) -> String {
        // Not every value that counts stands in a column of the form: its row is found all the same.
        match self.cells.get(field) {
            Some(cell) => cell.clone(),
            None => self
                .cells
                .values()
                .next()
                .cloned()
                .unwrap_or_else(|| format!("A{}", self.row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RecordOrigin;

    #[test]
    fn a_value_without_a_cell_of_its_own_is_at_the_rows_first() {
        let origin = |cells: &[(&str, &str)]| RecordOrigin {
            department: "Sở Công Thương".to_owned(),
            file: String::new(),
            file_name: String::new(),
            sheet: "Biểu 3".to_owned(),
            row: 12,
            cells: cells
                .iter()
                .map(|(name, cell)| ((*name).to_owned(), (*cell).to_owned()))
                .collect(),
        };
        let filled = origin(&[("content", "J12"), ("start", "C12")]);
        assert_eq!(filled.cell("start"), "C12");
        assert_eq!(filled.cell("tool"), "J12");
        assert_eq!(origin(&[]).cell("tool"), "A12");
    }
}
