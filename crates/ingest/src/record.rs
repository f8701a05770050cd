//! One row read into one record.

use crate::frame::Stored;
use crate::grid::Value;
use crate::value::date::{DateSpan, date, serial};
use crate::value::flag;
use crate::value::number::{Number, Style, number};
use chrono::NaiveDate;
use model::{Check, TaxCode, TaxCodeError, Vnd};
use programme::{CodeList, Column, ColumnType, Match, Programme};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use std::rc::Rc;
use vietext::{Legacy, decode_legacy, encode_legacy};

/// What must be known to read a cell beside the cell.
pub(crate) struct Context<'a> {
    pub programme: &'a Programme,
    /// How many đồng one unit of the column is, where that is known.
    pub unit: Option<i64>,
    /// How the column's texts write fractions, where they show it.
    pub style: Option<Style>,
    /// Whether the workbook counts days from 1904 on.
    pub from_1904: bool,
}

/// Something wrong with a cell: the check, what stands there, what was expected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub check: Check,
    pub found: String,
    pub expected: String,
}

/// A cell, read: what is stored, and what is wrong with it. Both may be.
pub(crate) type CellReading = (Stored, Option<Fault>);

fn fault(check: Check, value: &Value, expected: impl Into<String>) -> Option<Fault> {
    Some(Fault {
        check,
        found: value.shown(),
        expected: expected.into(),
    })
}

