use crate::figures::Figures;
use foldhash::fast::FixedState;
use indexmap::IndexSet;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) type Texts = IndexSet<String, FixedState>;

/// What figures are made of, record by record: a row for each record that counts, with the keys by which it is grouped
/// and the amounts that it brings. A figure is a filter of this table: the sum of one of its columns, or of some, over the
/// rows whose keys are those that the figure is narrowed to.
///
/// A record has more than one row only if it counts under several codes of one key. Where a value counts once, a column
/// has a 1 in the row that counts: the first of its value, of all rows or of each group that a figure is narrowed to.
#[derive(Debug)]
pub struct Trace {
    pub(crate) keys: Vec<TraceKey>,
    pub(crate) rows: Vec<TraceRow>,
    /// The names of the forms' columns that amounts stand in.
    pub(crate) fields: Texts,
    pub(crate) columns: Vec<TraceColumn>,
    /// By indicator and years.
    pub(crate) figures: HashMap<(String, String), TracedFigures>,
}

/// A key by which rows are grouped.
#[derive(Debug)]
pub(crate) struct TraceKey {
    pub(crate) name: String,
    pub(crate) codes: Texts,
}

#[derive(Debug)]
pub(crate) struct TraceRow {
    /// The number of the record; nothing if it has no place.
    pub(crate) record: Option<u32>,
    /// For each key the number of its code; none if no figure groups the row by it.
    pub(crate) keys: Vec<Option<u32>>,
    /// The columns of the form that something of the row stands in.
    pub(crate) fields: Vec<usize>,
}

/// A column of amounts. Figures that have the same amounts in all rows share one.
#[derive(Debug, PartialEq, Eq)]
pub struct TraceColumn {
    /// The figures that it is added up to.
    pub shows: Vec<ShownFigures>,
    /// The rows that have an amount, from 0, in their order.
    pub cells: Cells,
}

/// Rows that have an amount, from 0, in their order.
pub(crate) type Cells = Vec<(usize, i64)>;

/// Figures that a column is added up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFigures {
    /// The indicator.
    pub indicator: String,
    /// The years that are counted.
    pub years: String,
    /// The keys, with their codes, that no row is grouped by since each column of a form has its own code: whose money
    /// it is.
    pub only: Vec<(String, String)>,
    /// Of what counts once, the keys in each group of which it does; blank over all.
    pub once_in: Option<Vec<String>>,
}

/// Where a figure is found in the trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigurePlace<'t> {
    /// The first row of it, from 0.
    pub row: usize,
    /// The columns that it is the sum of.
    pub columns: Vec<usize>,
    /// What the rows are filtered by: key and code.
    pub filter: Vec<(&'t str, &'t str)>,
}

/// How the figures of an indicator over some years stand in the trace.
#[derive(Debug)]
pub(crate) struct TracedFigures {
    pub(crate) by: Vec<String>,
    /// Which of the keys are told by the column.
    pub(crate) is_by_column: Vec<bool>,
    /// The columns: by the codes of the keys that they tell, and by the keys in each group of which a value counts once.
    pub(crate) columns: Vec<(Choice, usize)>,
    /// The first row of each way of narrowing all keys.
    pub(crate) first: BTreeMap<Vec<String>, usize>,
}

/// What one of several columns of an indicator is for, by the places of its keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Choice {
    /// The sums of these codes.
    Codes(Vec<(usize, String)>),
    /// What counts once in each group of these keys.
    Once(Vec<usize>),
}

impl Trace {
    /// How many rows it has.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// The keys that rows are grouped by.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.keys.iter().map(|key| key.name.as_str())
    }

    /// The code of a row under one of these keys; blank if it has none.
    pub fn code(&self, row: usize, key: usize) -> &str {
        let number = self.rows[row].keys.get(key).copied().flatten();
        let code = number.and_then(|number| self.keys[key].codes.get_index(number as usize));
        code.map_or("", String::as_str)
    }

    /// The number of a row's record; nothing if it has no place.
    pub fn record(&self, row: usize) -> Option<u32> {
        self.rows[row].record
    }

    /// The columns of the form that something of a row stands in.
    pub fn fields(&self, row: usize) -> impl Iterator<Item = &str> {
        let fields = self.rows[row].fields.iter();
        fields.filter_map(|field| self.fields.get_index(*field).map(String::as_str))
    }

    /// The columns of amounts.
    pub fn columns(&self) -> &[TraceColumn] {
        &self.columns
    }

    /// Where a figure narrowed to some keys is found; nothing if nothing counts in it. A key that the indicator does not
    /// have narrows nothing.
    pub fn place(
        &self,
        figures: &Figures,
        keys: &BTreeMap<String, String>,
    ) -> Option<FigurePlace<'_>> {
        let id = (figures.indicator.clone(), figures.years.clone());
        let traced = self.figures.get(&id)?;
        let given = |at: usize| keys.get(&traced.by[at]);
        let is_in = |codes: &[String]| {
            let mut codes = codes.iter().enumerate();
            codes.all(|(at, code)| given(at).is_none_or(|wanted| wanted == code))
        };
        let rows = traced.first.iter().filter(|(codes, _)| is_in(codes));
        let row = rows.map(|(_, row)| *row).min()?;
        let narrowed: Vec<usize> = (0..traced.by.len())
            .filter(|at| given(*at).is_some())
            .collect();
        let is_its = |choice: &Choice| match choice {
            Choice::Codes(codes) => codes
                .iter()
                .all(|(at, code)| given(*at).is_none_or(|wanted| wanted == code)),
            Choice::Once(keys) => *keys == narrowed,
        };
        let columns = traced.columns.iter().filter(|(choice, _)| is_its(choice));
        let columns: BTreeSet<usize> = columns.map(|(_, column)| *column).collect();
        let filter = narrowed.iter().filter(|at| !traced.is_by_column[**at]);
        let filter = filter.filter_map(|at| {
            let key = self.keys.iter().find(|key| key.name == traced.by[*at])?;
            let (_, code) = key.codes.get_full(given(*at)?)?;
            Some((key.name.as_str(), code.as_str()))
        });
        Some(FigurePlace {
            row,
            columns: columns.into_iter().collect(),
            filter: filter.collect(),
        })
    }
}
