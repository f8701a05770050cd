//! One cell, read as its column wants it.

pub(crate) mod amounts;
pub(crate) mod cell_reading;
mod codes;
mod dates;
pub(crate) mod shown;
mod shown_amount;
#[cfg(test)]
mod trial;

use crate::grid::{Cell, Value};
use crate::row_marks::is_dots;
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
    // What its person struck out is not said any more, and nothing says what is said instead.
    if cell.format.is_struck && (column.required || column.kind != ColumnType::Text) {
        return CellReading::refused(fault(Check::StruckThrough, cell, ""));
    }
    match &cell.value {
        // What stands for no value is the same in every column.
        Value::Error(_) => return CellReading::refused(fault(Check::CellError, cell, "")),
        Value::Formula(_) => {
            return CellReading::refused(fault(Check::FormulaWithoutValue, cell, ""));
        }
        Value::Text(text) if is_dash(text) => return dash(column, cell),
        Value::Text(text) if column.kind.is_number() && is_dots(text) => {
            return CellReading::refused(fault(Check::NumberLeftOpen, cell, ""));
        }
        Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Date(_) => {}
    }
    match &column.kind {
        ColumnType::Text => CellReading::of(StoredValue::Text(shared(cell))),
        ColumnType::Integer => whole(cell, context),
        ColumnType::Money => with_sign(cell, money(cell, context)),
        ColumnType::Percent => percent(cell, context),
        ColumnType::Date => day(cell, context),
        ColumnType::Flag => flag_cell(cell),
        ColumnType::TaxCode => tax_code(cell),
        ColumnType::Year => year(cell),
        ColumnType::Code { list, open } => match context.programme.lists.get(list) {
            Some(list) => code(cell, list, *open, context.last_day),
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

/// An amount below zero is money that was paid back, or a sign that slipped in: it counts as it stands, and is told before
/// anything else that is wrong with it.
fn with_sign(cell: &Cell, read: CellReading) -> CellReading {
    match read.stored {
        StoredValue::Integer(dong) if dong < 0 => CellReading {
            fault: Some(Box::new(fault(Check::NegativeAmount, cell, ""))),
            ..read
        },
        _ => read,
    }
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
    use crate::cell_reader::cell_reading::ColumnEvidence;
    use crate::cell_reader::trial::{read, read_as, text};
    use crate::grid::{Cell, CellFormat, Value};

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

    #[test]
    fn what_is_struck_out_is_asked_about() {
        let struck = |column: &str, text: &str| {
            let cell = Cell {
                col: 0,
                value: Value::Text(text.into()),
                format: CellFormat {
                    is_struck: true,
                    ..CellFormat::default()
                },
            };
            read(column, &cell, Some(1), ColumnEvidence::default())
        };
        assert_eq!(struck("state_budget", "150"), "Null, StruckThrough ()");
        assert_eq!(struck("enterprise", "Công ty A"), "Null, StruckThrough ()");
        assert_eq!(struck("result", "tốt"), "Text(\"tốt\")");
    }

    #[test]
    fn money_that_was_paid_back_counts_with_its_sign_and_is_told() {
        for written in ["-20", "(20)", "−20,0004"] {
            let read = text("state_budget", written);
            assert!(
                read.starts_with("Integer(-20000), NegativeAmount"),
                "{read}"
            );
        }
        assert_eq!(text("state_budget", "20"), "Integer(20000)");
        assert_eq!(text("productivity_gain", "-5"), "Integer(-500)");
    }

    #[test]
    fn counts_years_and_codes_as_they_are_written() {
        for (column, written, expected) in [
            ("employees", "35 người", "Integer(35)"),
            ("employees", "120 lđ", "Integer(120)"),
            ("employees", "1.200 lao động", "Integer(1200)"),
            ("employees", "không", "Integer(0)"),
            ("employees", "~50", "Null, NumberUnreadable ()"),
            ("employees", "50-60", "Null, NumberUnreadable ()"),
            ("employees", "trên 50 người", "Null, NumberUnreadable ()"),
            ("employees", "50 triệu", "Null, NumberUnreadable ()"),
            ("employees", "…", "Null, NumberLeftOpen ()"),
            ("productivity_gain", "12,5 phần trăm", "Integer(1250)"),
            ("productivity_gain", "+15%", "Integer(1500)"),
            ("productivity_gain", "10-15%", "Null, NumberUnreadable ()"),
            ("tax_code", "3600265395.", "Text(\"3600265395\")"),
            ("tax_code", "3600265395-001", "Text(\"3600265395-001\")"),
            ("tax_code", "MST: 3600265395", "Text(\"3600265395\")"),
            ("status", "Đang TH", "Code(\"ongoing\", None)"),
            ("status", "HT", "Code(\"completed\", None)"),
            ("status", "Đã xong", "Code(\"completed\", None)"),
            ("model", "☐", "Flag(false)"),
            ("model", "þ", "Flag(true)"),
            ("model", "?", "Null, FlagUnreadable ()"),
            // A dash where something must stand is a lack.
            ("start", "-", "Null, ValueMissing ()"),
            ("finish", "-", "Null"),
        ] {
            assert_eq!(text(column, written), expected, "{column} {written}");
        }
        assert!(text("status", "chưa rõ ràng").starts_with("Null, CodeUnknown"));
    }
}
