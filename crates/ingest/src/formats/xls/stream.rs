//! What the reading library does not tell of an .xls ([MS-XLS]): what is hidden, the fonts of texts, from which day on
//! days are counted.

use crate::formats::little_endian::{u16_at, u32_at};
use crate::grid::{CellFonts, HiddenParts};
use std::io::{Cursor, Read};

/// What was found in an .xls.
#[derive(Debug, Default)]
pub(crate) struct StreamParts {
    /// What each sheet hides.
    pub sheets: Vec<HiddenParts>,
    /// The old fonts of texts.
    pub fonts: CellFonts,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
}

/// The kinds of records that matter here ([MS-XLS] 2.3).
mod kind {
    pub(super) const END: u16 = 0x000A;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const FONT: u16 = 0x0031;
    pub(super) const COLUMNS: u16 = 0x007D;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const FILTER: u16 = 0x009B;
    pub(super) const RICH_TEXT: u16 = 0x00D6;
    pub(super) const FORMAT: u16 = 0x00E0;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const ROW: u16 = 0x0208;
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
    let mut styles = CellStyles::default();
    let mut sheets = Vec::new();
    for (kind, data) in records(stream, 0) {
        match kind {
            kind::DATE_1904 => found.from_1904 = u16_at(data, 0) == Some(1),
            kind::FONT => styles.fonts.push(font_name(data).unwrap_or_default()),
            kind::FORMAT => {
                let font = usize::from(u16_at(data, 0).unwrap_or_default());
                styles.font_numbers.push(font);
            }
            kind::SHEET => {
                sheets.extend(u32_at(data, 0).and_then(|at| usize::try_from(at).ok()));
            }
            kind::END => break,
            _ => {}
        }
    }
    for (number, start) in sheets.into_iter().enumerate() {
        let mut hidden = HiddenParts::default();
        let mut is_filtered = false;
        let mut depth = 0;
        for (kind, data) in records(stream, start) {
            match kind {
                // A chart on the sheet begins and ends within it.
                kind::BEGIN => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                kind::FILTER => is_filtered = true,
                kind::ROW if u16_at(data, 12).is_some_and(|options| options & 0x20 != 0) => {
                    hidden.rows.extend(u16_at(data, 0).map(u32::from));
                }
                kind::COLUMNS if u16_at(data, 8).is_some_and(|options| options & 1 != 0) => {
                    let edges = u16_at(data, 0).zip(u16_at(data, 2));
                    hidden
                        .columns
                        .extend(edges.map(|(first, last)| u32::from(first)..=u32::from(last)));
                }
                kind::SHARED_TEXT | kind::TEXT | kind::RICH_TEXT => {
                    let place = u16_at(data, 0).zip(u16_at(data, 2));
                    let font = u16_at(data, 4).and_then(|format| styles.old_font(format));
                    if let (Some((row, col)), Some(font)) = (place, font) {
                        let cell = (number, row.into(), col.into());
                        found.fonts.insert(cell, font.to_owned());
                    }
                }
                _ => {}
            }
        }
        // Rows that a filter hides are not meant to be left out: they count.
        if is_filtered {
            hidden.rows.clear();
        }
        found.sheets.push(hidden);
    }
    found
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

/// The fonts of a workbook, and for each format of cells the number of its font.
#[derive(Default)]
struct CellStyles {
    fonts: Vec<String>,
    font_numbers: Vec<usize>,
}

impl CellStyles {
    /// The font of a cell of that format, if it is one of an old encoding.
    fn old_font(&self, format: u16) -> Option<&str> {
        let number = *self.font_numbers.get(usize::from(format))?;
        // There is no font of the number 4 ([MS-XLS], FontIndex): what is numbered 5 is the fifth of the list.
        let place = if number > 4 { number - 1 } else { number };
        self.fonts
            .get(place)
            .map(String::as_str)
            .filter(|font| vietext::legacy_font(font).is_some())
    }
}

fn font_name(data: &[u8]) -> Option<String> {
    let length = usize::from(*data.get(14)?);
    let one_byte = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>()
    };
    // Before Excel 97 the letters follow at once; since then a byte before them says whether each takes one byte or two.
    if let Some(bytes) = data
        .get(15..15 + length)
        .filter(|_| data.len() == 15 + length)
    {
        return Some(one_byte(bytes));
    }
    match data.get(15)? {
        0 => data.get(16..16 + length).map(one_byte),
        _ => {
            let units: Vec<u16> = (0..length)
                .filter_map(|i| u16_at(data, 16 + i * 2))
                .collect();
            String::from_utf16(&units).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{font_name, inspect_stream, kind};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    /// A font as Excel 97 and later write it.
    fn font(name: &str) -> Vec<u8> {
        let mut data = vec![0; 14];
        data.push(u8::try_from(name.len()).unwrap());
        data.push(0);
        data.extend(name.bytes());
        data
    }

    /// A workbook of one sheet, with five fonts of which the last is old, and a format of the font numbered `font`.
    fn workbook(font_number: u8, sheet: &[Vec<u8>]) -> Vec<u8> {
        let fonts: Vec<u8> = ["Arial", "Arial", "Arial", "Arial", ".VnTime"]
            .iter()
            .flat_map(|name| record(kind::FONT, &font(name)))
            .collect();
        let globals = [
            record(kind::BEGIN, &[0; 16]),
            record(kind::DATE_1904, &[1, 0]),
            fonts,
            record(kind::FORMAT, &[font_number, 0]),
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
        let row = [3, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, options, 0, 0, 0];
        record(kind::ROW, &row)
    }

    fn text_cell() -> Vec<u8> {
        record(kind::SHARED_TEXT, &[7, 0, 1, 0, 0, 0, 0, 0, 0, 0])
    }

    #[test]
    fn hidden_parts_and_old_fonts_are_found() {
        let columns = record(kind::COLUMNS, &[2, 0, 4, 0, 0, 0, 0, 0, 1, 0]);
        let stream = workbook(5, &[columns, row(0x20), text_cell()]);
        let found = inspect_stream(&stream);
        assert!(found.from_1904);
        assert!(found.sheets[0].rows.iter().eq(&[3]));
        assert_eq!(found.sheets[0].columns, [2..=4]);
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
    fn rows_that_are_shown_and_fonts_of_today_are_passed_over() {
        let found = inspect_stream(&workbook(3, &[row(0), text_cell()]));
        assert!(found.sheets[0].rows.is_empty() && found.fonts.is_empty());
    }

    #[test]
    fn rows_that_a_filter_hides_count() {
        let found = inspect_stream(&workbook(5, &[record(kind::FILTER, &[]), row(0x20)]));
        assert!(found.sheets[0].rows.is_empty());
    }

    #[test]
    fn what_follows_a_chart_on_the_sheet_is_read() {
        let chart = [record(kind::BEGIN, &[0; 16]), record(kind::END, &[])].concat();
        let found = inspect_stream(&workbook(5, &[chart, row(0x20)]));
        assert!(found.sheets[0].rows.iter().eq(&[3]));
    }

    #[test]
    fn names_of_fonts_are_read_as_each_version_writes_them() {
        assert_eq!(font_name(&font(".VnTime")).as_deref(), Some(".VnTime"));
        let before_97 = [&[0; 14][..], &[3], b"VNI"].concat();
        assert_eq!(font_name(&before_97).as_deref(), Some("VNI"));
        let wide = [&[0; 14][..], &[2, 1], &[b'V', 0, b'N', 0]].concat();
        assert_eq!(font_name(&wide).as_deref(), Some("VN"));
    }
}
