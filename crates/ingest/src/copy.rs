use crate::grid::Value;
use crate::workbook;
use chrono::NaiveDate;
use model::CellRef;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// A sheet as it came, to be written again: hidden rows and columns shown, texts in today's letters.
#[derive(Debug, Clone, PartialEq)]
pub struct CopiedSheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Its cells, row by row.
    pub cells: Vec<(CellRef, CopiedValue)>,
    /// Cells merged into one: first and last.
    pub merged: Vec<(CellRef, CellRef)>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CopiedValue {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
    /// A formula, with its result where the file holds one.
    Formula(String),
}

/// Copies the sheets of a workbook; nothing where it cannot be opened.
pub fn copy(bytes: &[u8]) -> Vec<CopiedSheet> {
    let Ok(sheets) = workbook::open_all(bytes) else { return Vec::new() };
    sheets
        .into_iter()
        .map(|sheet| CopiedSheet {
            cells: sheet
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().map(|cell| (row.at(cell.col), copied(&cell.value))))
                .collect(),
            merged: sheet.merged.iter().map(|merged| (merged.first, merged.last)).collect(),
            is_hidden: sheet.is_hidden,
            name: sheet.name,
        })
        .collect()
}

fn copied(value: &Value) -> CopiedValue {
    match value {
        Value::Text(text) | Value::Error(text) => CopiedValue::Text(text.clone()),
        // As it is shown, without what binary fractions add.
        Value::Number(number) => {
            CopiedValue::Number(Value::decimal(*number).as_ref().and_then(Decimal::to_f64).unwrap_or(*number))
        }
        Value::Bool(flag) => CopiedValue::Flag(*flag),
        Value::Date(day) => CopiedValue::Day(*day),
        Value::Formula(formula) => CopiedValue::Formula(formula.clone()),
    }
}
