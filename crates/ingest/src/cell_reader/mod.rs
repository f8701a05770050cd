//! One cell, read as its column wants it.

mod amounts;
pub(crate) mod cell_reading;
mod codes;
mod dates;

use crate::grid::Value;
use crate::stored_value::StoredValue;
use crate::value::flag::flag;
use amounts::{money, percent, whole};
use cell_reading::{CellReading, ColumnContext, fault};
use codes::{code, codes};
use dates::day;
use model::{Check, TaxCode, TaxCodeError};
use programme::{Column, ColumnType};
use std::rc::Rc;

/// Reads a cell as its column wants it.
pub(crate) fn read_cell(
    column: &Column,
    value: &Value,
    context: &ColumnContext<'_>,
) -> CellReading {
    match value {
        Value::Error(_) => return (StoredValue::Null, fault(Check::CellError, value, "")),
        Value::Formula(_) => {
            return (
                StoredValue::Null,
                fault(Check::FormulaWithoutValue, value, ""),
            );
        }
        Value::Text(text) if is_dash(text) => return (StoredValue::Null, None),
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Date(_) => {}
    }
    match &column.kind {
        ColumnType::Text => (StoredValue::Text(shared(value)), None),
        ColumnType::Integer => whole(value, context),
        ColumnType::Money => money(value, context),
        ColumnType::Percent => percent(value, context),
        ColumnType::Date => day(value, context.from_1904),
        ColumnType::Flag => flag_cell(value),
        ColumnType::TaxCode => tax_code(value),
        ColumnType::Year => year(value),
        ColumnType::Code { list, open } => match context.programme.lists.get(list) {
            Some(list) => code(value, list, *open),
            None => (StoredValue::Text(shared(value)), None),
        },
        ColumnType::Codes { list } => match context.programme.lists.get(list) {
            Some(list) => codes(value, list),
            None => (StoredValue::Text(shared(value)), None),
        },
    }
}

/// The value as it is shown; a text is shared, not copied.
fn shared(value: &Value) -> Rc<str> {
    if let Value::Text(text) = value {
        Rc::clone(text)
    } else {
        value.shown().into()
    }
}

/// A dash stands for 'nothing'.
fn is_dash(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—'))
}

fn year(value: &Value) -> CellReading {
    match value.shown().parse::<i64>() {
        Ok(year) if (1900..=2100).contains(&year) => (StoredValue::Integer(year), None),
        _ => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
    }
}

fn flag_cell(value: &Value) -> CellReading {
    let read = match value {
        Value::Bool(flag) => Some(*flag),
        other => flag(&other.shown()),
    };
    match read {
        Some(flag) => (StoredValue::Flag(flag), None),
        None => (StoredValue::Null, fault(Check::FlagUnreadable, value, "")),
    }
}

/// A code that is not valid is kept as it stands: it may still tell enterprises apart, and a rule says what to mend.
fn tax_code(value: &Value) -> CellReading {
    let text = value.shown();
    match TaxCode::parse(&text) {
        Ok(code) => (StoredValue::Text(code.to_string().into()), None),
        Err(TaxCodeError::CheckDigit(_)) => (
            StoredValue::Text(text.into()),
            fault(Check::TaxCodeCheckDigit, value, ""),
        ),
        Err(TaxCodeError::Malformed) => (
            StoredValue::Text(text.into()),
            fault(Check::TaxCodeMalformed, value, ""),
        ),
    }
}
