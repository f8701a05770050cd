//! Lists written as text, one row a line, its cells parted by commas, semicolons or tabs.

use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::foreign::ForeignFile;
use crate::grid::{Cell, Row, SheetGrid, Value};
use crate::limits::{Limits, Purpose};
use csv::{Position, ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::borrow::Cow;

pub(crate) struct Csv;

impl FileFormat for Csv {
    fn recognises(&self, bytes: &[u8]) -> bool {
        ForeignFile::recognise(bytes).is_none() && decode(bytes).is_some()
    }

    /// Departments report in the forms of the plan, which are sheets: a text is a list or a mistake.
    fn is_read_for(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Report => false,
            Purpose::List => true,
        }
    }

    /// One sheet, which bears the file's name since a text has none.
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let sheet = read(file.bytes, file.limits);
        let mut sheet = sheet.ok_or_else(|| OpenError::Damaged("text".to_owned()))?;
        sheet.name = file.name.to_owned();
        Ok(vec![sheet])
    }
}

/// Reads the rows of a text; nothing if it is no text.
fn read(bytes: &[u8], limits: &Limits) -> Option<SheetGrid> {
    let text = decode(bytes)?;
    let delimiter = delimiter(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        // Rows of a list typed by hand are of any length.
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut sheet = SheetGrid::default();
    let mut cells = 0;
    let mut record = StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let index = record.position().map_or(0, |at| first_line(&text, at));
        let row = Row {
            index: u32::try_from(index).ok()?,
            cells: (0..)
                .zip(&record)
                .filter_map(|(col, text)| Some(Cell::plain(col, value(text)?)))
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

/// Reads bytes by their byte-order mark, as UTF-8, or as the one-byte letters that old fonts were typed in. Nothing if
/// they are no text: a byte of zero stands in no text but UTF-16, which has a mark.
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
            // Headings and a few rows show it; names with commas come later as often as not.
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
    use super::{Csv, read as read_within};
    use crate::formats::file_format::{FileFormat, IncomingFile};
    use crate::grid::{SheetGrid, Value};
    use crate::limits::{Limits, Purpose};

    fn read(bytes: &[u8]) -> Option<SheetGrid> {
        read_within(bytes, Purpose::List.limits())
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
    fn a_plain_number_is_one_and_a_tax_code_keeps_its_zero() {
        let rows = read(b"120,0360,1.5,0,1234567890123456").unwrap().rows;
        let values: Vec<&Value> = rows[0].cells.iter().map(|cell| &cell.value).collect();
        assert_eq!(
            values,
            [
                &Value::Number(120.0),
                &Value::Text("0360".into()),
                &Value::Text("1.5".into()),
                &Value::Number(0.0),
                &Value::Text("1234567890123456".into()),
            ]
        );
    }

    #[test]
    fn a_list_past_the_limit_is_cut_and_says_so() {
        let limits = Limits {
            file: 0,
            member: 0,
            unzipped: 0,
            strings: 0,
            cells: 3,
        };
        let sheet = read_within(b"a,b\nc,d\ne,f\n", &limits).unwrap();
        assert_eq!(
            (sheet.rows.len(), sheet.cut.as_deref()),
            (1, Some("3 cells"))
        );
    }

    #[test]
    fn the_sheet_bears_the_name_of_the_file() {
        let file = IncomingFile {
            name: "de-xuat.csv",
            bytes: b"a,b",
            limits: Purpose::List.limits(),
        };
        assert_eq!(Csv.open(&file).unwrap()[0].name, "de-xuat.csv");
    }

    #[test]
    fn blanks_and_pages_are_no_list() {
        assert!(Csv.recognises(b"a,b"));
        assert!(!Csv.recognises(b" \n"));
        assert!(!Csv.recognises(b"<table>"));
        assert!(!Csv.recognises(b"\xff\x00\x01\x00"));
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
