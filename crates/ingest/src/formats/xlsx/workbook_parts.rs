//! What is read of an .xlsx before its cells: what its sheets hide and merge, and a copy of it in which the library finds
//! every part.

use crate::formats::file_format::{IncomingFile, OpenError};
use crate::formats::xlsx::package::{Package, PackageSheet};
use crate::formats::xlsx::sheet_part::SheetPart;
use crate::formats::zip_members::ZipMembers;
use crate::grid::{HiddenParts, Merged};
use model::CellRef;
use std::ops::Range;

/// What is read of a workbook beside its cells.
#[derive(Debug, Default)]
pub(crate) struct WorkbookParts {
    pub sheets: Vec<XlsxSheet>,
    /// How many texts the sheets share.
    pub strings: usize,
    pub from_1904: bool,
    /// Whether the results of its formulas may be none: see [`Package::asks_to_calculate`].
    pub asks_to_calculate: bool,
    /// The workbook with its members unzipped and where the library looks for them, unless it is large and as usual.
    pub stored: Option<Vec<u8>>,
    /// By what its sheets may be read without the library, as far as they are plain, from those stored members.
    pub plain: Option<PlainParts>,
}

/// What sheets of plain cells are read by.
#[derive(Debug)]
pub(crate) struct PlainParts {
    /// Where the texts lie that the sheets share, if there are any.
    pub strings: Option<Range<usize>>,
    /// See [`Package::probe`].
    pub probe: Vec<u8>,
}

/// What is read of a sheet beside its cells.
#[derive(Debug)]
pub(crate) struct XlsxSheet {
    pub hidden: HiddenParts,
    pub merged: Vec<Merged>,
    pub has_formulas: bool,
    /// Cells whose text is struck through, though their font is not.
    pub struck: Vec<CellRef>,
    /// The member that holds it, in what the library reads.
    pub member: String,
    /// Where what that holds lies among the stored members, if those are the file's.
    pub place: Option<Range<usize>>,
}

impl WorkbookParts {
    /// Unzips a workbook within the limits and reads what is hidden and merged.
    ///
    /// # Errors
    /// The limit that is passed, or that its parts cannot be found.
    pub(crate) fn read(file: &IncomingFile<'_>) -> Result<Self, OpenError> {
        let members = ZipMembers::unzip(file)?;
        if members.is_empty() {
            // Not even an archive: the library says what is wrong.
            return Ok(Self::default());
        }
        let package = Package::find(&members).ok_or_else(|| {
            OpenError::Damaged("no workbook among the parts of the package".to_owned())
        })?;
        let limit = file.limits.strings;
        // Counted and not taken from the table's own `count`, which may lie as any declared size.
        let strings = memchr::memmem::find_iter(package.strings(&members), b"<si").count();
        if strings > limit {
            let limit = format!("xl/sharedStrings.xml: {strings} > {limit}");
            return Err(OpenError::TooLarge(limit));
        }
        package.check()?;
        let mut sheets: Vec<XlsxSheet> = package
            .sheets
            .iter()
            .map(|sheet| read_sheet(&package, &members, sheet))
            .collect();
        let (from_1904, asks_to_calculate) = (package.from_1904, package.asks_to_calculate);
        let mut plain = None;
        let stored = if package.is_usual(&members) {
            plain = package.probe(&members).map(|probe| PlainParts {
                strings: package.place_of_strings(&members),
                probe,
            });
            for sheet in &mut sheets {
                sheet.place = members.range(&sheet.member);
            }
            members.into_stored()
        } else {
            let copy = package.usual_copy(&members);
            copy.map(|(copy, places)| {
                for (sheet, place) in sheets.iter_mut().zip(places) {
                    sheet.member = place;
                }
                copy
            })
        };
        Ok(Self {
            sheets,
            strings,
            from_1904,
            asks_to_calculate,
            plain: plain.filter(|_| stored.is_some()),
            stored,
        })
    }
}

fn read_sheet(package: &Package, members: &ZipMembers, sheet: &PackageSheet) -> XlsxSheet {
    let part = SheetPart::read(
        package.part(members, &sheet.path),
        &package.tables(members, sheet),
    );
    XlsxSheet {
        hidden: part.hidden,
        merged: part.merged,
        has_formulas: part.has_formulas,
        struck: package.struck_cells(members, sheet),
        member: sheet.path.clone(),
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use super::WorkbookParts;
    use crate::formats::file_format::{IncomingFile, OpenError};
    use crate::limits::Purpose;

    #[test]
    fn too_many_sheets_are_refused() {
        let bytes = testkit::workbook(&"== A\n".repeat(257));
        let file = IncomingFile {
            name: "a.xlsx",
            bytes: &bytes,
            limits: Purpose::Report.limits(),
        };
        let refused = WorkbookParts::read(&file).unwrap_err();
        let expected = "257 > 256 sheets".to_owned();
        assert_eq!(refused, OpenError::TooLarge(expected));
    }
}
