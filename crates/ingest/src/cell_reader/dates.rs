//! Cells of dates.

use crate::cell_reader::cell_reading::{CellReading, fault};
use crate::grid::Value;
use crate::stored_value::StoredValue;
use crate::value::date::{DateSpan, date, serial};
use chrono::NaiveDate;
use model::Check;
use rust_decimal::prelude::ToPrimitive;

/// Reads a day, month, quarter or year.
pub(crate) fn day(value: &Value, from_1904: bool) -> CellReading {
    // The day that a workbook calls 0 may be four years and a day later. A cell in the format of a date is one already:
    // the library minds the first day. Here come numbers that are dates only by their column.
    let serial = |number: i64| serial(if from_1904 { number + 1_462 } else { number });
    let span = match value {
        Value::Date(day) => Some(DateSpan::day(*day)),
        Value::Text(text) => match text.parse().ok().filter(|_| from_1904 && text.len() == 5) {
            Some(number) => serial(number).map(DateSpan::day),
            None => date(text),
        },
        Value::Number(_) => value
            .as_decimal()
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
        Value::Bool(_) | Value::Error(_) | Value::Formula(_) => None,
    };
    match span {
        Some(span) => (StoredValue::Date(span.first, span.last), None),
        None => (StoredValue::Null, fault(Check::DateUnreadable, value, "")),
    }
}
