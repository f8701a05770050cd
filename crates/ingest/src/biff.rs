//! What the reading library does not tell of a binary workbook (.xls, [MS-XLS]; .xlsb, [MS-XLSB]): what is hidden, which
//! cells are merged, the fonts of texts, from which day on days are counted.

use crate::grid::Merged;
use crate::parts::SheetPart;
use model::CellRef;
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// The fonts of texts, by sheet, row and column.
pub(crate) type Fonts = HashMap<(usize, u32, u32), String>;

/// What was found in an .xls.
#[derive(Debug, Default)]
pub(crate) struct Xls {
    pub sheets: Vec<SheetPart>,
    /// The old fonts of texts.
    pub fonts: Fonts,
    /// Whether days are counted from 1904 on.
    pub from_1904: bool,
}

/// A record of a stream: its kind and what is in it.
type Record<'a> = (u16, &'a [u8]);

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// The records of an .xls from a place on, up to the end of the stream or the first that is cut off.
fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

/// Looks an .xls through; what cannot be read is left out, and the library says what is wrong.
///
/// At most `limit` bytes of its stream are looked at.
pub(crate) fn inspect(bytes: &[u8], limit: u64) -> Xls {
    let read = || {
        let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
        let name = ["/Workbook", "/Book"]
            .into_iter()
            .find(|name| file.is_stream(name))?;
        let mut stream = Vec::new();
        file.open_stream(name)
            .ok()?
            .take(limit)
            .read_to_end(&mut stream)
            .ok()?;
        Some(workbook(&stream))
    };
    // A fault of the container's reader must not take the others along.
    std::panic::catch_unwind(read)
        .ok()
        .flatten()
        .unwrap_or_default()
}

fn workbook(stream: &[u8]) -> Xls {
    const END: u16 = 0x000A;
    let mut xls = Xls::default();
    let (mut fonts, mut formats, mut sheets) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, data) in records(stream, 0) {
        match kind {
            0x0022 => xls.from_1904 = u16_at(data, 0) == Some(1),
            0x0031 => fonts.push(font_name(data).unwrap_or_default()),
            0x00E0 => formats.push(usize::from(u16_at(data, 0).unwrap_or_default())),
            0x0085 => sheets.extend(u32_at(data, 0).and_then(|at| usize::try_from(at).ok())),
            END => break,
            _ => {}
        }
    }
    for (number, start) in sheets.into_iter().enumerate() {
        let mut part = SheetPart::default();
        let mut is_filtered = false;
        let mut depth = 0;
        for (kind, data) in records(stream, start) {
            match kind {
                // A chart on the sheet begins and ends within it.
                0x0809 => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                0x009B => is_filtered = true,
                0x0208 if u16_at(data, 12).is_some_and(|options| options & 0x20 != 0) => {
                    part.hidden_rows.extend(u16_at(data, 0).map(u32::from));
                }
                0x007D if u16_at(data, 8).is_some_and(|options| options & 1 != 0) => {
                    let edges = u16_at(data, 0).zip(u16_at(data, 2));
                    part.hidden_columns
                        .extend(edges.map(|(first, last)| u32::from(first)..=u32::from(last)));
                }
                // A text of its own, shared or with runs.
                0x00FD | 0x0204 | 0x00D6 => {
                    let cell = u16_at(data, 0).zip(u16_at(data, 2)).zip(u16_at(data, 4));
                    let font = cell.and_then(|(_, format)| {
                        font_of(&fonts, *formats.get(usize::from(format))?)
                    });
                    if let (Some(((row, col), _)), Some(font)) = (cell, font) {
                        xls.fonts
                            .insert((number, row.into(), col.into()), font.to_owned());
                    }
                }
                _ => {}
            }
        }
        if is_filtered {
            part.hidden_rows.clear();
        }
        xls.sheets.push(part);
    }
    xls
}

/// The old font of that number, which leaves out 4.
fn font_of(fonts: &[String], number: usize) -> Option<&str> {
    let place = if number > 4 { number - 1 } else { number };
    fonts
        .get(place)
        .map(String::as_str)
        .filter(|font| vietext::legacy_font(font).is_some())
}

fn font_name(data: &[u8]) -> Option<String> {
    let length = usize::from(*data.get(14)?);
    // Since Excel 97 a byte says whether letters take one byte or two.
    let one_byte = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>()
    };
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

/// What a sheet of an .xlsb hides and merges.
pub(crate) fn xlsb_sheet(stream: &[u8]) -> SheetPart {
    let mut part = SheetPart {
        has_formulas: true,
        ..SheetPart::default()
    };
    let mut is_filtered = false;
    for (kind, data) in xlsb_records(stream) {
        match kind {
            0 if data.get(11).is_some_and(|options| options & 0x10 != 0) => {
                part.hidden_rows.extend(u32_at(data, 0))
            }
            60 if data.get(16).is_some_and(|options| options & 1 != 0) => {
                let edges = u32_at(data, 0).zip(u32_at(data, 4));
                part.hidden_columns
                    .extend(edges.map(|(first, last)| first..=last));
            }
            161 => is_filtered = true,
            176 => {
                let at = |place| u32_at(data, place);
                if let (Some(top), Some(bottom), Some(left), Some(right)) =
                    (at(0), at(4), at(8), at(12))
                {
                    let (first, last) = (
                        CellRef {
                            row: top,
                            col: left,
                        },
                        CellRef {
                            row: bottom,
                            col: right,
                        },
                    );
                    part.merged.push(Merged { first, last });
                }
            }
            _ => {}
        }
    }
    if is_filtered {
        part.hidden_rows.clear();
    }
    part
}

