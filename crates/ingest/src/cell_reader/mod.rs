//! One cell, read as its column wants it.

mod amounts;
pub(crate) mod cell_reading;
mod codes;
mod dates;
pub(crate) mod shown;
mod shown_amount;

use crate::grid::{Cell, Value};
use crate::stored_value::StoredValue;
use crate::value::flag::flag;
use amounts::{money, percent, whole};
use cell_reading::{CellReading, ColumnContext, fault};
use chrono::Datelike;
use codes::{code, codes};
use dates::day;
use model::{Check, TaxCode, TaxCodeError};
use programme::{Column, ColumnType};
use shown::shown;
use std::rc::Rc;
use vietext::fold;

/// Reads a cell as its column wants it.
pub(crate) fn read_cell(column: &Column, cell: &Cell, context: &ColumnContext<'_>) -> CellReading {
    match &cell.value {
        // What stands for no value is the same in every column.
        Value::Error(_) => return CellReading::refused(fault(Check::CellError, cell, "")),
        Value::Formula(_) => {
            return CellReading::refused(fault(Check::FormulaWithoutValue, cell, ""));
        }
        Value::Text(text) if is_dash(text) => return dash(column, cell),
        Value::Text(text) if column.kind.is_number() && is_left_open(text) => {
            return CellReading::refused(fault(Check::NumberLeftOpen, cell, ""));
        }
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Date(_) => {}
    }
    match &column.kind {
        ColumnType::Text => CellReading::of(StoredValue::Text(shared(cell))),
        ColumnType::Integer => whole(cell, context),
        ColumnType::Money => money(cell, context),
        ColumnType::Percent => percent(cell, context),
        ColumnType::Date => day(cell, context),
        ColumnType::Flag => flag_cell(cell),
        ColumnType::TaxCode => tax_code(cell),
        ColumnType::Year => year(cell),
        ColumnType::Code { list, open } => match context.programme.lists.get(list) {
            Some(list) => code(cell, list, *open),
            None => CellReading::of(StoredValue::Text(shared(cell))),
        },
        ColumnType::Codes { list } => match context.programme.lists.get(list) {
            Some(list) => codes(cell, list),
            None => CellReading::of(StoredValue::Text(shared(cell))),
        },
    }
}

/// The value as it is shown; a text is shared, not copied.
fn shared(cell: &Cell) -> Rc<str> {
    if let Value::Text(text) = &cell.value {
        Rc::clone(text)
    } else {
        shown(cell).into()
    }
}

/// A dash stands for 'nothing'.
fn is_dash(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '-' | '–' | '—' | '−' | ' '))
}

/// Nothing: among numbers a zero, as Excel shows one; of another value that must be there, a lack.
fn dash(column: &Column, cell: &Cell) -> CellReading {
    if column.required && !column.kind.is_number() {
        CellReading::refused(fault(Check::ValueMissing, cell, ""))
    } else {
        CellReading::of(StoredValue::Null)
    }
}

/// Dots or a line where a number was to be filled in: '…', '....', '___'.
fn is_left_open(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '.' | '…' | '_' | ' '))
}

/// Years of other centuries are slips of the pen.
fn year(cell: &Cell) -> CellReading {
    let year = match &cell.value {
        Value::Date(day) => Some(i64::from(day.year())),
        Value::Text(text) => {
            let folded = fold(text);
            folded.strip_prefix("nam ").unwrap_or(&folded).parse().ok()
        }
        other => other.whole(),
    };
    match year.filter(|year| (1900..=2100).contains(year)) {
        Some(year) => CellReading::of(StoredValue::Integer(year)),
        None => CellReading::refused(fault(Check::NumberUnreadable, cell, "")),
    }
}

fn flag_cell(cell: &Cell) -> CellReading {
    let read = match &cell.value {
        Value::Bool(flag) => Some(*flag),
        other => flag(&other.shown()),
    };
    match read {
        Some(flag) => CellReading::of(StoredValue::Flag(flag)),
        None => CellReading::refused(fault(Check::FlagUnreadable, cell, "")),
    }
}

/// A code that is not valid is kept as it stands: it may still tell enterprises apart, and a rule says what to mend.
fn tax_code(cell: &Cell) -> CellReading {
    let text = cell.value.shown();
    let kept = |check| {
        let stored = StoredValue::Text(text.as_str().into());
        CellReading::told(stored, fault(check, cell, ""))
    };
    match TaxCode::parse(&text) {
        Ok(code) => CellReading::of(StoredValue::Text(code.to_string().into())),
        Err(TaxCodeError::CheckDigit(_)) => kept(Check::TaxCodeCheckDigit),
        Err(TaxCodeError::Malformed) => kept(Check::TaxCodeMalformed),
    }
}

#[cfg(test)]
mod tests {
    use super::cell_reading::{ColumnContext, ColumnEvidence};
    use super::read_cell;
    use crate::grid::{Cell, Value};
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
            evidence: ColumnEvidence::default(),
        };
        let cell = Cell::plain(0, value.clone());
        let read = read_cell(form.column(column).unwrap(), &cell, &context);
        match read.fault {
            None => format!("{:?}", read.stored),
            Some(fault) => format!("{:?}, {:?} ({})", read.stored, fault.check, fault.expected),
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
