//! Sheets that the reading library gives as whole ranges: all formats but .xlsx, whose cells it streams.

use crate::formats::calamine_values::{empty_sheet, owned_value};
use crate::formats::row_collector::RowCollector;
use crate::grid::SheetGrid;
use crate::limits::Limits;
use calamine::{Dimensions, Reader, Sheets};
use std::io::Cursor;

/// The library's workbook of whichever format it found.
pub(crate) type LibraryWorkbook<'a> = Sheets<Cursor<&'a [u8]>>;

/// Reads the sheets of a workbook; `merged_of` gives the merged cells of a sheet by its name, if the library knows.
///
/// # Errors
/// What the library says of a workbook that it cannot open.
pub(crate) fn read_ranges(
    bytes: &[u8],
    limits: &Limits,
    merged_of: impl Fn(&LibraryWorkbook<'_>, &str) -> Vec<Dimensions>,
) -> Result<Vec<SheetGrid>, String> {
    // The library looks for the format once more and asks them in its own order: should our look at the bytes have been
    // wrong, the sheets are read nevertheless.
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| error.to_string())?;
    let mut sheets = Vec::new();
    for metadata in workbook.sheets_metadata().to_vec() {
        let merged = merged_of(&workbook, &metadata.name);
        let mut sheet = empty_sheet(&metadata.name, metadata.visible, &merged);
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
        sheets.push(sheet);
    }
    Ok(sheets)
}
