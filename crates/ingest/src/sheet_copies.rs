//! A workbook's cells for the copy that goes back to the sender.

use crate::grid::Value;
use crate::sandbox::open_all;
use chrono::Datelike;
use model::{CellCopy, SheetCopy};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::ops::RangeInclusive;

/// The first and the last year of a day that a workbook of Excel can hold.
const YEARS: RangeInclusive<i32> = 1900..=9999;

/// Copies the sheets of a workbook, hidden parts and all; none if it cannot be opened.
pub fn sheet_copies(bytes: &[u8]) -> Vec<SheetCopy> {
    let Ok(sheets) = open_all(bytes) else {
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
                        .map(|cell| (row.at(cell.col), cell_copy(&cell.value)))
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

fn cell_copy(value: &Value) -> CellCopy {
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
        Value::Date(day) if !YEARS.contains(&day.year()) => CellCopy::Text(value.shown()),
        Value::Date(day) => CellCopy::Day(*day),
        Value::Formula(formula) => CellCopy::Formula(formula.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{cell_copy, sheet_copies};
    use crate::grid::Value;
    use model::CellCopy;

    #[test]
    fn all_cells_are_copied_as_they_are_shown() {
        let bytes = testkit::workbook("== A\nTên | 0.30000000000000004 | #REF!\n==hidden B\n=A1\n");
        let copies = sheet_copies(&bytes);
        let cells: Vec<(String, &CellCopy)> = copies[0]
            .cells
            .iter()
            .map(|(at, cell)| (at.to_string(), cell))
            .collect();
        assert_eq!(
            cells,
            [
                ("A1".to_owned(), &CellCopy::Text("Tên".to_owned())),
                ("B1".to_owned(), &CellCopy::Number(0.3)),
                ("C1".to_owned(), &CellCopy::Text("#REF!".to_owned())),
            ]
        );
        assert!(copies[1].is_hidden);
        assert_eq!(copies[1].cells[0].1, CellCopy::Formula("A1".to_owned()));
    }

    #[test]
    fn a_day_that_excel_cannot_hold_is_copied_as_text() {
        let copy = |day: &str| cell_copy(&Value::Date(day.parse().unwrap()));
        let (early, late) = (copy("1024-05-15"), copy("+20240-05-15"));
        assert_eq!(early, CellCopy::Text("15/05/1024".to_owned()));
        assert!(matches!(late, CellCopy::Text(_)));
        assert!(matches!(copy("1900-01-01"), CellCopy::Day(_)));
        assert!(matches!(copy("9999-12-31"), CellCopy::Day(_)));
    }

    #[test]
    fn what_cannot_be_opened_has_no_copy() {
        assert_eq!(sheet_copies(b"%PDF-1.7"), []);
    }
}
