//! Binary workbooks in a compound file (.xls, [MS-XLS]).

mod shared_texts;
mod stream;
mod styles;

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
        read(file.bytes).map_err(OpenError::Damaged)
    }

    fn fonts(&self, file: &IncomingFile<'_>) -> CellFonts {
        stream::inspect(file.bytes, file.limits.member).fonts
    }
}

/// Opens an .xls.
///
/// The limits are those of a report for lists too: a sheet of this format has 65,536 rows at most.
///
/// # Errors
/// What the library says of a damaged workbook.
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
    use super::read;
    use crate::formats::contents::COMPOUND;

    #[test]
    fn a_damaged_workbook_is_an_error_in_words() {
        assert!(!read(COMPOUND).unwrap_err().is_empty());
    }
}
