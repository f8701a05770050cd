use crate::grid::{Cell, Row, Sheet, Value};
use crate::limits::Limits;
use csv::{Position, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;

/// A list written as text, one row a line, its cells parted by commas, semicolons or tabs: one sheet without a name.
///
/// Nothing where it is no text.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Option<Sheet> {
    let text = decode(bytes)?;
    let delimiter = delimiter(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut cells = 0;
    let mut record = StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let index = record.position().map_or(0, |at| first_line(&text, at));
        let row = Row {
            index: u32::try_from(index).ok()?,
            cells: (0..)
                .zip(&record)
                .filter_map(|(col, text)| {
                    Some(Cell {
                        col,
                        value: value(text)?,
                    })
                })
                .collect(),
        };
        cells += row.cells.len();
        if cells > limits.cells {
            sheet.cut = Some(format!("{} cells", limits.cells));
            break;
        }
        if !row.cells.is_empty() {
            sheet.rows.push(row);
        }
    }
    Some(sheet)
}

/// A whole number written plainly is one, as a spreadsheet would take it; a tax code keeps its leading zero.
fn value(text: &str) -> Option<Value> {
    let is_plain = (1..=15).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    let number = if is_plain {
        text.parse().ok().map(Value::Number)
    } else {
        None
    };
    number.or_else(|| Value::text(text))
}

/// The line on which a record begins, from 0: blank lines before it are passed over by the reader, not counted.
fn first_line(text: &str, at: &Position) -> u64 {
    let rest = usize::try_from(at.byte())
        .ok()
        .and_then(|byte| text.as_bytes().get(byte..))
        .unwrap_or_default();
    let blank = rest
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .filter(|byte| **byte == b'\n')
        .count();
    at.line() - 1 + blank as u64
}

/// By its byte-order mark, as UTF-8, or as the one-byte letters that old fonts were typed in.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(_) if bytes.contains(&0) => None,
        Err(_) => Some(WINDOWS_1252.decode(bytes).0),
    }
}

/// What parts the cells: whichever stands on most of the first lines, and most often.
fn delimiter(text: &str) -> u8 {
    let most = |delimiter: &u8| {
        let counts = text
            .lines()
            .take(20)
            .map(|line| line.bytes().filter(|byte| byte == delimiter).count());
        counts.fold((0, 0), |(lines, all), count| {
            (lines + usize::from(count > 0), all + count)
        })
    };
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(most)
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::read as read_within;
    use crate::grid::{Sheet, Value};
    use crate::limits::Limits;

    fn read(bytes: &[u8]) -> Option<Sheet> {
        read_within(bytes, &Limits::LIST)
    }

    fn shown(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let rows = read(bytes).unwrap().rows;
        rows.iter()
            .map(|row| {
                (
                    row.index,
                    row.cells.iter().map(|cell| cell.value.shown()).collect(),
                )
            })
            .collect()
    }

    #[test]
    fn cells_are_parted_by_what_parts_most() {
        let expected = vec![
            (0, vec!["Tên".to_owned(), "MST".to_owned()]),
            (2, vec!["Gốm, sứ".into(), "0360".into()]),
        ];
        assert_eq!(shown("Tên;MST\n\nGốm, sứ;0360\n".as_bytes()), expected);
        assert_eq!(
            shown("\u{feff}Tên\tMST\r\n\r\nGốm, sứ\t0360\r\n".as_bytes()),
            expected
        );
        assert_eq!(shown("Tên,MST\n\n\"Gốm, sứ\",0360\n".as_bytes()), expected);
        let utf16: Vec<u8> = "\u{feff}Tên,MST\n\n\"Gốm, sứ\",0360\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(shown(&utf16), expected);
    }

    #[test]
    fn what_is_no_text_is_nothing() {
        assert!(read(b"\xff\x00\x01\x00").is_none());
        assert!(matches!(
            read(b"C\xf8ng ty,1").unwrap().rows[0].cells[0].value,
            Value::Text(_)
        ));
    }
}
