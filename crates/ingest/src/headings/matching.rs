//! A form's headings in the rows of a sheet: which column is which.

use crate::grid::{SheetGrid, column_letters};
use crate::headings::assign::{AnsweredColumn, Assigning, CodedColumn, UnsureColumn};
use crate::headings::path::HeadingPath;
use programme::Form;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where a form's table begins on a sheet: which rows are its heading and which column is which.
#[derive(Debug)]
pub(crate) struct HeadingMatch<'p> {
    pub form: &'p Form,
    /// Its rows, as places in the sheet's rows.
    pub first: usize,
    pub last: usize,
    /// The form's column of each sheet column that was recognised.
    pub columns: BTreeMap<u32, usize>,
    /// Sheet columns that hold amounts or marks of one code each.
    pub coded: Vec<CodedColumn>,
    /// Sheet columns whose heading names a form's column that another has already.
    pub duplicate_headings: Vec<(usize, u32)>,
    /// Sheet columns that may be one that the form lacks otherwise.
    pub unsure: Vec<UnsureColumn>,
    /// Sheet columns that are taken for what a person said of their headings.
    pub answered: Vec<AnsweredColumn>,
    /// Sheet columns that the form does not have, with their headings.
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

/// What a name of the form, on the sheet or above the heading, adds to the score: more than one column, less than two.
const NAMED: i32 = 15;

/// What speaks for a form beside its headings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected {
    /// Whether the sheet's name or a title above names it.
    pub is_named: bool,
    /// Whether it is a list that no department sends.
    pub is_list: bool,
}

/// So many columns understood make a heading, however many own ones stand beside them.
const CERTAIN: usize = 4;

impl HeadingMatch<'_> {
    /// The choice in words, for an operator who asks why.
    pub(crate) fn explained(&self, sheet: &SheetGrid) -> String {
        let name = |place: usize| &self.form.columns[place].name;
        let mut columns: Vec<String> = self
            .columns
            .iter()
            .map(|(&col, &place)| format!("{}={}", column_letters(col), name(place)))
            .collect();
        columns.extend(self.coded.iter().map(|coded| {
            let of = coded
                .amount
                .map_or(String::new(), |amount| format!("{} of ", name(amount)));
            format!(
                "{}={of}{} {}",
                column_letters(coded.col),
                name(coded.place),
                coded.code
            )
        }));
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

    /// The sheet's columns that were recognised, each with the form's: of amounts of one code, that of the amounts.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        let coded = self.coded.iter();
        let plain = self.columns.iter().map(|(&col, &place)| (col, place));
        plain.chain(coded.map(|coded| (coded.col, coded.amount.unwrap_or(coded.place))))
    }

    /// Whether the sheet has a form's column.
    pub(crate) fn has(&self, place: usize) -> bool {
        self.columns.values().any(|&other| other == place)
            || self
                .coded
                .iter()
                .any(|coded| coded.place == place || coded.amount == Some(place))
    }

    /// How many of the form's columns the sheet has.
    pub(crate) fn found(&self) -> usize {
        (0..self.form.columns.len())
            .filter(|&place| self.has(place))
            .count()
    }
}

/// A heading of the form in rows over which these paths stand, and others beside the table; the first and the last place of
/// the rows are given.
pub(crate) fn match_block<'p>(
    form: &'p Form,
    (paths, beside): (&[HeadingPath], &[HeadingPath]),
    (first, last): (usize, usize),
    assigning: &Assigning<'_>,
    expected: Expected,
) -> Option<HeadingMatch<'p>> {
    // A column beside the table that a person said to be the form's belongs to the table.
    let is_ours = |path: &&HeadingPath| matches!(assigning.said(form, path), Some((Some(_), _)));
    let (ours, beside): (Vec<&HeadingPath>, Vec<&HeadingPath>) = beside.iter().partition(is_ours);
    let mut paths = Cow::Borrowed(paths);
    if !ours.is_empty() {
        paths.to_mut().extend(ours.into_iter().cloned());
        paths.to_mut().sort_by_key(|path| path.col);
    }
    let paths = paths.as_ref();
    let beside: Vec<HeadingPath> = beside.into_iter().cloned().collect();
    let beside = beside.as_slice();
    let mut assigned = assigning.assign(form, paths);
    assigned
        .answered
        .extend(assigning.answered(form, beside, &assigned.columns));
    let others = assigning.unsure_beside(form, beside, &assigned);
    let repeated = assigning.repeated_beside(form, beside, &assigned);
    assigned.duplicates.extend(repeated);
    let is_asked = |path: &&HeadingPath| others.iter().any(|other| other.col == path.col);
    let beside: Vec<&HeadingPath> = beside.iter().filter(|path| !is_asked(path)).collect();
    assigned.unsure.extend(others.iter().cloned());
    let number_column = paths
        .iter()
        .find(|path| path.own.is_number)
        .map(|path| path.col);
    let is_known = |path: &HeadingPath| {
        path.own.is_number
            || assigned.columns.contains_key(&path.col)
            || assigned.coded.iter().any(|coded| coded.col == path.col)
            || assigned.duplicates.iter().any(|(_, col)| *col == path.col)
            || assigned.unsure.iter().any(|unsure| unsure.col == path.col)
    };
    let unknown: Vec<(u32, String)> = paths
        .iter()
        .filter(|path| !is_known(path))
        .chain(beside.iter().copied())
        .map(|path| (path.col, path.shown()))
        .collect();
    let mut heading = HeadingMatch {
        form,
        first,
        last,
        columns: assigned.columns,
        coded: assigned.coded,
        duplicate_headings: assigned.duplicates,
        unsure: assigned.unsure,
        answered: assigned.answered,
        unknown,
        number_column,
        units: paths
            .iter()
            .filter_map(|path| Some((path.col, path.unit()?)))
            .collect(),
        score: 0,
        named: expected.is_named,
    };
    let matched = heading.found();
    let required = form
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.required);
    let (there, missing): (Vec<usize>, Vec<usize>) = required
        .map(|(place, _)| place)
        .partition(|&place| heading.has(place));
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX / 100);
    // A column found says more for a form than a required one that is missing says against it, which a sender may have
    // left out; an unknown one says least, and after some nothing: a sender may have any number of his own.
    // What a person said to be none of the form's speaks neither for it nor against it, as before the answer.
    let not_of_form = heading.answered.iter().filter(|it| it.place.is_none());
    let unknown = heading.unknown.len().saturating_sub(not_of_form.count());
    heading.score = 10 * count(matched) - 4 * count(missing.len()) - 2 * count(unknown.min(6));
    if expected.is_named {
        heading.score += NAMED;
    }
    let of_table = heading
        .unknown
        .iter()
        .map(|(col, _)| *col)
        .chain(heading.unsure.iter().map(|unsure| unsure.col));
    let open = of_table
        .filter(|col| paths.iter().any(|path| path.col == *col))
        .count();
    let known = paths.len() - open;
    // Two columns, one of them required, and half of all that is said: fewer stand in the texts around a table as well.
    // Where more are understood, own ones beside them do not matter; a list may have many.
    let is_said = known * 2 >= paths.len() && (matched > 2 || known == paths.len());
    let is_certain = matched >= CERTAIN && there.len() >= 2;
    // Where the form is expected, the column that says whom a row is about is enough.
    let has_name = form.name_place().is_some_and(|place| heading.has(place));
    let is_expected = has_name && (expected.is_list || expected.is_named);
    let is_heading = is_said || is_certain || is_expected;
    (matched >= 2 && !there.is_empty() && is_heading).then_some(heading)
}
