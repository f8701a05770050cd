//! The cells of one record: its own row's, those of a second line, of merged cells, and those that a ditto mark repeats.

use crate::column_map::ColumnMap;
use crate::grid::{Cell, Row, SheetGrid, Value};
use crate::legal_forms::LegalForms;
use crate::row_marks::is_alphanumeric;
use model::CellRef;
use std::collections::{HashMap, HashSet};
use vietext::fold;

/// A cell and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FoundCell<'a> {
    pub at: CellRef,
    pub cell: &'a Cell,
    /// Whether it is a ditto mark above which nothing plain stands.
    pub is_ditto: bool,
}

/// A map that is asked for every cell; its keys are places on a sheet, not what a sender writes.
type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What the second lines of records add to them, by the record's row.
#[derive(Debug, Default)]
pub(crate) struct Continuations<'a> {
    /// Cells that the record's own row lacks.
    cells: FastMap<(u32, u32), (CellRef, &'a Cell)>,
    /// The record's own texts with what they go on with.
    texts: FastMap<(u32, u32), Cell>,
    /// The rows that are second lines.
    rows: HashSet<u32>,
    /// Rows of one text below a record that may be the rest of its name, or a title.
    pub unclear: Vec<CellRef>,
}

/// A second line fills no more of the table's cells than these.
const MOST_CELLS: usize = 3;

/// Looks for second lines: rows right below a record that have no number and no amount, only texts that the record lacks, or
/// the rest of its name.
pub(crate) struct ContinuationFinder<'a> {
    /// The columns of the table, and whether each describes records.
    pub columns: &'a ColumnMap<bool>,
    /// Among those that do, the one of names.
    pub name: Option<u32>,
    pub legal_forms: &'a LegalForms,
    /// Whether a text is a title: a district, a group of enterprises.
    pub is_title: &'a dyn Fn(&str) -> bool,
}

impl ContinuationFinder<'_> {
    /// Adds what a row says to the record above it; whether it is a second line of it.
    pub(crate) fn add<'r>(
        &self,
        record: &Row,
        row: &'r Row,
        found: &mut Continuations<'r>,
    ) -> bool {
        // What stands beside the table does not matter.
        let mut own: Vec<&Cell> = Vec::new();
        for cell in &row.cells {
            match self.columns.get(cell.col) {
                Some(true) if own.len() < MOST_CELLS => own.push(cell),
                Some(_) => return false,
                None => {}
            }
        }
        if own.is_empty() {
            return false;
        }
        let fills = |cell: &&Cell| record.cell(cell.col).is_none();
        let (new, more): (Vec<&'r Cell>, Vec<&'r Cell>) = own.into_iter().partition(fills);
        // What is beyond the record's own cells can only be the rest of its name.
        let goes_on = match more.as_slice() {
            [] => None,
            [one] if Some(one.col) == self.name => record.whole_cell(one.col).zip(Some(one)),
            _ => return false,
        };
        if let Some((own, more)) = goes_on {
            let (Value::Text(name), Value::Text(rest)) = (&own.value, &more.value) else {
                return false;
            };
            let is_open = self.is_open(name, rest);
            if !is_open && (self.is_title)(rest) && !self.legal_forms.begin(rest) {
                return false;
            }
            if new.is_empty() && !is_open {
                found.unclear.push(row.at(own.col));
                return false;
            }
            let whole = Cell {
                value: Value::Text(format!("{name} {rest}").into()),
                ..own.clone()
            };
            found.texts.insert((record.index, own.col), whole);
        } else if new.iter().any(|cell| Some(cell.col) == self.name) {
            return false;
        }
        for cell in new {
            let at = row.at(cell.col);
            found.cells.insert((record.index, cell.col), (at, cell));
        }
        found.rows.insert(row.index);
        true
    }

    /// Whether a name plainly goes on: it ends as no name does, or what follows begins as none does.
    fn is_open(&self, name: &str, rest: &str) -> bool {
        let folded = fold(name);
        let last = folded.rsplit(' ').next().unwrap_or_default();
        let begins_small = rest.chars().next().is_some_and(char::is_lowercase);
        let ends_open = name.ends_with([',', '-', '–', '&', '('])
            || matches!(
                last,
                "va" | "cua" | "mtv" | "vien" | "han" | "phan" | "tnhh" | "cp" | "xa"
            );
        begins_small || ends_open
    }
}

impl<'a> Continuations<'a> {
    /// Whether a row is the second line of a record.
    pub(crate) fn has(&self, row: u32) -> bool {
        self.rows.contains(&row)
    }
}

