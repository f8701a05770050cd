//! What a person does not see on a sheet is no part of the report: it is left out, and a finding says so.

use crate::grid::{Cell, Merged, Row, SheetGrid, Shows, Value, column_letters};
use crate::observe::{MAX_NAMED, Narrow, observe};
use model::{CellRef, Check, Observation};

/// Takes what is hidden out of a sheet, or all of it if the sheet is hidden itself; what held something is an observation.
pub(crate) fn leave_out_hidden(sheet: &mut SheetGrid) -> Vec<Observation> {
    let mut observations = Vec::new();
    observations.extend(leave_out_rows(sheet));
    observations.extend(leave_out_columns(sheet));
    observations.extend(leave_out_unseen_cells(sheet));
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
        .take(MAX_NAMED)
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
    let cells = leave_out_cells(&mut sheet.rows, |_, cell| is_hidden(cell.col));
    let mut columns: Vec<String> = cells.iter().map(|cell| column_letters(cell.col)).collect();
    columns.sort();
    columns.dedup();
    found_in(sheet, &columns, cells)
}

/// Leaves out cells that show nothing, and those that merged cells cover.
fn leave_out_unseen_cells(sheet: &mut SheetGrid) -> Option<Observation> {
    let shows_nothing = |cell: &Cell| cell.format.shows == Shows::Nothing;
    // Most sheets show all their cells.
    let mut cells = sheet.rows.iter().flat_map(|row| &row.cells);
    if sheet.merged.is_empty() && !cells.any(shows_nothing) {
        return None;
    }
    let covers = Covers::of(sheet);
    let before = count(&sheet.rows);
    let cells = leave_out_cells(&mut sheet.rows, |row, cell| {
        shows_nothing(cell) || covers.hide(row, cell)
    });
    sheet.left_out += before - count(&sheet.rows);
    let names: Vec<String> = cells
        .iter()
        .take(MAX_NAMED)
        .map(CellRef::to_string)
        .collect();
    found_in(sheet, &names, cells)
}

/// Takes cells out of rows, and rows that are left without any; the places of the cells.
fn leave_out_cells(rows: &mut Vec<Row>, is_left_out: impl Fn(u32, &Cell) -> bool) -> Vec<CellRef> {
    let mut cells = Vec::new();
    for row in rows.iter_mut() {
        let index = row.index;
        row.cells.retain(|cell| {
            let is_left_out = is_left_out(index, cell);
            if is_left_out {
                let (row, col) = (index, cell.col);
                cells.push(CellRef { row, col });
            }
            !is_left_out
        });
    }
    if !cells.is_empty() {
        rows.retain(|row| !row.cells.is_empty());
    }
    cells
}

/// What merged cells cover: only the first is seen.
struct Covers {
    /// Each with the value that is seen, by their first rows.
    merged: Vec<(Merged, Option<Value>)>,
    /// The most rows that one of them goes over.
    height: u32,
}

impl Covers {
    fn of(sheet: &SheetGrid) -> Self {
        let mut merged: Vec<(Merged, Option<Value>)> = sheet
            .merged
            .iter()
            .map(|merged| (*merged, sheet.value(merged.first).cloned()))
            .collect();
        merged.sort_by_key(|(merged, _)| merged.first.row);
        let height = merged
            .iter()
            .map(|(merged, _)| merged.last.row.saturating_sub(merged.first.row))
            .max()
            .unwrap_or(0);
        Self { merged, height }
    }

    /// Whether a cell is covered by others. One that holds the text that is seen is none: people write it in each cell
    /// before they merge them, and it says no more. An amount would count again.
    fn hide(&self, row: u32, cell: &Cell) -> bool {
        let from = row.saturating_sub(self.height);
        let start = self
            .merged
            .partition_point(|(merged, _)| merged.first.row < from);
        self.merged[start..]
            .iter()
            .take_while(|(merged, _)| merged.first.row <= row)
            .any(|(merged, seen)| {
                let is_first = (merged.first.row, merged.first.col) == (row, cell.col);
                let is_within = row <= merged.last.row
                    && (merged.first.col..=merged.last.col).contains(&cell.col);
                let says_the_same =
                    matches!(cell.value, Value::Text(_)) && seen.as_ref() == Some(&cell.value);
                is_within && !is_first && !says_the_same
            })
    }
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
    use crate::grid::{Cell, CellFormat, Merged, Row, SheetGrid, Shows, Value};

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

    fn cell(col: u32, value: Value) -> Cell {
        Cell::plain(col, value)
    }

    #[test]
    fn cells_that_show_nothing_are_left_out_and_named() {
        let mut sheet = sheet();
        let unseen = CellFormat {
            shows: Shows::Nothing,
            ..CellFormat::default()
        };
        sheet.rows[1].cells[1].format = unseen;
        sheet.rows[2]
            .cells
            .iter_mut()
            .for_each(|cell| cell.format = unseen);
        let observations = leave_out_hidden(&mut sheet);
        assert_eq!(observations[0].found, "C2, A6, C6, D6");
        assert_eq!((sheet.rows.len(), sheet.left_out), (2, 1));
        assert_eq!(sheet.rows[1].cells.len(), 2);
    }

    #[test]
    fn amounts_under_merged_cells_are_left_out_and_texts_that_say_the_same_stay() {
        let text = |text: &str| Value::Text(text.into());
        let row = |index, cells: Vec<Cell>| Row { index, cells };
        let mut sheet = SheetGrid {
            rows: vec![
                row(4, vec![cell(1, text("Hà")), cell(14, Value::Number(150.0))]),
                row(5, vec![cell(1, text("Hà")), cell(14, Value::Number(150.0))]),
                row(6, vec![cell(1, text("An")), cell(14, Value::Number(150.0))]),
                row(7, vec![cell(1, text("Hà")), cell(14, Value::Number(150.0))]),
            ],
            merged: ["B5:B7", "O5:P7", "A1:Z1"]
                .map(|range| {
                    let (first, last) = range.split_once(':').unwrap();
                    Merged {
                        first: first.parse().unwrap(),
                        last: last.parse().unwrap(),
                    }
                })
                .to_vec(),
            ..SheetGrid::default()
        };
        let observations = leave_out_hidden(&mut sheet);
        assert_eq!(observations.len(), 1);
        assert_eq!(observations[0].found, "O6, B7, O7");
        let left: Vec<(u32, usize)> = sheet
            .rows
            .iter()
            .map(|row| (row.index, row.cells.len()))
            .collect();
        assert_eq!((left, sheet.left_out), (vec![(4, 2), (5, 1), (7, 2)], 1));
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
