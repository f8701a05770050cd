use chrono::NaiveDate;
use model::CellRef;
use rust_decimal::Decimal;
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

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub col: u32,
    pub value: Value,
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

/// A sheet: its rows that are not blank, from the top.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sheet {
    pub name: String,
    pub rows: Vec<Row>,
    pub merged: Vec<Merged>,
    /// Whether it is hidden from who opens the workbook.
    pub is_hidden: bool,
    /// Rows that are hidden and so left out.
    pub hidden_rows: u32,
    /// Whether no text of it may be of an old encoding, where that is known already.
    pub is_unicode: bool,
    /// Whether its days are counted from 1904 on.
    pub from_1904: bool,
    /// The cell where reading had to stop, and why.
    pub cut: Option<String>,
}

impl Value {
    /// A text, or nothing where it is blank.
    pub(crate) fn text(text: &str) -> Option<Self> {
        let text = clean(text);
        (!text.is_empty()).then(|| Self::Text(Rc::from(&*text)))
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

    /// The whole number in a number cell, where it is one of at most fifteen digits.
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

    /// The number in a number cell.
    pub(crate) fn decimal_of(value: &Self) -> Option<Decimal> {
        if let Self::Number(number) = value {
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

impl Row {
    pub(crate) fn cell(&self, col: u32) -> Option<&Value> {
        self.cells
            .binary_search_by_key(&col, |cell| cell.col)
            .ok()
            .map(|i| &self.cells[i].value)
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

impl Sheet {
    /// The value of a blank cell that is part of merged cells, and the cell it stands in.
    ///
    /// Only downwards: cells merged over several columns belong to their first.
    pub(crate) fn merged_value(&self, at: CellRef) -> Option<(CellRef, &Value)> {
        let merged = self
            .merged
            .iter()
            .find(|m| m.first.col == at.col && m.first.row < at.row && at.row <= m.last.row)?;
        let row = self
            .rows
            .binary_search_by_key(&merged.first.row, |row| row.index)
            .ok()?;
        self.rows[row]
            .cell(at.col)
            .map(|value| (merged.first, value))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

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
}
