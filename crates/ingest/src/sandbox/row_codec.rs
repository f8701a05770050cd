//! Rows of cells as bytes: by far the most of what goes through the door, and so written by hand, a few bytes a cell.

use crate::grid::{Cell, CellFormat, Row, Value};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::rc::Rc;

/// What stands in a cell, by its lowest bits; [`FORMATTED`] is set if it is not shown as it is.
mod tag {
    pub(super) const TEXT: u8 = 0;
    pub(super) const NUMBER: u8 = 1;
    pub(super) const YES: u8 = 2;
    pub(super) const NO: u8 = 3;
    pub(super) const DAY: u8 = 4;
    pub(super) const ERROR: u8 = 5;
    pub(super) const FORMULA: u8 = 6;
    pub(super) const FORMATTED: u8 = 0x80;
}

/// Writes rows, and numbers their texts: cells that share a text share it on the other side too.
#[derive(Default)]
pub(crate) struct RowWriter {
    /// The numbers of texts, by their addresses, which stay while the workbook does.
    known: HashMap<*const u8, u64, foldhash::fast::RandomState>,
    /// The rows that were not taken yet.
    pub bytes: Vec<u8>,
}

impl RowWriter {
    /// Adds a row.
    pub(crate) fn push(&mut self, row: &Row) {
        self.number(row.index.into());
        self.number(row.cells.len() as u64);
        for cell in &row.cells {
            self.cell(cell);
        }
    }

    fn cell(&mut self, cell: &Cell) {
        self.number(cell.col.into());
        let format = match cell.format == CellFormat::default() {
            true => 0,
            false => tag::FORMATTED,
        };
        match &cell.value {
            Value::Text(text) => {
                self.bytes.push(tag::TEXT | format);
                let next = self.known.len() as u64;
                let number = *self.known.entry(text.as_ptr()).or_insert(next);
                self.number(number);
                // A new text follows its number.
                if number == next {
                    self.text(text);
                }
            }
            Value::Number(number) => {
                self.bytes.push(tag::NUMBER | format);
                self.bytes.extend(number.to_bits().to_le_bytes());
            }
            Value::Bool(true) => self.bytes.push(tag::YES | format),
            Value::Bool(false) => self.bytes.push(tag::NO | format),
            Value::Date(day) => {
                self.bytes.push(tag::DAY | format);
                self.bytes.extend(day.to_epoch_days().to_le_bytes());
            }
            Value::Error(text) => {
                self.bytes.push(tag::ERROR | format);
                self.text(text);
            }
            Value::Formula(text) => {
                self.bytes.push(tag::FORMULA | format);
                self.text(text);
            }
        }
        if format != 0 {
            let format = postcard::to_stdvec(&cell.format).unwrap_or_default();
            self.number(format.len() as u64);
            self.bytes.extend(format);
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend(text.as_bytes());
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.bytes.push(low_bits(number) | 0x80);
            number >>= 7;
        }
        self.bytes.push(low_bits(number));
    }
}

/// The lowest seven bits.
fn low_bits(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

/// Reads rows in the order in which they were written.
#[derive(Default)]
pub(crate) struct RowReader {
    texts: Vec<Rc<str>>,
}

impl RowReader {
    /// Adds the rows of some bytes to others; nothing if they are none that a worker writes.
    pub(crate) fn read(&mut self, mut bytes: &[u8], rows: &mut Vec<Row>) -> Option<()> {
        let input = &mut bytes;
        while !input.is_empty() {
            let index = u32::try_from(number(input)?).ok()?;
            let count = usize::try_from(number(input)?).ok()?;
            // Each cell takes two bytes at least: no more room is made than they can fill.
            let mut cells = Vec::with_capacity(count.min(input.len() / 2));
            for _ in 0..count {
                cells.push(self.cell(input)?);
            }
            rows.push(Row { index, cells });
        }
        Some(())
    }

    fn cell(&mut self, input: &mut &[u8]) -> Option<Cell> {
        let col = u32::try_from(number(input)?).ok()?;
        let [kind] = take(input)?;
        let value = match kind & !tag::FORMATTED {
            tag::TEXT => {
                let number = usize::try_from(number(input)?).ok()?;
                if number == self.texts.len() {
                    self.texts.push(Rc::from(text(input)?));
                }
                Value::Text(Rc::clone(self.texts.get(number)?))
            }
            tag::NUMBER => Value::Number(f64::from_bits(u64::from_le_bytes(take(input)?))),
            tag::YES => Value::Bool(true),
            tag::NO => Value::Bool(false),
            tag::DAY => Value::Date(NaiveDate::from_epoch_days(i32::from_le_bytes(take(
                input,
            )?))?),
            tag::ERROR => Value::Error(text(input)?.into()),
            tag::FORMULA => Value::Formula(text(input)?.into()),
            _ => return None,
        };
        let format = match kind & tag::FORMATTED {
            0 => CellFormat::default(),
            _ => postcard::from_bytes(some(input)?).ok()?,
        };
        Some(Cell { col, value, format })
    }
}

fn number(input: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = take(input)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn take<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = input.split_first_chunk()?;
    *input = rest;
    Some(*first)
}

/// So many bytes as the number before them says.
fn some<'i>(input: &mut &'i [u8]) -> Option<&'i [u8]> {
    let length = usize::try_from(number(input)?).ok()?;
    let (some, rest) = input.split_at_checked(length)?;
    *input = rest;
    Some(some)
}

fn text<'i>(input: &mut &'i [u8]) -> Option<&'i str> {
    std::str::from_utf8(some(input)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{RowReader, RowWriter, number};
    use crate::grid::{Cell, CellFormat, Row, Shows, UnitWord, Value};
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<String>().prop_map(|text| Value::Text(text.into())),
            any::<f64>().prop_map(Value::Number),
            any::<bool>().prop_map(Value::Bool),
            (-99_999i32..99_999).prop_map(|days| {
                Value::Date(chrono::NaiveDate::from_epoch_days(days).unwrap())
            }),
            any::<String>().prop_map(|text| Value::Error(text.into())),
            any::<String>().prop_map(|text| Value::Formula(text.into())),
        ]
    }

    fn any_row() -> impl Strategy<Value = Row> {
        let cell = (any::<u32>(), any_value(), any::<bool>()).prop_map(|(col, value, is_shown)| {
            let mut cell = Cell::plain(col, value);
            if is_shown {
                cell.format = CellFormat {
                    shows: Shows::Percent,
                    thousands: 2,
                    unit: Some(UnitWord::Million),
                    is_struck: true,
                };
            }
            cell
        });
        (any::<u32>(), prop::collection::vec(cell, 0..9))
            .prop_map(|(index, cells)| Row { index, cells })
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_were(rows in prop::collection::vec(any_row(), 0..9)) {
            let mut writer = RowWriter::default();
            rows.iter().for_each(|row| writer.push(row));
            let mut back = Vec::new();
            prop_assert_eq!(RowReader::default().read(&writer.bytes, &mut back), Some(()));
            prop_assert_eq!(back, rows);
        }

        /// Whatever comes instead is refused or read, and takes no room that it does not fill.
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut back = Vec::new();
            let _ = RowReader::default().read(&bytes, &mut back);
            prop_assert!(back.len() <= bytes.len());
        }

        #[test]
        fn numbers_come_back(given in any::<u64>()) {
            let mut writer = RowWriter::default();
            writer.number(given);
            prop_assert_eq!(number(&mut &writer.bytes[..]), Some(given));
        }
    }
}
