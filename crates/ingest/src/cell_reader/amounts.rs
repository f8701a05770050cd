//! Cells of numbers: counts, money, shares.

use crate::cell_reader::cell_reading::{CellFault, CellReading, ColumnContext, fault};
use crate::cell_reader::shown::{grouped, scale_of};
use crate::cell_reader::shown_amount::{LEAST_DONG, ShownAmount, shown_amount};
use crate::grid::{Cell, CellFormat, Shows, UnitWord, Value};
use crate::stored_value::StoredValue;
use crate::value::number::{Counted, DecimalNotation, Number, number};
use crate::value::spelled::{Spelled, spelled};
use model::{Check, Vnd};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use vietext::fold;

/// A number, and what the cell itself says it counts.
type NumberOf = (Decimal, Option<Counted>);

/// The number in a text if it has exactly one; `either` decides between two readings.
fn written(
    cell: &Cell,
    text: &str,
    context: &ColumnContext<'_>,
    either: impl Fn(Decimal, Decimal, Option<Counted>) -> Option<Decimal>,
) -> Result<NumberOf, CellFault> {
    if means_none(text) {
        return Ok((Decimal::ZERO, None));
    }
    match number(text, context.notation) {
        Some(Number::One(number, unit)) => Ok((number, unit)),
        Some(Number::Either {
            thousands,
            fraction,
            unit,
        }) => match either(thousands, fraction, unit) {
            Some(number) => Ok((number, unit)),
            None => Err(fault(
                Check::NumberAmbiguous,
                cell,
                format!("{thousands} | {fraction}"),
            )),
        },
        None => Err(unreadable(cell)),
    }
}

fn unreadable(cell: &Cell) -> CellFault {
    fault(Check::NumberUnreadable, cell, "")
}

/// 'Không', 'không có': there is none of it.
fn means_none(text: &str) -> bool {
    matches!(
        fold(text).as_str(),
        "khong" | "khong co" | "khong phat sinh" | "khong dong" | "ko" | "ko co" | "k" | "k co"
    )
}

/// Reads a whole number.
pub(crate) fn whole(cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    let format = cell.format;
    if format == CellFormat::default()
        && let Some(number) = cell.value.whole()
    {
        return CellReading::of(StoredValue::Integer(number));
    }
    let read = match &cell.value {
        Value::Number(_) => match counted_as_shown(cell) {
            Ok(number) => Ok((number, None)),
            Err(fault) => Err(fault),
        },
        // People and things have no fractions, so a lone separator parts thousands.
        Value::Text(text) => written(cell, text, context, |thousands, _, _| Some(thousands)),
        Value::Bool(_) | Value::Date(_) | Value::Error(_) | Value::Formula(_) => {
            Err(unreadable(cell))
        }
    };
    match read {
        Ok((number, None | Some(Counted::Heads))) if number.fract().is_zero() => {
            match number.to_i64() {
                Some(number) => CellReading::of(StoredValue::Integer(number)),
                None => CellReading::refused(unreadable(cell)),
            }
        }
        Ok(_) => CellReading::refused(unreadable(cell)),
        Err(fault) => CellReading::refused(fault),
    }
}

/// The number in a cell of counts, unless the cell shows another.
fn counted_as_shown(cell: &Cell) -> Result<Decimal, CellFault> {
    let format = cell.format;
    let number = cell.value.as_decimal().ok_or_else(|| unreadable(cell))?;
    // A sign of money beside a count is a slip of a click; a word of scale is part of what is read.
    let is_money_sign = matches!(format.unit, None | Some(UnitWord::Dong | UnitWord::Other));
    match format.shows {
        _ if number.is_zero() => Ok(number),
        Shows::Value if format.thousands > 0 && is_money_sign => {
            let shown = scale_of(format.thousands).and_then(|scale| number.checked_div(scale));
            let readings = shown.map_or_else(String::new, |shown| {
                format!("{} | {}", grouped(shown), grouped(number))
            });
            Err(fault(Check::ShownAgainstUnit, cell, readings))
        }
        Shows::Value if is_money_sign => Ok(number),
        Shows::Value | Shows::Percent | Shows::Month | Shows::Year | Shows::Nothing => {
            Err(unreadable(cell))
        }
    }
}

