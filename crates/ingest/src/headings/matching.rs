//! A form's headings in the rows of a sheet: which column is which.

use crate::grid::{SheetGrid, column_letters};
use crate::headings::cells::HeadingRow;
use programme::Form;
use std::collections::{BTreeMap, BTreeSet};

/// Where a form's table begins on a sheet: which rows are its heading and which column is which.
#[derive(Debug)]
pub(crate) struct HeadingMatch<'p> {
    pub form: &'p Form,
    /// Its rows, as places in the sheet's rows.
    pub first: usize,
    pub last: usize,
    /// The form's column of each sheet column that was recognised.
    pub columns: BTreeMap<u32, usize>,
    /// SheetGrid columns whose heading names a form's column that another has already.
    pub duplicate_headings: Vec<(usize, u32)>,
    /// SheetGrid columns that the form does not have, with their headings.
    pub unknown: Vec<(u32, String)>,
    /// The sheet column that numbers the rows.
    pub number_column: Option<u32>,
    /// Units that headings name, by sheet column.
    pub units: BTreeMap<u32, i64>,
    /// How well the rows fit the form; only for choosing among forms.
    pub score: i32,
    /// Whether the sheet's name or a title above says that it is this form.
    pub named: bool,
}

impl HeadingMatch<'_> {
    /// The choice in words, for an operator who asks why.
    pub(crate) fn explained(&self, sheet: &SheetGrid) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(&col, &column)| {
                format!("{}={}", column_letters(col), self.form.columns[column].name)
            })
            .collect();
        format!(
            "{} rows {}-{} score {}{}: {}",
            self.form.code,
            sheet.rows[self.first].index + 1,
            sheet.rows[self.last].index + 1,
            self.score,
            if self.named { " (named)" } else { "" },
            columns.join(" ")
        )
    }
}

/// A heading of the form in these rows, whose cells name the columns `named`.
pub(crate) fn match_block<'p>(
    form: &'p Form,
    block: &[HeadingRow<'_>],
    named: &[Vec<Option<usize>>],
    at: usize,
) -> Option<HeadingMatch<'p>> {
    let mut heading = HeadingMatch {
        form,
        first: at,
        last: at + block.len() - 1,
        columns: BTreeMap::new(),
        duplicate_headings: Vec::new(),
        unknown: Vec::new(),
        number_column: None,
        units: BTreeMap::new(),
        score: 0,
        named: false,
    };
    let (mut texts, mut known) = (0, 0);
    // From the bottom up: a part names its column better than what stands above it.
    let mut taken: BTreeSet<u32> = BTreeSet::new();
    for (depth, row) in block.iter().enumerate().rev() {
        for (i, cell) in row.cells.iter().enumerate() {
            let col = cell.col;
            // A heading reaches to the next one on its row: cells are merged, and only the first holds the text.
            let next = row.cells.get(i + 1).map_or(u32::MAX, |next| next.col);
            // A unit over a group holds for all its parts that name none themselves.
            if let Some(unit) = cell.unit {
                let below = taken.range(col..next).copied();
                for col in below.chain([col]) {
                    heading.units.entry(col).or_insert(unit);
                }
            }
            if taken.contains(&col) {
                continue;
            }
            texts += 1;
            // What stands over parts is a group, not a column.
            let is_group = depth + 1 < block.len() && taken.range(col..next).next().is_some();
            if cell.is_number {
                heading.number_column.get_or_insert(col);
                known += 1;
            } else if let Some(column) = named[depth][i] {
                known += 1;
                if heading.columns.values().any(|&other| other == column) {
                    heading.duplicate_headings.push((column, col));
                } else {
                    heading.columns.insert(col, column);
                }
            } else if is_group {
                known += 1;
            } else {
                heading.unknown.push((col, cell.text.to_owned()));
            }
            taken.insert(col);
        }
    }
    keep_leftmost_duplicates(&mut heading);
    heading.unknown.sort();
    let matched = heading.columns.len();
    let required = |place: &usize| form.columns[*place].required;
    let missing = form
        .columns
        .iter()
        .enumerate()
        .filter(|(i, c)| c.required && !heading.columns.values().any(|v| v == i))
        .count();
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX / 100);
    // A column found says more for a form than a required one that is missing says against it, which a sender may have
    // left out; an unknown one says least.
    heading.score = 10 * count(matched) - 4 * count(missing) - 2 * count(heading.unknown.len());
    // Two columns, one of them required, and half of all that is said: fewer stand in the texts around a table as well.
    (matched >= 2 && heading.columns.values().any(required) && known * 2 >= texts)
        .then_some(heading)
}

/// Of columns with the same heading the leftmost counts.
fn keep_leftmost_duplicates(heading: &mut HeadingMatch<'_>) {
    // Headings were gone through from the bottom up, so the one kept so far need not be the leftmost.
    for (column, col) in &mut heading.duplicate_headings {
        let kept = heading
            .columns
            .iter()
            .find(|(_, c)| *c == column)
            .map(|(&kept, _)| kept);
        if let Some(kept) = kept.filter(|kept| *kept > *col) {
            heading.columns.remove(&kept);
            heading.columns.insert(*col, *column);
            *col = kept;
        }
    }
    heading.duplicate_headings.sort();
}
