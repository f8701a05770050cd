//! The reading library's values as ours.

use crate::grid::{Merged, SheetGrid, Value};
use calamine::{Data, DataRef, Dimensions, ExcelDateTime, SheetVisible};
use chrono::NaiveDate;
use model::CellRef;

/// A sheet whose cells are still to come.
pub(crate) fn empty_sheet(name: &str, visible: SheetVisible) -> SheetGrid {
    SheetGrid {
        name: name.to_owned(),
        is_hidden: visible != SheetVisible::Visible,
        ..SheetGrid::default()
    }
}

/// Merged cells.
pub(crate) fn merged_cells(d: &Dimensions) -> Merged {
    let cell = |(row, col)| CellRef { row, col };
    Merged {
        first: cell(d.start),
        last: cell(d.end),
    }
}

/// A value of a range; nothing for a blank cell.
pub(crate) fn owned_value(value: &Data) -> Option<Value> {
    match value {
        Data::Empty => None,
        Data::Int(number) => whole_number(*number),
        Data::Float(number) => Some(Value::Number(*number)),
        Data::String(text) => Value::text(text),
        Data::Bool(flag) => Some(Value::Bool(*flag)),
        Data::DateTime(moment) => Some(date(moment)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => iso_date(text),
        Data::Error(error) => Some(Value::Error(error.to_string().into())),
    }
}

/// A value of a cell that is streamed; `text` makes values of texts, which many cells may share.
#[inline(always)]
pub(crate) fn streamed_value(
    value: &DataRef<'_>,
    text: impl FnOnce(&str, IsShared) -> Option<Value>,
) -> Option<Value> {
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => whole_number(*number),
        DataRef::Float(number) => Some(Value::Number(*number)),
        DataRef::String(own) => text(own, IsShared(false)),
        DataRef::SharedString(shared) => text(shared, IsShared(true)),
        DataRef::Bool(flag) => Some(Value::Bool(*flag)),
        DataRef::DateTime(moment) => Some(date(moment)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_date(text),
        DataRef::Error(error) => Some(Value::Error(error.to_string().into())),
    }
}

/// Whether a text stands in the workbook's table of shared ones, and so at one address for all its cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IsShared(pub bool);

/// A whole number as it is written; a spreadsheet keeps it as a binary fraction anyway.
fn whole_number(number: i64) -> Option<Value> {
    number.to_string().parse().ok().map(Value::Number)
}

/// A day, or the number itself if the format of a date was put on something that is none.
fn date(moment: &ExcelDateTime) -> Value {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    match date {
        // Below 1 it is a time of day; Excel shows it as 0 January 1900.
        Some(date) if moment.is_datetime() && moment.as_f64() >= 1.0 => Value::Date(date),
        _ => Value::Number(moment.as_f64()),
    }
}

/// A day of an .ods, which writes dates as ISO texts; a duration stays a text.
fn iso_date(text: &str) -> Option<Value> {
    match text.get(..10).and_then(|day| day.parse().ok()) {
        Some(date) => Some(Value::Date(date)),
        None => Value::text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::owned_value;
    use crate::grid::Value;
    use calamine::{Data, ExcelDateTime, ExcelDateTimeType};

    fn moment(number: f64, kind: ExcelDateTimeType) -> Option<Value> {
        owned_value(&Data::DateTime(ExcelDateTime::new(number, kind, false)))
    }

    #[test]
    fn a_date_is_a_day_and_a_time_of_day_a_number() {
        let day = Value::Date("2024-02-29".parse().unwrap());
        assert_eq!(
            moment(45_351.75, ExcelDateTimeType::DateTime),
            Some(day.clone())
        );
        assert_eq!(
            moment(0.75, ExcelDateTimeType::DateTime),
            Some(Value::Number(0.75))
        );
        assert_eq!(
            moment(45_351.0, ExcelDateTimeType::TimeDelta),
            Some(Value::Number(45_351.0))
        );
        let iso = Data::DateTimeIso("2024-02-29T08:00:00".to_owned());
        assert_eq!(owned_value(&iso), Some(day));
        let duration = Data::DurationIso("PT08H".to_owned());
        assert_eq!(owned_value(&duration), Some(Value::Text("PT08H".into())));
    }

    #[test]
    fn whole_numbers_are_numbers_and_blanks_nothing() {
        assert_eq!(owned_value(&Data::Int(120)), Some(Value::Number(120.0)));
        assert_eq!(owned_value(&Data::String(" \u{a0} ".to_owned())), None);
        assert_eq!(owned_value(&Data::Empty), None);
    }
}
