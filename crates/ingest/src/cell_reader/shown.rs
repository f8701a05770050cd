//! A cell as its person reads it: the stored value in the cell's format.

use crate::grid::{Cell, Shows, UnitWord, Value};
use rust_decimal::Decimal;

/// The value as a person would read it aloud, as the cell shows it: '12%', '150 triệu', '05/2024'.
pub(crate) fn shown(cell: &Cell) -> String {
    let format = cell.format;
    match (&cell.value, format.shows) {
        (Value::Date(day), Shows::Month) => day.format("%m/%Y").to_string(),
        (Value::Date(day), Shows::Year) => day.format("%Y").to_string(),
        (Value::Number(number), Shows::Percent) => Value::decimal(*number)
            .and_then(|n| n.checked_mul(Decimal::ONE_HUNDRED))
            .map_or_else(|| cell.value.shown(), |n| format!("{}%", n.normalize())),
        (Value::Number(_), _) if format.thousands > 0 || format.unit.is_some() => {
            let number = cell
                .value
                .as_decimal()
                .zip(scale_of(format.thousands))
                .and_then(|(number, scale)| number.checked_div(scale));
            match (number, format.unit) {
                (Some(number), Some(unit)) => format!("{} {}", grouped(number), word_of(unit)),
                (Some(number), None) => grouped(number),
                (None, _) => cell.value.shown(),
            }
        }
        _ => cell.value.shown(),
    }
}

/// By how much a number is divided that is shown in so many thousands; none if it is beyond a billion.
pub(crate) fn scale_of(thousands: u8) -> Option<Decimal> {
    (thousands <= 3).then(|| Decimal::from(1_000_i64.pow(u32::from(thousands))))
}

fn word_of(unit: UnitWord) -> &'static str {
    match unit {
        UnitWord::Dong => "đồng",
        UnitWord::Thousand => "nghìn",
        UnitWord::Million => "triệu",
        UnitWord::Billion => "tỷ",
        UnitWord::Other => "?",
    }
}

/// A number the Vietnamese way: a dot between thousands, a comma before the fraction.
pub(crate) fn grouped(number: Decimal) -> String {
    let plain = number.normalize().abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() * 2);
    if number.is_sign_negative() && !number.is_zero() {
        text.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::grid::{Cell, CellFormat, Shows, UnitWord, Value};
    use chrono::NaiveDate;

    #[test]
    fn a_cell_is_shown_as_its_format_shows_it() {
        let day = || Value::Date(NaiveDate::from_ymd_opt(2024, 5, 1).unwrap());
        let format = |shows, thousands, unit| CellFormat {
            shows,
            thousands,
            unit,
            is_struck: false,
        };
        for (value, format, expected) in [
            (
                Value::Number(0.085),
                format(Shows::Percent, 0, None),
                "8.5%",
            ),
            (day(), format(Shows::Month, 0, None), "05/2024"),
            (day(), format(Shows::Year, 0, None), "2024"),
            (day(), format(Shows::Value, 0, None), "01/05/2024"),
            (
                Value::Number(-150_500_000.0),
                format(Shows::Value, 1, None),
                "-150.500",
            ),
            (
                Value::Number(150_500_000.0),
                format(Shows::Value, 2, Some(UnitWord::Million)),
                "150,5 triệu",
            ),
            (
                Value::Number(900_000.0),
                format(Shows::Value, 0, Some(UnitWord::Dong)),
                "900.000 đồng",
            ),
            (Value::Number(1.5), CellFormat::default(), "1.5"),
        ] {
            let cell = Cell {
                col: 0,
                value,
                format,
            };
            assert_eq!(shown(&cell), expected);
        }
    }
}
