//! Sheets on their way from the process that reads a workbook to ours.

use crate::grid::{Cell, CellFormat, HiddenParts, Merged, Row, SheetGrid, Value};
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
    hidden: HiddenParts,
    from_1904: bool,
    rows: Vec<(u32, Vec<WireCell>)>,
}

/// A cell: its column, what stands there, and its format if it is not shown as it is.
#[derive(Serialize, Deserialize)]
struct WireCell(u32, WireValue, Option<CellFormat>);

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
                    .map(|cell| {
                        let format = Some(cell.format).filter(|f| *f != CellFormat::default());
                        WireCell(cell.col, value(&cell.value), format)
                    })
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
            hidden: sheet.hidden.clone(),
            from_1904: sheet.from_1904,
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
        let cells = |cells: Vec<WireCell>| {
            cells
                .into_iter()
                .map(|WireCell(col, passed, format)| Cell {
                    col,
                    value: value(passed),
                    format: format.unwrap_or_default(),
                })
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
            hidden: self.hidden,
            from_1904: self.from_1904,
            ..SheetGrid::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WireSheet;
    use crate::grid::{Cell, CellFormat, HiddenParts, Row, SheetGrid, Shows, UnitWord, Value};

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
        let mut cells: Vec<Cell> = (0..)
            .zip(values)
            .map(|(col, value)| Cell::plain(col, value))
            .collect();
        cells[1].format = CellFormat {
            shows: Shows::Percent,
            thousands: 2,
            unit: Some(UnitWord::Million),
            is_struck: true,
        };
        let sheet = SheetGrid {
            name: "Biểu 3".to_owned(),
            rows: vec![Row { index: 7, cells }],
            hidden: HiddenParts {
                rows: [4, 9].into(),
                columns: vec![2..=3],
            },
            from_1904: true,
            ..SheetGrid::default()
        };
        let passed = serde_json::to_vec(&WireSheet::from_grid(&sheet)).unwrap();
        let back = serde_json::from_slice::<WireSheet>(&passed)
            .unwrap()
            .into_grid();
        assert_eq!((back.name, back.rows), (sheet.name, sheet.rows));
        assert_eq!((back.hidden, back.from_1904), (sheet.hidden, true));
    }
}
