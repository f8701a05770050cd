//! A workbook's sheets as rows of cells, whatever format they came in.

use chrono::NaiveDate;
use model::CellRef;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::ops::RangeInclusive;
use std::rc::Rc;
use vietext::clean;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Text, cleaned; never blank. The same text of a workbook may be shared by many cells.
    Text(Rc<str>),
    Number(f64),
    Bool(bool),
    Date(NaiveDate),
    /// An error such as `#REF!`. Boxed, as formulas are: what is rare must not make every cell larger.
    Error(Box<str>),
    /// A formula whose result the file does not hold.
    Formula(Box<str>),
}

/// How a cell is shown, as far as a person reads something else there than the stored value.
///
/// Small, since every cell has one: it takes room that a cell had to spare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CellFormat {
    pub shows: Shows,
    /// How many times the stored number is divided by a thousand to be shown: `#,##0,` once.
    pub thousands: u8,
    /// The unit of money that the format writes beside the number: `#,##0" triệu"`.
    pub unit: Option<UnitWord>,
    /// Whether the text is struck through.
    pub is_struck: bool,
}

/// What is shown of a stored value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Shows {
    /// The value.
    #[default]
    Value,
    /// A number as so many percent: 0.12 as '12%'.
    Percent,
    /// A day as its month: `mm/yyyy`.
    Month,
    /// A day as its year: `yyyy`.
    Year,
    /// Nothing: `;;;`.
    Nothing,
}

/// A unit of money that a number format names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UnitWord {
    /// đồng, VND, ₫.
    Dong,
    /// nghìn, ngàn.
    Thousand,
    /// triệu, tr.
    Million,
    /// tỷ, tỉ.
    Billion,
    /// Words, digits or signs beside the number that no amount of đồng has: '$', 'người', '.000'.
    Other,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub col: u32,
    pub value: Value,
    pub format: CellFormat,
}

impl Cell {
    /// A cell that shows its value as it is.
    pub(crate) fn plain(col: u32, value: Value) -> Self {
        Self {
            col,
            value,
            format: CellFormat::default(),
        }
    }
}

/// A row with at least one cell that is not blank.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub index: u32,
    /// By column.
    pub cells: Vec<Cell>,
}

/// Cells merged into one, whose value stands in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merged {
    pub first: CellRef,
    pub last: CellRef,
}

/// The fonts of texts, by the sheet's place in the workbook, row and column; only fonts of old encodings are noted.
pub(crate) type CellFonts = HashMap<(usize, u32, u32), String>;

/// The rows and columns that a person hid on a sheet, by their places; rows that a filter hides are none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HiddenParts {
    pub rows: BTreeSet<u32>,
    pub columns: Vec<RangeInclusive<u32>>,
}

/// A sheet: its rows that are not blank, from the top.
#[derive(Debug, Clone, Default)]
pub(crate) struct SheetGrid {
    pub name: String,
    pub rows: Vec<Row>,
    pub merged: Vec<Merged>,
    /// Whether the whole sheet is hidden.
    pub is_hidden: bool,
    /// What of it is hidden, and still among its rows.
    pub hidden: HiddenParts,
    /// How many rows were left out since they are hidden.
    pub left_out: u32,
    /// Whether it is known already that no text of it may be of an old encoding.
    pub is_unicode: bool,
    /// Whether its days are counted from 1904 on.
    pub from_1904: bool,
    /// The cell where reading had to stop, and why.
    pub cut: Option<String>,
}

/// A text as it is shown, or nothing if it is blank.
pub(crate) fn shown_text(text: &str) -> Option<Rc<str>> {
    let text = clean(text);
    (!text.is_empty()).then(|| Rc::from(&*text))
}

impl Value {
    /// A text, or nothing if it is blank.
    pub(crate) fn text(text: &str) -> Option<Self> {
        shown_text(text).map(Self::Text)
    }

    /// The number a binary fraction was written as: fifteen significant digits, as spreadsheets show them.
    pub(crate) fn decimal(number: f64) -> Option<Decimal> {
        // Whole numbers, by far the most, need no rounding.
        if let Some(whole) = Self::Number(number).whole() {
            return Some(Decimal::from(whole));
        }
        Decimal::from_scientific(&format!("{number:.14e}"))
            .ok()
            .map(|d| d.normalize())
    }

    /// The whole number in a number cell, if it is one of at most fifteen digits: that many a binary fraction holds.
    pub(crate) fn whole(&self) -> Option<i64> {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "it is whole and within fifteen digits"
            )]
            Self::Number(number) if number.trunc() == *number && number.abs() < 1e15 => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    /// The number in a number cell, as it was written.
    pub(crate) fn as_decimal(&self) -> Option<Decimal> {
        if let Self::Number(number) = self {
            Self::decimal(*number)
        } else {
            None
        }
    }

    /// The value as a person would read it aloud: for text columns and for messages.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.to_string(),
            Self::Error(text) => text.to_string(),
            Self::Number(number) => {
                Self::decimal(*number).map_or_else(|| number.to_string(), |d| d.to_string())
            }
            Self::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Date(date) => date.format("%d/%m/%Y").to_string(),
            Self::Formula(formula) => format!("={formula}"),
        }
    }
}

/// The letters of a column: A for 0.
pub(crate) fn column_letters(col: u32) -> String {
    let mut letters = String::new();
    CellRef { row: 0, col }.push_letters(&mut letters);
    letters
}

impl Row {
    pub(crate) fn cell(&self, col: u32) -> Option<&Value> {
        self.whole_cell(col).map(|cell| &cell.value)
    }

