//! The tables that rules, indicators and listings are written against.
//!
//! One table a form, named by its code: the form's columns, and where each row comes from ([`ORIGIN`]). One table
//! a list of the catalogue (`code`, `parent`, `title`), one for the funding lists (`source`, `task`), and
//! `<form>_<column>` (`record`, `code`, `position`) for each column that may name several codes. And [`DUPLICATE`].

use crate::{ColumnType, Form, Measure, Programme, RuleKind};
use chrono::NaiveDate;
use polars::prelude::*;
use polars::sql::SQLContext;
use std::collections::BTreeMap;

/// Frames by the name they have in SQL.
pub type Tables = BTreeMap<String, DataFrame>;

/// The table of support that was given elsewhere as well (plan III.2.b, VI.2.b): `record`, once each; `is_decided`,
/// whether a person said so or it waits; `is_second`, whether the other is a department's and counts already.
///
/// Empty where overlaps are not known yet: in rules on one submission.
pub const DUPLICATE: &str = "duplicate";

/// The columns beside a form's own: where a row comes from.
///
/// `record` is the row's id, unique over all files. `cells` names the cell of each of the form's columns in their
/// order, '-' where there is none. `aside` is a JSON object of what stands in columns that the form does not have, by
/// their headings; null where there is none. `name_key` and `enterprise_id` are filled once the enterprises are known.
pub const ORIGIN: [&str; 12] = [
    "record",
    "department",
    "period",
    "period_start",
    "period_end",
    "file",
    "sheet",
    "row",
    "cells",
    "aside",
    "name_key",
    "enterprise_id",
];

fn origin_type(name: &str) -> DataType {
    match name {
        "row" => DataType::Int64,
        "period_start" | "period_end" => DataType::Date,
        _ => DataType::String,
    }
}

/// How the values of a column are stored.
pub fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Text
        | ColumnType::TaxCode
        | ColumnType::Code { .. }
        | ColumnType::Codes { .. } => DataType::String,
        ColumnType::Integer | ColumnType::Money | ColumnType::Percent | ColumnType::Year => {
            DataType::Int64
        }
        ColumnType::Date => DataType::Date,
        ColumnType::Flag => DataType::Boolean,
    }
}

/// The column that follows a column of some kinds: the last day of a date, the words that decided a code.
pub fn companion(kind: &ColumnType) -> Option<(&'static str, DataType)> {
    match kind {
        ColumnType::Date => Some(("last", DataType::Date)),
        ColumnType::Code { .. } | ColumnType::Codes { .. } => Some(("words", DataType::String)),
        _ => None,
    }
}

/// The columns of a form's table, in order: its own, each with its [`companion`], then [`ORIGIN`].
///
/// `<date>_last` is the last day of a date that is known only to the month, quarter or year. `<code>_words` are the
/// words of a free text that decided its code, as `code: words`; null where the code or a variant of it stood there.
pub fn schema(form: &Form) -> Schema {
    let mut schema = Schema::default();
    for column in &form.columns {
        schema.insert(column.name.as_str().into(), data_type(&column.kind));
        if let Some((suffix, dtype)) = companion(&column.kind) {
            schema.insert(format!("{}_{suffix}", column.name).into(), dtype);
        }
    }
    for name in ORIGIN {
        schema.insert(name.into(), origin_type(name));
    }
    schema
}

/// The rows of a form as they were kept, under the columns that the form has today: a column that came later is null, one
/// that is gone is left out.
///
/// # Errors
/// When the frame is no frame of records, or a column holds what its type of today cannot.
pub fn conform(form: &Form, frame: &DataFrame) -> PolarsResult<DataFrame> {
    let wanted = schema(form);
    let has_all = || {
        wanted.iter().all(|(name, dtype)| {
            frame
                .column(name)
                .is_ok_and(|column| column.dtype() == dtype)
        })
    };
    if has_all() && own_columns(frame).eq(form.columns.iter().map(|column| column.name.as_str())) {
        return frame.select(wanted.iter_names().cloned());
    }
    let places: Vec<Option<usize>> = form
        .columns
        .iter()
        .map(|column| own_columns(frame).position(|name| name == column.name))
        .collect();
    let cell = |cells: &str| -> String {
        let cells: Vec<&str> = cells.split(' ').collect();
        let cell =
            |place: &Option<usize>| place.and_then(|at| cells.get(at)).copied().unwrap_or("-");
        places.iter().map(cell).collect::<Vec<_>>().join(" ")
    };
    let columns = wanted.iter().map(|(name, dtype)| match frame.column(name) {
        Ok(column) if name == "cells" => {
            let cells: Vec<Option<String>> =
                column.str()?.iter().map(|cells| cells.map(cell)).collect();
            Ok(Column::new(name.clone(), cells))
        }
        Ok(column) => column.strict_cast(dtype),
        Err(_) => Ok(Column::full_null(name.clone(), frame.height(), dtype)),
    });
    DataFrame::new_infer_height(columns.collect::<PolarsResult<_>>()?)
}

