//! What the styles of a workbook make of a number, as the reading library says: it is asked about one number in each style.

use crate::formats::calamine_values::streamed_value;
use crate::formats::cell_styles::{CellStyle, CellStyles};
use crate::formats::number_format::NumberFormat;
use crate::formats::xml::each_element;
use crate::formats::zip_members::archive_of;
use crate::grid::Value;
use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx};
use calamine::{SheetVisible, XlsxCellReader};
use std::fmt::Write;
use std::io::Cursor;

/// A workbook with more styles than this is not asked.
const MOST_STYLES: usize = 10_000;

/// The sheets of a workbook and its styles, by their numbers.
pub(crate) struct ProbedStyles {
    pub sheets: Vec<(String, SheetVisible)>,
    pub styles: CellStyles,
    numbers: Vec<NumberKind>,
}

/// What a number in a style is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum NumberKind {
    Number,
    Moment {
        kind: ExcelDateTimeType,
        from_1904: bool,
    },
}

/// The workbook of these parts, with one sheet's cells in the place of all others': a number in each of its styles. Nothing if
/// there are too many styles.
pub(crate) fn probe(parts: &[(&str, &[u8])], styles: &[u8], sheets: &[&str]) -> Option<Vec<u8>> {
    let mut count = 0;
    each_element(styles, |element| {
        count += usize::from(element.local_name().as_ref() == "xf");
    });
    if count > MOST_STYLES {
        return None;
    }
    let mut probe = "<worksheet><sheetData><row r=\"1\">".to_owned();
    for style in 0..=count {
        write!(probe, "<c r=\"A1\" s=\"{style}\"><v>1</v></c>").ok()?;
    }
    probe.push_str("</row></sheetData></worksheet>");
    let sheets = sheets.iter().map(|place| (*place, probe.as_bytes()));
    archive_of(parts.iter().copied().chain(sheets))
}

impl ProbedStyles {
    /// What the library says of such a workbook; nothing if it cannot read it.
    pub(crate) fn read(probe: &[u8]) -> Option<Self> {
        let mut workbook = Xlsx::new(Cursor::new(probe)).ok()?;
        let sheets = workbook.sheets_metadata().iter();
        let sheets: Vec<(String, SheetVisible)> =
            sheets.map(|it| (it.name.clone(), it.visible)).collect();
        let (first, _) = sheets.first()?;
        let mut cells = workbook.worksheet_cells_reader(first).ok()?;
        let styles = cell_styles(&cells);
        let mut numbers = Vec::new();
        while let Some(cell) = cells.next_cell().ok()? {
            numbers.push(match cell.get_value() {
                DataRef::Float(_) => NumberKind::Number,
                DataRef::DateTime(moment) => NumberKind::Moment {
                    kind: match moment.is_datetime() {
                        true => ExcelDateTimeType::DateTime,
                        false => ExcelDateTimeType::TimeDelta,
                    },
                    // The first day is one of 1900 or of 1904.
                    from_1904: moment.to_ymd_hms_milli().0 >= 1904,
                },
                _ => return None,
            });
        }
        Some(Self {
            sheets,
            styles,
            numbers,
        })
    }

    /// A number in a cell of that style, or of none; nothing if the style is not known.
    #[inline(always)]
    pub(crate) fn value(&self, number: f64, style: Option<usize>) -> Option<Value> {
        let kind = match style {
            Some(style) => *self.numbers.get(style)?,
            None => NumberKind::Number,
        };
        match kind {
            NumberKind::Number => Some(Value::Number(number)),
            NumberKind::Moment { kind, from_1904 } => {
                let moment = DataRef::DateTime(ExcelDateTime::new(number, kind, from_1904));
                streamed_value(&moment, |_, _| None)
            }
        }
    }
}

/// How the styles of a workbook show what stands in a cell.
pub(crate) fn cell_styles<RS: std::io::Read + std::io::Seek>(
    cells: &XlsxCellReader<'_, RS>,
) -> CellStyles {
    let style = |style: &calamine::Style| CellStyle {
        number: style
            .number_format
            .as_ref()
            .map_or_else(NumberFormat::default, |format| {
                NumberFormat::parse(&format.format_code)
            }),
        is_struck: style.font.as_ref().is_some_and(|font| font.strikethrough),
    };
    cells.styles().iter().map(style).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_STYLES, ProbedStyles, probe};
    use crate::grid::Value;

    /// A workbook's parts but for its sheet, with number formats of these codes, the first style having none.
    fn probed(codes: &[&str], date1904: &str) -> Option<ProbedStyles> {
        let formats = (200..).zip(codes);
        let (mut defined, mut used) = (String::new(), String::new());
        for (id, code) in formats {
            defined.push_str(&format!(
                "<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>"
            ));
            used.push_str(&format!("<xf numFmtId=\"{id}\"/>"));
        }
        let styles = format!(
            "<styleSheet><numFmts>{defined}</numFmts><cellXfs><xf/>{used}<xf numFmtId=\"14\"/></cellXfs></styleSheet>"
        );
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |id: &str, kind: &str, target: &str| {
            format!(
                "<Relationships><Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let root = relation("a", "officeDocument", "xl/workbook.xml");
        let book = format!(
            "<workbook xmlns:r=\"{office}\"><workbookPr date1904=\"{date1904}\"/><sheets><sheet name=\"A\" r:id=\"s\"/></sheets></workbook>"
        );
        let relations = relation("s", "worksheet", "worksheets/sheet1.xml");
        let parts: [(&str, &[u8]); 4] = [
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
        ];
        let probe = probe(&parts, styles.as_bytes(), &["xl/worksheets/sheet1.xml"])?;
        ProbedStyles::read(&probe)
    }

    #[test]
    fn a_number_is_a_day_where_the_library_says_so() {
        let probed = probed(&["dd/mm/yyyy", "#,##0", "[h]:mm"], "0").unwrap();
        let value = |style| probed.value(45_351.0, style);
        let day = Some(Value::Date("2024-02-29".parse().unwrap()));
        let number = Some(Value::Number(45_351.0));
        assert_eq!(
            [None, Some(0), Some(2)].map(value),
            [number.clone(), number.clone(), number.clone()]
        );
        assert_eq!([Some(1), Some(4)].map(value), [day.clone(), day]);
        // A time that has passed is no day.
        assert_eq!(value(Some(3)), number);
        assert_eq!(value(Some(99)), None);
        assert_eq!(probed.sheets[0].0, "A");
    }

    #[test]
    fn days_are_counted_from_where_the_workbook_does() {
        let probed = probed(&["dd/mm/yyyy"], "1").unwrap();
        let day = Value::Date("2028-03-01".parse().unwrap());
        assert_eq!(probed.value(45_351.0, Some(1)), Some(day));
    }

    #[test]
    fn too_many_styles_are_not_asked_about() {
        let styles = "<xf/>".repeat(MOST_STYLES + 1);
        assert!(probe(&[], styles.as_bytes(), &[]).is_none());
    }
}
