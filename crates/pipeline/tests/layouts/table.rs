//! A meant table laid out: the workbook's sheets, and what should be read from them.

use crate::amounts;
use crate::body::group_size;
use crate::cases::{Case, DISTRICTS, Value, cases, code, columns};
use crate::columns::{Holds, laid_out, written};
use crate::features::{Feature, Input, Layout};
use crate::grid::Grid;
use crate::others;
use crate::sheet::Sheet;
use programme::{Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// A workbook, and what is meant by it.
pub(crate) struct Laid {
    pub(crate) sheets: Vec<Grid>,
    /// The sheets on which the cases stand.
    parts: Vec<Part>,
    /// The sheet's column of each column of the form.
    pub(crate) column_of: BTreeMap<&'static str, u16>,
    pub(crate) cases: Vec<Case>,
    /// The place of the case that is struck out, and so is none.
    pub(crate) struck: Option<usize>,
}

/// A sheet on which cases stand; rows are counted from 0.
struct Part {
    sheet: String,
    /// The place of the case that stands in a row.
    case_of_row: BTreeMap<u32, usize>,
    heading_rows: BTreeSet<u32>,
}

impl Laid {
    fn part(&self, sheet: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.sheet == sheet)
    }

    /// Whether cases stand on a sheet.
    pub(crate) fn has_cases_on(&self, sheet: &str) -> bool {
        self.part(sheet).is_some()
    }

    /// The place of the case that stands in a row of a sheet.
    pub(crate) fn case_at(&self, sheet: &str, row: u32) -> Option<usize> {
        self.part(sheet)?.case_of_row.get(&row).copied()
    }

    pub(crate) fn is_heading(&self, sheet: &str, row: u32) -> bool {
        let part = self.part(sheet);
        part.is_some_and(|part| part.heading_rows.contains(&row))
    }
}

/// The column that all cases may have in common.
pub(crate) fn same_in_all(form: &str) -> &'static str {
    match form {
        "support" => "status",
        "budget" => "source",
        _ => "task",
    }
}

/// Without what cannot be, or shows nothing, beside the rest.
pub(crate) fn sound(form: &str, layout: Layout) -> Layout {
    use Feature as F;
    let mut out = Vec::new();
    let is = |feature| !layout.is_plain(feature);
    let continued = match (layout.of(F::Continued), form) {
        ("tax code below", "support") => true,
        ("tax code below", _) | ("name in two rows", "budget") => false,
        (other, _) => other != "in one row",
    };
    let repeated = layout.of(F::Repeated);
    if !continued || matches!(repeated, "merged" | "amount merged") {
        out.push(F::Continued);
    }
    let is_broken = is(F::Groups) || is(F::Pages) || is(F::Blanks) || continued;
    if repeated == "status merged over all" && is_broken {
        out.push(F::Repeated);
    }
    if !is(F::Groups) || layout.of(F::Groups) == "merged titles" {
        out.push(F::GroupSums);
    }
    let has_sums = is(F::Total) || is(F::GroupSums) && !out.contains(&F::GroupSums);
    if !is(F::Total) {
        out.push(F::TotalLabel);
    }
    if !has_sums {
        out.push(F::TotalAs);
    }
    if !is(F::OwnColumns) {
        out.extend([F::OwnPlace, F::OwnKind]);
    }
    if is(F::NumberFormat) {
        out.push(F::TextNumbers);
    }
    if is(F::Sheets) && layout.of(F::Groups) == "districts" {
        out.push(F::Groups);
    }
    if form == "budget" {
        out.push(F::Dates);
    }
    if form != "support" || layout.of(F::Continued) == "tax code below" {
        out.push(F::TaxCodes);
    }
    // A second table in đồng goes with a first one whose unit the line alone says.
    let is_second = layout.of(F::Pages) == "second table, in đồng";
    if is_second && (layout.of(F::Unit) != "line: triệu đồng" || is(F::Groups) || is(F::Total))
    {
        out.push(F::Pages);
    }
    let is_whole = !is(F::Repeated) && !continued;
    if layout.of(F::Struck) == "a case" && (has_sums || !is_whole) {
        out.push(F::Struck);
    }
    let has_years = is(F::OwnColumns) && layout.of(F::OwnKind) == "another year's amounts";
    if !is(F::HeadingRows) && !has_years {
        out.push(F::HeadingMerges);
    }
    if layout.of(F::Hidden) == "the total" && !is(F::Total) {
        out.push(F::Hidden);
    }
    if layout.of(F::Numbering) == "none" && layout.of(F::EmptyRows) == "numbered" {
        out.push(F::EmptyRows);
    }
    layout.without(&out)
}

