//! Sheets that the reading library gives as whole ranges: all formats but .xlsx, whose cells it streams.

use crate::formats::calamine_values::{empty_sheet, owned_value};
use crate::formats::row_collector::RowCollector;
use crate::grid::SheetGrid;
use crate::limits::Limits;
use calamine::{Reader, Sheets};
use std::collections::HashSet;
use std::io::Cursor;

/// The library's workbook of whichever format it found.
pub(crate) type LibraryWorkbook<'a> = Sheets<Cursor<&'a [u8]>>;

/// Reads the sheets of a workbook; `finish` adds to each, by its place, what else the library knows of it.
///
/// # Errors
/// What the library says of a workbook that it cannot open, or that two sheets have one name: it finds them by that.
pub(crate) fn read_ranges(
    bytes: &[u8],
    limits: &Limits,
    mut finish: impl FnMut(&mut LibraryWorkbook<'_>, usize, &mut SheetGrid),
) -> Result<Vec<SheetGrid>, String> {
    // The library looks for the format once more and asks them in its own order: should our look at the bytes have been
    // wrong, the sheets are read nevertheless.
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| error.to_string())?;
    let mut sheets = Vec::new();
    let mut names = HashSet::new();
    for (number, metadata) in workbook.sheets_metadata().to_vec().into_iter().enumerate() {
        if !names.insert(metadata.name.clone()) {
            return Err(format!("two sheets named '{}'", metadata.name));
        }
        let mut sheet = empty_sheet(&metadata.name, metadata.visible);
        let mut rows = RowCollector::new(limits);
        match workbook.worksheet_range(&metadata.name) {
            Err(error) => sheet.cut = Some(error.to_string()),
            Ok(range) => {
                // Places within a range are counted from its first cell, not from A1.
                let (top, left) = range.start().unwrap_or_default();
                for (row, col, value) in range.used_cells() {
                    let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else {
                        break;
                    };
                    if !rows.push(top + row, left + col, owned_value(value)) {
                        sheet.cut = Some(rows.limit_in_words());
                        break;
                    }
                }
            }
        }
        sheet.rows = rows.finish();
        finish(&mut workbook, number, &mut sheet);
        sheets.push(sheet);
    }
    Ok(sheets)
}
