use crate::SourceFile;
use crate::phrase::message;
use chrono::{NaiveDate, TimeDelta};
use model::{Extent, FileId, Finding, Period, Vnd};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Rule, Scope};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A rule's SQL failed on real rows, though it ran on empty ones.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// Names the rule.
    #[error("rule {code}: the SQL failed: {source}")]
    Rule {
        /// The rule's code.
        code: String,
        /// What polars says.
        source: PolarsError,
    },
    /// The frames themselves are not as they should be.
    #[error("the records could not be read: {0}")]
    Frames(#[from] PolarsError),
}

/// Judges records by the SQL rules of one scope.
///
/// `forms` holds the forms' frames; `files` names their files. The findings come by rule, then by record.
///
/// # Errors
/// [`ValidateError`] when a rule's SQL fails.
pub fn apply_rules(
    programme: &Programme,
    scope: Scope,
    forms: &Tables,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, ValidateError> {
    let complete = tables::complete(programme, forms)?;
    let mut indexes: HashMap<&str, RowIndex<'_>> = HashMap::new();
    let mut findings = Vec::new();
    for rule in programme.rules.values().filter(|rule| rule.scope == scope) {
        // One query may answer for several forms; it is asked once.
        let mut answers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for form in rule.forms.iter().filter_map(|code| programme.form(code)) {
            let Some(query) = tables::rule_query(&rule.kind, &form.code) else {
                continue;
            };
            let Some(frame) = forms.get(&form.code) else {
                continue;
            };
            let failing = match answers.get(&query) {
                Some(known) => known.clone(),
                None => {
                    let fault = |source| ValidateError::Rule {
                        code: rule.code.clone(),
                        source,
                    };
                    let result = tables::execute(&complete, &query).map_err(fault)?;
                    let failing = records(&result).map_err(fault)?;
                    answers.insert(query, failing.clone());
                    failing
                }
            };
            if failing.is_empty() {
                continue;
            }
            let index = match indexes.entry(form.code.as_str()) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(new) => {
                    new.insert(RowIndex::new(form, frame)?)
                }
            };
            for record in failing {
                if let Some(&row) = index.rows.get(record.as_str()) {
                    findings.extend(index.finding(programme, rule, row, files));
                }
            }
        }
    }
    Ok(findings)
}

fn records(frame: &DataFrame) -> PolarsResult<BTreeSet<String>> {
    Ok(frame
        .column("record")?
        .str()?
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect())
}

/// A form's frame, by record.
struct RowIndex<'a> {
    form: &'a Form,
    frame: &'a DataFrame,
    rows: HashMap<&'a str, usize>,
}

impl<'a> RowIndex<'a> {
    fn new(form: &'a Form, frame: &'a DataFrame) -> PolarsResult<Self> {
        let records = frame.column("record")?.str()?;
        let rows = records
            .iter()
            .enumerate()
            .filter_map(|(i, record)| Some((record?, i)))
            .collect();
        Ok(Self { form, frame, rows })
    }

    fn text(&self, column: &str, row: usize) -> Option<&'a str> {
        self.frame.column(column).ok()?.str().ok()?.get(row)
    }

    fn finding(
        &self,
        programme: &Programme,
        rule: &Rule,
        row: usize,
        files: &BTreeMap<FileId, SourceFile>,
    ) -> Option<Finding> {
        let period: Option<Period> = self.text("period", row).and_then(|p| p.parse().ok());
        if period.is_some_and(|period| !rule.applies_to(period)) {
            return None;
        }
        let file = FileId(self.text("file", row).unwrap_or_default().to_owned());
        let file_name = files.get(&file).map(|f| f.name.clone()).unwrap_or_default();
        let shown: Vec<(&str, String)> = self
            .form
            .columns
            .iter()
            .map(|column| {
                (
                    column.name.as_str(),
                    self.shown(programme, &column.name, &column.kind, row),
                )
            })
            .collect();
        let mut values: BTreeMap<&str, String> = shown.iter().cloned().collect();
        values.insert(
            "form",
            format!("{} ({})", self.form.sheet, self.form.title.vi),
        );
        values.insert("file", file_name.clone());
        let cells: Vec<&str> = self
            .text("cells", row)
            .unwrap_or_default()
            .split(' ')
            .collect();
        let place = |name: &String| {
            self.form
                .columns
                .iter()
                .position(|column| &column.name == name)
        };
        let marked: Vec<usize> = rule.columns.iter().filter_map(place).collect();
        Some(Finding {
            code: rule.code.clone(),
            severity: rule.severity,
            extent: Extent::Row,
            file,
            file_name,
            sheet: self.text("sheet", row).map(str::to_owned),
            form: Some(self.form.code.clone()),
            cells: marked
                .iter()
                .filter_map(|&i| cells.get(i))
                .filter(|c| **c != "-")
                .map(|c| (*c).to_owned())
                .collect(),
            column: marked
                .first()
                .map(|&i| self.form.columns[i].heading.clone()),
            records: self
                .text("record", row)
                .map(str::to_owned)
                .into_iter()
                .collect(),
            found: marked
                .iter()
                .map(|&i| shown[i].1.as_str())
                .filter(|s| !s.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
            message: message(rule, &values),
            advice: rule.advice.clone(),
        })
    }

    /// A value as a sender reads it; blank where there is none.
    fn shown(&self, programme: &Programme, name: &str, kind: &ColumnType, row: usize) -> String {
        let Ok(value) = self.frame.column(name).and_then(|column| column.get(row)) else {
            return String::new();
        };
        match (kind, value) {
            (_, AnyValue::Null) => String::new(),
            (ColumnType::Money, AnyValue::Int64(amount)) => Vnd(amount).to_string(),
            (ColumnType::Date, AnyValue::Date(days)) => {
                let day = NaiveDate::default().checked_add_signed(TimeDelta::days(days.into()));
                day.map_or_else(String::new, |day| day.format("%d/%m/%Y").to_string())
            }
            (kind, ref value @ (AnyValue::String(_) | AnyValue::StringOwned(_))) => {
                let text = value.get_str().unwrap_or_default();
                match kind.list() {
                    // Long titles of the plan are better named by their codes.
                    Some(list) => {
                        let title = programme.title_of(list, text, "vi");
                        if title.chars().count() <= 30 {
                            title.to_owned()
                        } else {
                            text.to_owned()
                        }
                    }
                    None => text.to_owned(),
                }
            }
            (_, other) => other.to_string(),
        }
    }
}