/// The largest amount that a cell may hold, in đồng: a million tỷ, some hundred times the budget of a province. A number
/// beyond it is no amount, and thousands of them would be more than 64 bits add up to.
const MOST_DONG: u64 = 1_000_000_000_000_000;

fn is_an_amount(dong: &i64) -> bool {
    dong.unsigned_abs() <= MOST_DONG
}

/// Reads an amount of money, in đồng.
pub(crate) fn money(cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    // Nearly all amounts are whole numbers of a known unit, shown as they are.
    if cell.format == CellFormat::default()
        && let (Some(number), Some(unit)) = (cell.value.whole(), context.unit)
        && let Some(dong) = number.checked_mul(unit).filter(is_an_amount)
    {
        return CellReading::of(StoredValue::Integer(dong));
    }
    match &cell.value {
        Value::Number(_) => CellReading {
            says_unit: shows_own_unit(cell.format.unit, context.unit),
            ..shown_money(cell, context)
        },
        Value::Text(text) => CellReading {
            says_unit: is_with_unit(text, context.notation),
            ..written_money(cell, text, context)
        },
        Value::Bool(_) | Value::Date(_) | Value::Error(_) | Value::Formula(_) => {
            CellReading::refused(unreadable(cell))
        }
    }
}

/// Whether the format of a cell shows another unit than its column has: one that all cells show says nothing of one of them.
fn shows_own_unit(shown: Option<UnitWord>, of_column: Option<i64>) -> bool {
    let shown = match shown {
        Some(UnitWord::Thousand) => 1_000,
        Some(UnitWord::Million) => 1_000_000,
        Some(UnitWord::Billion) => 1_000_000_000,
        Some(UnitWord::Dong | UnitWord::Other) | None => return false,
    };
    of_column != Some(shown)
}

/// Whether an amount is written with its unit, or in words. So many đồng as nobody is paid are no unit that was meant.
fn is_with_unit(text: &str, notation: Option<DecimalNotation>) -> bool {
    let number = match number(text, notation) {
        Some(Number::One(number, Some(Counted::Money(dong)))) => (number, dong),
        Some(Number::Either {
            thousands,
            unit: Some(Counted::Money(dong)),
            ..
        }) => (thousands, dong),
        Some(_) => return false,
        None => return with_words(text).is_some() || spelled(text).is_some_and(|it| it.is_dong),
    };
    number.1 > 1 || number.0.abs() >= LEAST_DONG
}

/// Reads an amount from a number cell, in the unit and scale that the cell shows.
fn shown_money(cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    let Some(number) = cell.value.as_decimal() else {
        return CellReading::refused(unreadable(cell));
    };
    if number.is_zero() {
        return CellReading::of(StoredValue::Integer(0));
    }
    if cell.format.shows != Shows::Value {
        return CellReading::refused(unreadable(cell));
    }
    match shown_amount(number, cell.format, context.unit) {
        Some(ShownAmount::Of { number, unit }) => in_dong(cell, number, unit),
        Some(ShownAmount::Contradicts(readings)) => {
            CellReading::refused(contradiction(cell, &readings))
        }
        // Without a unit nothing is guessed: the form's finding says so, and its rows wait.
        Some(ShownAmount::UnitUnknown) => CellReading::of(StoredValue::Null),
        None => CellReading::refused(unreadable(cell)),
    }
}

fn contradiction(cell: &Cell, readings: &[Decimal]) -> CellFault {
    let readings: Vec<String> = readings
        .iter()
        .map(|dong| format!("{} đồng", grouped(*dong)))
        .collect();
    fault(Check::ShownAgainstUnit, cell, readings.join(" | "))
}

