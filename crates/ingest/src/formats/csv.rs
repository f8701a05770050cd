//! Lists written as text, one row a line, its cells parted by commas, semicolons or tabs.

use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::text_encoding::{NoText, decode};
use crate::grid::{Cell, Row, SheetGrid, Value};
use crate::limits::{Limits, Purpose};
use csv::{Position, ReaderBuilder, StringRecord};

pub(crate) struct Csv;

impl FileFormat for Csv {
    /// Departments report in the forms of the plan, which are sheets: a text is a list or a mistake.
    fn is_read_for(&self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Report => false,
            Purpose::List => true,
        }
    }

    /// One sheet, which bears the file's name since a text has none.
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let text = decode(file.bytes).map_err(|fault| match fault {
            NoText::Unsure => OpenError::UnsureEncoding,
            NoText::Binary => OpenError::Damaged("text".to_owned()),
        })?;
        let sheet = read(&text, file.limits);
        let mut sheet = sheet.ok_or_else(|| OpenError::Damaged("text".to_owned()))?;
        sheet.name = file.name.to_owned();
        Ok(vec![sheet])
    }
}

/// Reads the rows of a text; nothing if it has more than can be numbered.
fn read(text: &str, limits: &Limits) -> Option<SheetGrid> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        // Rows of a list typed by hand are of any length.
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut sheet = SheetGrid::default();
    let mut cells = 0;
    let mut record = StringRecord::new();
    while let Ok(true) = reader.read_record(&mut record) {
        let index = record.position().map_or(0, |at| first_line(text, at));
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

/// What parts the cells: whichever stands on most of the first lines, and most often.
pub(crate) fn delimiter(text: &str) -> u8 {
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
    use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
    use crate::grid::{SheetGrid, Value};
    use crate::limits::{Limits, Purpose};

    fn read(text: &str) -> Option<SheetGrid> {
        read_within(text, Purpose::List.limits())
    }

    fn shown(text: &str) -> Vec<(u32, Vec<String>)> {
        let rows = read(text).unwrap().rows;
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
        assert_eq!(shown("Tên;MST\n\nGốm, sứ;0360\n"), expected);
        assert_eq!(shown("Tên\tMST\r\n\r\nGốm, sứ\t0360\r\n"), expected);
        assert_eq!(shown("Tên,MST\n\n\"Gốm, sứ\",0360\n"), expected);
    }

    #[test]
    fn a_plain_number_is_one_and_a_tax_code_keeps_its_zero() {
        let rows = read("120,0360,1.5,0,1234567890123456").unwrap().rows;
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
            member: 0,
            unzipped: 0,
            strings: 0,
            cells: 3,
        };
        let sheet = read_within("a,b\nc,d\ne,f\n", &limits).unwrap();
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
    fn a_text_whose_encoding_does_not_show_is_not_read() {
        let open = |bytes: &[u8]| {
            Csv.open(&IncomingFile {
                name: "a.csv",
                bytes,
                limits: Purpose::List.limits(),
            })
        };
        let unsure = open(b"Nu\xf1ez;Yal\xe7\xfdn\n").unwrap_err();
        assert_eq!(unsure, OpenError::UnsureEncoding);
        let binary = open(b"\xff\x00\x01\x00").unwrap_err();
        assert_eq!(binary, OpenError::Damaged("text".to_owned()));
        let utf16: Vec<u8> = "a;b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(open(&utf16).unwrap()[0].rows[0].cells.len(), 2);
    }
}
