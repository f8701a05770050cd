use crate::grid::Value;
use crate::workbook;
use model::{CellCopy, SheetCopy};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Copies the sheets of a workbook; nothing where it cannot be opened.
pub fn copy(bytes: &[u8]) -> Vec<SheetCopy> {
    let Ok(sheets) = workbook::open_all(bytes) else {
        return Vec::new();
    };
    sheets
        .into_iter()
        .map(|sheet| SheetCopy {
            cells: sheet
                .rows
                .iter()
                .flat_map(|row| {
                    row.cells
                        .iter()
                        .map(|cell| (row.at(cell.col), copied(&cell.value)))
                })
                .collect(),
            merged: sheet
                .merged
                .iter()
                .map(|merged| (merged.first, merged.last))
                .collect(),
            is_hidden: sheet.is_hidden,
            name: sheet.name,
        })
        .collect()
}

fn copied(value: &Value) -> CellCopy {
    match value {
        Value::Text(text) => CellCopy::Text(text.to_string()),
        Value::Error(text) => CellCopy::Text(text.to_string()),
        // As it is shown, without what binary fractions add.
        Value::Number(number) => CellCopy::Number(
            Value::decimal(*number)
                .as_ref()
                .and_then(Decimal::to_f64)
                .unwrap_or(*number),
        ),
        Value::Bool(flag) => CellCopy::Flag(*flag),
        Value::Date(day) => CellCopy::Day(*day),
        Value::Formula(formula) => CellCopy::Formula(formula.to_string()),
    }
}
