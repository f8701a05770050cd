//! The headings over each column of a sheet, from the widest group down to the column's own.

use crate::grid::{Merged, Row, SheetGrid, Value};
use crate::headings::heading_text::ReadHeading;
use programme::HeadingWords;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use vietext::fold;

/// What stands over a column: 'Kinh phí › Trong đó › NSNN'.
#[derive(Debug, Clone)]
pub(crate) struct HeadingPath {
    pub col: u32,
    /// The lowest: it names the column best.
    pub own: Rc<ReadHeading>,
    /// What stands above it, from the nearest up.
    pub groups: Vec<Rc<ReadHeading>>,
    /// The column's own heading after each of its groups: 'Kinh phí NSNN'.
    pub joined: Vec<Rc<ReadHeading>>,
}

impl HeadingPath {
    /// The headings from the top down, as a person would say them.
    pub(crate) fn shown(&self) -> String {
        let groups = self.groups.iter().rev().map(|group| group.text.as_str());
        let all: Vec<&str> = groups.chain([self.own.text.as_str()]).collect();
        all.join(" › ")
    }

    /// The same folded: an answer on the column is found by it.
    pub(crate) fn key(&self) -> String {
        // Folding drops signs; a share is no amount.
        let folded = |heading: &Rc<ReadHeading>| fold(&heading.text.replace('%', " phan tram "));
        let groups = self.groups.iter().rev().map(folded);
        let all: Vec<String> = groups.chain([folded(&self.own)]).collect();
        all.join(" › ")
    }

    /// The years that the column's own heading and its groups name.
    pub(crate) fn years(&self) -> impl Iterator<Item = i32> {
        let headings = std::iter::once(&self.own).chain(&self.groups);
        headings.flat_map(|heading| heading.words.years())
    }

    /// The unit that is named nearest to the column.
    pub(crate) fn unit(&self) -> Option<i64> {
        std::iter::once(&self.own)
            .chain(&self.groups)
            .find_map(|heading| heading.unit)
    }
}

/// The texts of headings, each read once for a sheet.
pub(crate) struct ReadHeadings<'p> {
    words: &'p HeadingWords,
    read: HashMap<String, Option<Rc<ReadHeading>>>,
}

impl<'p> ReadHeadings<'p> {
    pub(crate) fn new(words: &'p HeadingWords) -> Self {
        Self {
            words,
            read: HashMap::new(),
        }
    }

    fn get(&mut self, text: &str) -> Option<Rc<ReadHeading>> {
        if let Some(read) = self.read.get(text) {
            return read.clone();
        }
        let read = ReadHeading::read(text, self.words).map(Rc::new);
        self.read.insert(text.to_owned(), read.clone());
        read
    }
}

/// A row of headings: its texts, a year being one.
pub(crate) struct HeadingRow {
    /// Its row on the sheet, from 0.
    pub index: u32,
    pub cells: Vec<(u32, Rc<ReadHeading>)>,
}

impl HeadingRow {
    /// A row whose cells are all headings; nothing if one is something else, unless the row is part of a heading by the way
    /// its cells are merged.
    pub(crate) fn read(row: &Row, headings: &mut ReadHeadings<'_>, is_part: bool) -> Option<Self> {
        let mut cells = Vec::with_capacity(row.cells.len());
        for cell in &row.cells {
            let heading = match &cell.value {
                Value::Text(text) => headings.get(text),
                value => year(value).and_then(|year| headings.get(&year.to_string())),
            };
            match heading {
                Some(heading) => cells.push((cell.col, heading)),
                None if is_part => {}
                None => return None,
            }
        }
        Some(Self {
            index: row.index,
            cells,
        })
    }
}

/// A number that heads a column of a year's amounts.
fn year(value: &Value) -> Option<i64> {
    value.whole().filter(|year| (1990..=2100).contains(year))
}

/// What stands over each column in a block of rows, from the left.
pub(crate) fn paths(
    sheet: &SheetGrid,
    block: &[HeadingRow],
    headings: &mut ReadHeadings<'_>,
) -> Vec<HeadingPath> {
    let mut lowest: BTreeMap<u32, (usize, Rc<ReadHeading>)> = BTreeMap::new();
    for (depth, row) in block.iter().enumerate() {
        for (col, heading) in &row.cells {
            lowest.insert(*col, (depth, Rc::clone(heading)));
        }
    }
    lowest
        .iter()
        .map(|(&col, (depth, own))| {
            let groups: Vec<Rc<ReadHeading>> = block[..*depth]
                .iter()
                .rev()
                .filter_map(|row| group_over(sheet, row, col, &lowest))
                .collect();
            let joined = groups.iter();
            HeadingPath {
                col,
                own: Rc::clone(own),
                joined: joined
                    .filter_map(|group| headings.get(&format!("{} {}", group.text, own.text)))
                    .collect(),
                groups,
            }
        })
        .collect()
}

