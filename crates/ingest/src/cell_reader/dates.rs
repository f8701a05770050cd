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

/// Reads a day, month, quarter or year; of two the first, or the last in a column of last days.
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
            None => return written_day(cell, text, context),
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
fn written_day(cell: &Cell, text: &str, context: &ColumnContext<'_>) -> CellReading {
    let order = context.evidence.day_order;
    let two = range(text);
    let Some(first) = two.map(|(first, _)| first).or_else(|| date(text)) else {
        return CellReading::refused(fault(Check::DateUnreadable, cell, ""));
    };
    if order != DayOrder::DayFirst
        && let Some(turned) = turned(text, first)
    {
        let readings = [first.first, turned].map(|day| day.format("%d/%m/%Y").to_string());
        return CellReading::refused(fault(Check::DateAmbiguous, cell, readings.join(" | ")));
    }
    let Some((_, second)) = two else {
        return CellReading::of(stored(first));
    };
    let (kept, until) = if context.is_last_day {
        (second, None)
    } else {
        (first, Some(second))
    };
    let day = if context.is_last_day {
        second.last
    } else {
        first.first
    };
    let told = fault(Check::DateRange, cell, day.format("%d/%m/%Y").to_string());
    CellReading {
        until,
        ..CellReading::told(stored(kept), told)
    }
}

/// The other day that a text may mean if it puts the month first: 3 May for '05/03/2024'.
fn turned(text: &str, span: DateSpan) -> Option<NaiveDate> {
    let day = span.first;
    day_and_month(text).filter(|_| span.first == span.last)?;
    NaiveDate::from_ymd_opt(day.year(), day.day(), day.month()).filter(|turned| *turned != day)
}

#[cfg(test)]
mod tests {
    use crate::cell_reader::cell_reading::{ColumnContext, ColumnEvidence};
    use crate::cell_reader::read_cell;
    use crate::cell_reader::trial::{context, read, read_as, text};
    use crate::grid::{Cell, CellFormat, Shows, Value};
    use crate::stored_value::StoredValue;
    use crate::value::date::{DateSpan, DayOrder};
    use chrono::NaiveDate;
    use model::Check;
    use programme::Programme;

    #[test]
    fn dates_are_spans_of_days_counted_from_the_workbooks_first_day() {
        assert_eq!(text("start", "05/2024"), "Date(2024-05-01, 2024-05-31)");
        assert_eq!(text("start", "đầu năm"), "Null, DateUnreadable ()");
        let number = |from_1904| read_as("start", &Value::Number(43_889.0), None, None, from_1904);
        assert_eq!(number(false), "Date(2020-02-28, 2020-02-28)");
        assert_eq!(number(true), "Date(2024-02-29, 2024-02-29)");
        let year = read_as("start", &Value::Number(2024.0), None, None, false);
        assert_eq!(year, "Date(2024-01-01, 2024-12-31)");
    }

    #[test]
    fn dates_are_what_their_cells_show_and_of_possible_years() {
        let date = |day: (i32, u32, u32), shows| {
            let cell = Cell {
                col: 0,
                value: Value::Date(NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap()),
                format: CellFormat {
                    shows,
                    ..CellFormat::default()
                },
            };
            read("finish", &cell, None, ColumnEvidence::default())
        };
        assert_eq!(
            date((2024, 5, 1), Shows::Value),
            "Date(2024-05-01, 2024-05-01)"
        );
        assert_eq!(
            date((2024, 5, 1), Shows::Month),
            "Date(2024-05-01, 2024-05-31)"
        );
        assert_eq!(
            date((2024, 5, 1), Shows::Year),
            "Date(2024-01-01, 2024-12-31)"
        );
        for year in [204, 1024, 1905, 2101, 20240] {
            assert_eq!(
                date((year, 5, 1), Shows::Value),
                "Null, DateUnreadable ()",
                "{year}"
            );
        }
        assert_eq!(text("finish", "01/05/1024"), "Null, DateUnreadable ()");
    }

    #[test]
    fn two_dates_in_a_cell_are_told_and_the_second_handed_on() {
        let programme = Programme::default_programme().unwrap();
        let column = programme.form("support").unwrap().column("start").unwrap();
        let context = context(&programme, None, ColumnEvidence::default());
        let cell = Cell::plain(0, Value::Text("15/3-20/8/2024".into()));
        let reading = read_cell(column, &cell, &context);
        let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap();
        assert_eq!(reading.stored, StoredValue::Date(day(3, 15), day(3, 15)));
        assert_eq!(reading.until, Some(DateSpan::day(day(8, 20))));
        assert_eq!(reading.fault.unwrap().check, Check::DateRange);
        let context = ColumnContext {
            is_last_day: true,
            ..context
        };
        let reading = read_cell(column, &cell, &context);
        assert_eq!(reading.stored, StoredValue::Date(day(8, 20), day(8, 20)));
        assert_eq!(reading.until, None);
        assert_eq!(reading.fault.unwrap().expected, "20/08/2024");
    }

    #[test]
    fn a_date_that_may_put_the_month_first_is_asked_about() {
        let evidence = ColumnEvidence {
            day_order: DayOrder::MonthFirst,
            ..ColumnEvidence::default()
        };
        let date = |text: &str| {
            let cell = Cell::plain(0, Value::Text(text.into()));
            read("start", &cell, None, evidence)
        };
        assert_eq!(
            date("05/03/2024"),
            "Null, DateAmbiguous (05/03/2024 | 03/05/2024)"
        );
        assert_eq!(
            date("05/03 - 10/08/2024"),
            "Null, DateAmbiguous (05/03/2024 | 03/05/2024)"
        );
        assert_eq!(date("05/05/2024"), "Date(2024-05-05, 2024-05-05)");
        assert_eq!(date("2024-03-05"), "Date(2024-03-05, 2024-03-05)");
        assert_eq!(date("20/03/2024"), "Date(2024-03-20, 2024-03-20)");
        assert_eq!(text("start", "05/03/2024"), "Date(2024-03-05, 2024-03-05)");
    }
}