/// Reads an amount from a text.
fn written_money(cell: &Cell, text: &str, context: &ColumnContext<'_>) -> CellReading {
    if let Some((digits, words)) = with_words(text) {
        return match spelled(words) {
            Some(words) => beside_words(cell, written_money(cell, digits, context), digits, words),
            None => CellReading::refused(unreadable(cell)),
        };
    }
    if let Some(Spelled {
        number,
        is_dong: true,
    }) = spelled(text)
    {
        return in_dong(cell, number, 1);
    }
    // An amount in đồng has no fraction either.
    let either = |thousands, _, unit: Option<Counted>| {
        let dong = match unit {
            Some(Counted::Money(dong)) => Some(dong),
            Some(Counted::Heads) | None => context.unit,
        };
        (dong == Some(1)).then_some(thousands)
    };
    let (number, counted) = match written(cell, text, context, either) {
        Ok(read) => read,
        Err(fault) => return CellReading::refused(fault),
    };
    let unit = match counted {
        Some(Counted::Heads) => return CellReading::refused(unreadable(cell)),
        Some(Counted::Money(dong)) => Some(dong),
        None => context.unit,
    };
    if number.is_zero() {
        return CellReading::of(StoredValue::Integer(0));
    }
    // A person who types 'đồng' means it, unless nobody pays so little.
    if counted == Some(Counted::Money(1)) && context.unit != Some(1) && number.abs() < LEAST_DONG {
        let in_unit = context
            .unit
            .and_then(|unit| number.checked_mul(Decimal::from(unit)));
        let readings: Vec<Decimal> = std::iter::once(number).chain(in_unit).collect();
        return CellReading::refused(contradiction(cell, &readings));
    }
    match unit {
        Some(unit) => in_dong(cell, number, unit),
        None => CellReading::of(StoredValue::Null),
    }
}

/// The number and the words of '45 (bằng chữ: bốn mươi lăm triệu đồng)'.
fn with_words(text: &str) -> Option<(&str, &str)> {
    let (digits, words) = text.split_once('(')?;
    let words = words.trim_end_matches(['.', '/', ' ']).strip_suffix(')')?;
    let (label, words) = words.split_once([':', ' '])?;
    // 'bằng chữ' is two words: what follows it begins behind the colon, or behind the second.
    let words = match fold(label).as_str() {
        "bang chu" | "viet bang chu" => words,
        "bang" => words.trim_start().split_once([':', ' '])?.1,
        _ => return None,
    };
    (!digits.trim().is_empty()).then_some((digits.trim(), words))
}

/// Whether a text says a number other than nought in one of the ways in which amounts and counts are read.
pub(crate) fn is_written_number(text: &str) -> bool {
    if let Some((digits, _)) = with_words(text) {
        return is_written_number(digits);
    }
    match number(text, None) {
        Some(Number::One(number, _)) => !number.is_zero(),
        Some(Number::Either { .. }) => true,
        None => spelled(text).is_some_and(|words| !words.number.is_zero()),
    }
}

/// A number and the same in words: what they do not agree on is asked.
fn beside_words(cell: &Cell, reading: CellReading, digits: &str, words: Spelled) -> CellReading {
    let StoredValue::Integer(dong) = reading.stored else {
        return reading;
    };
    let bare = matches!(number(digits, None), Some(Number::One(bare, _)) if bare == words.number);
    if words.number == Decimal::from(dong) || (bare && !words.is_dong) {
        return reading;
    }
    let readings =
        [Decimal::from(dong), words.number].map(|dong| format!("{} đồng", grouped(dong)));
    CellReading::refused(fault(Check::NumberAmbiguous, cell, readings.join(" | ")))
}

