//! What a sender hid is no part of the report: it is left out, and a finding says so.

use crate::grid::{Row, SheetGrid, column_letters};
use crate::observe::{Narrow, observe};
use model::{CellRef, Check, Observation};

/// The most rows that a finding names.
const MAX_NAMED_ROWS: usize = 8;

/// Takes what is hidden out of a sheet, or all of it if the sheet is hidden itself; what held something is an observation.
pub(crate) fn leave_out_hidden(sheet: &mut SheetGrid) -> Vec<Observation> {
    let mut observations = Vec::new();
    observations.extend(leave_out_rows(sheet));
    observations.extend(leave_out_columns(sheet));
    observations
}

/// Empties a sheet that is hidden as a whole; an observation if it held anything.
pub(crate) fn leave_out_hidden_sheet(sheet: &mut SheetGrid) -> Option<Observation> {
    if !sheet.is_hidden || sheet.rows.is_empty() {
        return None;
    }
    sheet.left_out += count(&sheet.rows);
    sheet.rows.clear();
    Some(observe(Check::HiddenData, sheet.name.as_str()).on_sheet(&sheet.name))
}

fn count(rows: &[Row]) -> u32 {
    u32::try_from(rows.len()).unwrap_or(u32::MAX)
}

fn leave_out_rows(sheet: &mut SheetGrid) -> Option<Observation> {
    let hidden = &sheet.hidden.rows;
    if hidden.is_empty() {
        return None;
    }
    let mut cells = Vec::new();
    let before = count(&sheet.rows);
    sheet.rows.retain(|row| {
        let is_hidden = hidden.contains(&row.index);
        if is_hidden {
            cells.extend(row.cells.first().map(|cell| row.at(cell.col)));
        }
        !is_hidden
    });
    sheet.left_out = before - count(&sheet.rows);
    let rows: Vec<String> = cells
        .iter()
        .take(MAX_NAMED_ROWS)
        .map(|cell| (cell.row + 1).to_string())
        .collect();
    found_in(sheet, &rows, cells)
}

fn leave_out_columns(sheet: &mut SheetGrid) -> Option<Observation> {
    let hidden = &sheet.hidden.columns;
    if hidden.is_empty() {
        return None;
    }
    let is_hidden = |col: u32| hidden.iter().any(|columns| columns.contains(&col));
    let mut cells = Vec::new();
    for row in &mut sheet.rows {
        let index = row.index;
        row.cells.retain(|cell| {
            let is_hidden = is_hidden(cell.col);
            if is_hidden {
                cells.push(CellRef {
                    row: index,
                    col: cell.col,
                });
            }
            !is_hidden
        });
    }
    if !cells.is_empty() {
        sheet.rows.retain(|row| !row.cells.is_empty());
    }
    let mut columns: Vec<String> = cells.iter().map(|cell| column_letters(cell.col)).collect();
    columns.sort();
    columns.dedup();
    found_in(sheet, &columns, cells)
}

/// An observation about hidden cells that held something; none if all were blank.
fn found_in(sheet: &SheetGrid, names: &[String], cells: Vec<CellRef>) -> Option<Observation> {
    if cells.is_empty() {
        return None;
    }
    let observation = observe(Check::HiddenData, names.join(", ")).on_sheet(&sheet.name);
    Some(Observation {
        cells,
        ..observation
    })
}

#[cfg(test)]
mod tests {
    use super::{leave_out_hidden, leave_out_hidden_sheet};
    use crate::grid::{Cell, Row, SheetGrid, Value};

    /// A sheet of three rows, each with cells in A, C and D.
    fn sheet() -> SheetGrid {
        let cells = || {
            [0, 2, 3]
                .map(|col| Cell::plain(col, Value::Number(1.0)))
                .to_vec()
        };
        SheetGrid {
            name: "Biểu 3".to_owned(),
            rows: [0, 1, 5]
                .map(|index| Row {
                    index,
                    cells: cells(),
                })
                .to_vec(),
            ..SheetGrid::default()
        }
    }

    #[test]
    fn hidden_rows_are_left_out_counted_and_named() {
        let mut sheet = sheet();
        sheet.hidden.rows.extend([1, 3, 5]);
        let observations = leave_out_hidden(&mut sheet);
        assert_eq!((sheet.rows.len(), sheet.left_out), (1, 2));
        assert_eq!(observations.len(), 1);
        assert_eq!(observations[0].found, "2, 6");
        let cells: Vec<String> = observations[0]
            .cells
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(cells, ["A2", "A6"]);
    }

    #[test]
    fn hidden_columns_are_left_out_and_named_by_their_letters() {
        let mut sheet = sheet();
        sheet.hidden.columns.extend([1..=1, 2..=3]);
        let observations = leave_out_hidden(&mut sheet);
        assert_eq!(observations[0].found, "C, D");
        assert_eq!(observations[0].cells.len(), 6);
        assert!(sheet.rows.iter().all(|row| row.cells.len() == 1));
        assert_eq!(sheet.left_out, 0);
    }

    #[test]
    fn blank_parts_are_hidden_without_a_word() {
        let mut sheet = sheet();
        sheet.hidden.rows.insert(4);
        sheet.hidden.columns.push(1..=1);
        assert_eq!(leave_out_hidden(&mut sheet), []);
        assert_eq!(sheet.rows.len(), 3);
    }

    #[test]
    fn a_hidden_sheet_is_emptied() {
        let mut sheet = sheet();
        assert_eq!(leave_out_hidden_sheet(&mut sheet), None);
        sheet.is_hidden = true;
        let observation = leave_out_hidden_sheet(&mut sheet).unwrap();
        assert_eq!(observation.found, "Biểu 3");
        assert_eq!((sheet.rows.len(), sheet.left_out), (0, 3));
        assert_eq!(leave_out_hidden_sheet(&mut sheet), None);
    }
}
