//! How tests of this folder read a cell of the form of support.

use crate::cell_reader::cell_reading::{ColumnContext, ColumnEvidence};
use crate::cell_reader::read_cell;
use crate::grid::{Cell, CellFormat, Value};
use crate::value::number::DecimalNotation;
use programme::Programme;
use std::sync::LazyLock;

/// The default programme, read once for the many cells of these tests.
static PROGRAMME: LazyLock<Programme> = LazyLock::new(|| Programme::default_programme().unwrap());

pub(super) fn context(
    programme: &Programme,
    unit: Option<i64>,
    evidence: ColumnEvidence,
) -> ColumnContext<'_> {
    ColumnContext {
        programme,
        unit,
        notation: None,
        from_1904: false,
        is_last_day: false,
        evidence,
        last_day: None,
    }
}

/// What is stored of a cell of the form of support, and the check that found a fault.
pub(super) fn read(
    column: &str,
    cell: &Cell,
    unit: Option<i64>,
    evidence: ColumnEvidence,
) -> String {
    let programme = &*PROGRAMME;
    told(programme, column, cell, &context(programme, unit, evidence))
}

pub(super) fn told(
    programme: &Programme,
    column: &str,
    cell: &Cell,
    context: &ColumnContext<'_>,
) -> String {
    let form = programme.form("support").unwrap();
    let read = read_cell(form.column(column).unwrap(), cell, context);
    match read.fault {
        None => format!("{:?}", read.stored),
        Some(fault) => format!("{:?}, {:?} ({})", read.stored, fault.check, fault.expected),
    }
}

pub(super) fn read_as(
    column: &str,
    value: &Value,
    unit: Option<i64>,
    notation: Option<DecimalNotation>,
    from_1904: bool,
) -> String {
    let programme = &*PROGRAMME;
    let context = ColumnContext {
        notation,
        from_1904,
        ..context(programme, unit, ColumnEvidence::default())
    };
    told(programme, column, &Cell::plain(0, value.clone()), &context)
}

pub(super) fn text(column: &str, text: &str) -> String {
    read_as(column, &Value::Text(text.into()), Some(1_000), None, false)
}

/// What is stored of a number cell of the form of support that is shown so.
pub(super) fn shown_so(column: &str, number: f64, format: CellFormat, unit: Option<i64>) -> String {
    let cell = Cell {
        col: 0,
        value: Value::Number(number),
        format,
    };
    read(column, &cell, unit, ColumnEvidence::default())
}
