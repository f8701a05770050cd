//! The cases of a form's rows in a snapshot.

use crate::identity::case_key::case_keys;
use crate::identity::cases::{CaseDecisions, Cases};
use crate::identity::compared_columns::ComparedColumns;
use crate::identity::latest::is_latest;
use crate::identity::reported::{Reported, Reporters};
use crate::text_column::texts;
use link::Titles;
use polars::prelude::*;
use programme::Form;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Which of a form's rows are about one case.
pub(crate) struct FormCases<'r> {
    form: &'r Form,
    rows: Vec<Option<Reported<'r>>>,
    cases: Cases,
    /// By which the cases were compared; none if keys alone count.
    columns: Option<ComparedColumns>,
}

/// Two rows that may be about one case, the earlier first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CasePair {
    /// The form's code.
    pub form: String,
    /// The rows' ids.
    pub records: [String; 2],
    /// What decides on them, as short texts in the order of the rows: another text is another question.
    pub prints: [String; 2],
}

impl CasePair {
    /// By which an answer is found: the lower text first.
    pub(crate) fn key(&self) -> [String; 2] {
        let mut key = self.prints.clone();
        key.sort();
        key
    }
}

impl<'r> FormCases<'r> {
    /// Of all rows of a form, whose enterprises are known; and by whom they were reported.
    ///
    /// # Errors
    /// When the frame lacks a column of the form.
    pub(crate) fn identify(
        form: &'r Form,
        frame: &DataFrame,
        reporters: &'r Reporters,
        (titles, decisions): (&Titles, &CaseDecisions),
    ) -> PolarsResult<Self> {
        let rows = reporters.of_rows(frame)?;
        let keys = case_keys(form, frame)?;
        let mut columns = ComparedColumns::read(form, frame, titles)?;
        let everywhere = form.identity.as_ref().is_some_and(|it| it.everywhere);
        let cases = Cases::identify(&rows, &keys, columns.as_mut(), everywhere, decisions);
        Ok(Self {
            form,
            rows,
            cases,
            columns,
        })
    }

    /// Whether each of some rows is of the latest period that they have of its case in its reporter's year.
    pub(crate) fn is_latest(&self, among: Range<usize>) -> Vec<bool> {
        let cases = &self.cases.of_row[among.clone()];
        let rows = self.rows[among].iter().zip(cases);
        is_latest(rows.map(|(reported, case)| {
            let reported = (*reported)?;
            Some(((reported.reporter, reported.year(), *case), reported.period))
        }))
    }

    /// The rows with their column `case_id`: the id of the case's first row; of a person or a club, which are one whoever
    /// reports them, the words of the name and the number, with a count if several share them.
    pub(crate) fn label(&self, mut frame: DataFrame) -> PolarsResult<DataFrame> {
        let records = texts(&frame, "record")?;
        let mut ids: BTreeMap<usize, String> = BTreeMap::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (row, &case) in self.cases.of_row.iter().enumerate() {
            if ids.contains_key(&case) {
                continue;
            }
            let id = match self.columns.as_ref().filter(|it| !it.is_by_id()) {
                Some(columns) if self.is_everywhere() => {
                    let words = columns.subject_words(row).join(" · ");
                    let name = match columns.number(row) {
                        Some(number) => format!("{words} · {number}"),
                        None => words,
                    };
                    let names = (1..).map(|count| match count {
                        1 => name.clone(),
                        _ => format!("{name} ({count})"),
                    });
                    names
                        .into_iter()
                        .find(|name| taken.insert(name.clone()))
                        .unwrap_or_default()
                }
                _ => records.get(row).unwrap_or_default().to_owned(),
            };
            ids.insert(case, id);
        }
        let of_rows: StringChunked = self
            .cases
            .of_row
            .iter()
            .map(|case| ids.get(case).map(String::as_str))
            .collect();
        frame.with_column(of_rows.with_name("case_id".into()).into_column())?;
        Ok(frame)
    }

    fn is_everywhere(&self) -> bool {
        let identity = self.form.identity.as_ref();
        identity.is_some_and(|identity| identity.everywhere)
    }

    /// What may be one case.
    pub(crate) fn pairs(&self, frame: &DataFrame) -> PolarsResult<Vec<CasePair>> {
        let Some(columns) = &self.columns else {
            return Ok(Vec::new());
        };
        let records = texts(frame, "record")?;
        let questions = self.cases.questions.iter();
        let pair = |rows: &[usize; 2]| CasePair {
            form: self.form.code.clone(),
            records: rows.map(|row| records.get(row).unwrap_or_default().to_owned()),
            prints: rows.map(|row| columns.fingerprint(row)),
        };
        Ok(questions.map(pair).collect())
    }
}
