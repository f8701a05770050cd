//! What goes between a worker and the process that asks: messages, each with its length before it, in the encoding of postcard.

use crate::grid::{HiddenParts, Merged, SheetGrid};
use crate::limits::Purpose;
use crate::sandbox::row_codec::{RowReader, RowWriter};
use crate::workbook::OpenedWorkbook;
use model::{CellRef, Observation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Error, ErrorKind, Read, Result, Write};

/// What a worker is asked to open; the file's bytes follow the message.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// What the file is read for; nothing for all that is in it, hidden or not.
    pub purpose: Option<Purpose>,
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub length: u64,
}

/// A part of what a worker answers.
#[derive(Serialize, Deserialize)]
enum Part {
    /// Why the file is refused. The last part.
    Refused(Observation),
    /// A sheet begins.
    Sheet(SheetHead),
    /// Rows of the sheet that was begun last: so many bytes of them follow.
    Rows(u32),
    /// What was noticed. The last part.
    End(Vec<Observation>),
}

/// A sheet without its rows.
#[derive(Serialize, Deserialize)]
struct SheetHead {
    name: String,
    is_hidden: bool,
    is_unicode: bool,
    left_out: u32,
    cut: Option<String>,
    merged: Vec<[u32; 4]>,
    hidden: HiddenParts,
    from_1904: bool,
}

/// From so many bytes on rows are sent, so that neither side holds a sheet twice.
const ENOUGH: usize = 1 << 16;
/// The most bytes of a message: a row may hold a thousand long texts.
const LONGEST: u32 = 1 << 30;

/// Writes a message.
///
/// # Errors
/// When the other side is gone.
pub(crate) fn write_message(message: &impl Serialize, output: &mut impl Write) -> Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(Error::other)?;
    let length = u32::try_from(bytes.len()).map_err(Error::other)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(&bytes)
}

/// Reads a message; nothing if the other side has ended between two.
///
/// # Errors
/// When it has ended within one, or what came is none.
pub(crate) fn read_message<T: DeserializeOwned>(input: &mut impl Read) -> Result<Option<T>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    read_exactly(input, u32::from_le_bytes(length), &mut bytes)?;
    postcard::from_bytes(&bytes).map(Some).map_err(Error::other)
}