/// The cases as they are meant once they are laid out.
fn meant(form: &str, layout: &Layout, mut cases: Vec<Case>) -> Vec<Case> {
    let money = columns(form).money;
    let (first, last) = (money[0], money[money.len() - 1]);
    let common = same_in_all(form);
    let of_first = cases[0].get(common).clone();
    let size = group_size(cases.len(), layout);
    for (nth, case) in cases.iter_mut().enumerate() {
        if form == "support" && layout.of(Feature::Groups) == "districts" {
            let district = code(DISTRICTS[nth / size]);
            case.values.insert("district", district);
        }
        match layout.of(Feature::Repeated) {
            "amount merged" if nth % 2 == 1 => {
                case.values.insert(first, Value::Nothing);
            }
            "status merged over all" => {
                case.values.insert(common, of_first.clone());
            }
            _ => {}
        }
        match layout.of(Feature::Amounts) {
            "some blank" | "some dashes" | "some zero" if nth % 2 == 0 => {
                case.values.insert(last, Value::Nothing);
            }
            "one negative" if nth == 0 => {
                let amount = case.amount(last);
                case.values.insert(last, Value::Money(-amount));
            }
            _ => {}
        }
        for value in case.values.values_mut() {
            if let Value::Days(day, _) = *value {
                let (first, last) = amounts::days_meant(day, layout);
                *value = Value::Days(first, last);
            }
        }
    }
    if layout.of(Feature::NumberFormat) == "one in %" {
        cases[0].values.insert(first, Value::Unknown);
    }
    cases
}

/// Whether nothing says in which unit amounts are.
fn has_no_unit(layout: &Layout) -> bool {
    layout.of(Feature::Unit) == "none"
        && layout.of(Feature::NumberFormat) != "with the unit's word"
        && layout.of(Feature::TextNumbers) != "with the unit"
}

/// Lays a meant table out.
pub(crate) fn lay_out(programme: &Programme, input: &Input) -> Laid {
    let layout = &input.layout;
    let form = programme.form(input.form).unwrap();
    let in_pairs = matches!(
        layout.of(Feature::Repeated),
        "merged" | "blank" | "như trên" | "-nt-" | "\""
    );
    let mut cases = meant(
        input.form,
        layout,
        cases(input.form, &input.draws, in_pairs),
    );
    let laid = laid_out(form, layout);
    let names = sheet_names(form, layout);
    let size = cases.len().div_ceil(names.len()).next_multiple_of(2);
    let mut column_of = BTreeMap::new();
    let (mut grids, mut parts) = (Vec::new(), Vec::new());
    for (nth, (name, members)) in names.iter().zip(cases.chunks(size)).enumerate() {
        let mut sheet = Sheet::new(form, layout, &laid, name);
        sheet.titles();
        sheet.headings();
        sheet.unit_row();
        sheet.number_row();
        sheet.body(members);
        sheet.notes();
        sheet.signatures();
        sheet.side();
        for name in written(input.form, layout) {
            let at = sheet.place(Holds::Form(name)).unwrap();
            column_of.insert(name, sheet.col(at));
        }
        hide(&mut sheet, &column_of);
        let cases = sheet.case_of_row.into_iter();
        parts.push(Part {
            sheet: name.clone(),
            case_of_row: cases.map(|(row, at)| (row, nth * size + at)).collect(),
            heading_rows: sheet.heading_rows,
        });
        grids.push(sheet.grid);
    }
    if has_no_unit(layout) {
        for case in &mut cases {
            for value in case.values.values_mut() {
                if matches!(value, Value::Money(_)) {
                    *value = Value::Unknown;
                }
            }
        }
    }
    let mut struck = None;
    match layout.of(Feature::Struck) {
        "a case" => {
            parts[0].case_of_row.retain(|_, at| *at != 1);
            struck = Some(1);
        }
        // What is struck out does not hold, and nothing stands in its place.
        "an amount" if layout.of(Feature::Repeated) != "amount merged" => {
            let first = columns(input.form).money[0];
            cases[1].values.insert(first, Value::Unknown);
        }
        _ => {}
    }
    let sheets = others::around(form, layout, &laid, grids, &input.draws, in_pairs);
    Laid {
        sheets,
        parts,
        column_of,
        cases,
        struck,
    }
}

/// The names of the sheets on which the cases stand.
fn sheet_names(form: &Form, layout: &Layout) -> Vec<String> {
    let name = match layout.of(Feature::SheetName) {
        "of the form" => form.sheet.clone(),
        other => other.to_owned(),
    };
    match layout.of(Feature::Sheets) {
        "continued on a second" => vec![name.clone(), format!("{name} (tiếp)")],
        "one a district" => [DISTRICTS[0].0, DISTRICTS[1].0].map(str::to_owned).to_vec(),
        _ => vec![name],
    }
}

/// Hides what the layout hides.
fn hide(sheet: &mut Sheet<'_>, column_of: &BTreeMap<&'static str, u16>) {
    let columns = columns(&sheet.form.code);
    match sheet.layout.of(Feature::Hidden) {
        "a case" => {
            let last = sheet.case_of_row.last_key_value().unwrap();
            let rows = sheet.case_of_row.iter().filter(|(_, at)| *at == last.1);
            sheet.grid.hidden_rows.extend(rows.map(|(row, _)| *row));
        }
        "an amount column" => {
            let last = columns.money.last().unwrap();
            sheet.grid.hidden_columns.insert(column_of[last]);
        }
        "a name column" => {
            let second = columns.all[1];
            sheet.grid.hidden_columns.extend(column_of.get(second));
        }
        _ => {}
    }
}
