use chrono::NaiveDate;
use model::{Check, Period, Severity, Text};
use polars::prelude::DataFrame;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a rule looks at, at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The rows of each submission, when it comes in.
    #[default]
    Submission,
    /// All rows that stand for a year, over all departments.
    Year,
}

/// How a rule finds what it looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleKind {
    /// The reader of workbooks makes the check.
    Reader(Check),
    /// A row of any of the rule's forms fails if the SQL predicate is true.
    Where(String),
    /// The rows whose `record` the SQL query gives fail.
    Select(String),
}

/// An input that the rule must pass, or must fail.
#[derive(Debug, Clone)]
pub enum Case {
    /// A workbook as text: `== sheet`, then rows of cells set apart by '|'; or `raw:` and the file's text;
    /// or `fixture:` and the name of a file that tests make. A line `=== later ===` parts what comes when the first was
    /// taken in, `=== issued ===` what comes when the report on its year was issued.
    Workbook(String),
    /// Rows of tables, by the table's name; columns not given are null.
    Tables(BTreeMap<String, DataFrame>),
}

/// A rule, checked: its forms, columns and SQL all exist.
#[derive(Debug, Clone)]
pub struct Rule {
    /// A letter for its class and a number, never used again: `C001`.
    pub code: String,
    /// What it is called in code and tests.
    pub name: String,
    /// What a failure means for the row.
    pub severity: Severity,
    /// Where the rule comes from.
    pub clause: String,
    /// The first day it applies to.
    pub valid_from: NaiveDate,
    /// The last day it applies to.
    pub valid_to: Option<NaiveDate>,
    /// How it finds what it looks for.
    pub kind: RuleKind,
    /// What it looks at, at once.
    pub scope: Scope,
    /// The forms whose rows it judges; of a reader's rule, those it is limited to (none: all).
    pub forms: Vec<String>,
    /// The columns whose cells are marked; of a reader's rule, those it is limited to (none: all).
    pub columns: Vec<String>,
    /// What it is called.
    pub title: Text,
    /// What is wrong, with places `{name}` for values.
    pub message: Text,
    /// A sentence after the message where the finding knows what is expected, with the same places; mostly none.
    pub hint: Text,
    /// What to do.
    pub advice: Text,
    /// An input it must not speak of.
    pub pass: Case,
    /// An input it must speak of.
    pub fail: Case,
}

impl Rule {
    /// Whether it applies to a period: they share a day.
    pub fn applies_to(&self, period: Period) -> bool {
        self.valid_from <= period.last_day()
            && self.valid_to.is_none_or(|last| period.first_day() <= last)
    }
}