/// The heading of a row that stands over a column: in its own cell, or in one to the left that reaches over it.
fn group_over(
    sheet: &SheetGrid,
    row: &HeadingRow,
    col: u32,
    lowest: &BTreeMap<u32, (usize, Rc<ReadHeading>)>,
) -> Option<Rc<ReadHeading>> {
    let (left, heading) = row.cells.iter().rev().find(|(left, _)| *left <= col)?;
    if *left == col {
        return Some(Rc::clone(heading));
    }
    let reaches = match merge_at(sheet, row.index, *left) {
        Some(merged) => merged.last.col >= col,
        // Cells that are not merged: a group has its first part right below, so something else stands lower there.
        None => lowest
            .get(left)
            .is_some_and(|(_, lower)| !Rc::ptr_eq(lower, heading)),
    };
    reaches.then(|| Rc::clone(heading))
}

/// The paths of the table itself, and those of a small table beside it: a column without heading and without values parts
/// them. `is_blank` says whether a column of the sheet holds nothing and is not hidden.
pub(crate) fn without_side_tables(
    paths: &[HeadingPath],
    is_blank: impl Fn(u32) -> bool,
) -> (Vec<HeadingPath>, Vec<HeadingPath>) {
    let mut runs: Vec<Vec<HeadingPath>> = Vec::new();
    for path in paths {
        let last = runs.last().and_then(|run| run.last()).map(|last| last.col);
        let is_parted = last.is_some_and(|last| {
            let mut between = last + 1..path.col;
            between.any(&is_blank)
        });
        match runs.last_mut() {
            Some(run) if !is_parted => run.push(path.clone()),
            _ => runs.push(vec![path.clone()]),
        }
    }
    // The widest is the table; of equals the first.
    let widest = (0..runs.len()).max_by_key(|&i| (runs[i].len(), std::cmp::Reverse(i)));
    let table = widest.map(|i| runs.remove(i)).unwrap_or_default();
    (table, runs.into_iter().flatten().collect())
}

/// The merged cells that begin in a cell.
pub(crate) fn merge_at(sheet: &SheetGrid, row: u32, col: u32) -> Option<&Merged> {
    sheet
        .merged
        .iter()
        .find(|merged| merged.first.row == row && merged.first.col == col)
}

/// Whether a cell lies under one that is merged over several columns.
pub(crate) fn is_under_group(sheet: &SheetGrid, row: u32, col: u32) -> bool {
    sheet.merged.iter().any(|merged| {
        merged.first.col < merged.last.col
            && (merged.first.col..=merged.last.col).contains(&col)
            && merged.last.row + 1 == row
    })
}

#[cfg(test)]
mod tests {
    use super::{HeadingRow, ReadHeadings, paths};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// The paths over the columns of a sheet whose rows are all headings.
    fn shown(text: &str) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &opened.sheets[0];
        let mut headings = ReadHeadings::new(&programme.heading_words);
        let rows = sheet.rows.iter();
        let block: Vec<HeadingRow> = rows
            .map(|row| HeadingRow::read(row, &mut headings, false).unwrap())
            .collect();
        paths(sheet, &block, &mut headings)
            .iter()
            .map(|path| path.shown())
            .collect()
    }

    #[test]
    fn parts_stand_under_their_groups() {
        let text = "== A\nSTT|Tên|Kinh phí||\n||Trong đó||Khác\n||NSNN|DN|\n";
        assert_eq!(
            shown(text),
            [
                "STT",
                "Tên",
                "Kinh phí › Trong đó › NSNN",
                "Kinh phí › Trong đó › DN",
                "Kinh phí › Khác"
            ]
        );
    }

    #[test]
    fn a_year_may_head_a_column_as_a_number() {
        assert_eq!(
            shown("== A\nTên|NSNN|\n|2023|2024\n"),
            ["Tên", "NSNN › 2023", "NSNN › 2024"]
        );
    }
}
