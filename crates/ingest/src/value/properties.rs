//! For any value, written in any way that is read, reading gives the value back.

use crate::value::date::{date, day_and_month, range};
use crate::value::flag::flag;
use crate::value::number::{Counted, DecimalNotation, Number, number};
use crate::value::period::{period, period_in_name};
use crate::value::spelled::spelled;
use crate::value::unit::{unit_in_heading, unit_line};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A whole number with a sign between its thousands.
fn grouped(whole: u64, sign: &str) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push_str(sign);
        }
        text.push(digit);
    }
    text
}

proptest! {
    #[test]
    fn numbers(whole in 0u64..1_000_000_000_000, cents in 0u32..100, negative: bool, way in 0usize..6) {
        let fraction = format!("{cents:02}");
        let text = match way {
            0 => format!("{},{fraction}", grouped(whole, ".")),
            1 => format!("{}.{fraction}", grouped(whole, ",")),
            2 => format!("{} ,{fraction}", grouped(whole, " ")).replace(" ,", ","),
            3 => format!("{whole},{fraction}"),
            4 => format!("{whole}.{fraction}"),
            _ => format!("{}.{fraction}", grouped(whole, "'")),
        };
        let text = if negative { format!("({text})") } else { text };
        let value: Decimal = format!("{}{whole}.{fraction}", if negative { "-" } else { "" }).parse().unwrap();
        prop_assert_eq!(number(&text, None), Some(Number::One(value, None)), "{}", text);
    }

    #[test]
    fn whole_amounts_with_a_known_style(whole in 0u64..1_000_000_000_000, comma: bool) {
        let (sign, style) = if comma { (".", DecimalNotation::CommaDecimal) } else { (",", DecimalNotation::DotDecimal) };
        let read = number(&grouped(whole, sign), Some(style));
        prop_assert_eq!(read, Some(Number::One(Decimal::from(whole), None)));
    }

    #[test]
    fn units_behind_a_number(whole in 1u32..1000, unit in 0usize..4) {
        let (word, dong) = [("đồng", 1), ("nghìn", 1_000), ("triệu", 1_000_000), ("tỷ đồng", 1_000_000_000)][unit];
        let read = number(&format!("{whole} {word}"), None);
        prop_assert_eq!(read, Some(Number::One(Decimal::from(whole), Some(Counted::Money(dong)))));
    }

    #[test]
    fn days(after in 0u64..36_000, way in 0usize..7) {
        let day = NaiveDate::from_ymd_opt(2001, 1, 1).unwrap().checked_add_days(Days::new(after)).unwrap();
        let pattern = ["%d/%m/%Y", "%-d/%-m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "ngày %d tháng %m năm %Y", "%d/%m/%Y 00:00:00"][way];
        let read = date(&day.format(pattern).to_string()).map(|span| (span.first, span.last));
        prop_assert_eq!(read, Some((day, day)));
    }

    #[test]
    fn any_text_is_read_without_a_fault(text in "\\PC{0,40}") {
        let _ = (number(&text, None), date(&text), range(&text), flag(&text), spelled(&text));
        let _ = (period(&text), period_in_name(&text), day_and_month(&text));
        let _ = (unit_line(&text), unit_in_heading(&text));
    }
}
