//! Workbooks of XML in a zip (.xlsx, ECMA-376).
//!
//! The library streams the cells; what is hidden and merged and from which day on days are counted is read here.

mod cells;
mod filters;
mod package;
mod sheet_part;
mod struck_runs;
mod unread_cells;
mod written_cells;

use crate::formats::cell_styles::strike;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::zip_members::ZipMembers;
use crate::grid::{CellFonts, HiddenParts, Merged, SheetGrid};
use crate::limits::check_sheet_count;
use calamine::{Reader, Xlsx as Library};
use cells::read_cells;
use model::CellRef;
use package::{Package, PackageSheet};
use sheet_part::SheetPart;
use std::io::Cursor;

pub(crate) struct Xlsx;

/// What is read of a workbook beside its cells.
#[derive(Debug, Default)]
struct WorkbookParts {
    sheets: Vec<XlsxSheet>,
    /// How many texts the sheets share.
    strings: usize,
    from_1904: bool,
    /// Whether the results of its formulas may be none: see [`Package::asks_to_calculate`].
    asks_to_calculate: bool,
    /// The workbook with its members unzipped and where the library looks for them, unless it is large and as usual.
    stored: Option<Vec<u8>>,
}

/// What is read of a sheet beside its cells.
#[derive(Debug)]
struct XlsxSheet {
    hidden: HiddenParts,
    merged: Vec<Merged>,
    has_formulas: bool,
    /// Cells whose text is struck through, though their font is not.
    struck: Vec<CellRef>,
    /// The member that holds it, in what the library reads.
    member: String,
}

impl FileFormat for Xlsx {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let parts = inspect(file)?;
        let bytes = parts.stored.as_deref().unwrap_or(file.bytes);
        let mut sheets = read_cells(bytes, &parts, file.limits)
            .map_err(|error| OpenError::Damaged(error.to_string()))?;
        for sheet in &mut sheets {
            sheet.from_1904 = parts.from_1904;
        }
        for (sheet, part) in sheets.iter_mut().zip(parts.sheets) {
            sheet.hidden = part.hidden;
            sheet.merged = part.merged;
            strike(sheet, &part.struck);
        }
        Ok(sheets)
    }

    /// The library reads styles apart from cells, so that this is another pass over every sheet.
    fn fonts(&self, file: &IncomingFile<'_>) -> CellFonts {
        let mut fonts = CellFonts::new();
        let Ok(mut workbook) = Library::new(Cursor::new(file.bytes)) else {
            return fonts;
        };
        for (number, name) in workbook.sheet_names().into_iter().enumerate() {
            let Ok(styles) = workbook.worksheet_style(&name) else {
                continue;
            };
            for (row, col, style) in styles.cells() {
                let font = style.font.as_ref().and_then(|font| font.name.as_deref());
                if let Some(font) = font.filter(|font| vietext::legacy_font(font).is_some()) {
                    fonts.insert((number, row, col), font.to_owned());
                }
            }
        }
        fonts
    }
}

/// Unzips a workbook within the limits and reads what is hidden and merged.
///
/// # Errors
/// The limit that is passed, or that its parts cannot be found.
fn inspect(file: &IncomingFile<'_>) -> Result<WorkbookParts, OpenError> {
    let members = ZipMembers::unzip(file)?;
    if members.is_empty() {
        // Not even an archive: the library says what is wrong.
        return Ok(WorkbookParts::default());
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
    check_sheet_count(package.sheets.len()).map_err(OpenError::TooLarge)?;
    let mut sheets: Vec<XlsxSheet> = package
        .sheets
        .iter()
        .map(|sheet| read_sheet(&package, &members, sheet))
        .collect();
    let (from_1904, asks_to_calculate) = (package.from_1904, package.asks_to_calculate);
    let stored = if package.is_usual(&members) {
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
    Ok(WorkbookParts {
        sheets,
        strings,
        from_1904,
        asks_to_calculate,
        stored,
    })
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
    }
}

#[cfg(test)]
mod tests {
    use super::{Xlsx, inspect};
    use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
    use crate::grid::{SheetGrid, Value};
    use crate::limits::{Limits, Purpose};

    fn file<'a>(bytes: &'a [u8], limits: &'a Limits) -> IncomingFile<'a> {
        IncomingFile {
            name: "a.xlsx",
            bytes,
            limits,
        }
    }

    fn open(text: &str) -> Vec<SheetGrid> {
        let bytes = testkit::workbook(text);
        Xlsx.open(&file(&bytes, Purpose::Report.limits())).unwrap()
    }

    #[test]
    fn values_formulas_and_errors_are_told_apart() {
        let sheets = open("== A\nSố | 12.5 | 2024-02-29 | #REF! | =B1*2\n");
        let values: Vec<&Value> = sheets[0].rows[0].cells.iter().map(|c| &c.value).collect();
        assert_eq!(
            values,
            [
                &Value::Text("Số".into()),
                &Value::Number(12.5),
                &Value::Date("2024-02-29".parse().unwrap()),
                &Value::Error("#REF!".into()),
                &Value::Formula("B1*2".into()),
            ]
        );
    }

    #[test]
    fn hidden_rows_and_sheets_are_read_and_marked() {
        let sheets = open(
            "== A\na\n@@<row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>5</v></c></row>\n==hidden B\nb\n",
        );
        assert!(sheets[0].hidden.rows.iter().eq(&[1]));
        assert_eq!(sheets[0].rows.len(), 2);
        assert_eq!((sheets[0].is_hidden, sheets[1].is_hidden), (false, true));
    }

    #[test]
    fn a_cell_that_the_library_cannot_read_is_an_error_where_it_stands() {
        let sheets = open(
            "== A\n@@<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" t=\"e\"><v>#OTHER!</v></c><c r=\"C1\"><v>3</v></c></row>\n",
        );
        assert_eq!(sheets[0].cut, None);
        let row = &sheets[0].rows[0];
        assert_eq!(row.cell(1), Some(&Value::Error("#OTHER!".into())));
        assert_eq!(row.cell(2), Some(&Value::Number(3.0)));
    }

    #[test]
    fn a_sheet_past_the_limit_of_cells_is_cut_and_the_next_is_read() {
        let bytes = testkit::workbook("== A\n1 | 2 | 3\n== B\n4\n");
        let limits = Limits {
            cells: 2,
            ..*Purpose::Report.limits()
        };
        let sheets = Xlsx.open(&file(&bytes, &limits)).unwrap();
        assert_eq!(sheets[0].cut.as_deref(), Some("2 cells"));
        assert_eq!(sheets[1].rows[0].cell(0), Some(&Value::Number(4.0)));
    }

    #[test]
    fn too_many_sheets_are_refused() {
        let bytes = testkit::workbook(&"== A\n".repeat(257));
        let refused = inspect(&file(&bytes, Purpose::Report.limits())).unwrap_err();
        let expected = "257 > 256 sheets".to_owned();
        assert_eq!(refused, OpenError::TooLarge(expected));
    }
}
