//! One cell, read as its column wants it.

mod amounts;
pub(crate) mod cell_reading;
mod codes;
mod dates;

use crate::grid::Value;
use crate::stored_value::StoredValue;
use crate::value::flag::flag;
use amounts::{money, percent, whole};
use cell_reading::{CellReading, ColumnContext, fault};
use codes::{code, codes};
use dates::day;
use model::{Check, TaxCode, TaxCodeError};
use programme::{Column, ColumnType};
use std::rc::Rc;

/// Reads a cell as its column wants it.
pub(crate) fn read_cell(
    column: &Column,
    value: &Value,
    context: &ColumnContext<'_>,
) -> CellReading {
    match value {
        // What stands for no value is the same in every column.
        Value::Error(_) => return (StoredValue::Null, fault(Check::CellError, value, "")),
        Value::Formula(_) => {
            return (
                StoredValue::Null,
                fault(Check::FormulaWithoutValue, value, ""),
            );
        }
        Value::Text(text) if is_dash(text) => return (StoredValue::Null, None),
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Date(_) => {}
    }
    match &column.kind {
        ColumnType::Text => (StoredValue::Text(shared(value)), None),
        ColumnType::Integer => whole(value, context),
        ColumnType::Money => money(value, context),
        ColumnType::Percent => percent(value, context),
        ColumnType::Date => day(value, context.from_1904),
        ColumnType::Flag => flag_cell(value),
        ColumnType::TaxCode => tax_code(value),
        ColumnType::Year => year(value),
        ColumnType::Code { list, open } => match context.programme.lists.get(list) {
            Some(list) => code(value, list, *open),
            None => (StoredValue::Text(shared(value)), None),
        },
        ColumnType::Codes { list } => match context.programme.lists.get(list) {
            Some(list) => codes(value, list),
            None => (StoredValue::Text(shared(value)), None),
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

/// Years of other centuries are slips of the pen.
fn year(value: &Value) -> CellReading {
    match value.shown().parse::<i64>() {
        Ok(year) if (1900..=2100).contains(&year) => (StoredValue::Integer(year), None),
        _ => (StoredValue::Null, fault(Check::NumberUnreadable, value, "")),
    }
}

fn flag_cell(value: &Value) -> CellReading {
    let read = match value {
        Value::Bool(flag) => Some(*flag),
        other => flag(&other.shown()),
    };
    match read {
        Some(flag) => (StoredValue::Flag(flag), None),
        None => (StoredValue::Null, fault(Check::FlagUnreadable, value, "")),
    }
}

/// A code that is not valid is kept as it stands: it may still tell enterprises apart, and a rule says what to mend.
fn tax_code(value: &Value) -> CellReading {
    let text = value.shown();
    match TaxCode::parse(&text) {
        Ok(code) => (StoredValue::Text(code.to_string().into()), None),
        Err(TaxCodeError::CheckDigit(_)) => (
            StoredValue::Text(text.into()),
            fault(Check::TaxCodeCheckDigit, value, ""),
        ),
        Err(TaxCodeError::Malformed) => (
            StoredValue::Text(text.into()),
            fault(Check::TaxCodeMalformed, value, ""),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::cell_reading::ColumnContext;
    use super::read_cell;
    use crate::grid::Value;
    use crate::value::number::DecimalNotation;
    use programme::Programme;

    /// What is stored of a cell of the form of support, and the check that found a fault.
    fn read_as(
        column: &str,
        value: &Value,
        unit: Option<i64>,
        notation: Option<DecimalNotation>,
        from_1904: bool,
    ) -> String {
        let programme = Programme::default_programme().unwrap();
        let form = programme.form("support").unwrap();
        let context = ColumnContext {
            programme: &programme,
            unit,
            notation,
            from_1904,
        };
        let (stored, fault) = read_cell(form.column(column).unwrap(), value, &context);
        match fault {
            None => format!("{stored:?}"),
            Some(fault) => format!("{stored:?}, {:?} ({})", fault.check, fault.expected),
        }
    }

    fn text(column: &str, text: &str) -> String {
        read_as(column, &Value::Text(text.into()), Some(1_000), None, false)
    }

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
    fn counts_have_no_fractions_and_shares_have_hundredths() {
        assert_eq!(text("employees", "1.234"), "Integer(1234)");
        assert_eq!(text("employees", "12,5"), "Null, NumberUnreadable ()");
        assert_eq!(text("productivity_gain", "12,5 %"), "Integer(1250)");
        assert_eq!(text("productivity_gain", "1.234"), "Integer(123)");
    }

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
    fn codes_are_found_in_texts_of_today_and_of_old_fonts() {
        assert_eq!(text("status", "đang thực hiện"), "Code(\"ongoing\", None)");
        // 'Nhá' is 'Nhỏ' in TCVN3.
        assert_eq!(text("size", "Nhá"), text("size", "Nhỏ"));
        assert!(text("status", "chưa rõ").starts_with("Null, CodeUnknown"));
        // The list of districts is open: what it lacks is kept.
        assert_eq!(text("district", "Xã Nơi Khác"), "Text(\"Xã Nơi Khác\")");
    }

    #[test]
    fn a_tax_code_that_is_not_valid_is_kept() {
        assert_eq!(text("tax_code", "3600 265395"), "Text(\"3600265395\")");
        assert_eq!(
            text("tax_code", "3600265396"),
            "Text(\"3600265396\"), TaxCodeCheckDigit ()"
        );
        assert_eq!(
            text("tax_code", "36002"),
            "Text(\"36002\"), TaxCodeMalformed ()"
        );
    }

    #[test]
    fn dashes_are_nothing_and_errors_are_told() {
        assert_eq!(text("employees", "–"), "Null");
        let error = read_as(
            "employees",
            &Value::Error("#REF!".into()),
            None,
            None,
            false,
        );
        assert_eq!(error, "Null, CellError ()");
        let formula = read_as("employees", &Value::Formula("A1".into()), None, None, false);
        assert_eq!(formula, "Null, FormulaWithoutValue ()");
        assert_eq!(text("model", "có thể"), "Null, FlagUnreadable ()");
    }
}