/// An amount of so many units, in whole đồng.
fn in_dong(cell: &Cell, number: Decimal, unit: i64) -> CellReading {
    let amount = number.checked_mul(Decimal::from(unit));
    let rounded =
        amount.map(|a| a.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero));
    let dong = rounded.and_then(|r| r.to_i64()).filter(is_an_amount);
    match (amount, dong) {
        (Some(amount), Some(dong)) if amount.fract().is_zero() => {
            CellReading::of(StoredValue::Integer(dong))
        }
        (Some(_), Some(dong)) => CellReading::told(
            StoredValue::Integer(dong),
            fault(Check::FractionOfDong, cell, format!("{} đồng", Vnd(dong))),
        ),
        _ => CellReading::refused(unreadable(cell)),
    }
}

/// A share from here on, in percent, is none that a cell in the format of a percentage is likely to mean: a 15 that was
/// typed before the cell got the format shows 1500%.
const UNLIKELY_PERCENT: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

/// Reads a share, in hundredths of a percent.
pub(crate) fn percent(cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    let format = cell.format;
    let (number, is_percent) = match &cell.value {
        Value::Number(_) if format.thousands == 0 && format.unit.is_none() => {
            match cell.value.as_decimal() {
                Some(number) if format.shows == Shows::Percent => {
                    (number.checked_mul(Decimal::ONE_HUNDRED), true)
                }
                number => (number, false),
            }
        }
        Value::Text(text) => {
            // '12 %' and '12' are the same share.
            let text = text.trim_end_matches([' ', '.']);
            let signed = ["%", "phần trăm"]
                .iter()
                .find_map(|sign| text.strip_suffix(sign));
            let bare = signed.unwrap_or(text).trim_end();
            match written(cell, bare, context, |_, fraction, _| Some(fraction)) {
                Ok((number, None)) => (Some(number), signed.is_some()),
                Ok(_) => (None, false),
                Err(fault) => return CellReading::refused(fault),
            }
        }
        Value::Number(_)
        | Value::Bool(_)
        | Value::Date(_)
        | Value::Error(_)
        | Value::Formula(_) => (None, false),
    };
    let hundredths = number
        .and_then(|n| n.checked_mul(Decimal::ONE_HUNDRED))
        .and_then(|n| n.round().to_i64());
    match (number, hundredths) {
        (Some(number), Some(hundredths)) => {
            if is_percent && format.shows == Shows::Percent && number.abs() >= UNLIKELY_PERCENT {
                let stored = number / Decimal::ONE_HUNDRED;
                let readings = format!("{}% | {}%", grouped(number), grouped(stored));
                return CellReading::refused(fault(Check::NumberAmbiguous, cell, readings));
            }
            let is_small = !number.is_zero() && number.abs() <= Decimal::ONE;
            if is_small && !is_percent && context.evidence.has_bare_fractions {
                let hundredfold = number * Decimal::ONE_HUNDRED;
                let readings = format!("{}% | {}%", grouped(number), grouped(hundredfold));
                return CellReading::refused(fault(Check::NumberAmbiguous, cell, readings));
            }
            CellReading::of(StoredValue::Integer(hundredths))
        }
        _ => CellReading::refused(unreadable(cell)),
    }
}

#[cfg(test)]
mod tests {
    use crate::cell_reader::cell_reading::ColumnEvidence;
    use crate::cell_reader::trial::{read, read_as, shown_so, text};
    use crate::grid::{Cell, CellFormat, Shows, UnitWord, Value};

