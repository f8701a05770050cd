//! Binary workbooks in a compound file (.xls, [MS-XLS]).
//!
//! A binary workbook says inside how much memory its reader should ask for; no check of sizes beforehand finds a lie
//! there, and a process that asks for too much is ended by the system. So such a file is opened in a process of its
//! own, with a limit of memory and of time: should it go down, the file is damaged, and the others go on.

pub(crate) mod process;
mod stream;
pub(crate) mod wire;

use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::foreign::{COMPOUND, ForeignFile};
use crate::formats::whole_ranges::read_ranges;
use crate::grid::{CellFonts, SheetGrid};
use crate::limits::Purpose;
use calamine::Sheets;

pub(crate) struct Xls;

impl FileFormat for Xls {
    fn recognises(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(COMPOUND) && ForeignFile::recognise(bytes).is_none()
    }

    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let parts = stream::inspect(file.bytes, file.limits.member);
        let mut sheets = process::read_apart(file.bytes)
            .unwrap_or_else(|| read_here(file.bytes))
            .map_err(OpenError::Damaged)?;
        for sheet in &mut sheets {
            sheet.from_1904 = parts.from_1904;
        }
        for (sheet, hidden) in sheets.iter_mut().zip(parts.sheets) {
            sheet.hidden = hidden;
        }
        Ok(sheets)
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
    let limits = Purpose::Report.limits();
    let read = || {
        read_ranges(bytes, limits, |workbook, sheet| match workbook {
            Sheets::Xls(xls) => xls.merge_cells_by_sheet_name(sheet).unwrap_or_default(),
            _ => Vec::new(),
        })
    };
    std::panic::catch_unwind(read).unwrap_or_else(|_| Err("panic".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Xls, read_here};
    use crate::formats::file_format::FileFormat;
    use crate::formats::foreign::COMPOUND;

    #[test]
    fn a_compound_file_is_taken_for_a_workbook_unless_it_says_otherwise() {
        let named = |name: &str| -> Vec<u8> {
            let name = name.encode_utf16().flat_map(u16::to_le_bytes);
            COMPOUND.iter().copied().chain(name).collect()
        };
        assert!(Xls.recognises(&named("Workbook")) && Xls.recognises(&named("Book")));
        assert!(!Xls.recognises(&named("EncryptedPackage")));
        assert!(!Xls.recognises(&named("WordDocument")));
    }

    #[test]
    fn a_damaged_workbook_is_an_error_in_words() {
        assert!(!read_here(COMPOUND).unwrap_err().is_empty());
    }
}
