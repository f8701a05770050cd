//! What the reading library does not tell of an .xls ([MS-XLS]): what is hidden, how cells are shown, the fonts of texts,
//! from which day on days are counted.

use crate::formats::cell_styles::{CellStyles, StyledCells};
use crate::formats::little_endian::{u16_at, u32_at};
use crate::formats::xls::shared_texts::each_text_with_fonts;
use crate::formats::xls::styles::XlsStyles;
use crate::grid::{CellFonts, HiddenParts};
use model::CellRef;
use std::collections::HashSet;
use std::io::{Cursor, Read};

/// What was found in an .xls.
#[derive(Debug, Default)]
pub(crate) struct StreamParts {
    /// What is read of each sheet.
    pub sheets: Vec<StreamSheet>,
    /// The styles of cells.
    pub styles: CellStyles,
    /// The old fonts of texts.
    pub fonts: CellFonts,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
    /// Whether a version of Excel says that it calculated the workbook.
    pub is_calculated: bool,
}

/// What is read of a sheet.
#[derive(Debug, Default)]
pub(crate) struct StreamSheet {
    pub hidden: HiddenParts,
    /// The cells whose style matters.
    pub styled: StyledCells,
    /// The cells of which a part of the text is struck through.
    pub struck: Vec<CellRef>,
}

/// The kinds of records that matter here ([MS-XLS] 2.3).
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const FONT: u16 = 0x0031;
    pub(super) const CONTINUED: u16 = 0x003C;
    pub(super) const COLUMNS: u16 = 0x007D;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const FILTER: u16 = 0x009B;
    pub(super) const NUMBERS: u16 = 0x00BD;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const STYLE: u16 = 0x00E0;
    pub(super) const TEXTS: u16 = 0x00FC;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const CALCULATED: u16 = 0x01C1;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const FLAG: u16 = 0x0205;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const SHORT_NUMBER: u16 = 0x027E;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// Looks an .xls through; what cannot be read is left out, and the library says what is wrong.
///
/// At most `limit` bytes of its stream are looked at.
pub(crate) fn inspect(bytes: &[u8], limit: u64) -> StreamParts {
    let read = || {
        let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
        // Excel 5 and 95 call it 'Book', later ones 'Workbook'; a file that is saved for both has both.
        let name = ["/Workbook", "/Book"]
            .into_iter()
            .find(|name| file.is_stream(name))?;
        let mut stream = Vec::new();
        file.open_stream(name)
            .ok()?
            .take(limit)
            .read_to_end(&mut stream)
            .ok()?;
        Some(inspect_stream(&stream))
    };
    // The cells may be read even if the reader of the container cannot follow the file.
    std::panic::catch_unwind(read)
        .ok()
        .flatten()
        .unwrap_or_default()
}

fn inspect_stream(stream: &[u8]) -> StreamParts {
    let mut found = StreamParts::default();
    let mut styles = XlsStyles::default();
    let mut sheets = Vec::new();
    let mut texts: Vec<&[u8]> = Vec::new();
    let mut before = 0;
    for (kind, data) in records(stream, 0) {
        match kind {
            kind::BEGIN => {
                styles.is_before_97 = u16_at(data, 0).is_some_and(|version| version < 0x600)
            }
            kind::DATE_1904 => found.from_1904 = u16_at(data, 0) == Some(1),
            kind::CALCULATED => found.is_calculated = true,
            kind::FONT => styles.add_font(data),
            kind::FORMAT => styles.add_format(data),
            kind::STYLE => styles.add_style(data),
            kind::SHEET => {
                sheets.extend(u32_at(data, 0).and_then(|at| usize::try_from(at).ok()));
            }
            kind::TEXTS => texts = vec![data],
            kind::CONTINUED if before == kind::TEXTS => texts.push(data),
            kind::END => break,
            _ => {}
        }
        if kind != kind::CONTINUED {
            before = kind;
        }
    }
    let mut struck_texts = HashSet::new();
    if styles.has_struck_font() {
        let mut number = 0u32;
        each_text_with_fonts(&texts, |fonts| {
            if fonts.iter().any(|font| styles.is_struck(*font)) {
                struck_texts.insert(number);
            }
            number += 1;
        });
    }
    found.styles = styles.cells();
    for (number, start) in sheets.into_iter().enumerate() {
        let sheet = SheetStream {
            number,
            styles: &styles,
            cells: &found.styles,
            struck_texts: &struck_texts,
        };
        found
            .sheets
            .push(sheet.read(stream, start, &mut found.fonts));
    }
    found
}