    #[test]
    fn money_is_read_in_its_unit_and_nothing_is_guessed() {
        let amount = |value: &Value, unit| read_as("state_budget", value, unit, None, false);
        assert_eq!(
            amount(&Value::Number(12.5), Some(1_000_000)),
            "Integer(12500000)"
        );
        // No unit: the amount is not known, and the finding on the form says why. Nothing is nothing in any unit.
        assert_eq!(amount(&Value::Number(12.5), None), "Null");
        assert_eq!(amount(&Value::Number(0.0), None), "Integer(0)");
        assert_eq!(
            amount(&Value::Text("1,2 tỷ".into()), None),
            "Integer(1200000000)"
        );
        assert_eq!(
            amount(&Value::Number(0.5), Some(1)),
            "Integer(1), FractionOfDong (1 đồng)"
        );
        assert_eq!(
            amount(&Value::Text("1.234".into()), Some(1_000_000)),
            "Null, NumberAmbiguous (1234 | 1.234)"
        );
        // An amount in đồng has no fraction.
        assert_eq!(
            amount(&Value::Text("1.234".into()), Some(1)),
            "Integer(1234)"
        );
        assert_eq!(
            amount(&Value::Number(1e14), Some(1_000_000)),
            "Null, NumberUnreadable ()"
        );
    }

    #[test]
    fn an_amount_that_sums_could_overflow_with_is_no_amount() {
        let amount = |value: &Value| read_as("state_budget", value, Some(1_000_000), None, false);
        assert_eq!(amount(&Value::Number(1e9)), "Integer(1000000000000000)");
        let too_large = "Null, NumberUnreadable ()";
        assert_eq!(amount(&Value::Number(1e9 + 1.0)), too_large);
        assert_eq!(amount(&Value::Number(-1e9 - 1.0)), too_large);
        assert_eq!(amount(&Value::Text("1.000.001 tỷ".into())), too_large);
    }

    #[test]
    fn a_cell_says_its_unit_in_words_or_by_another_format_than_its_column() {
        use super::{is_with_unit, shows_own_unit};
        for text in [
            "45 tỷ đồng",
            "45 tr",
            "45.000.000 đồng",
            "1,5 tỷ",
            "bốn mươi lăm triệu đồng",
        ] {
            assert!(is_with_unit(text, None), "{text}");
        }
        for text in ["45", "45.000.000", "60 đồng", "45 người"] {
            assert!(!is_with_unit(text, None), "{text}");
        }
        assert!(shows_own_unit(Some(UnitWord::Billion), Some(1_000_000)));
        assert!(!shows_own_unit(Some(UnitWord::Million), Some(1_000_000)));
        assert!(!shows_own_unit(Some(UnitWord::Dong), None));
    }

    #[test]
    fn counts_have_no_fractions_and_shares_have_hundredths() {
        assert_eq!(text("employees", "1.234"), "Integer(1234)");
        assert_eq!(text("employees", "12,5"), "Null, NumberUnreadable ()");
        assert_eq!(text("productivity_gain", "12,5 %"), "Integer(1250)");
        assert_eq!(text("productivity_gain", "1.234"), "Integer(123)");
    }

    #[test]
    fn an_amount_is_what_its_cell_shows() {
        let format = |thousands, unit| CellFormat {
            thousands,
            unit,
            ..CellFormat::default()
        };
        let (thousand, million) = (Some(1_000), Some(1_000_000));
        for (number, format, unit, expected) in [
            (150e6, format(1, None), thousand, "Integer(150000000)"),
            (
                150e3,
                format(1, None),
                million,
                "Null, ShownAgainstUnit (150.000.000 đồng | 150.000.000.000 đồng)",
            ),
            (
                150.0,
                format(0, Some(UnitWord::Million)),
                Some(1),
                "Integer(150000000)",
            ),
            (
                150.0,
                format(0, Some(UnitWord::Million)),
                None,
                "Integer(150000000)",
            ),
            (
                150e6,
                format(2, Some(UnitWord::Million)),
                Some(1),
                "Integer(150000000)",
            ),
            (
                150.0,
                format(0, Some(UnitWord::Dong)),
                million,
                "Integer(150000000)",
            ),
            (
                900e3,
                format(0, Some(UnitWord::Dong)),
                million,
                "Null, ShownAgainstUnit (900.000 đồng | 900.000.000.000 đồng)",
            ),
            (
                900e3,
                format(0, Some(UnitWord::Dong)),
                None,
                "Integer(900000)",
            ),
            (
                150.0,
                format(0, Some(UnitWord::Dong)),
                None,
                "Null, ShownAgainstUnit (150 đồng)",
            ),
            (0.0, format(2, Some(UnitWord::Dong)), million, "Integer(0)"),
            (5.0, format(4, None), million, "Null, NumberUnreadable ()"),
        ] {
            let found = shown_so("state_budget", number, format, unit);
            assert_eq!(found, expected, "{number} {format:?} {unit:?}");
        }
        let percent = CellFormat {
            shows: Shows::Percent,
            ..CellFormat::default()
        };
        let found = shown_so("state_budget", 0.12, percent, million);
        assert_eq!(found, "Null, NumberUnreadable ()");
    }