/// The columns of the form that a frame was made for: those before [`ORIGIN`], without companions.
fn own_columns(frame: &DataFrame) -> impl Iterator<Item = &str> {
    let names = frame
        .columns()
        .iter()
        .map(|column| column.name().as_str())
        .take_while(|name| *name != ORIGIN[0]);
    let mut before = "";
    names.filter(move |name| {
        let rest = name.strip_prefix(before).unwrap_or_default();
        let is_companion = !before.is_empty() && matches!(rest, "_last" | "_words");
        if !is_companion {
            before = name;
        }
        !is_companion
    })
}

/// The tables of the catalogue and the funding lists.
pub fn catalogue(programme: &Programme) -> Tables {
    let mut tables = Tables::new();
    for list in programme.lists.values() {
        let strings = |name: &str, values: Vec<Option<&str>>| Column::new(name.into(), values);
        let entries = || list.entries.iter();
        let frame = DataFrame::new_infer_height(vec![
            strings("code", entries().map(|e| Some(e.code.as_str())).collect()),
            strings("parent", entries().map(|e| e.parent.as_deref()).collect()),
            strings(
                "title",
                entries().map(|e| Some(e.title.vi.as_str())).collect(),
            ),
        ]);
        tables.insert(list.name.clone(), frame.unwrap_or_default());
    }
    let pairs: Vec<(&str, &str)> = programme
        .funding
        .iter()
        .flat_map(|f| f.tasks.iter().map(|t| (f.source.as_str(), t.as_str())))
        .collect();
    let frame = DataFrame::new_infer_height(vec![
        Column::new(
            "source".into(),
            pairs.iter().map(|p| p.0).collect::<Vec<_>>(),
        ),
        Column::new("task".into(), pairs.iter().map(|p| p.1).collect::<Vec<_>>()),
    ]);
    tables.insert("funding".to_owned(), frame.unwrap_or_default());
    tables
}

/// The forms' tables completed for SQL: every form of the programme has one, those not given empty, with a
/// `<form>_<column>` for each column of several codes, and the catalogue's tables.
///
/// # Errors
/// When a frame lacks a column of its form.
pub fn complete(programme: &Programme, forms: &Tables) -> PolarsResult<Tables> {
    let mut tables = catalogue(programme);
    for form in programme.forms.values() {
        let frame = match forms.get(&form.code) {
            Some(frame) => frame.clone(),
            None => DataFrame::empty_with_schema(&schema(form)),
        };
        for column in form
            .columns
            .iter()
            .filter(|c| matches!(c.kind, ColumnType::Codes { .. }))
        {
            tables.insert(
                format!("{}_{}", form.code, column.name),
                codes(&frame, &column.name)?,
            );
        }
        tables.insert(form.code.clone(), frame);
    }
    let none = || duplicates(Vec::new());
    tables.insert(
        DUPLICATE.to_owned(),
        forms.get(DUPLICATE).cloned().map_or_else(none, Ok)?,
    );
    Ok(tables)
}

/// The table [`DUPLICATE`] of records, each with `is_decided` and `is_second`.
///
/// # Errors
/// None that a caller could bring about.
pub fn duplicates(rows: Vec<(String, bool, bool)>) -> PolarsResult<DataFrame> {
    let records: Vec<&str> = rows.iter().map(|(record, ..)| record.as_str()).collect();
    DataFrame::new_infer_height(vec![
        Column::new("record".into(), records),
        Column::new(
            "is_decided".into(),
            rows.iter().map(|row| row.1).collect::<Vec<bool>>(),
        ),
        Column::new(
            "is_second".into(),
            rows.iter().map(|row| row.2).collect::<Vec<bool>>(),
        ),
    ])
}

