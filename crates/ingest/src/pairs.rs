//! The form of labels with their values beside them: who reports, for which period.

use crate::Table;
use crate::frame::{From, Records, Stored};
use crate::grid::{Sheet, Value};
use crate::heading::Heading;
use crate::observe::{Narrow, observe};
use crate::record::{Context, read_cell};
use model::{CellRef, Observation};
use programme::{Form, Layout, Programme, ReporterColumns};
use std::collections::{BTreeMap, BTreeSet};
use vietext::fold;

/// Labels with their values beside them, found on a sheet.
#[derive(Debug)]
pub(crate) struct Pairs<'p> {
    pub form: &'p Form,
    /// The value of each of the form's columns, and its cell.
    pub values: BTreeMap<usize, (CellRef, Value)>,
    /// The places of its rows in the sheet's rows.
    pub rows: BTreeSet<usize>,
}

impl Pairs<'_> {
    /// What stands beside the label of a column.
    pub(crate) fn value(&self, column: &str) -> Option<&Value> {
        let place = self
            .form
            .columns
            .iter()
            .position(|known| known.name == column)?;
        self.values.get(&place).map(|(_, value)| value)
    }
}

/// Finds the form of labels and values above a sheet's first table.
///
/// At least two labels, one of them the department's or the period's, make the form.
pub(crate) fn find_pairs<'p>(
    sheet: &Sheet,
    headings: &[Heading<'_>],
    programme: &'p Programme,
) -> Option<Pairs<'p>> {
    let form = programme
        .forms
        .values()
        .find(|form| form.layout == Layout::Pairs)?;
    let end = headings
        .first()
        .map_or(sheet.rows.len(), |heading| heading.first);
    let mut pairs = Pairs {
        form,
        values: BTreeMap::new(),
        rows: BTreeSet::new(),
    };
    for (place, row) in sheet.rows[..end].iter().enumerate() {
        let texts: Vec<(u32, &str)> = row.texts().collect();
        for (col, text) in texts {
            let (label, inline) = match text.split_once(':') {
                Some((label, value)) => (label, Value::text(value)),
                None => (text, None),
            };
            let Some(column) = form.heading(&fold(label)) else {
                continue;
            };
            let beside = row
                .cells
                .iter()
                .find(|cell| cell.col > col)
                .map(|cell| (row.at(cell.col), cell.value.clone()));
            let value = inline.map(|value| (row.at(col), value)).or(beside);
            if let Some(value) = value {
                pairs.values.entry(column).or_insert(value);
                pairs.rows.insert(place);
            }
        }
    }
    let has = |name: &str| pairs.values.keys().any(|&i| form.columns[i].name == name);
    let named = form.is_named(&fold(&sheet.name));
    let reporter = form.reporter.as_ref()?;
    let (department, period) = (has(&reporter.department), has(&reporter.period));
    let enough = (department && period) || (named && (department || period));
    enough.then_some(pairs)
}

/// Reads the form of labels and values: one record. Also whether it says that there is nothing to report.
pub(crate) fn read_pairs(
    sheet: &Sheet,
    pairs: &Pairs<'_>,
    from: &From<'_>,
    programme: &Programme,
    observations: &mut Vec<Observation>,
) -> (Table, bool) {
    let form = pairs.form;
    let context = Context {
        programme,
        unit: None,
        style: None,
        from_1904: sheet.from_1904,
    };
    let row = pairs
        .values
        .values()
        .map(|(cell, _)| cell.row)
        .min()
        .unwrap_or_default();
    let mut records = Records::new(form, 1, |_| true);
    records.begin(from, row);
    let mut nil_return = false;
    for (i, column) in form.columns.iter().enumerate() {
        let Some((cell, value)) = pairs.values.get(&i) else {
            records.put(i, &Stored::Null, None);
            continue;
        };
        let (stored, fault) = read_cell(column, value, &context);
        if let Some(fault) = fault {
            let mut observation = observe(fault.check, fault.found).expecting(fault.expected);
            observation.record = Some(records.id().to_owned());
            observations.push(
                observation
                    .on_sheet(&sheet.name)
                    .on_form(&form.code)
                    .on_column(&column.name)
                    .on_cell(*cell),
            );
        }
        let is_nil = |it: &ReporterColumns| it.nil_return.as_ref() == Some(&column.name);
        nil_return |= form.reporter.as_ref().is_some_and(is_nil) && stored == Stored::Flag(true);
        records.put(i, &stored, Some(*cell));
    }
    records.end(None);
    let heading = format!("{} labels on {} rows", pairs.values.len(), pairs.rows.len());
    (
        Table {
            form: form.code.clone(),
            sheet: sheet.name.clone(),
            heading,
            frame: records.finish(form, from),
        },
        nil_return,
    )
}
