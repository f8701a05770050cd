//! How amounts and days are written.

use crate::features::{Feature, Layout};
use crate::grid::{Cell, Content};
use chrono::{Datelike, Months, NaiveDate};

/// An amount in a unit of so many zeros, in digits.
pub(crate) fn decimal(dong: i64, zeros: usize) -> String {
    let sign = if dong < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", dong.unsigned_abs(), width = zeros + 1);
    let (whole, fraction) = digits.split_at(digits.len() - zeros);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// Digits with marks between thousands, and a mark before decimals.
fn marked(digits: &str, thousands: &str, point: &str) -> String {
    let (sign, digits) = digits
        .strip_prefix('-')
        .map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text += thousands;
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text += point;
        text += fraction;
    }
    sign.to_owned() + &text
}

/// A cell with an amount in đồng in a column whose unit has so many zeros; `nth` counts the rows.
pub(crate) fn amount(dong: i64, zeros: usize, layout: &Layout, nth: usize) -> Cell {
    let digits = decimal(dong, zeros);
    let word = match zeros {
        9 => "tỷ",
        6 => "triệu",
        3 => "nghìn",
        _ => "đồng",
    };
    let text = match layout.of(Feature::TextNumbers) {
        "dots" => marked(&digits, ".", ","),
        "every other in dots" if nth % 2 == 1 => marked(&digits, ".", ","),
        "commas" => marked(&digits, ",", "."),
        "decimal comma" => marked(&digits, "", ","),
        "with the unit" => format!("{} {word}", marked(&digits, ".", ",")),
        "spaces" => marked(&digits, " ", ","),
        _ => return number(dong, zeros, layout),
    };
    Cell::text(text)
}

/// A cell with an amount as a number, shown as the layout says.
pub(crate) fn number(dong: i64, zeros: usize, layout: &Layout) -> Cell {
    let (format, hidden_zeros) = match (layout.of(Feature::NumberFormat), zeros) {
        ("#,##0" | "one in %", _) => (Some("#,##0"), 0),
        ("#,##0.00", _) => (Some("#,##0.00"), 0),
        ("#,##0,", 3..) => (Some("#,##0,"), 3),
        ("#,##0,,", 6..) => (Some("#,##0,,"), 6),
        ("with the unit's word", 9) => (Some("#,##0.###\" tỷ\""), 0),
        ("with the unit's word", 6) => (Some("#,##0.##\" triệu\""), 0),
        ("with the unit's word", 3) => (Some("#,##0.##\" nghìn\""), 0),
        ("with the unit's word", _) => (Some("#,##0\" đồng\""), 0),
        // The sheet says one unit, the cells are shown in another, in which they are written.
        ("unit's word against the line", 0 | 3) => (Some("#,##0.##\" triệu\""), 0),
        _ => (None, 0),
    };
    let zeros = match layout.of(Feature::NumberFormat) {
        "unit's word against the line" if zeros < 6 => 6,
        _ => zeros - hidden_zeros,
    };
    Cell {
        format,
        ..Cell::number(decimal(dong, zeros))
    }
}

/// The days that a cell written for a day means: the month or quarter where the layout gives only that.
pub(crate) fn days_meant(day: NaiveDate, layout: &Layout) -> (NaiveDate, NaiveDate) {
    let months = match layout.of(Feature::Dates) {
        "months" | "month cells" => 1,
        "quarters" => 3,
        _ => return (day, day),
    };
    let first_month = (day.month0() / months) * months + 1;
    let first = NaiveDate::from_ymd_opt(day.year(), first_month, 1).unwrap();
    let last = (first + Months::new(months)).pred_opt().unwrap();
    (first, last)
}

/// A cell with a day.
pub(crate) fn day(day: NaiveDate, layout: &Layout) -> Cell {
    let quarter = ["I", "II", "III", "IV"][usize::try_from(day.month0() / 3).unwrap()];
    let text = match layout.of(Feature::Dates) {
        "texts" => day.format("%d/%m/%Y").to_string(),
        "months" => day.format("%m/%Y").to_string(),
        "quarters" => format!("Quý {quarter}/{}", day.year()),
        "day without year" => day.format("%d/%m").to_string(),
        "month cells" => {
            return Cell {
                format: Some("mm/yyyy"),
                ..Cell::day(days_meant(day, layout).0)
            };
        }
        _ => return Cell::day(day),
    };
    Cell {
        content: Content::Text(text),
        ..Cell::day(day)
    }
}

#[cfg(test)]
mod tests {
    use super::{days_meant, decimal, marked};
    use crate::features::{Feature, Layout};

    #[test]
    fn an_amount_in_a_unit_keeps_its_dong() {
        assert_eq!(decimal(85_500_000, 6), "85.5");
        assert_eq!(decimal(-8_550_000, 6), "-8.55");
        assert_eq!(decimal(75_000, 6), "0.075");
        assert_eq!(decimal(120_000_000, 6), "120");
        assert_eq!(decimal(85_500_000, 3), "85500");
        assert_eq!(decimal(85_500_000, 0), "85500000");
    }

    #[test]
    fn thousands_and_decimals_are_marked() {
        assert_eq!(marked("85500000", ".", ","), "85.500.000");
        assert_eq!(marked("-1234.5", ".", ","), "-1.234,5");
        assert_eq!(marked("120", ".", ","), "120");
    }

    #[test]
    fn where_only_the_quarter_stands_its_days_are_meant() {
        let quarters = Feature::Dates.options();
        let quarters = quarters.iter().position(|option| *option == "quarters");
        let layout = Layout::plain().with(Feature::Dates, quarters.unwrap());
        let days = ["2024-05-17", "2024-04-01", "2024-06-30"].map(|day| day.parse().unwrap());
        assert_eq!(days_meant(days[0], &layout), (days[1], days[2]));
    }
}
