use crate::contributions::{Contributions, CountedValue};
use crate::figures::Figures;
use crate::trace::{Cells, Choice, ShownFigures};
use foldhash::fast::FixedState;
use programme::Measure;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The figures of one indicator while the trace is put together.
pub(crate) struct TraceSource<'f> {
    pub(crate) figures: &'f Figures,
    /// Which of its keys are told by the column.
    pub(crate) is_by_column: Vec<bool>,
    /// The contribution that comes next.
    pub(crate) next: usize,
    /// The row of each contribution.
    pub(crate) rows: Vec<usize>,
    /// Of a sum, its columns by the codes of the keys that they tell.
    pub(crate) sums: Vec<SumColumn>,
}

/// A column of a sum.
pub(crate) struct SumColumn {
    /// The codes of the keys that it tells.
    pub(crate) codes: Vec<u32>,
    pub(crate) cells: Cells,
}

/// A column with what it is for.
pub(crate) struct SourceColumn {
    pub(crate) choice: Choice,
    pub(crate) shown: ShownFigures,
    pub(crate) cells: Cells,
}

impl<'f> TraceSource<'f> {
    pub(crate) fn of(figures: &'f Figures) -> Self {
        let all = &figures.contributions;
        let is_by_column = match figures.measure {
            Measure::Sum => (0..figures.by.len())
                .map(|key| is_told_by_field(all, key))
                .collect(),
            Measure::CountDistinct => vec![false; figures.by.len()],
        };
        Self {
            figures,
            is_by_column,
            next: 0,
            rows: Vec::with_capacity(all.len()),
            sums: Vec::new(),
        }
    }

    /// The codes of the keys that a contribution's column tells.
    pub(crate) fn column_of(&self, row: usize) -> Vec<u32> {
        let keys = self.figures.contributions.keys().iter().enumerate();
        let told = keys.filter(|(key, _)| self.is_by_column[*key]);
        told.map(|(_, codes)| codes.number(row)).collect()
    }
}

/// Whether the form's column that a value stands in tells its code of a key, and some record has values under several
/// codes of it, as where the state's money and the enterprise's own stand side by side.
fn is_told_by_field(all: &Contributions, key: usize) -> bool {
    let (codes, fields) = (&all.keys()[key], all.fields());
    let mut told: HashMap<u32, u32> = HashMap::new();
    let mut has_several = false;
    let mut last: Option<(Option<u32>, u32)> = None;
    for (row, part) in all.iter().enumerate() {
        let code = codes.number(row);
        if *told.entry(fields.number(row)).or_insert(code) != code {
            return false;
        }
        has_several |= part.record().is_some()
            && last.is_some_and(|(record, other)| record == part.record() && other != code);
        last = Some((part.record(), code));
    }
    has_several
}

/// The columns of an indicator, each with what it is for.
pub(crate) fn source_columns(source: &TraceSource<'_>) -> Vec<SourceColumn> {
    let figures = source.figures;
    let shown = |only: Vec<(String, String)>, once_in: Option<Vec<String>>| ShownFigures {
        indicator: figures.indicator.clone(),
        years: figures.years.clone(),
        only,
        once_in,
    };
    let keys = 0..figures.by.len();
    match figures.measure {
        Measure::Sum => {
            let told: Vec<usize> = keys.filter(|key| source.is_by_column[*key]).collect();
            let mut sums: Vec<&SumColumn> = source.sums.iter().collect();
            sums.sort_by(|a, b| a.codes.cmp(&b.codes));
            let column = |sum: &SumColumn| {
                let codes = told.iter().zip(&sum.codes).map(|(key, code)| {
                    let code = figures.contributions.keys()[*key].text(*code);
                    (*key, code.to_owned())
                });
                let codes: Vec<(usize, String)> = codes.collect();
                let only = codes
                    .iter()
                    .map(|(key, code)| (figures.by[*key].clone(), code.clone()));
                SourceColumn {
                    shown: shown(only.collect(), None),
                    choice: Choice::Codes(codes),
                    cells: sum.cells.clone(),
                }
            };
            sums.into_iter().map(column).collect()
        }
        Measure::CountDistinct => {
            let keys: Vec<usize> = keys.collect();
            let groups = (0..1usize << keys.len()).map(|open| -> Vec<usize> {
                let given = keys.iter().filter(|key| open >> **key & 1 == 0);
                given.copied().collect()
            });
            let column = |given: Vec<usize>| {
                let names = given.iter().map(|key| figures.by[*key].clone()).collect();
                SourceColumn {
                    shown: shown(Vec::new(), Some(names)),
                    cells: counted_once(source, &given),
                    choice: Choice::Once(given),
                }
            };
            groups.map(column).collect()
        }
    }
}

/// The first row of each value in each group of some keys, with a 1.
fn counted_once(source: &TraceSource<'_>, given: &[usize]) -> Cells {
    let all = &source.figures.contributions;
    let mut places: Vec<usize> = (0..all.len()).collect();
    places.sort_by_key(|at| source.rows[*at]);
    let mut seen: HashSet<(Vec<u32>, &str), FixedState> = HashSet::default();
    let mut cells: Vec<(usize, i64)> = Vec::new();
    for at in places {
        let CountedValue::Once(value) = all.at(at).value() else {
            continue;
        };
        let codes = given
            .iter()
            .map(|key| all.keys()[*key].number(at))
            .collect();
        if seen.insert((codes, value)) {
            let row = source.rows[at];
            match cells.last_mut() {
                // One record may name several values.
                Some((last, count)) if *last == row => *count += 1,
                _ => cells.push((row, 1)),
            }
        }
    }
    cells
}

/// The first row of each way of narrowing all keys of an indicator.
pub(crate) fn first_rows(source: &TraceSource<'_>) -> BTreeMap<Vec<String>, usize> {
    let all = &source.figures.contributions;
    let mut first: HashMap<Vec<u32>, usize, FixedState> = HashMap::default();
    let mut codes: Vec<u32> = Vec::new();
    for (at, row) in source.rows.iter().enumerate() {
        codes.clear();
        codes.extend(all.keys().iter().map(|key| key.number(at)));
        match first.get_mut(codes.as_slice()) {
            Some(known) => *known = (*known).min(*row),
            None => {
                first.insert(codes.clone(), *row);
            }
        }
    }
    let texts = |codes: Vec<u32>| {
        let codes = all.keys().iter().zip(codes);
        codes.map(|(key, code)| key.text(code).to_owned()).collect()
    };
    first
        .into_iter()
        .map(|(codes, row)| (texts(codes), row))
        .collect()
}