    #[test]
    fn shares_and_counts_are_what_their_cells_show() {
        let percent = CellFormat {
            shows: Shows::Percent,
            ..CellFormat::default()
        };
        let share = |number, format| shown_so("productivity_gain", number, format, None);
        assert_eq!(share(0.12, percent), "Integer(1200)");
        assert_eq!(share(0.085, percent), "Integer(850)");
        assert_eq!(share(15.0, percent), "Null, NumberAmbiguous (1.500% | 15%)");
        assert_eq!(share(12.0, CellFormat::default()), "Integer(1200)");
        let count = |number, format| shown_so("employees", number, format, None);
        assert_eq!(count(0.45, percent), "Null, NumberUnreadable ()");
        let scaled = CellFormat {
            thousands: 1,
            ..CellFormat::default()
        };
        assert_eq!(
            count(45_000.0, scaled),
            "Null, ShownAgainstUnit (45 | 45.000)"
        );
        let money_sign = CellFormat {
            unit: Some(UnitWord::Dong),
            ..CellFormat::default()
        };
        assert_eq!(count(45.0, money_sign), "Integer(45)");
    }

    #[test]
    fn a_bare_fraction_of_a_share_is_asked_about() {
        let evidence = ColumnEvidence {
            has_bare_fractions: true,
            ..ColumnEvidence::default()
        };
        let share = |value| read("productivity_gain", &Cell::plain(0, value), None, evidence);
        let text = |text: &str| share(Value::Text(text.into()));
        assert_eq!(
            share(Value::Number(0.15)),
            "Null, NumberAmbiguous (0,15% | 15%)"
        );
        assert_eq!(
            share(Value::Number(1.0)),
            "Null, NumberAmbiguous (1% | 100%)"
        );
        assert_eq!(share(Value::Number(15.0)), "Integer(1500)");
        assert_eq!(text("0,15"), "Null, NumberAmbiguous (0,15% | 15%)");
        assert_eq!(text("0,15%"), "Integer(15)");
        assert_eq!(text("15%"), "Integer(1500)");
        assert_eq!(text("0"), "Integer(0)");
    }

