//! What stands under a heading: it says as much of a column as the heading does.

use crate::grid::{Row, Value};
use crate::value::number::number;
use programme::ColumnType;
use std::collections::HashMap;
use vietext::fold;

/// So many rows below a heading show what its columns hold.
const ROWS: usize = 60;

/// Fewer rows than this show nothing: one odd cell must not outweigh a heading.
const ENOUGH: usize = 1;

/// How many cells of each kind stand under a column.
#[derive(Debug, Default, Clone, Copy)]
struct Kinds {
    numbers: usize,
    dates: usize,
    flags: usize,
    /// Digits only, of the length of a tax code.
    long_digits: usize,
    texts: usize,
}

impl Kinds {
    fn all(self) -> usize {
        self.numbers + self.dates + self.flags + self.long_digits + self.texts
    }
}

/// Whether what stands under a column is of a column's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Nothing under it is.
    No,
    /// Nothing stands there, or it says nothing.
    Unknown,
    Yes,
}

/// What stands under each column of a sheet, below a heading.
pub(crate) struct Under(HashMap<u32, Kinds>);

impl Under {
    /// Looks at the rows below a heading.
    pub(crate) fn look(rows: &[Row]) -> Self {
        let mut kinds: HashMap<u32, Kinds> = HashMap::new();
        for row in rows.iter().take(ROWS) {
            // A row of one cell is a title or a note.
            if row.cells.len() < 2 {
                continue;
            }
            for cell in &row.cells {
                let kinds = kinds.entry(cell.col).or_default();
                match &cell.value {
                    Value::Number(_) if is_long(&cell.value.shown()) => kinds.long_digits += 1,
                    Value::Number(_) => kinds.numbers += 1,
                    Value::Date(_) => kinds.dates += 1,
                    Value::Bool(_) => kinds.flags += 1,
                    // An error or a formula without its result may be anything.
                    Value::Error(_) | Value::Formula(_) => {}
                    Value::Text(text) if is_long(text) => kinds.long_digits += 1,
                    Value::Text(text) if number(text, None).is_some() || is_nothing(text) => {
                        kinds.numbers += 1;
                    }
                    Value::Text(_) => kinds.texts += 1,
                }
            }
        }
        Self(kinds)
    }

    /// Whether what stands under a column is of a type.
    pub(crate) fn fit(&self, col: u32, kind: &ColumnType) -> Fit {
        let Some(kinds) = self.0.get(&col).filter(|kinds| kinds.all() >= ENOUGH) else {
            return Fit::Unknown;
        };
        let is = |count: usize| if count > 0 { Fit::Yes } else { Fit::No };
        match kind {
            ColumnType::Money | ColumnType::Integer | ColumnType::Percent => {
                is(kinds.numbers + kinds.long_digits)
            }
            ColumnType::TaxCode => is(kinds.long_digits),
            ColumnType::Date if kinds.dates > 0 => Fit::Yes,
            ColumnType::Text if kinds.texts > 0 => Fit::Yes,
            ColumnType::Text => Fit::No,
            // Codes, marks, months and years are written in many ways.
            ColumnType::Date
            | ColumnType::Flag
            | ColumnType::Year
            | ColumnType::Code { .. }
            | ColumnType::Codes { .. } => Fit::Unknown,
        }
    }

    /// Whether amounts stand under a column.
    pub(crate) fn holds_amounts(&self, col: u32) -> bool {
        self.fit(col, &ColumnType::Money) == Fit::Yes
    }
}

fn is_long(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (9..=14).contains(&digits)
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.'))
}

/// '-' and 'không' stand for no amount.
fn is_nothing(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "khong" | "khong co" | "k")
}

#[cfg(test)]
mod tests {
    use super::{Fit, Under};
    use crate::grid::{Cell, Row, Value};
    use programme::ColumnType;

    fn under(cells: &[Value]) -> Under {
        let row = |value: &Value| Row {
            index: 0,
            cells: vec![
                Cell::plain(0, value.clone()),
                Cell::plain(1, Value::Number(1.0)),
            ],
        };
        Under::look(&cells.iter().map(row).collect::<Vec<_>>())
    }

    fn text(text: &str) -> Value {
        Value::text(text).unwrap()
    }

    #[test]
    fn amounts_are_told_from_names_and_codes() {
        let names = under(&[text("Công ty A")]);
        assert_eq!(names.fit(0, &ColumnType::Money), Fit::No);
        assert_eq!(names.fit(0, &ColumnType::Text), Fit::Yes);
        let amounts = under(&[text("1.234,5"), text("-"), Value::Number(5.0)]);
        assert_eq!(amounts.fit(0, &ColumnType::Money), Fit::Yes);
        assert_eq!(amounts.fit(0, &ColumnType::Text), Fit::No);
        let codes = under(&[text("3600 265395"), Value::Number(3_600_265_395.0)]);
        assert_eq!(codes.fit(0, &ColumnType::TaxCode), Fit::Yes);
        assert_eq!(names.fit(0, &ColumnType::TaxCode), Fit::No);
    }

    #[test]
    fn an_empty_column_says_nothing() {
        assert_eq!(under(&[]).fit(0, &ColumnType::Money), Fit::Unknown);
    }
}
