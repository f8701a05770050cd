//! The cases of a form's rows in a snapshot.

use crate::identity::case_key::case_keys;
use crate::identity::case_pair::{CaseLine, CasePair};
use crate::identity::cases::{CaseDecisions, CaseDoubt, Cases};
use crate::identity::compared_columns::ComparedColumns;
use crate::identity::latest::is_latest;
use crate::identity::reported::{Reported, Reporters};
use crate::text_column::texts;
use link::Titles;
use model::FileId;
use polars::prelude::*;
use programme::Form;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use validate::SourceFile;

/// Which of a form's rows are about one case.
pub(crate) struct FormCases<'r> {
    form: &'r Form,
    rows: Vec<Option<Reported<'r>>>,
    cases: Cases,
    /// By which the cases were compared; none if keys alone count.
    columns: Option<ComparedColumns>,
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
        let keys: Vec<Option<&str>> = keys.iter().map(Option::as_deref).collect();
        let mut columns = ComparedColumns::read(form, frame, titles)?;
        let everywhere = form.is_known_everywhere();
        let cases = Cases::identify(&rows, &keys, columns.as_mut(), everywhere, decisions);
        Ok(Self {
            form,
            rows,
            cases,
            columns,
        })
    }

    /// Whether each of some rows counts: it is of the latest period that they have of its case in its reporter's year, and tells
    /// nothing that another reporter tells.
    pub(crate) fn counts(&self, among: Range<usize>) -> Vec<bool> {
        let cases = &self.cases.of_row[among.clone()];
        let rows = self.rows[among.clone()].iter().zip(cases);
        let is_latest = is_latest(rows.map(|(reported, case)| {
            let reported = (*reported)?;
            let case = (reported.reporter, reported.year(), *case);
            Some((case, reported.period))
        }));
        let rows = among.zip(is_latest);
        rows.map(|(row, is_latest)| is_latest && !self.cases.told_again.contains_key(&row))
            .collect()
    }

    /// The rows with their column `case_id`: the id of the case's first row; of a person or a club, which are one whoever
    /// reports them, the words of the name and the number, with a count if several share them.
    pub(crate) fn label(&self, mut frame: DataFrame) -> PolarsResult<DataFrame> {
        let records = texts(&frame, "record")?;
        // Cases are numbered by their first rows.
        let mut ids: Vec<String> = Vec::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (row, &case) in self.cases.of_row.iter().enumerate() {
            if case < ids.len() {
                continue;
            }
            let id = match self.columns.as_ref().filter(|it| !it.is_by_id()) {
                Some(columns) if self.form.is_known_everywhere() => {
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
            ids.push(id);
        }
        let of_rows: StringChunked = self
            .cases
            .of_row
            .iter()
            .map(|&case| ids.get(case).map(String::as_str))
            .collect();
        frame.with_column(of_rows.with_name("case_id".into()).into_column())?;
        Ok(frame)
    }

    /// What may be one case, and the rows that a person said to tell again what another reporter tells, by their ids, each with
    /// that. `files` are the names of files.
    ///
    /// # Errors
    /// When the frame is no frame of records.
    pub(crate) fn pairs(
        &self,
        frame: &DataFrame,
        files: &BTreeMap<FileId, SourceFile>,
    ) -> PolarsResult<(Vec<CasePair>, BTreeMap<String, CaseLine>)> {
        let Cases {
            questions,
            told_again,
            ..
        } = &self.cases;
        let has_any = !questions.is_empty() || !told_again.is_empty();
        let Some(columns) = self.columns.as_ref().filter(|_| has_any) else {
            return Ok(Default::default());
        };
        let numbers = frame.column("row")?.i64()?.clone();
        let text = |name: &str| texts(frame, name);
        let (records, departments) = (text("record")?, text("department")?);
        let (periods, of_files, sheets) = (text("period")?, text("file")?, text("sheet")?);
        let at = |column: &StringChunked, row: usize| {
            let text = column.get(row).unwrap_or_default();
            text.to_owned()
        };
        let line = |row: usize| CaseLine {
            record: at(&records, row),
            department: at(&departments, row),
            period: at(&periods, row),
            subject: columns.subject_words(row).join(" · "),
            number: columns.number(row).unwrap_or_default().to_owned(),
            details: columns.details(row).join("; "),
            file: files
                .get(&FileId(at(&of_files, row)))
                .map_or_else(String::new, |file| file.name.clone()),
            sheet: at(&sheets, row),
            row: numbers.get(row).unwrap_or_default(),
            print: columns.fingerprint(row),
        };
        let pair = |(doubt, rows): &(CaseDoubt, [usize; 2])| CasePair {
            form: self.form.code.clone(),
            doubt: *doubt,
            sides: rows.map(line),
        };
        let told_again = told_again.iter();
        let told_again = told_again.map(|(row, other)| (at(&records, *row), line(*other)));
        Ok((questions.iter().map(pair).collect(), told_again.collect()))
    }
}
