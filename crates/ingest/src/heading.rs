use crate::grid::{Row, Sheet};
use crate::value::unit::unit_in_heading;
use programme::{Form, Layout, Programme};
use std::collections::BTreeMap;
use vietext::fold;

/// Where a form's table begins on a sheet: which rows are its heading and which column is which.
#[derive(Debug)]
pub(crate) struct Heading<'p> {
    pub form: &'p Form,
    /// Its rows, as places in the sheet's rows.
    pub first: usize,
    pub last: usize,
    /// The form's column of each sheet column that was recognised.
    pub columns: BTreeMap<u32, usize>,
    /// Sheet columns whose heading names a form's column that another has already.
    pub twice: Vec<(usize, u32)>,
    /// Sheet columns that the form does not have, with their headings.
    pub unknown: Vec<(u32, String)>,
    /// The sheet column that numbers the rows.
    pub number_column: Option<u32>,
    /// Units that headings name, by sheet column.
    pub units: BTreeMap<u32, i64>,
    pub score: i32,
    /// Whether the sheet's name or a title above says that it is this form.
    pub named: bool,
}

/// The most rows a heading has.
const DEPTH: usize = 3;

/// Finds the headings of a sheet, from the top; they do not overlap.
///
/// A heading is known by what it says: of all forms the one whose columns it names best, in one to three rows,
/// where a lower row names the parts of what stands above it.
pub(crate) fn find<'p>(sheet: &Sheet, programme: &'p Programme) -> Vec<Heading<'p>> {
    let mut found: Vec<Heading<'p>> = Vec::new();
    let mut at = 0;
    while at < sheet.rows.len() {
        let titles_from = found.last().map_or(0, |heading| heading.last + 1);
        match best_at(sheet, at, titles_from, programme) {
            Some(heading) => {
                at = heading.last + 1;
                found.push(heading);
            }
            None => at += 1,
        }
    }
    found
}

fn may_head(row: &Row) -> bool {
    row.cells.len() >= 2 && row.is_all_text()
}

fn best_at<'p>(
    sheet: &Sheet,
    at: usize,
    titles_from: usize,
    programme: &'p Programme,
) -> Option<Heading<'p>> {
    if !may_head(&sheet.rows[at]) {
        return None;
    }
    let block: Vec<&Row> = sheet.rows[at..]
        .iter()
        .take(DEPTH)
        .enumerate()
        .take_while(|(i, row)| {
            *i == 0 || (row.is_all_text() && row.index == sheet.rows[at + i - 1].index + 1)
        })
        .map(|(_, row)| row)
        .collect();
    // Titles stand close above: what is further up belongs to something else.
    let titles: Vec<String> = std::iter::once(fold(&sheet.name))
        .chain(
            sheet.rows[titles_from.max(at.saturating_sub(12))..at]
                .iter()
                .flat_map(|row| row.texts().map(|(_, text)| fold(text))),
        )
        .collect();
    let block: Vec<Spelled<'_>> = block.into_iter().map(Spelled::of).collect();
    let mut best: Option<Heading<'p>> = None;
    for form in programme
        .forms
        .values()
        .filter(|form| form.layout == Layout::Table)
    {
        let named: Vec<Vec<Option<usize>>> = block.iter().map(|row| row.columns_of(form)).collect();
        let mut deepest: Option<Heading<'p>> = None;
        for depth in 1..=block.len() {
            match match_block(form, &block[..depth], &named, at) {
                Some(heading)
                    if deepest.as_ref().is_none_or(|other: &Heading<'_>| {
                        heading.columns.len() > other.columns.len()
                            && below_names_parts(&named[depth - 1])
                    }) =>
                {
                    deepest = Some(heading);
                }
                _ if depth > 1 => break,
                _ => {}
            }
        }
        if let Some(mut heading) = deepest {
            heading.named = titles.iter().any(|title| form.is_named(title));
            heading.score += if heading.named { 15 } else { 0 };
            if best
                .as_ref()
                .is_none_or(|other| heading.score > other.score)
            {
                best = Some(heading);
            }
        }
    }
    best
}

/// Whether at least half of what a lower row says names columns of the form.
fn below_names_parts(named: &[Option<usize>]) -> bool {
    named.iter().flatten().count() * 2 >= named.len()
}