/// Marks that repeat the cell above: 'như trên', '-nt-', '"'.
pub(crate) fn is_ditto(text: &str) -> bool {
    // Nearly all texts are ruled out by a letter: all words for it begin with one of these and have a 't'.
    let begins_otherwise = |text: &str| {
        text.chars().next().is_some_and(|c| {
            let may_be = matches!(c, 'n' | 'N' | 'd' | 'D') && text.contains(['t', 'T']);
            is_alphanumeric(c) && !may_be
        })
    };
    if begins_otherwise(text) {
        return false;
    }
    let trimmed = text.trim();
    if trimmed.len() > 24 || begins_otherwise(trimmed) {
        return false;
    }
    let marks = trimmed.chars().all(|c| {
        matches!(
            c,
            '"' | '\'' | '″' | '〃' | '”' | '“' | '’' | '-' | '–' | ' ' | '.' | ','
        )
    });
    let has_quote = trimmed
        .chars()
        .any(|c| matches!(c, '"' | '″' | '〃' | '”' | '“'));
    if marks {
        return has_quote || trimmed == "''";
    }
    matches!(
        fold(trimmed).as_str(),
        "nhu tren" | "nt" | "nhu dong tren" | "nhu o tren" | "ditto" | "n t"
    )
}

/// What ditto marks repeat: the cells of the record before.
#[derive(Default)]
pub(crate) struct RecordAbove<'a> {
    row: Option<&'a Row>,
    /// Cells that marks of that row repeat themselves, by column.
    repeated: FastMap<u32, &'a Cell>,
    /// The same for the row that is being read.
    next: FastMap<u32, &'a Cell>,
}

impl<'a> RecordAbove<'a> {
    /// Notes that a record's row has been read.
    pub(crate) fn advance(&mut self, row: &'a Row) {
        self.row = Some(row);
        self.repeated = std::mem::take(&mut self.next);
    }

    /// What a mark in a column repeats; nothing if nothing plain stands above it.
    fn repeat(&mut self, sheet: &'a SheetGrid, col: u32) -> Option<&'a Cell> {
        let above = self.row?;
        let cell = match self.repeated.get(&col) {
            Some(&cell) => cell,
            None => match above.whole_cell(col) {
                Some(cell) => cell,
                None => sheet.merged_cell(above.at(col))?.1,
            },
        };
        self.next.insert(col, cell);
        Some(cell)
    }
}

/// The cell of a record in a column; a ditto mark with nothing above it is itself.
///
/// Amounts are neither repeated nor merged: one that spans several rows is one amount, and stands in its first row only. In
/// the columns of `repeats` a merged number is that of each row: so many people does the one enterprise employ.
pub(crate) fn find_cell<'a>(
    sheet: &'a SheetGrid,
    row: &'a Row,
    col: u32,
    is_amount: bool,
    repeats: &HashSet<u32>,
    more: &'a Continuations<'a>,
    above: &mut RecordAbove<'a>,
) -> Option<FoundCell<'a>> {
    let at = row.at(col);
    let is_mark =
        |cell: &Cell| !is_amount && matches!(&cell.value, Value::Text(text) if is_ditto(text));
    if let Some(own) = row.whole_cell(col) {
        let other = match &own.value {
            Value::Text(_) if !is_amount => more.texts.get(&(row.index, col)),
            _ => None,
        };
        let (cell, is_ditto) = match other {
            Some(whole) => (whole, is_mark(whole)),
            None if is_mark(own) => match above.repeat(sheet, col) {
                Some(repeated) => (repeated, is_mark(repeated)),
                None => (own, true),
            },
            None => (own, false),
        };
        return Some(FoundCell { at, cell, is_ditto });
    }
    let (at, cell) = match more.cells.get(&(row.index, col)) {
        Some(&found) => found,
        None if is_amount && !repeats.contains(&col) => return None,
        None => sheet.merged_cell(at)?,
    };
    let is_ditto = is_mark(cell);
    Some(FoundCell { at, cell, is_ditto })
}

#[cfg(test)]
mod tests {
    use super::is_ditto;

    #[test]
    fn ditto_marks_are_told_from_dashes_and_texts() {
        for mark in [
            "như trên",
            "-nt-",
            "nt",
            "\"",
            "-\"-",
            "″",
            "''",
            "Như trên",
        ] {
            assert!(is_ditto(mark), "{mark}");
        }
        for other in ["-", "–", "Như Trên Cao", "5S", "'", "..."] {
            assert!(!is_ditto(other), "{other}");
        }
    }
}