/// What is needed to read a sheet.
struct SheetStream<'a> {
    number: usize,
    styles: &'a XlsStyles,
    cells: &'a CellStyles,
    struck_texts: &'a HashSet<u32>,
}

impl SheetStream<'_> {
    fn read(&self, stream: &[u8], start: usize, fonts: &mut CellFonts) -> StreamSheet {
        let mut sheet = StreamSheet::default();
        let mut is_filtered = false;
        let mut depth = 0;
        for (kind, data) in records(stream, start) {
            match kind {
                // A chart on the sheet begins and ends within it.
                kind::BEGIN => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                kind::FILTER => is_filtered = true,
                kind::ROW if is_hidden_row(data) => {
                    sheet.hidden.rows.extend(u16_at(data, 0).map(u32::from));
                }
                kind::COLUMNS if is_hidden_column(data) => {
                    let edges = u16_at(data, 0).zip(u16_at(data, 2));
                    let columns = edges.map(|(first, last)| u32::from(first)..=u32::from(last));
                    sheet.hidden.columns.extend(columns);
                }
                _ => self.see_cells(kind, data, &mut sheet, fonts),
            }
        }
        // Rows that a filter hides are not meant to be left out: they count.
        if is_filtered {
            sheet.hidden.rows.clear();
        }
        sheet
    }

    fn see_cells(&self, kind: u16, data: &[u8], sheet: &mut StreamSheet, fonts: &mut CellFonts) {
        let Some((row, col)) = u16_at(data, 0).zip(u16_at(data, 2)) else {
            return;
        };
        let (row, col) = (u32::from(row), u32::from(col));
        let mut see_style = |col: u32, style: Option<u16>| {
            let style = style.map(usize::from);
            if let Some(style) = style.filter(|style| self.cells.matters(*style)) {
                sheet.styled.insert((row, col), style);
            }
        };
        match kind {
            kind::FORMULA | kind::NUMBER | kind::SHORT_NUMBER | kind::FLAG => {
                see_style(col, u16_at(data, 4));
            }
            // Several in one record: a style and four bytes of a number each, and the last column.
            kind::NUMBERS => {
                let numbers = data.get(4..).unwrap_or_default().chunks_exact(6);
                for (col, number) in (col..).zip(numbers) {
                    see_style(col, u16_at(number, 0));
                }
            }
            kind::SHARED_TEXT | kind::TEXT | kind::RICH_TEXT => {
                let style = u16_at(data, 4);
                see_style(col, style);
                if let Some(font) = style.and_then(|style| self.styles.old_font(style)) {
                    fonts.insert((self.number, row, col), font.to_owned());
                }
                let is_struck = match kind {
                    kind::SHARED_TEXT => {
                        let text = u32_at(data, 6);
                        text.is_some_and(|text| self.struck_texts.contains(&text))
                    }
                    kind::RICH_TEXT => self.has_struck_run(data),
                    _ => false,
                };
                sheet
                    .struck
                    .extend(is_struck.then_some(CellRef { row, col }));
            }
            _ => {}
        }
    }

    /// Whether a run of a text that stands in its cell is struck through: before Excel 97 runs are two bytes each, a place
    /// and a font.
    fn has_struck_run(&self, data: &[u8]) -> bool {
        let length = usize::from(u16_at(data, 6).unwrap_or_default());
        let runs = data
            .get(8 + length + 1..)
            .unwrap_or_default()
            .chunks_exact(2);
        let mut fonts = runs.map(|run| u16::from(run[1]));
        self.styles.is_before_97 && fonts.any(|font| self.styles.is_struck(font))
    }
}

fn is_hidden_row(data: &[u8]) -> bool {
    let is_named = u16_at(data, 12).is_some_and(|options| options & 0x20 != 0);
    is_named || u16_at(data, 6).is_some_and(|height| height & 0x7FFF == 0)
}

fn is_hidden_column(data: &[u8]) -> bool {
    let is_named = u16_at(data, 8).is_some_and(|options| options & 1 != 0);
    is_named || u16_at(data, 4) == Some(0)
}

/// The records of a stream from a place on, each its kind and what is in it, up to the end or the first that is cut off.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = from;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

