//! Records as they were read.

use chrono::NaiveDate;
use ingest::Reading;
use model::Finding;
use polars::prelude::{AnyValue, DataFrame};
use programme::{Programme, tables};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use validate::{Holds, SourceFile};

/// A record as it was read.
pub(crate) struct Record {
    pub(crate) form: String,
    pub(crate) sheet: String,
    /// Counted from 0.
    pub(crate) row: u32,
    pub(crate) is_held: bool,
    pub(crate) values: BTreeMap<String, Read>,
}

/// A value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    Nothing,
    Text(String),
    Number(i64),
    Day(NaiveDate),
}

impl Read {
    fn of(value: &AnyValue<'_>) -> Self {
        if value.is_null() {
            return Self::Nothing;
        }
        if let Some(text) = value.get_str() {
            return Self::Text(text.to_owned());
        }
        if let AnyValue::Date(days) = value {
            let epoch = NaiveDate::default();
            return Self::Day(epoch + chrono::TimeDelta::days(i64::from(*days)));
        }
        if let AnyValue::Boolean(flag) = value {
            return Self::Number(i64::from(*flag));
        }
        Self::Number(value.try_extract().unwrap())
    }

    fn shown(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// The records of all forms, in the order they stand.
pub(crate) fn records(
    programme: &Programme,
    file: &SourceFile,
    reading: &Reading,
    findings: &[Finding],
) -> Vec<Record> {
    let holds = Holds::new(programme, findings);
    let mut records = Vec::new();
    for table in &reading.tables {
        let names: Vec<String> = tables::schema(programme.form(&table.form).unwrap())
            .iter_names()
            .take_while(|name| *name != tables::ORIGIN[0])
            .map(ToString::to_string)
            .collect();
        for at in 0..table.frame.height() {
            let value = |name: &str| read_value(&table.frame, name, at);
            let Read::Number(row) = value("row") else {
                panic!("a record has no row");
            };
            let record = value("record").shown();
            let is_held = holds.row(&record, &file.id.0, &table.sheet, &table.form);
            let values = names.iter().map(|name| (name.clone(), value(name)));
            records.push(Record {
                form: table.form.clone(),
                sheet: table.sheet.clone(),
                row: u32::try_from(row - 1).unwrap(),
                is_held,
                values: values.collect(),
            });
        }
    }
    records
}

fn read_value(frame: &DataFrame, name: &str, at: usize) -> Read {
    Read::of(&frame.column(name).unwrap().get(at).unwrap())
}

/// The records and findings, a line each.
pub(crate) fn as_text(records: &[Record], findings: &[Finding]) -> String {
    let mut text = String::new();
    for record in records.iter().filter(|record| record.form != "general") {
        let values = record.values.iter().filter(|(name, value)| {
            **value != Read::Nothing && !name.ends_with("_last") && !name.ends_with("_words")
        });
        let values: Vec<String> = values
            .map(|(name, value)| format!("{name}={}", value.shown()))
            .collect();
        let what = if record.is_held { "held   " } else { "counted" };
        let _ = writeln!(
            text,
            "    {what} {} {} row {}: {}",
            record.form,
            record.sheet,
            record.row + 1,
            values.join(" · ")
        );
    }
    for finding in findings {
        let _ = writeln!(
            text,
            "    {} {} {} {}: {}",
            finding.code,
            finding.severity,
            finding.sheet.as_deref().unwrap_or_default(),
            finding.cells.join(" "),
            finding.message.en
        );
    }
    text
}
