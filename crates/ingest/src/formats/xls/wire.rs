//! Sheets on their way from the process that reads a workbook to ours.

use crate::grid::{Cell, Merged, Row, SheetGrid, Value};
use chrono::NaiveDate;
use model::CellRef;
use serde::{Deserialize, Serialize};

/// A sheet as it is written to the other process.
#[derive(Serialize, Deserialize)]
pub(crate) struct WireSheet {
    name: String,
    is_hidden: bool,
    cut: Option<String>,
    merged: Vec<[u32; 4]>,
    rows: Vec<(u32, Vec<(u32, WireValue)>)>,
}

#[derive(Serialize, Deserialize)]
enum WireValue {
    Text(String),
    /// The bits of the number: no digit is lost on the way.
    Number(u64),
    Bool(bool),
    Date(NaiveDate),
    Error(String),
    Formula(String),
}

impl WireSheet {
    pub(crate) fn from_grid(sheet: &SheetGrid) -> Self {
        let value = |value: &Value| match value {
            Value::Text(text) => WireValue::Text(text.to_string()),
            Value::Number(number) => WireValue::Number(number.to_bits()),
            Value::Bool(flag) => WireValue::Bool(*flag),
            Value::Date(day) => WireValue::Date(*day),
            Value::Error(text) => WireValue::Error(text.to_string()),
            Value::Formula(formula) => WireValue::Formula(formula.to_string()),
        };
        let row = |row: &Row| {
            (
                row.index,
                row.cells
                    .iter()
                    .map(|cell| (cell.col, value(&cell.value)))
                    .collect(),
            )
        };
        Self {
            name: sheet.name.clone(),
            is_hidden: sheet.is_hidden,
            cut: sheet.cut.clone(),
            merged: sheet
                .merged
                .iter()
                .map(|m| [m.first.row, m.first.col, m.last.row, m.last.col])
                .collect(),
            rows: sheet.rows.iter().map(row).collect(),
        }
    }

    pub(crate) fn into_grid(self) -> SheetGrid {
        let value = |value| match value {
            WireValue::Text(text) => Value::Text(text.into()),
            WireValue::Number(bits) => Value::Number(f64::from_bits(bits)),
            WireValue::Bool(flag) => Value::Bool(flag),
            WireValue::Date(day) => Value::Date(day),
            WireValue::Error(text) => Value::Error(text.into()),
            WireValue::Formula(formula) => Value::Formula(formula.into()),
        };
        let cells = |cells: Vec<(u32, WireValue)>| {
            cells
                .into_iter()
                .map(|(col, passed)| Cell::plain(col, value(passed)))
                .collect()
        };
        let merged = |[top, left, bottom, right]: [u32; 4]| Merged {
            first: CellRef {
                row: top,
                col: left,
            },
            last: CellRef {
                row: bottom,
                col: right,
            },
        };
        SheetGrid {
            name: self.name,
            is_hidden: self.is_hidden,
            cut: self.cut,
            merged: self.merged.into_iter().map(merged).collect(),
            rows: self
                .rows
                .into_iter()
                .map(|(index, row)| Row {
                    index,
                    cells: cells(row),
                })
                .collect(),
            // What is hidden is added by the process that asked.
            ..SheetGrid::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WireSheet;
    use crate::grid::{Cell, Row, SheetGrid, Value};

    #[test]
    fn nothing_is_lost_on_the_way() {
        let values = [
            Value::Text("Công ty".into()),
            Value::Number(0.1 + 0.2),
            Value::Bool(true),
            Value::Date("2024-02-29".parse().unwrap()),
            Value::Error("#REF!".into()),
            Value::Formula("A1".into()),
        ];
        let cells = (0..)
            .zip(values)
            .map(|(col, value)| Cell::plain(col, value))
            .collect();
        let sheet = SheetGrid {
            name: "Biểu 3".to_owned(),
            rows: vec![Row { index: 7, cells }],
            ..SheetGrid::default()
        };
        let passed = serde_json::to_vec(&WireSheet::from_grid(&sheet)).unwrap();
        let back = serde_json::from_slice::<WireSheet>(&passed)
            .unwrap()
            .into_grid();
        assert_eq!((back.name, back.rows), (sheet.name, sheet.rows));
    }
}