/// The relation ids of the sheets of an .xlsb, in their order, and whether days are counted from 1904 on.
pub(crate) fn xlsb_workbook(stream: &[u8]) -> (Vec<String>, bool) {
    let mut ids = Vec::new();
    let mut from_1904 = false;
    for (kind, data) in xlsb_records(stream) {
        match kind {
            153 => from_1904 = data.first().is_some_and(|options| options & 1 != 0),
            156 => {
                let length = u32_at(data, 8)
                    .and_then(|length| usize::try_from(length).ok())
                    .unwrap_or(0)
                    .min(255);
                let units: Vec<u16> = (0..length)
                    .filter_map(|i| u16_at(data, 12 + i * 2))
                    .collect();
                ids.push(String::from_utf16_lossy(&units));
            }
            _ => {}
        }
    }
    (ids, from_1904)
}

/// The records of a part of an .xlsb: kind and length are numbers of seven bits a byte.
fn xlsb_records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0;
    let number = |at: &mut usize, most: usize| {
        let mut value = 0usize;
        for place in 0..most {
            let byte = *stream.get(*at)?;
            *at += 1;
            value |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(value)
    };
    std::iter::from_fn(move || {
        let kind = number(&mut at, 2)?;
        let length = number(&mut at, 4)?;
        let data = stream.get(at..at.checked_add(length)?)?;
        at += length;
        Some((u16::try_from(kind).unwrap_or(u16::MAX), data))
    })
}

#[cfg(test)]
mod tests {
    use super::{font_name, workbook, xlsb_sheet};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    #[test]
    fn what_an_xls_hides_and_the_fonts_of_its_texts() {
        let font = |name: &str| {
            let mut data = vec![0; 14];
            data.push(u8::try_from(name.len()).unwrap());
            data.push(0);
            data.extend(name.bytes());
            data
        };
        assert_eq!(font_name(&font(".VnTime")).as_deref(), Some(".VnTime"));
        let fonts: Vec<u8> = ["Arial", "Arial", "Arial", "Arial", ".VnTime"]
            .iter()
            .flat_map(|f| record(0x31, &font(f)))
            .collect();
        // A format of the font that is numbered 5, since 4 is left out.
        let globals = [
            record(0x809, &[0; 16]),
            record(0x22, &[1, 0]),
            fonts,
            record(0xE0, &[5, 0]),
        ]
        .concat();
        let sheet_at = u32::try_from(globals.len() + 4 + 8 + 4).unwrap();
        let bound = record(
            0x85,
            &[&sheet_at.to_le_bytes()[..], &[0, 0, 1, b'A']].concat(),
        );
        let mut row = vec![3, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0];
        let sheet = [
            record(0x809, &[0; 16]),
            record(0x7D, &[2, 0, 4, 0, 0, 0, 0, 0, 1, 0]),
            record(0x208, &row),
            record(0xFD, &[7, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
            record(0x0A, &[]),
        ]
        .concat();
        let stream = [globals, bound, record(0x0A, &[]), sheet].concat();
        let found = workbook(&stream);
        assert!(found.from_1904);
        assert_eq!(
            found.sheets[0]
                .hidden_rows
                .iter()
                .copied()
                .collect::<Vec<_>>(),
            [3]
        );
        assert_eq!(found.sheets[0].hidden_columns, [2..=4]);
        assert_eq!(
            found.fonts.get(&(0, 7, 1)).map(String::as_str),
            Some(".VnTime")
        );
        // Cut anywhere, it is read as far as it goes.
        for length in 0..stream.len() {
            workbook(&stream[..length]);
        }
        row[12] = 0;
        assert_eq!(row.len(), 16);
    }

    #[test]
    fn what_an_xlsb_hides_and_merges() {
        let record =
            |kind: &[u8], data: &[u8]| [kind, &[u8::try_from(data.len()).unwrap()], data].concat();
        let mut row = [0; 17];
        (row[0], row[11]) = (9, 0x10);
        let mut merged = [0; 16];
        (merged[0], merged[4], merged[8], merged[12]) = (2, 4, 1, 1);
        let stream = [record(&[0], &row), record(&[0xB0, 0x01], &merged)].concat();
        let found = xlsb_sheet(&stream);
        assert!(found.hidden_rows.contains(&9));
        assert_eq!(
            (found.merged[0].first.row, found.merged[0].last.row),
            (2, 4)
        );
        for length in 0..stream.len() {
            xlsb_sheet(&stream[..length]);
        }
    }
}