#[cfg(test)]
mod tests {
    use super::{inspect_stream, kind};
    use crate::formats::xls::styles::tests::font;
    use crate::grid::{Shows, Value};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    /// A workbook of one sheet, with five fonts of which the last is old, and a format of the font numbered `font`.
    fn workbook(font_number: u8, sheet: &[Vec<u8>]) -> Vec<u8> {
        let fonts: Vec<u8> = ["Arial", "Arial", "Arial", "Arial", ".VnTime"]
            .iter()
            .flat_map(|name| record(kind::FONT, &font(name)))
            .collect();
        let globals = [
            record(kind::BEGIN, &[0, 6, 0, 0]),
            record(kind::DATE_1904, &[1, 0]),
            fonts,
            record(kind::STYLE, &[font_number, 0, 9, 0]),
            record(kind::STYLE, &[5, 0, 0, 0]),
        ]
        .concat();
        let sheet_at = u32::try_from(globals.len() + 4 + 8 + 4).unwrap();
        let bound = [&sheet_at.to_le_bytes()[..], &[0, 0, 1, b'A']].concat();
        let sheet = [
            record(kind::BEGIN, &[0; 16]),
            sheet.concat(),
            record(kind::END, &[]),
        ];
        [
            globals,
            record(kind::SHEET, &bound),
            record(kind::END, &[]),
            sheet.concat(),
        ]
        .concat()
    }

    fn row(options: u8) -> Vec<u8> {
        let row = [3, 0, 0, 0, 5, 0, 255, 0, 0, 0, 0, 0, options, 0, 0, 0];
        record(kind::ROW, &row)
    }

    fn text_cell() -> Vec<u8> {
        record(kind::SHARED_TEXT, &[7, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    }

    #[test]
    fn hidden_parts_and_old_fonts_are_found() {
        let columns = record(kind::COLUMNS, &[2, 0, 4, 0, 9, 0, 0, 0, 1, 0]);
        let stream = workbook(5, &[columns, row(0x20), text_cell()]);
        let found = inspect_stream(&stream);
        assert!(found.from_1904);
        assert!(found.sheets[0].hidden.rows.iter().eq(&[3]));
        assert_eq!(found.sheets[0].hidden.columns, [2..=4]);
        assert_eq!(
            found.fonts.get(&(0, 7, 1)).map(String::as_str),
            Some(".VnTime")
        );
        // Cut anywhere, it is read as far as it goes.
        for length in 0..stream.len() {
            inspect_stream(&stream[..length]);
        }
    }

    #[test]
    fn what_has_no_height_or_width_is_hidden() {
        let column = record(kind::COLUMNS, &[2, 0, 4, 0, 0, 0, 0, 0, 0, 0]);
        let row = record(
            kind::ROW,
            &[3, 0, 0, 0, 5, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0],
        );
        let found = inspect_stream(&workbook(3, &[column, row]));
        assert!(found.sheets[0].hidden.rows.iter().eq(&[3]));
        assert_eq!(found.sheets[0].hidden.columns, [2..=4]);
    }

    #[test]
    fn cells_whose_style_matters_are_found() {
        let number = |kind, at: u8| record(kind, &[at, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let numbers = [
            &[9, 0, 2, 0][..],
            &[1, 0, 0, 0, 0, 0],
            &[0, 0, 0, 0, 0, 0],
            &[3, 0],
        ];
        let cells = [
            number(kind::NUMBER, 1),
            number(kind::SHORT_NUMBER, 2),
            number(kind::FORMULA, 3),
            record(kind::NUMBERS, &numbers.concat()),
        ];
        let found = inspect_stream(&workbook(3, &cells));
        let mut places: Vec<(u32, u32)> = found.sheets[0].styled.keys().copied().collect();
        places.sort();
        assert_eq!(places, [(1, 1), (2, 1), (3, 1), (9, 3)]);
        let shown = found.styles.format(0, &Value::Number(0.5));
        assert_eq!(shown.shows, Shows::Percent);
        assert!(!found.is_calculated);
    }

    #[test]
    fn rows_that_are_shown_and_fonts_of_today_are_passed_over() {
        let found = inspect_stream(&workbook(3, &[row(0), text_cell()]));
        assert!(found.sheets[0].hidden.rows.is_empty() && found.fonts.is_empty());
    }

    #[test]
    fn rows_that_a_filter_hides_count() {
        let found = inspect_stream(&workbook(5, &[record(kind::FILTER, &[]), row(0x20)]));
        assert!(found.sheets[0].hidden.rows.is_empty());
    }

    #[test]
    fn what_follows_a_chart_on_the_sheet_is_read() {
        let chart = [record(kind::BEGIN, &[0; 16]), record(kind::END, &[])].concat();
        let found = inspect_stream(&workbook(5, &[chart, row(0x20)]));
        assert!(found.sheets[0].hidden.rows.iter().eq(&[3]));
    }
}
