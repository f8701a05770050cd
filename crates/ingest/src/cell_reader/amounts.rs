//! Cells of numbers: counts, money, shares.

use crate::cell_reader::cell_reading::{CellFault, CellReading, ColumnContext, fault};
use crate::grid::Value;
use crate::stored_value::StoredValue;
use crate::value::number::{Number, number};
use model::{Check, Vnd};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// The cell's number if it has exactly one, and the unit that it names; `either` decides between two readings.
fn decimal(
    value: &Value,
    context: &ColumnContext<'_>,
    either: impl Fn(Decimal, Decimal, Option<i64>) -> Option<Decimal>,
) -> Result<(Decimal, Option<i64>), Option<CellFault>> {
    match value {
        Value::Number(_) => value
            .as_decimal()
            .map(|d| (d, None))
            .ok_or_else(|| fault(Check::NumberUnreadable, value, "")),
        Value::Text(text) => match number(text, context.notation) {
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
        Value::Bool(_) | Value::Date(_) | Value::Error(_) | Value::Formula(_) => {
            Err(fault(Check::NumberUnreadable, value, ""))
        }
    }
}

/// Reads a whole number.
pub(crate) fn whole(value: &Value, context: &ColumnContext<'_>) -> CellReading {
    if let Some(number) = value.whole() {
        return (StoredValue::Integer(number), None);
    }
    // People and things have no fractions, so a lone separator parts thousands.
    match decimal(value, context, |thousands, _, _| Some(thousands)) {
        Ok((number, None)) if number.fract().is_zero() => match number.to_i64() {
            Some(number) => (StoredValue::Integer(number), None),
            None => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
        },
        Ok(_) => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
        Err(fault) => (StoredValue::Null, fault),
    }
}

/// The largest amount that a cell may hold, in đồng: a million tỷ, some hundred times the budget of a province. A number
/// beyond it is no amount, and thousands of them would be more than 64 bits add up to.
const MOST_DONG: u64 = 1_000_000_000_000_000;

fn is_an_amount(dong: &i64) -> bool {
    dong.unsigned_abs() <= MOST_DONG
}

/// Reads an amount of money, in đồng.
pub(crate) fn money(value: &Value, context: &ColumnContext<'_>) -> CellReading {
    // Nearly all amounts are whole numbers of a known unit.
    if let (Some(number), Some(unit)) = (value.whole(), context.unit)
        && let Some(dong) = number.checked_mul(unit).filter(is_an_amount)
    {
        return (StoredValue::Integer(dong), None);
    }
    // An amount in đồng has no fraction either.
    let either =
        |thousands, _, unit: Option<i64>| (unit.or(context.unit) == Some(1)).then_some(thousands);
    let (number, cell_unit) = match decimal(value, context, either) {
        Ok(read) => read,
        Err(fault) => return (StoredValue::Null, fault),
    };
    if number.is_zero() {
        return (StoredValue::Integer(0), None);
    }
    // Without a unit nothing is guessed: the form's finding says so, and its rows wait.
    let Some(unit) = cell_unit.or(context.unit) else {
        return (StoredValue::Null, None);
    };
    let amount = number.checked_mul(Decimal::from(unit));
    let rounded =
        amount.map(|a| a.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    let dong = rounded.and_then(|r| r.to_i64()).filter(is_an_amount);
    match (amount, dong) {
        (Some(amount), Some(dong)) if amount.fract().is_zero() => {
            (StoredValue::Integer(dong), None)
        }
        (Some(_), Some(dong)) => (
            StoredValue::Integer(dong),
            fault(Check::FractionOfDong, value, format!("{} đồng", Vnd(dong))),
        ),
        _ => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
    }
}

/// Reads a share, in hundredths of a percent.
pub(crate) fn percent(value: &Value, context: &ColumnContext<'_>) -> CellReading {
    let bare = match value {
        // '12 %' and '12' are the same share.
        Value::Text(text) => Value::Text(text.trim_end_matches(['%', ' ']).into()),
        other => other.clone(),
    };
    match decimal(&bare, context, |_, fraction, _| Some(fraction)) {
        Ok((number, None)) => {
            let hundredths = number.checked_mul(Decimal::ONE_HUNDRED).map(|n| n.round());
            match hundredths.and_then(|n| n.to_i64()) {
                Some(number) => (StoredValue::Integer(number), None),
                None => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
            }
        }
        Ok(_) => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
        Err(fault) => (StoredValue::Null, fault),
    }
}