/// The texts of a row as headings, by column; made once for all forms.
struct Spelled<'r> {
    cells: Vec<SpelledCell<'r>>,
}

/// A heading as it is written, and folded.
struct SpelledCell<'r> {
    col: u32,
    text: &'r str,
    whole: String,
    /// Without what it adds in brackets.
    bare: String,
    /// 'Mã số DN/MST' says one thing twice.
    parts: Vec<String>,
    is_number: bool,
    unit: Option<i64>,
}

impl<'r> Spelled<'r> {
    fn of(row: &'r Row) -> Self {
        let mut cells: Vec<SpelledCell<'r>> = row
            .texts()
            .map(|(col, text)| SpelledCell::of(col, text))
            .collect();
        cells.sort_by_key(|cell| cell.col);
        Self { cells }
    }

    /// The form's column that each cell names.
    fn columns_of(&self, form: &Form) -> Vec<Option<usize>> {
        self.cells.iter().map(|cell| cell.column_of(form)).collect()
    }
}

impl<'r> SpelledCell<'r> {
    fn of(col: u32, text: &'r str) -> Self {
        let whole = text.trim_end_matches(['*', ':']);
        let bare = whole.split('(').next().unwrap_or(whole);
        Self {
            col,
            text,
            parts: if bare.contains('/') {
                bare.split('/').map(fold).collect()
            } else {
                Vec::new()
            },
            bare: fold(bare),
            is_number: is_number_heading(text),
            unit: unit_in_heading(text),
            whole: fold(whole),
        }
    }

    /// The form's column it names.
    fn column_of(&self, form: &Form) -> Option<usize> {
        let by_parts = || {
            let mut named = self.parts.iter().filter_map(|part| form.heading(part));
            let first = named.next()?;
            named.all(|place| place == first).then_some(first)
        };
        form.heading(&self.whole)
            .or_else(|| form.heading(&self.bare))
            .or_else(by_parts)
            .or_else(|| form.heading_near(&self.bare))
    }
}

fn is_number_heading(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "stt" | "tt" | "so tt" | "so thu tu" | "no"
    )
}

/// A heading of the form in these rows, whose cells name the columns `named`.
fn match_block<'p>(
    form: &'p Form,
    block: &[Spelled<'_>],
    named: &[Vec<Option<usize>>],
    at: usize,
) -> Option<Heading<'p>> {
    let mut heading = Heading {
        form,
        first: at,
        last: at + block.len() - 1,
        columns: BTreeMap::new(),
        twice: Vec::new(),
        unknown: Vec::new(),
        number_column: None,
        units: BTreeMap::new(),
        score: 0,
        named: false,
    };
    let (mut texts, mut known) = (0, 0);
    // From the bottom up: a part names its column better than what stands above it.
    let mut taken: BTreeMap<u32, ()> = BTreeMap::new();
    for (depth, row) in block.iter().enumerate().rev() {
        for (i, cell) in row.cells.iter().enumerate() {
            let col = cell.col;
            let next = row.cells.get(i + 1).map_or(u32::MAX, |next| next.col);
            if let Some(unit) = cell.unit {
                let below = taken.range(col..next).map(|(&col, ())| col);
                for col in below.chain([col]) {
                    heading.units.entry(col).or_insert(unit);
                }
            }
            if taken.contains_key(&col) {
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
                    heading.twice.push((column, col));
                } else {
                    heading.columns.insert(col, column);
                }
            } else if is_group {
                known += 1;
            } else {
                heading.unknown.push((col, cell.text.to_owned()));
            }
            taken.insert(col, ());
        }
    }
    first_of_twice_counts(&mut heading);
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
    heading.score = 10 * count(matched) - 4 * count(missing) - 2 * count(heading.unknown.len());
    (matched >= 2 && heading.columns.values().any(required) && known * 2 >= texts)
        .then_some(heading)
}

/// Of columns with the same heading the leftmost counts.
fn first_of_twice_counts(heading: &mut Heading<'_>) {
    for (column, col) in &mut heading.twice {
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
    heading.twice.sort();
}

impl Heading<'_> {
    /// The choice in words, for an operator who asks why.
    pub(crate) fn explained(&self, sheet: &Sheet) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(&col, &column)| {
                let cell = model::CellRef { row: 0, col }.to_string();
                format!(
                    "{}={}",
                    cell.trim_end_matches('1'),
                    self.form.columns[column].name
                )
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
