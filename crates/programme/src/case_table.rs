//! The tables of a rule's cases.

use crate::form::Form;
use crate::tables::schema;
use chrono::NaiveDate;
use polars::prelude::*;
use std::collections::BTreeMap;

/// A value of a rule's case, as it is written.
pub(crate) enum CaseValue {
    Integer(i64),
    Flag(bool),
    Text(String),
}

/// A form's table from the rows of a case: columns not given are null, records are numbered.
pub(crate) fn case_frame(
    form: &Form,
    rows: &[BTreeMap<String, CaseValue>],
) -> Result<DataFrame, String> {
    let schema = schema(form);
    for name in rows.iter().flat_map(BTreeMap::keys) {
        if !schema.contains(name) {
            return Err(format!("'{name}' is not a column of {}", form.code));
        }
    }
    let mut columns = Vec::with_capacity(schema.len());
    for (name, dtype) in schema.iter() {
        // A day written alone is its own last day.
        let written = |row: &BTreeMap<String, CaseValue>| {
            row.get(name.as_str())
                .or_else(|| row.get(name.strip_suffix("_last")?))
                .map(|value| match value {
                    CaseValue::Integer(number) => number.to_string(),
                    CaseValue::Flag(flag) => flag.to_string(),
                    CaseValue::Text(text) => text.clone(),
                })
        };
        let values: Vec<Option<String>> = rows
            .iter()
            .enumerate()
            .map(|(i, row)| {
                written(row).or_else(|| (name == "record").then(|| (i + 1).to_string()))
            })
            .collect();
        columns.push(typed(name, dtype, &values)?);
    }
    DataFrame::new_infer_height(columns).map_err(|e| e.to_string())
}

fn typed(name: &str, dtype: &DataType, values: &[Option<String>]) -> Result<Column, String> {
    fn each<T>(
        name: &str,
        values: &[Option<String>],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<Option<T>>, String> {
        values
            .iter()
            .map(|value| match value {
                Some(text) => read(text)
                    .map(Some)
                    .ok_or_else(|| format!("{name} = '{text}' does not fit its type")),
                None => Ok(None),
            })
            .collect()
    }
    Ok(match dtype {
        DataType::Int64 => Column::new(name.into(), each(name, values, |t| t.parse::<i64>().ok())?),
        DataType::Boolean => {
            Column::new(name.into(), each(name, values, |t| t.parse::<bool>().ok())?)
        }
        DataType::Date => Column::new(
            name.into(),
            each(name, values, |t| t.parse::<NaiveDate>().ok())?,
        ),
        DataType::String => Column::new(name.into(), values),
        other => {
            return Err(format!(
                "{name}: no case can be written for a column of {other}"
            ));
        }
    })
}
