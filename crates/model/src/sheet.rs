use crate::CellRef;
use chrono::NaiveDate;

/// A sheet as it came, to be written again: hidden rows and columns shown, texts in today's letters.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCopy {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Its cells, row by row.
    pub cells: Vec<(CellRef, CellCopy)>,
    /// Cells merged into one: first and last.
    pub merged: Vec<(CellRef, CellRef)>,
}

/// What the numbers of a sheet that holds a form came to: none is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct AmountCount {
    /// Amounts and counts in rows of data.
    pub counted: u32,
    /// Amounts in rows of totals.
    pub totals: u32,
    /// Numbers that a finding names: of columns beyond the form, of rows that wait, beside the table.
    pub named: u32,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellCopy {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
    /// A formula without a stored result.
    Formula(String),
}
