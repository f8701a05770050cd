//! Cells of dates.

use crate::cell_reader::cell_reading::{CellReading, ColumnContext, fault};
use crate::grid::{Cell, Shows, Value};
use crate::stored_value::StoredValue;
use crate::value::date::{
    DateSpan, DayOrder, date, day_and_month, is_possible, range, serial, year_of,
};
use chrono::{Datelike, NaiveDate};
use model::Check;
use rust_decimal::prelude::ToPrimitive;

/// Reads a day, month, quarter or year, or the first of two.
pub(crate) fn day(cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    // The day that a workbook calls 0 may be four years and a day later. A cell in the format of a date is one already:
    // the library minds the first day. Here come numbers that are dates only by their column.
    let from_1904 = context.from_1904;
    let serial = |number: i64| serial(if from_1904 { number + 1_462 } else { number });
    let span = match &cell.value {
        // A slip of the finger makes the year 1024 or 20240, and a date cell holds that too.
        Value::Date(day) => is_possible(*day)
            .then(|| shown_span(*day, cell.format.shows))
            .flatten(),
        Value::Text(text) => match text.parse().ok().filter(|_| from_1904 && text.len() == 5) {
            Some(number) => serial(number).map(DateSpan::day),
            None => return written_day(cell, text, context.evidence.day_order),
        },
        Value::Number(_) => cell
            .value
            .as_decimal()
            .and_then(|d| d.trunc().to_i64())
            .and_then(
                |number| match i32::try_from(number).ok().and_then(year_of) {
                    Some(year) => Some(year),
                    None => serial(number).map(DateSpan::day),
                },
            ),
        Value::Bool(_) | Value::Error(_) | Value::Formula(_) => None,
    };
    match span {
        Some(span) => CellReading::of(stored(span)),
        None => CellReading::refused(fault(Check::DateUnreadable, cell, "")),
    }
}

fn stored(span: DateSpan) -> StoredValue {
    StoredValue::Date(span.first, span.last)
}

/// What a date cell shows of its day: '05/2024' is all of May, although the cell holds a day of it.
fn shown_span(day: NaiveDate, shows: Shows) -> Option<DateSpan> {
    match shows {
        Shows::Month => DateSpan::months(day.year(), day.month(), 1),
        Shows::Year => DateSpan::months(day.year(), 1, 12),
        Shows::Value | Shows::Percent | Shows::Nothing => Some(DateSpan::day(day)),
    }
}

/// Reads a date, or two, that are written as text.
fn written_day(cell: &Cell, text: &str, order: DayOrder) -> CellReading {
    let two = range(text);
    let Some(first) = two.map(|(first, _)| first).or_else(|| date(text)) else {
        return CellReading::refused(fault(Check::DateUnreadable, cell, ""));
    };
    // Where others of the table put the month first, 05/03/2024 may be either.
    let day = first.first;
    let turned = NaiveDate::from_ymd_opt(day.year(), day.day(), day.month())
        .filter(|turned| *turned != day && first.first == first.last)
        .filter(|_| day_and_month(text).is_some());
    if order != DayOrder::DayFirst
        && let Some(turned) = turned
    {
        let readings = format!("{} | {}", day.format("%d/%m/%Y"), turned.format("%d/%m/%Y"));
        return CellReading::refused(fault(Check::DateAmbiguous, cell, readings));
    }
    match two {
        Some((_, second)) => CellReading {
            until: Some(second),
            ..CellReading::told(
                stored(first),
                fault(Check::DateRange, cell, day.format("%d/%m/%Y").to_string()),
            )
        },
        None => CellReading::of(stored(first)),
    }
}
