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
    /// The cell of a column; the row's first where the column has none.
    pub fn cell(&self, field: &str) -> String {
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
