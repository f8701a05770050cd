//! The form of labels with their values beside them: who reports, for which period.

use crate::cell_reader::cell_reading::{CellReading, ColumnContext, ColumnEvidence};
use crate::cell_reader::read_cell;
use crate::grid::{Cell, Row, SheetGrid, Value};
use crate::headings::matching::HeadingMatch;
use crate::observe::{Narrow, observe};
use crate::reading::Table;
use crate::records::{Records, TableOrigin};
use crate::stored_value::StoredValue;
use model::{CellRef, Observation, Period};
use programme::{Form, Layout, Programme, ReporterColumns};
use std::collections::{BTreeMap, BTreeSet};
use vietext::fold;

/// Labels with their values beside them, found on a sheet.
#[derive(Debug)]
pub(crate) struct LabelledValues<'p> {
    pub form: &'p Form,
    /// The cell with the value of each of the form's columns, and its place.
    pub values: BTreeMap<usize, (CellRef, Cell)>,
    /// The places of its rows in the sheet's rows.
    pub rows: BTreeSet<usize>,
}

impl LabelledValues<'_> {
    /// What stands beside the label of a column.
    pub(crate) fn value(&self, column: &str) -> Option<&Value> {
        let place = self
            .form
            .columns
            .iter()
            .position(|known| known.name == column)?;
        self.values.get(&place).map(|(_, cell)| &cell.value)
    }
}

/// Finds the form of labels and values above a sheet's first table.
///
/// At least two labels, one of them the department's or the period's, make the form.
pub(crate) fn find_labelled_values<'p>(
    sheet: &SheetGrid,
    headings: &[HeadingMatch<'_>],
    programme: &'p Programme,
) -> Option<LabelledValues<'p>> {
    let form = programme
        .forms
        .values()
        .find(|form| form.layout == Layout::Pairs)?;
    let end = headings
        .first()
        .map_or(sheet.rows.len(), |heading| heading.first);
    let mut found = LabelledValues {
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
            let beside = beside(row, col, form);
            // 'Kỳ báo cáo: Năm 2023' in one cell, or the value in the next cell that is not blank.
            let value = inline
                .map(|value| (row.at(col), Cell::plain(col, value)))
                .or(beside);
            if let Some(value) = value {
                // The first counts: a signature below may say 'Cơ quan báo cáo' again.
                found.values.entry(column).or_insert(value);
                found.rows.insert(place);
            }
        }
    }
    let has = |name: &str| found.values.keys().any(|&i| form.columns[i].name == name);
    let named = form.is_named(&fold(&sheet.name));
    let reporter = form.reporter.as_ref()?;
    let (department, period) = (has(&reporter.department), has(&reporter.period));
    let enough = (department && period) || (named && (department || period));
    enough.then_some(found)
}

/// The value beside a label: the next cell that is not blank, unless it is a label itself, or a place for a value.
fn beside(row: &Row, label: u32, form: &Form) -> Option<(CellRef, Cell)> {
    let is_sign = |c: char| matches!(c, ':' | '.' | '…' | '_' | '-' | ' ');
    let cell = row.cells.iter().find(|cell| {
        let is_place = matches!(&cell.value, Value::Text(text) if text.chars().all(is_sign));
        cell.col > label && !is_place
    })?;
    let Value::Text(text) = &cell.value else {
        return Some((row.at(cell.col), cell.clone()));
    };
    let (head, _) = text.split_once(':').unwrap_or((text, ""));
    if form
        .heading(&fold(head))
        .is_some_and(|_| !head.trim().is_empty())
    {
        return None;
    }
    // The colon of the label may stand before its value.
    let value = Value::text(text.trim_start_matches([':', ' ']))?;
    let cell = Cell {
        value,
        ..cell.clone()
    };
    Some((row.at(cell.col), cell))
}

