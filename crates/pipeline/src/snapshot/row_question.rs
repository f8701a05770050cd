//! Questions on one case by itself: whether one that a later quarter lacks goes on counting, and whether one counts that the
//! programme leaves to a person.

use crate::identity::case_pair::CaseLine;
use crate::identity::cases::RowDecisions;
use crate::text_column::{text_at, texts};
use ledger::{Verdict, file_id};
use model::{FileId, Period};
use polars::prelude::*;
use programme::{ColumnType, Form};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use validate::SourceFile;

/// A question on one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowQuestion {
    /// The form's code.
    pub form: String,
    /// What is asked.
    #[serde(flatten)]
    pub matter: RowMatter,
    /// Of how many cases one answer is asked.
    pub cases: usize,
    /// The row, or the first of them, as a person finds it again.
    pub row: CaseLine,
}

/// What is asked of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "matter")]
pub enum RowMatter {
    /// A later quarter of the same reporter lacks it.
    Gone {
        /// The quarter.
        later: Period,
    },
    /// A choice of what counts leaves it to a person.
    Choice {
        /// The choice's id.
        choice: String,
    },
}

/// What an answer on a case that a later quarter lacks is kept by, beside the row's print.
pub(crate) const GONE: &str = "gone";

/// The answers offered on a case that a later quarter lacks.
pub(crate) const ON_GONE: [Verdict; 4] = [
    Verdict::Continues,
    Verdict::Ended,
    Verdict::Mistaken,
    Verdict::Verify,
];
/// The answers offered on a case that the programme leaves to a person.
pub(crate) const ON_CHOICE: [Verdict; 3] = [Verdict::Counts, Verdict::NotCounted, Verdict::Verify];

impl RowMatter {
    /// The answers, in the order they are offered.
    pub(crate) fn offered(&self) -> &'static [Verdict] {
        match self {
            Self::Gone { .. } => &ON_GONE,
            Self::Choice { .. } => &ON_CHOICE,
        }
    }

    /// What an answer on it is kept by, beside the row's print.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Gone { .. } => GONE,
            Self::Choice { choice } => choice,
        }
    }

    /// What a person decided of a row by its print; nothing if nobody did.
    pub(crate) fn decided(&self, decisions: &RowDecisions, print: &str) -> Option<Verdict> {
        if decisions.is_empty() {
            return None;
        }
        let verdict = decisions.get(&key(print, self.name())).copied()?;
        let decides = verdict != Verdict::Verify && self.offered().contains(&verdict);
        decides.then_some(verdict)
    }
}

impl RowQuestion {
    /// By which an answer is found: the lower text first.
    pub(crate) fn key(&self) -> [String; 2] {
        key(&self.row.print, self.matter.name())
    }
}

fn key(print: &str, matter: &str) -> [String; 2] {
    let mut key = [print.to_owned(), matter.to_owned()];
    key.sort();
    key
}

/// What a row is about: its first texts and codes.
pub(crate) fn subject(form: &Form, frame: &DataFrame, row: usize) -> String {
    let is_said = |kind: &ColumnType| *kind == ColumnType::Text || kind.list().is_some();
    let columns = form.columns.iter().filter(|column| is_said(&column.kind));
    let texts = columns
        .take(3)
        .filter_map(|column| text_at(frame, &column.name, row));
    texts.collect::<Vec<_>>().join(" · ")
}

/// What decides on rows, as texts.
pub(crate) struct RowTexts {
    form: String,
    columns: Vec<StringChunked>,
}

impl RowTexts {
    /// Of a form's rows: who reports them, whom and what they are about, and their money if that decides too.
    ///
    /// # Errors
    /// When the frame lacks a column of the form.
    pub(crate) fn read(form: &Form, frame: &DataFrame, with_money: bool) -> PolarsResult<Self> {
        let key = form.key.iter().flat_map(|part| part.split('|'));
        let party = form.party.iter().flat_map(|party| {
            let others = [&party.tax_code, &party.district, &party.address];
            std::iter::once(party.name.as_str()).chain(others.into_iter().flatten().map(|it| &**it))
        });
        let identity = form.identity.iter().flat_map(|identity| {
            let details = identity.details.iter().map(String::as_str);
            identity.number.as_deref().into_iter().chain(details)
        });
        let money = form.columns.iter().filter(|column| {
            let is_number = matches!(column.kind, ColumnType::Money | ColumnType::Integer);
            with_money && is_number
        });
        let mut names: Vec<&str> = vec!["department"];
        names.extend(key.chain(party).chain(identity));
        names.extend(money.map(|column| column.name.as_str()));
        let columns = names.into_iter().map(|name| texts(frame, name));
        Ok(Self {
            form: form.code.clone(),
            columns: columns.collect::<PolarsResult<_>>()?,
        })
    }

    /// What decides on a case that stands in some rows, as a short text, with something else that does: another text is
    /// another question.
    pub(crate) fn print(&self, rows: &[usize], with: &str) -> String {
        let mut of_rows: Vec<String> = rows.iter().map(|&row| self.of_row(row)).collect();
        of_rows.sort();
        let text = format!("{} {with} {of_rows:?}", self.form);
        file_id(text.as_bytes()).short().to_owned()
    }

    fn of_row(&self, row: usize) -> String {
        let values = self.columns.iter().map(|column| column.get(row));
        values
            .map(Option::unwrap_or_default)
            .collect::<Vec<_>>()
            .join("\u{1f}")
    }
}

/// A row as a person finds it again, with what decides on it.
pub(crate) fn row_line(
    form: &Form,
    frame: &DataFrame,
    row: usize,
    files: &BTreeMap<FileId, SourceFile>,
    print: String,
) -> PolarsResult<CaseLine> {
    let text = |name: &str| text_at(frame, name, row).unwrap_or_default().to_owned();
    let number = form.identity.as_ref().and_then(|it| it.number.as_deref());
    Ok(CaseLine {
        department: text("department"),
        period: text("period"),
        subject: subject(form, frame, row),
        number: number.map(text).unwrap_or_default(),
        details: String::new(),
        file: files
            .get(&FileId(text("file")))
            .map_or_else(String::new, |file| file.name.clone()),
        sheet: text("sheet"),
        row: frame.column("row")?.i64()?.get(row).unwrap_or_default(),
        record: text("record"),
        print,
    })
}
