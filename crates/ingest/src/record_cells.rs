//! The cells of one record: its own row's, those of a second line, of merged cells, and those that a ditto mark repeats.

use crate::grid::{Cell, Row, SheetGrid, Value};
use crate::legal_forms::LegalForms;
use model::CellRef;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use vietext::fold;

/// A cell and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct FoundCell<'a> {
    pub at: CellRef,
    pub cell: Cow<'a, Cell>,
}

/// A map that is asked for every cell; its keys are places on a sheet, not what a sender writes.
type FastMap<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What the second lines of records add to them, by the record's row.
#[derive(Debug, Default)]
pub(crate) struct Continuations<'a> {
    /// Cells that the record's own row lacks.
    cells: FastMap<(u32, u32), (CellRef, &'a Cell)>,
    /// Texts that go on from the record's own.
    texts: FastMap<(u32, u32), String>,
    /// The rows that are second lines.
    rows: HashSet<u32>,
    /// Rows of one text below a record that may be the rest of its name, or a title.
    pub unclear: Vec<CellRef>,
}

/// Looks for second lines: rows right below a record that have no number and no amount, only texts that the record lacks, or
/// the rest of its name.
pub(crate) struct ContinuationFinder<'a> {
    /// The columns of the table.
    pub columns: &'a HashSet<u32>,
    /// The columns that describe records, and among them the one of names.
    pub described: &'a HashSet<u32>,
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
        let own = row
            .cells
            .iter()
            .filter(|cell| self.columns.contains(&cell.col));
        let own: Vec<&Cell> = own.collect();
        let is_text = |cell: &&Cell| self.described.contains(&cell.col);
        if own.is_empty() || own.len() > 3 || !own.iter().all(is_text) {
            return false;
        }
        let fills = |cell: &&Cell| record.cell(cell.col).is_none();
        let (new, more): (Vec<&'r Cell>, Vec<&'r Cell>) = own.into_iter().partition(fills);
        // What is beyond the record's own cells can only be the rest of its name.
        let goes_on = match more.as_slice() {
            [] => None,
            [one] if Some(one.col) == self.name => match (record.cell(one.col), &one.value) {
                (Some(Value::Text(name)), Value::Text(rest)) => Some((one.col, &**name, &**rest)),
                _ => return false,
            },
            _ => return false,
        };
        if let Some((col, name, rest)) = goes_on {
            let is_open = self.is_open(name, rest);
            if !is_open && (self.is_title)(rest) && !self.legal_forms.begin(rest) {
                return false;
            }
            if new.is_empty() && !is_open {
                let at = row.at(col);
                found.unclear.push(at);
                return false;
            }
            found
                .texts
                .insert((record.index, col), format!("{name} {rest}"));
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
    let trimmed = text.trim();
    // Nearly all texts are ruled out by a letter: all words for it begin with one of these and have a 't'.
    let begins_otherwise = trimmed.chars().next().is_some_and(|c| {
        let may_be = matches!(c, 'n' | 'N' | 'd' | 'D') && trimmed.contains(['t', 'T']);
        c.is_alphanumeric() && !may_be
    });
    if trimmed.len() > 24 || begins_otherwise {
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
    repeated: FastMap<u32, Cell>,
    /// The same for the row that is being read.
    next: FastMap<u32, Cell>,
}

impl<'a> RecordAbove<'a> {
    /// Notes that a record's row has been read.
    pub(crate) fn advance(&mut self, row: &'a Row) {
        self.row = Some(row);
        self.repeated = std::mem::take(&mut self.next);
    }

    /// What a mark in a column repeats; nothing if nothing plain stands above it.
    fn repeat(&mut self, sheet: &SheetGrid, col: u32) -> Option<Cell> {
        let above = self.row?;
        let cell = match self.repeated.get(&col) {
            Some(cell) => cell.clone(),
            None => match above.cells.binary_search_by_key(&col, |cell| cell.col) {
                Ok(place) => above.cells[place].clone(),
                Err(_) => sheet.merged_cell(above.at(col))?.1.clone(),
            },
        };
        self.next.insert(col, cell.clone());
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
    more: &Continuations<'a>,
    above: &mut RecordAbove<'a>,
) -> Option<FoundCell<'a>> {
    let at = row.at(col);
    if let Ok(place) = row.cells.binary_search_by_key(&col, |cell| cell.col) {
        let own = &row.cells[place];
        let text: &str = if let Value::Text(text) = &own.value {
            text
        } else {
            ""
        };
        let other = if is_amount || text.is_empty() {
            None
        } else if let Some(whole) = more.texts.get(&(row.index, col)) {
            Some(Cell {
                value: Value::Text(whole.as_str().into()),
                ..own.clone()
            })
        } else if is_ditto(text) {
            above.repeat(sheet, col)
        } else {
            None
        };
        return Some(FoundCell {
            at,
            cell: other.map_or(Cow::Borrowed(own), Cow::Owned),
        });
    }
    let (at, cell) = match more.cells.get(&(row.index, col)) {
        Some(&found) => found,
        None if is_amount && !repeats.contains(&col) => return None,
        None => sheet.merged_cell(at)?,
    };
    Some(FoundCell {
        at,
        cell: Cow::Borrowed(cell),
    })
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
