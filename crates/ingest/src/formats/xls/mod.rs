//! Binary workbooks in a compound file (.xls, [MS-XLS]).
//!
//! A binary workbook says inside how much memory its reader should ask for; no check of sizes beforehand finds a lie
//! there, and a process that asks for too much is ended by the system. So such a file is opened in a process of its
//! own, with a limit of memory and of time: should it go down, the file is damaged, and the others go on.

pub(crate) mod process;
mod shared_texts;
mod stream;
mod styles;
pub(crate) mod wire;

use crate::formats::calamine_values::merged_cells;
use crate::formats::cell_styles::strike;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::stored_results::StoredResults;
use crate::formats::whole_ranges::{LibraryWorkbook, read_ranges};
use crate::grid::{CellFonts, SheetGrid};
use crate::limits::Purpose;
use calamine::{Reader, Sheets};
use model::CellRef;

pub(crate) struct Xls;

impl FileFormat for Xls {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        process::read_apart(file.bytes)
            .unwrap_or_else(|| read_here(file.bytes))
            .map_err(OpenError::Damaged)
    }

    fn fonts(&self, file: &IncomingFile<'_>) -> CellFonts {
        stream::inspect(file.bytes, file.limits.member).fonts
    }
}

/// Opens an .xls in this process.
///
/// The limits are those of a report for lists too: a sheet of this format has 65,536 rows at most.
///
/// # Errors
/// What the library says of a damaged workbook.
pub(crate) fn read_here(bytes: &[u8]) -> Result<Vec<SheetGrid>, String> {
    std::panic::catch_unwind(|| read(bytes)).unwrap_or_else(|_| {
        Err("nội dung tệp mâu thuẫn (contents that contradict themselves)".to_owned())
    })
}

fn read(bytes: &[u8]) -> Result<Vec<SheetGrid>, String> {
    let limits = Purpose::Report.limits();
    let parts = stream::inspect(bytes, limits.member);
    let mut results = StoredResults::default();
    let mut sheets = read_ranges(bytes, limits, |workbook, number, sheet| {
        if let Sheets::Xls(xls) = workbook {
            let merged = xls.merge_cells_by_sheet_name(&sheet.name);
            sheet.merged = merged
                .unwrap_or_default()
                .iter()
                .map(merged_cells)
                .collect();
        }
        if !parts.is_calculated {
            note_results(workbook, number, sheet, &mut results);
        }
    })?;
    for sheet in &mut sheets {
        sheet.from_1904 = parts.from_1904;
    }
    results.take_back(&mut sheets);
    for (sheet, part) in sheets.iter_mut().zip(parts.sheets) {
        sheet.hidden = part.hidden;
        parts.styles.apply(sheet, &part.styled);
        strike(sheet, &part.struck);
    }
    Ok(sheets)
}

/// Takes note of the formulas of a sheet and their results.
fn note_results(
    workbook: &mut LibraryWorkbook<'_>,
    number: usize,
    sheet: &SheetGrid,
    results: &mut StoredResults,
) {
    let Ok(formulas) = workbook.worksheet_formula(&sheet.name) else {
        return;
    };
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, col, formula) in formulas.used_cells() {
        let (Ok(row), Ok(col)) = (u32::try_from(row), u32::try_from(col)) else {
            return;
        };
        let at = CellRef {
            row: top + row,
            col: left + col,
        };
        results.add(number, at, formula, sheet.value(at));
    }
}

#[cfg(test)]
mod tests {
    use super::read_here;
    use crate::formats::contents::COMPOUND;

    #[test]
    fn a_damaged_workbook_is_an_error_in_words() {
        assert!(!read_here(COMPOUND).unwrap_err().is_empty());
    }
}