/// Reads a cell as its column wants it.
pub(crate) fn read_cell(column: &Column, value: &Value, context: &Context<'_>) -> CellReading {
    match value {
        Value::Error(_) => return (Stored::Null, fault(Check::CellError, value, "")),
        Value::Formula(_) => return (Stored::Null, fault(Check::FormulaWithoutValue, value, "")),
        Value::Text(text) if is_dash(text) => return (Stored::Null, None),
        _ => {}
    }
    match &column.kind {
        ColumnType::Text => (Stored::Text(shared(value)), None),
        ColumnType::Integer => whole(value, context),
        ColumnType::Money => money(value, context),
        ColumnType::Percent => percent(value, context),
        ColumnType::Date => day(value, context.from_1904),
        ColumnType::Flag => mark(value),
        ColumnType::TaxCode => tax_code(value),
        ColumnType::Year => match value.shown().parse::<i64>() {
            Ok(year) if (1900..=2100).contains(&year) => (Stored::Integer(year), None),
            _ => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
        },
        ColumnType::Code { list, open } => match context.programme.lists.get(list) {
            Some(list) => code(value, list, *open),
            None => (Stored::Text(shared(value)), None),
        },
        ColumnType::Codes { list } => match context.programme.lists.get(list) {
            Some(list) => codes(value, list),
            None => (Stored::Text(shared(value)), None),
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

/// The cell's number, where it has exactly one; `either` decides between two readings.
fn decimal(
    value: &Value,
    context: &Context<'_>,
    either: impl Fn(Decimal, Decimal, Option<i64>) -> Option<Decimal>,
) -> Result<(Decimal, Option<i64>), Option<Fault>> {
    match value {
        Value::Number(_) => Value::decimal_of(value)
            .map(|d| (d, None))
            .ok_or_else(|| fault(Check::NumberUnreadable, value, "")),
        Value::Text(text) => match number(text, context.style) {
            Some(Number::One(number, unit)) => Ok((number, unit)),
            Some(Number::Either {
                thousands,
                fraction,
                unit,
            }) => match either(thousands, fraction, unit) {
                Some(number) => Ok((number, unit)),
                None => Err(fault(
                    Check::NumberAmbiguous,
                    value,
                    format!("{thousands} | {fraction}"),
                )),
            },
            None => Err(fault(Check::NumberUnreadable, value, "")),
        },
        _ => Err(fault(Check::NumberUnreadable, value, "")),
    }
}

fn whole(value: &Value, context: &Context<'_>) -> CellReading {
    if let Some(number) = value.whole() {
        return (Stored::Integer(number), None);
    }
    // People and things have no fractions, so a lone separator parts thousands.
    match decimal(value, context, |thousands, _, _| Some(thousands)) {
        Ok((number, None)) if number.fract().is_zero() => match number.to_i64() {
            Some(number) => (Stored::Integer(number), None),
            None => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
        },
        Ok(_) => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
        Err(fault) => (Stored::Null, fault),
    }
}

fn money(value: &Value, context: &Context<'_>) -> CellReading {
    // Nearly all amounts are whole numbers of a known unit.
    if let (Some(number), Some(unit)) = (value.whole(), context.unit)
        && let Some(dong) = number.checked_mul(unit)
    {
        return (Stored::Integer(dong), None);
    }
    // An amount in đồng has no fraction either.
    let either =
        |thousands, _, unit: Option<i64>| (unit.or(context.unit) == Some(1)).then_some(thousands);
    let (number, cell_unit) = match decimal(value, context, either) {
        Ok(read) => read,
        Err(fault) => return (Stored::Null, fault),
    };
    if number.is_zero() {
        return (Stored::Integer(0), None);
    }
    // Without a unit nothing is guessed: the form's finding says so, and its rows wait.
    let Some(unit) = cell_unit.or(context.unit) else {
        return (Stored::Null, None);
    };
    let amount = number.checked_mul(Decimal::from(unit));
    let rounded =
        amount.map(|a| a.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    match (amount, rounded.and_then(|r| r.to_i64())) {
        (Some(amount), Some(dong)) if amount.fract().is_zero() => (Stored::Integer(dong), None),
        (Some(_), Some(dong)) => (
            Stored::Integer(dong),
            fault(Check::FractionOfDong, value, format!("{} đồng", Vnd(dong))),
        ),
        _ => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
    }
}

fn percent(value: &Value, context: &Context<'_>) -> CellReading {
    let bare = match value {
        Value::Text(text) => Value::Text(text.trim_end_matches(['%', ' ']).into()),
        other => other.clone(),
    };
    match decimal(&bare, context, |_, fraction, _| Some(fraction)) {
        Ok((number, None)) => {
            let hundredths = number.checked_mul(Decimal::ONE_HUNDRED).map(|n| n.round());
            match hundredths.and_then(|n| n.to_i64()) {
                Some(number) => (Stored::Integer(number), None),
                None => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
            }
        }
        Ok(_) => (Stored::Null, fault(Check::NumberUnreadable, value, "")),
        Err(fault) => (Stored::Null, fault),
    }
}

fn day(value: &Value, from_1904: bool) -> CellReading {
    // The day that a workbook calls 0 may be four years later.
    let serial = |number: i64| serial(if from_1904 { number + 1_462 } else { number });
    let span = match value {
        Value::Date(day) => Some(DateSpan::day(*day)),
        Value::Text(text) => match text.parse().ok().filter(|_| from_1904 && text.len() == 5) {
            Some(number) => serial(number).map(DateSpan::day),
            None => date(text),
        },
        Value::Number(_) => Value::decimal_of(value)
            .and_then(|d| d.trunc().to_i64())
            .and_then(|number| {
                let year = i32::try_from(number)
                    .ok()
                    .filter(|y| (1950..=2100).contains(y));
                match year {
                    Some(year) => Some(DateSpan {
                        first: NaiveDate::from_ymd_opt(year, 1, 1)?,
                        last: NaiveDate::from_ymd_opt(year, 12, 31)?,
                    }),
                    None => serial(number).map(DateSpan::day),
                }
            }),
        _ => None,
    };
    match span {
        Some(span) => (Stored::Date(span.first, span.last), None),
        None => (Stored::Null, fault(Check::DateUnreadable, value, "")),
    }
}

fn mark(value: &Value) -> CellReading {
    let read = match value {
        Value::Bool(flag) => Some(*flag),
        other => flag(&other.shown()),
    };
    match read {
        Some(flag) => (Stored::Flag(flag), None),
        None => (Stored::Null, fault(Check::FlagUnreadable, value, "")),
    }
}

fn tax_code(value: &Value) -> CellReading {
    let text = value.shown();
    match TaxCode::parse(&text) {
        Ok(code) => (Stored::Text(code.to_string().into()), None),
        Err(TaxCodeError::CheckDigit(_)) => (
            Stored::Text(text.into()),
            fault(Check::TaxCodeCheckDigit, value, ""),
        ),
        Err(TaxCodeError::Malformed) => (
            Stored::Text(text.into()),
            fault(Check::TaxCodeMalformed, value, ""),
        ),
    }
}

fn code(value: &Value, list: &CodeList, open: bool) -> CellReading {
    let text = value.shown();
    match list.find(&text) {
        Some(found) => (Stored::Code(found.code.into(), decided(&[found])), None),
        None if open => (Stored::Text(text.into()), None),
        None => match old_letters(&text, list) {
            Some(code) => (Stored::Code(code.into(), None), None),
            None => unknown(value, list),
        },
    }
}

/// The code that a short text names in an old encoding: 'Nhá' is Vietnamese either way, and a list that has 'Nhỏ' and no
/// 'Nhá' says which is meant.
fn old_letters<'l>(text: &str, list: &'l CodeList) -> Option<&'l str> {
    if text.is_ascii() {
        return None;
    }
    [Legacy::Tcvn3, Legacy::Vni].into_iter().find_map(|legacy| {
        let read = decode_legacy(text, legacy);
        let is_written_so = read != text && encode_legacy(&read, legacy) == text;
        let found = list
            .find(&read)
            .filter(|found| is_written_so && found.words.is_none())?;
        list.entry(found.code).map(|entry| entry.code.as_str())
    })
}

fn codes(value: &Value, list: &CodeList) -> CellReading {
    let found = list.find_all(&value.shown());
    if found.is_empty() {
        return unknown(value, list);
    }
    let codes: Vec<&str> = found.iter().map(|m| m.code).collect();
    (Stored::Code(codes.join(";").into(), decided(&found)), None)
}

/// The words of a free text that decided its codes.
fn decided(found: &[Match<'_>]) -> Option<Rc<str>> {
    let words: Vec<String> = found
        .iter()
        .filter_map(|m| Some(format!("{}: {}", m.code, m.words?)))
        .collect();
    (!words.is_empty()).then(|| words.join("; ").into())
}

fn unknown(value: &Value, list: &CodeList) -> CellReading {
    let stored = list
        .unclassified
        .as_deref()
        .map_or(Stored::Null, |code| Stored::Text(code.into()));
    (stored, fault(Check::CodeUnknown, value, list.examples()))
}