/// Reads so many bytes in place of others; no more room is made than comes.
fn read_exactly(input: &mut impl Read, length: u32, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.clear();
    if length > LONGEST {
        return Err(ErrorKind::InvalidData.into());
    }
    let read = input.by_ref().take(length.into()).read_to_end(bytes)?;
    match u32::try_from(read) == Ok(length) {
        true => Ok(()),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Writes what opening a workbook came to.
///
/// # Errors
/// When the other side is gone.
pub(crate) fn write_opened(
    opened: &std::result::Result<OpenedWorkbook, Box<Observation>>,
    output: &mut impl Write,
) -> Result<()> {
    let opened = match opened {
        Ok(opened) => opened,
        Err(observation) => return write_message(&Part::Refused((**observation).clone()), output),
    };
    let mut rows = RowWriter::default();
    for sheet in &opened.sheets {
        write_message(&Part::Sheet(SheetHead::of(sheet)), output)?;
        for (number, row) in (1..).zip(&sheet.rows) {
            rows.push(row);
            if rows.bytes.len() >= ENOUGH || number == sheet.rows.len() {
                let length = u32::try_from(rows.bytes.len()).map_err(Error::other)?;
                write_message(&Part::Rows(length), output)?;
                output.write_all(&rows.bytes)?;
                rows.bytes.clear();
            }
        }
    }
    write_message(&Part::End(opened.observations.clone()), output)
}

/// Reads what opening a workbook came to.
///
/// # Errors
/// When the worker goes down.
pub(crate) fn read_opened(
    input: &mut impl Read,
) -> Result<std::result::Result<OpenedWorkbook, Box<Observation>>> {
    let mut sheets: Vec<SheetGrid> = Vec::new();
    let mut rows = RowReader::default();
    let mut bytes = Vec::new();
    loop {
        match read_message::<Part>(input)?.ok_or(ErrorKind::UnexpectedEof)? {
            Part::Refused(observation) => return Ok(Err(Box::new(observation))),
            Part::Sheet(head) => sheets.push(head.into_grid()),
            Part::Rows(length) => {
                read_exactly(input, length, &mut bytes)?;
                let sheet = sheets.last_mut().ok_or(ErrorKind::InvalidData)?;
                let read = rows.read(&bytes, &mut sheet.rows);
                read.ok_or(ErrorKind::InvalidData)?;
            }
            Part::End(observations) => {
                return Ok(Ok(OpenedWorkbook {
                    sheets,
                    observations,
                }));
            }
        }
    }
}

impl SheetHead {
    fn of(sheet: &SheetGrid) -> Self {
        let merged = sheet.merged.iter();
        Self {
            name: sheet.name.clone(),
            is_hidden: sheet.is_hidden,
            is_unicode: sheet.is_unicode,
            left_out: sheet.left_out,
            cut: sheet.cut.clone(),
            merged: merged
                .map(|m| [m.first.row, m.first.col, m.last.row, m.last.col])
                .collect(),
            hidden: sheet.hidden.clone(),
            from_1904: sheet.from_1904,
        }
    }

    fn into_grid(self) -> SheetGrid {
        let merged = |[top, left, bottom, right]: [u32; 4]| Merged {
            first: CellRef {
                row: top,
                col: left,
            },
            last: CellRef {
                row: bottom,
                col: right,
            },
        };
        SheetGrid {
            name: self.name,
            rows: Vec::new(),
            merged: self.merged.into_iter().map(merged).collect(),
            is_hidden: self.is_hidden,
            hidden: self.hidden,
            left_out: self.left_out,
            is_unicode: self.is_unicode,
            from_1904: self.from_1904,
            cut: self.cut,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{read_message, read_opened, write_message, write_opened};
    use crate::grid::{
        Cell, CellFormat, HiddenParts, Merged, Row, SheetGrid, Shows, UnitWord, Value,
    };
    use crate::observe::observe;
    use crate::workbook::OpenedWorkbook;
    use model::Check;
    use std::rc::Rc;

    fn sheet() -> SheetGrid {
        let shared: Rc<str> = "Công ty".into();
        let values = [
            Value::Text(Rc::clone(&shared)),
            Value::Number(0.300_000_000_000_000_04),
            Value::Bool(true),
            Value::Date("2024-02-29".parse().unwrap()),
            Value::Date("0202-05-03".parse().unwrap()),
            Value::Error("#REF!".into()),
            Value::Formula("A1".into()),
            Value::Text(shared),
            Value::Text("khác".into()),
        ];
        let mut cells: Vec<Cell> = (0..)
            .zip(values)
            .map(|(col, value)| Cell::plain(col, value))
            .collect();
        cells[1].format = CellFormat {
            shows: Shows::Percent,
            thousands: 2,
            unit: Some(UnitWord::Million),
            is_struck: true,
        };
        SheetGrid {
            name: "Biểu 3".to_owned(),
            rows: (7..9_007)
                .map(|index| Row {
                    index,
                    cells: cells.clone(),
                })
                .collect(),
            merged: vec![Merged {
                first: "B2".parse().unwrap(),
                last: "D9".parse().unwrap(),
            }],
            is_hidden: true,
            hidden: HiddenParts {
                rows: [4, 9].into(),
                columns: vec![2..=3],
            },
            left_out: 5,
            is_unicode: true,
            from_1904: true,
            cut: Some("A5: x".to_owned()),
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way() {
        let told = observe(Check::HiddenData, "Sheet1");
        let opened = OpenedWorkbook {
            sheets: vec![sheet(), SheetGrid::default(), sheet()],
            observations: vec![told.clone()],
        };
        let mut bytes = Vec::new();
        write_opened(&Ok(opened), &mut bytes).unwrap();
        let back = read_opened(&mut &bytes[..]).unwrap().ok().unwrap();
        assert_eq!(back.observations, [told]);
        assert_eq!(back.sheets.len(), 3);
        let (first, want) = (&back.sheets[2], sheet());
        assert_eq!((&first.name, &first.rows), (&want.name, &want.rows));
        assert_eq!((&first.merged, &first.hidden), (&want.merged, &want.hidden));
        assert_eq!(
            (first.is_hidden, first.left_out, first.is_unicode),
            (true, 5, true)
        );
        assert_eq!((first.from_1904, &first.cut), (true, &want.cut));
        // A text that cells share is held once.
        let text = |col| match first.rows[0].cell(col) {
            Some(Value::Text(text)) => text.as_ptr(),
            _ => std::ptr::null(),
        };
        assert!(text(0) == text(7) && text(0) != text(8));
    }

    #[test]
    fn a_refusal_comes_as_it_was() {
        let refused = observe(Check::DamagedWorkbook, "x").clone();
        let mut bytes = Vec::new();
        write_opened(&Err(Box::new(refused.clone())), &mut bytes).unwrap();
        let back = read_opened(&mut &bytes[..]).unwrap();
        assert_eq!(back.err().map(|refused| *refused), Some(refused));
    }

    #[test]
    fn what_ends_within_a_message_is_an_error_and_between_two_the_end() {
        let mut bytes = Vec::new();
        write_message(&"một", &mut bytes).unwrap();
        assert_eq!(
            read_message::<String>(&mut &bytes[..]).unwrap().as_deref(),
            Some("một")
        );
        assert!(read_message::<String>(&mut &bytes[..4]).is_err());
        assert!(matches!(read_message::<String>(&mut &b""[..]), Ok(None)));
        assert!(read_message::<String>(&mut &[255; 9][..]).is_err());
        assert!(read_opened(&mut &b""[..]).is_err());
    }
}