fn codes(frame: &DataFrame, column: &str) -> PolarsResult<DataFrame> {
    let (mut records, mut codes, mut positions) = (Vec::new(), Vec::new(), Vec::<i64>::new());
    for (record, joined) in frame
        .column("record")?
        .str()?
        .iter()
        .zip(frame.column(column)?.str()?.iter())
    {
        for (position, code) in (1..).zip(joined.into_iter().flat_map(|joined| joined.split(';'))) {
            records.push(record);
            codes.push(code);
            positions.push(position);
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("record".into(), records),
        Column::new("code".into(), codes),
        Column::new("position".into(), positions),
    ])
}

/// Adds rows to a form's table, making it where there is none.
///
/// # Errors
/// When the columns are not the same.
pub fn append(tables: &mut Tables, form: &str, rows: &DataFrame) -> PolarsResult<()> {
    match tables.get_mut(form) {
        Some(all) => {
            all.vstack_mut(rows)?;
        }
        None => {
            tables.insert(form.to_owned(), rows.clone());
        }
    }
    Ok(())
}

/// Runs a query over the tables.
///
/// Each query gets a context of its own: one that is used again keeps the aliases of the query before.
///
/// # Errors
/// When the SQL does not run.
pub fn execute(tables: &Tables, sql: &str) -> PolarsResult<DataFrame> {
    let mut context = SQLContext::new();
    for (name, frame) in tables {
        context.register(name, frame.clone().lazy());
    }
    context.execute(sql)?.collect()
}

/// The query a rule in SQL runs for one of its forms; nothing for a reader's rule.
pub fn rule_query(kind: &RuleKind, form: &str) -> Option<String> {
    match kind {
        RuleKind::Reader(_) => None,
        RuleKind::Where(predicate) => Some(format!("SELECT record FROM {form} WHERE {predicate}")),
        RuleKind::Select(select) => Some(select.clone()),
    }
}

/// SQL texts tried on empty tables of the right types.
pub(crate) struct Trial {
    tables: Tables,
}

impl Trial {
    /// The empty tables of a programme whose forms and lists are known.
    pub(crate) fn new(programme: &Programme) -> Self {
        Self {
            tables: complete(programme, &Tables::new()).unwrap_or_default(),
        }
    }

    fn run(&self, sql: &str) -> Result<DataFrame, String> {
        execute(&self.tables, sql).map_err(|e| format!("the SQL does not run: {e}"))
    }

    pub(crate) fn rule(&self, kind: &RuleKind, forms: &[String]) -> Result<(), String> {
        for query in forms.iter().filter_map(|form| rule_query(kind, form)) {
            if self.run(&query)?.column("record").is_err() {
                return Err("the query gives no column 'record'".to_owned());
            }
        }
        Ok(())
    }

    pub(crate) fn indicator(
        &self,
        sql: &str,
        measure: Measure,
        by: &[String],
    ) -> Result<(), String> {
        let result = self.run(sql)?;
        for name in ["record", "field", "value"]
            .into_iter()
            .chain(by.iter().map(String::as_str))
        {
            let dtype = result
                .column(name)
                .map_err(|_| format!("the query gives no column '{name}'"))?
                .dtype();
            let (fits, expected) = match (name, measure) {
                ("value", Measure::Sum) => (dtype.is_integer(), "a whole number"),
                _ => (dtype == &DataType::String, "a text"),
            };
            if !fits {
                return Err(format!("column '{name}' is {dtype}: expected {expected}"));
            }
        }
        Ok(())
    }

    pub(crate) fn listing(&self, sql: &str, columns: &[&str]) -> Result<(), String> {
        let result = self.run(sql)?;
        for name in columns.iter().chain(&["record"]) {
            result
                .column(name)
                .map_err(|_| format!("the query gives no column '{name}'"))?;
        }
        Ok(())
    }
}

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
        _ => Column::new(name.into(), values),
    })
}