/// Reads the form of labels and values: one record. Also whether it says that there is nothing to report.
pub(crate) fn read_labelled_values(
    sheet: &SheetGrid,
    found: &LabelledValues<'_>,
    origin: &TableOrigin<'_>,
    programme: &Programme,
    observations: &mut Vec<Observation>,
) -> (Table, bool) {
    let form = found.form;
    let context = ColumnContext {
        programme,
        unit: None,
        notation: None,
        from_1904: sheet.from_1904,
        is_last_day: false,
        evidence: ColumnEvidence::default(),
        last_day: origin.period.map(Period::last_day),
    };
    let row = found
        .values
        .values()
        .map(|(at, _)| at.row)
        .min()
        .unwrap_or_default();
    let mut records = Records::new(form, 1, |_| true);
    records.begin(origin, row, 0);
    let mut nil_return = false;
    for (i, column) in form.columns.iter().enumerate() {
        let Some((at, cell)) = found.values.get(&i) else {
            records.put(i, &StoredValue::Null, None);
            continue;
        };
        let CellReading { stored, fault, .. } = read_cell(column, cell, &context);
        if let Some(fault) = fault {
            let mut observation = observe(fault.check, fault.found).expecting(fault.expected);
            observation.record = Some(records.id().to_owned());
            observations.push(
                observation
                    .on_sheet(&sheet.name)
                    .on_form(&form.code)
                    .on_column(&column.name)
                    .on_cell(*at),
            );
        }
        let is_nil = |it: &ReporterColumns| it.nil_return.as_ref() == Some(&column.name);
        nil_return |=
            form.reporter.as_ref().is_some_and(is_nil) && stored == StoredValue::Flag(true);
        records.put(i, &stored, Some(*at));
    }
    records.end(None);
    let heading = format!("{} labels on {} rows", found.values.len(), found.rows.len());
    (
        Table {
            form: form.code.clone(),
            sheet: sheet.name.clone(),
            heading,
            is_poor: false,
            own_units: Vec::new(),
            frame: records.finish(form, origin),
        },
        nil_return,
    )
}

#[cfg(test)]
mod tests {
    use super::find_labelled_values;
    use crate::headings::{HeadingContext, find_headings};
    use crate::limits::Purpose;
    use crate::workbook::open;
    use programme::Programme;

    /// The values found on the first sheet, by column.
    fn found(text: &str) -> Option<Vec<String>> {
        let programme = Programme::default_programme().unwrap();
        let bytes = testkit::workbook(text);
        let opened = open(&bytes, "a.xlsx", Purpose::Report).ok().unwrap();
        let sheet = &opened.sheets[0];
        let headings = find_headings(sheet, HeadingContext::of(&programme));
        let found = find_labelled_values(sheet, &headings, &programme)?;
        let shown = found.values.iter().map(|(&column, (at, cell))| {
            let name = &found.form.columns[column].name;
            format!("{name}={} {at}", cell.value.shown())
        });
        Some(shown.collect())
    }

    #[test]
    fn a_value_stands_beside_its_label_or_behind_a_colon() {
        let expected = ["department=Sở Công Thương B1", "period=Năm 2023 A2"].map(str::to_owned);
        assert_eq!(
            found("== A\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo: Năm 2023\n"),
            Some(expected.to_vec())
        );
    }

    #[test]
    fn a_value_stands_further_right_or_behind_a_colon_of_its_own() {
        let expected = ["department=Sở Công Thương C1", "period=Năm 2023 D2"].map(str::to_owned);
        for text in [
            "Đơn vị báo cáo :||Sở Công Thương\nKỳ báo cáo|||Năm 2023\n",
            "Cơ quan báo cáo|:|Sở Công Thương\nKỳ báo cáo|:|…|: Năm 2023\n",
        ] {
            assert_eq!(found(&format!("== A\n{text}")), Some(expected.to_vec()));
        }
    }

    #[test]
    fn a_label_is_no_value_of_the_label_before_it() {
        let text = "== TT chung\nCơ quan báo cáo||Kỳ báo cáo|Năm 2023\n";
        assert_eq!(found(text), Some(vec!["period=Năm 2023 D1".to_owned()]));
    }

    #[test]
    fn one_label_makes_no_form_unless_the_sheet_is_named_so() {
        let label = "Kỳ báo cáo|Năm 2023\n";
        assert_eq!(found(&format!("== A\n{label}")), None);
        assert!(found(&format!("== TT chung\n{label}")).is_some());
    }

    #[test]
    fn labels_below_the_first_table_do_not_count() {
        let table = "Khó khăn, vướng mắc|Kiến nghị\nThiếu|Thêm\n";
        // A blank row between them: a row of texts right above a heading is taken for a part of it.
        let labels = "Cơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n\n";
        assert!(found(&format!("== A\n{labels}{table}")).is_some());
        assert_eq!(found(&format!("== A\n{table}{labels}")), None);
    }
}
