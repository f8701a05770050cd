use crate::display;
use crate::documents::template::column::EntryColumn;
use crate::documents::template::input::TemplateInput;
use crate::error::ReportError;
use crate::formats::xlsx::text::cell_text;
use polars::prelude::*;
use programme::{ColumnType, Form, Programme, choice};
use rust_xlsxwriter::Worksheet;

/// What a running case has in a cell.
enum Carried {
    Number(f64),
    Text(String),
}

/// Writes the running cases, as they were last reported, from a row down; the year's amounts only if they go on in the same year.
///
/// # Errors
/// When the cases lack a column of the form.
pub(crate) fn carry_over(
    sheet: &mut Worksheet,
    first: u32,
    columns: &[EntryColumn<'_>],
    (form, running): (&Form, &DataFrame),
    input: &TemplateInput<'_>,
) -> Result<(), ReportError> {
    let grant = form.grant.as_ref();
    let value = grant.and_then(|grant| grant.contract_value.as_ref());
    for (at, row) in (0..running.height()).zip(first..) {
        for (col, column) in (0..).zip(columns) {
            let carried = match column.column {
                None => Some(Carried::Number(f64::from(row - first + 1))),
                Some(form_column) => {
                    let values = running.column(&form_column.name)?;
                    // Amounts are counted from the year's first day (VI.1.d): those of last year would count twice. What the
                    // whole contract is worth stays what it is.
                    let is_past = form_column.kind == ColumnType::Money
                        && !input.same_year
                        && value != Some(&form_column.name);
                    match is_past {
                        true => None,
                        false => carried(values, at, &form_column.kind, input)?,
                    }
                }
            };
            match carried {
                Some(Carried::Number(number)) => {
                    sheet.write_number_with_format(row, col, number, &column.entry)?;
                }
                Some(Carried::Text(text)) => {
                    sheet.write_string_with_format(row, col, &*cell_text(&text), &column.entry)?;
                }
                None => {}
            }
        }
    }
    Ok(())
}

/// A value as a sender would write it; nothing if there is none.
fn carried(
    values: &polars::prelude::Column,
    at: usize,
    kind: &ColumnType,
    input: &TemplateInput<'_>,
) -> PolarsResult<Option<Carried>> {
    let value = values.get(at)?;
    Ok(match kind {
        ColumnType::Money => {
            whole(&value).map(|dong| in_unit(dong, input.programme.report.template.unit_dong))
        }
        ColumnType::Integer | ColumnType::Percent | ColumnType::Year => {
            whole(&value).map(|number| Carried::Number(number as f64))
        }
        ColumnType::Flag => {
            let is_set = matches!(value, AnyValue::Boolean(true));
            is_set.then(|| Carried::Text("x".to_owned()))
        }
        ColumnType::Date => {
            let day = values.date()?.as_date_iter().nth(at).flatten();
            day.map(|day| Carried::Text(display::day(day)))
        }
        ColumnType::Text | ColumnType::TaxCode => text(&value).map(Carried::Text),
        ColumnType::Code { list, .. } => {
            text(&value).map(|code| Carried::Text(title(input.programme, list, &code)))
        }
        ColumnType::Codes { list } => text(&value).map(|codes| {
            let titles = codes
                .split(';')
                .map(|code| title(input.programme, list, code));
            Carried::Text(titles.collect::<Vec<_>>().join("; "))
        }),
    })
}

fn whole(value: &AnyValue<'_>) -> Option<i64> {
    match value {
        AnyValue::Int64(number) => Some(*number),
        _ => None,
    }
}

/// A text. A frame of one row may hold its texts in another way than a longer one; both are texts.
fn text(value: &AnyValue<'_>) -> Option<String> {
    match value {
        AnyValue::String(_) | AnyValue::StringOwned(_) => value.get_str().map(str::to_owned),
        _ => None,
    }
}

/// Whole đồng in the unit of the blank workbook.
#[expect(
    clippy::float_arithmetic,
    reason = "a cell holds a fraction; it is read back digit by digit as it is printed"
)]
fn in_unit(dong: i64, unit: u32) -> Carried {
    Carried::Number(dong as f64 / f64::from(unit.max(1)))
}

/// A code as it is chosen from the list; what could not be classified is left for the sender to choose.
fn title(programme: &Programme, list: &str, code: &str) -> String {
    let list = programme.lists.get(list);
    match list.and_then(|list| list.entry(code)) {
        Some(entry) => choice(&entry.code, &entry.title),
        None if list.is_some_and(|l| l.unclassified.as_deref() == Some(code)) => String::new(),
        None => code.to_owned(),
    }
}