    /// The value of a column and how it is shown.
    pub(crate) fn whole_cell(&self, col: u32) -> Option<&Cell> {
        // Most rows have no gaps: a cell stands as far from the first as its column does, or else before that.
        let first = self.cells.first()?.col;
        let distance = usize::try_from(col.checked_sub(first)?).ok()?;
        match self.cells.get(distance) {
            Some(cell) if cell.col == col => return Some(cell),
            _ => {}
        }
        let before = &self.cells[..distance.min(self.cells.len())];
        let place = before.binary_search_by_key(&col, |cell| cell.col).ok()?;
        Some(&before[place])
    }

    pub(crate) fn at(&self, col: u32) -> CellRef {
        CellRef {
            row: self.index,
            col,
        }
    }

    /// Its texts, with their columns.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u32, &str)> {
        self.cells.iter().filter_map(|cell| match &cell.value {
            Value::Text(text) => Some((cell.col, &**text)),
            _ => None,
        })
    }

    /// Whether all its cells are text.
    pub(crate) fn is_all_text(&self) -> bool {
        self.cells
            .iter()
            .all(|cell| matches!(cell.value, Value::Text(_)))
    }
}

impl SheetGrid {
    /// Puts a value into a cell, whatever stands there.
    pub(crate) fn put(&mut self, at: CellRef, value: Value) {
        let row = match self.rows.binary_search_by_key(&at.row, |row| row.index) {
            Ok(place) => &mut self.rows[place],
            Err(place) => {
                let (index, cells) = (at.row, Vec::new());
                self.rows.insert(place, Row { index, cells });
                &mut self.rows[place]
            }
        };
        match row.cells.binary_search_by_key(&at.col, |cell| cell.col) {
            Ok(place) => row.cells[place].value = value,
            Err(place) => row.cells.insert(place, Cell::plain(at.col, value)),
        }
    }

    /// The row of that index, unless it is blank.
    pub(crate) fn row(&self, index: u32) -> Option<&Row> {
        let place = self.rows.binary_search_by_key(&index, |row| row.index);
        place.ok().map(|place| &self.rows[place])
    }

    /// What stands in a cell.
    pub(crate) fn value(&self, at: CellRef) -> Option<&Value> {
        self.row(at.row)?.cell(at.col)
    }

    /// For a blank cell that is part of merged cells, the cell that holds their value, and its place.
    ///
    /// Only downwards: cells merged over several columns belong to their first.
    pub(crate) fn merged_cell(&self, at: CellRef) -> Option<(CellRef, &Cell)> {
        // A sheet has few merged cells, and this is asked only of blank ones.
        let merged = self
            .merged
            .iter()
            .find(|m| m.first.col == at.col && m.first.row < at.row && at.row <= m.last.row)?;
        let cell = self.row(merged.first.row)?.whole_cell(at.col)?;
        Some((merged.first, cell))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Merged, Row, SheetGrid, Value, column_letters};

    #[test]
    fn binary_fractions_are_read_as_they_were_written() {
        for (number, shown) in [
            (63.5, "63.5"),
            (0.1 + 0.2, "0.3"),
            (3_677_405_609.0, "3677405609"),
            (1112.8, "1112.8"),
            (0.0, "0"),
            (-120.0, "-120"),
        ] {
            assert_eq!(Value::Number(number).shown(), shown);
        }
    }

    #[test]
    fn a_blank_cell_has_the_value_it_is_merged_with_from_above_only() {
        let row = |index, cells: &[(u32, &str)]| Row {
            index,
            cells: cells
                .iter()
                .map(|&(col, text)| Cell::plain(col, Value::text(text).unwrap()))
                .collect(),
        };
        let merged = |range: (&str, &str)| Merged {
            first: range.0.parse().unwrap(),
            last: range.1.parse().unwrap(),
        };
        let sheet = SheetGrid {
            rows: vec![row(1, &[(0, "a"), (2, "wide")]), row(2, &[(1, "b")])],
            merged: vec![merged(("A2", "A3")), merged(("C2", "D2"))],
            ..SheetGrid::default()
        };
        let value = |cell: &str| {
            let (from, found) = sheet.merged_cell(cell.parse().unwrap())?;
            Some(format!("{from} {}", found.value.shown()))
        };
        assert_eq!(value("A3").as_deref(), Some("A2 a"));
        assert_eq!(value("A4"), None);
        assert_eq!(value("A2"), None);
        assert_eq!(value("D2"), None);
        assert_eq!(value("C3"), None);
    }

    #[test]
    fn a_value_is_put_where_it_belongs() {
        let mut sheet = SheetGrid::default();
        for (cell, number) in [("B5", 9.0), ("A5", 2.0), ("C2", 3.0), ("B5", 1.0)] {
            sheet.put(cell.parse().unwrap(), Value::Number(number));
        }
        let shown: Vec<String> = sheet
            .rows
            .iter()
            .flat_map(|row| {
                let cells = row.cells.iter();
                cells.map(|cell| format!("{} {}", row.at(cell.col), cell.value.shown()))
            })
            .collect();
        assert_eq!(shown, ["C2 3", "A5 2", "B5 1"]);
    }

    #[test]
    fn whole_numbers_have_at_most_fifteen_digits() {
        assert_eq!(
            Value::Number(999_999_999_999_999.0).whole(),
            Some(999_999_999_999_999)
        );
        assert_eq!(Value::Number(1e15).whole(), None);
        assert_eq!(Value::Number(0.5).whole(), None);
        assert_eq!(Value::Text("5".into()).whole(), None);
    }

    #[test]
    fn columns_have_letters_without_a_row() {
        assert_eq!(
            (column_letters(0), column_letters(26)),
            ("A".into(), "AA".into())
        );
    }
}
