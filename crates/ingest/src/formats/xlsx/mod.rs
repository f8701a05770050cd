//! Workbooks of XML in a zip (.xlsx, ECMA-376).
//!
//! The library streams the cells; what is hidden and merged and from which day on days are counted is read here.

mod cells;
mod filters;
mod package;
mod plain_cells;
mod plain_sheets;
mod plain_texts;
mod probed_styles;
mod sheet_part;
mod struck_runs;
mod unread_cells;
mod workbook_parts;
mod written_cells;

use crate::formats::cell_styles::strike;
use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::grid::{CellFonts, SheetGrid};
use cells::{legacy_fonts, read_cells};
use workbook_parts::WorkbookParts;

pub(crate) struct Xlsx;

impl FileFormat for Xlsx {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let parts = WorkbookParts::read(file)?;
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

    /// Another pass over the cells of every sheet.
    fn fonts(&self, file: &IncomingFile<'_>) -> CellFonts {
        let stored = WorkbookParts::read(file)
            .ok()
            .and_then(|parts| parts.stored);
        legacy_fonts(stored.as_deref().unwrap_or(file.bytes), file.limits)
    }
}

#[cfg(test)]
mod tests {
    use super::Xlsx;
    use crate::formats::file_format::{FileFormat, IncomingFile};
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

    /// A style in the last row and column makes a range of seventeen thousand million cells, few of which are there.
    #[test]
    fn fonts_are_those_of_cells_that_are_there() {
        let text = "== A\nx | y\n@@<row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row>\n";
        let mut parts = testkit::xlsx_parts(text);
        for (name, content) in &mut parts {
            if name.ends_with("styles.xml") {
                let styles = String::from_utf8_lossy(content)
                    .replace("Times New Roman", ".VnTime")
                    .replace(
                        "<cellXfs count=\"2\"><xf/>",
                        "<cellXfs count=\"2\"><xf fontId=\"0\"/>",
                    );
                *content = styles.into_bytes();
            }
        }
        let bytes = testkit::archive(&parts);
        let fonts = Xlsx.fonts(&file(&bytes, Purpose::Report.limits()));
        assert_eq!(fonts.get(&(0, 0, 1)).map(String::as_str), Some(".VnTime"));
        assert!(fonts.len() <= 3, "{fonts:?}");
    }
}