    /// As clerks write amounts under 'triệu đồng': read, told, or asked about.
    #[test]
    fn amounts_as_they_are_written() {
        let unreadable = "Null, NumberUnreadable ()";
        for (written, expected) in [
            ("150", "Integer(150000000)"),
            ("150,5", "Integer(150500000)"),
            ("1.250,5", "Integer(1250500000)"),
            ("1 250", "Integer(1250000000)"),
            ("(20)", "Integer(-20000000), NegativeAmount ()"),
            ("-20", "Integer(-20000000), NegativeAmount ()"),
            ("+20", "Integer(20000000)"),
            ("150 (*)", "Integer(150000000)"),
            ("50tr", "Integer(50000000)"),
            ("50 tr", "Integer(50000000)"),
            ("50 Tr.đ", "Integer(50000000)"),
            ("50 triệu", "Integer(50000000)"),
            ("50 TRIỆU ĐỒNG", "Integer(50000000)"),
            ("50 trđ.", "Integer(50000000)"),
            ("1,5 tỷ", "Integer(1500000000)"),
            ("1,5 tỉ đồng", "Integer(1500000000)"),
            ("500 nghìn", "Integer(500000)"),
            ("500 ngàn đồng", "Integer(500000)"),
            ("500k", "Integer(500000)"),
            ("15 triệu 500 nghìn", "Integer(15500000)"),
            ("15tr500k", "Integer(15500000)"),
            ("1 tỷ 200 triệu đồng", "Integer(1200000000)"),
            ("250.000.000 đồng", "Integer(250000000)"),
            ("250.000.000đ", "Integer(250000000)"),
            ("250.000.000 ₫", "Integer(250000000)"),
            ("250,000,000 VND", "Integer(250000000)"),
            ("250.000.000 VNĐ./.", "Integer(250000000)"),
            ("5.500 đ", "Integer(5500)"),
            (
                "45 (bằng chữ: bốn mươi lăm triệu đồng)",
                "Integer(45000000)",
            ),
            (
                "45 (Bằng chữ bốn mươi lăm triệu đồng chẵn).",
                "Integer(45000000)",
            ),
            (
                "45.000.000đ (Bằng chữ: Bốn mươi lăm triệu đồng)",
                "Integer(45000000)",
            ),
            ("Bốn mươi lăm triệu đồng", "Integer(45000000)"),
            ("0", "Integer(0)"),
            ("0 đồng", "Integer(0)"),
            ("Không", "Integer(0)"),
            ("không có", "Integer(0)"),
            ("Không phát sinh", "Integer(0)"),
            ("k", "Integer(0)"),
            ("-", "Null"),
            ("–", "Null"),
            ("- -", "Null"),
            ("…", "Null, NumberLeftOpen ()"),
            ("......", "Null, NumberLeftOpen ()"),
            ("____", "Null, NumberLeftOpen ()"),
            ("1.234", "Null, NumberAmbiguous (1234 | 1.234)"),
            ("1.234 tỷ", "Null, NumberAmbiguous (1234 | 1.234)"),
            (
                "150 đồng",
                "Null, ShownAgainstUnit (150 đồng | 150.000.000 đồng)",
            ),
            (
                "150 ₫",
                "Null, ShownAgainstUnit (150 đồng | 150.000.000 đồng)",
            ),
            (
                "45 (bằng chữ: bốn mươi sáu triệu đồng)",
                "Null, NumberAmbiguous (45.000.000 đồng | 46.000.000 đồng)",
            ),
            ("45 (bằng chữ: bốn lăm củ)", unreadable),
            ("khoảng 200 triệu", unreadable),
            ("gần 1 tỷ", unreadable),
            ("trên 50", unreadable),
            ("hơn 50 triệu", unreadable),
            ("~50", unreadable),
            ("≈ 50 triệu", unreadable),
            ("<100", unreadable),
            ("≤ 100", unreadable),
            ("200-250", unreadable),
            ("200 đến 250 triệu", unreadable),
            ("150 - 200 triệu", unreadable),
            ("5.000 USD", unreadable),
            ("50$", unreadable),
            ("50 triệu USD", unreadable),
            ("1,2 tỷ (USD)", unreadable),
            ("50 triệu/năm", unreadable),
            ("50 triệu/DN", unreadable),
            ("2 x 50", unreadable),
            ("50 + 20", unreadable),
            ("15tr5", unreadable),
            ("1 tỷ 2", unreadable),
            ("2 tỷ rưỡi", unreadable),
            ("45 người", unreadable),
            ("12%", unreadable),
            ("chưa quyết toán", unreadable),
            ("đang thẩm định", unreadable),
            ("theo dự toán", unreadable),
            ("nt", unreadable),
            ("?", unreadable),
            ("5O", unreadable),
        ] {
            let cell = Cell::plain(0, Value::text(written).unwrap());
            let found = read(
                "state_budget",
                &cell,
                Some(1_000_000),
                ColumnEvidence::default(),
            );
            assert_eq!(found, expected, "{written}");
        }
    }
}
