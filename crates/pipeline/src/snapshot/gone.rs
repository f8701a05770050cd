//! Cases of a quarter that a later quarter of the same reporter lacks: quarters are counted from the start of the year, so each
//! holds those before it. They go on counting as they were reported last, until a person says that they were reported by mistake.

use crate::identity::cases::RowDecisions;
use crate::identity::reported::Reporters;
use crate::snapshot::effective::{EffectiveSubmissions, within_office};
use crate::snapshot::row_question::{RowMatter, RowQuestion, RowTexts, row_line};
use crate::text_column::texts;
use ledger::Verdict;
use model::{FileId, Period};
use polars::prelude::*;
use programme::tables::Tables;
use programme::{ColumnType, Form, Layout, Programme};
use std::collections::{BTreeMap, BTreeSet};
use validate::SourceFile;
use vietext::fold;

/// As many cases of one file that are gone are asked about one by one. Beyond it the report is hardly one from the start of
/// the year, which is one question.
const ONE_BY_ONE: usize = 20;

/// A case that is gone, or the many of one file.
#[derive(Debug, Clone)]
pub(crate) struct GoneCase {
    /// What a person is asked of it.
    pub question: RowQuestion,
    /// The ids of its rows.
    pub records: Vec<String>,
    /// Whether it is told and not asked about: a person is asked first if a row of the later quarter is the same case, or said
    /// that it goes on though another case of the same subject came later, which it may be, written otherwise.
    pub is_only_told: bool,
}

/// Rows of which nothing is settled.
struct Unsettled {
    rows: Vec<usize>,
    is_only_told: bool,
}

/// The cases of a form that begin after a row's report, by who reports them and their subject.
struct BegunLater<'a> {
    /// Of each row its reporter and subject, its case and when its report is of.
    rows: Vec<Option<(&'a str, String, String, Period)>>,
    /// When the cases of a reporter and subject began.
    began: BTreeMap<(&'a str, String), BTreeMap<String, Period>>,
}

impl<'a> BegunLater<'a> {
    /// # Errors
    /// When the frame lacks a column of its form.
    fn read(
        form: &Form,
        frame: &DataFrame,
        submissions: &EffectiveSubmissions,
        reporters: &'a Reporters,
    ) -> PolarsResult<Self> {
        let periods: BTreeMap<&FileId, Period> = submissions
            .effective
            .iter()
            .filter_map(|submission| Some((&submission.file, submission.period?)))
            .collect();
        let subjects: Vec<StringChunked> = match form.party {
            Some(_) => vec![texts(frame, "enterprise_id")?],
            None => {
                let columns = form.subject_columns().into_iter();
                columns
                    .map(|name| texts(frame, name))
                    .collect::<PolarsResult<_>>()?
            }
        };
        let (files, cases) = (texts(frame, "file")?, texts(frame, "case_id")?);
        let mut rows = Vec::new();
        let mut began: BTreeMap<(&str, String), BTreeMap<String, Period>> = BTreeMap::new();
        for (row, file) in files.iter().enumerate() {
            let file = FileId(file.unwrap_or_default().to_owned());
            let known = reporters.of_file(&file.0).zip(periods.get(&file));
            let (Some((reporter, period)), Some(case)) = (known, cases.get(row)) else {
                rows.push(None);
                continue;
            };
            let words = subjects.iter().filter_map(|column| column.get(row));
            let subject = words.map(fold).collect::<Vec<_>>().join(" · ");
            if subject.is_empty() {
                rows.push(None);
                continue;
            }
            // A case has the id of its first row, which begins with its file's.
            let first = periods
                .iter()
                .find(|(file, _)| case.starts_with(file.short()));
            let begins = first.map_or(*period, |(_, period)| *period);
            let of_subject = began.entry((reporter, subject.clone())).or_default();
            of_subject.insert(case.to_owned(), begins);
            rows.push(Some((reporter, subject, case.to_owned(), *period)));
        }
        Ok(Self { rows, began })
    }

    /// Whether another case of a row's subject begins after its report.
    fn has_beside(&self, row: usize) -> bool {
        let Some(Some((reporter, subject, case, period))) = self.rows.get(row) else {
            return false;
        };
        let of_subject = self.began.get(&(*reporter, subject.clone()));
        let mut others = of_subject.into_iter().flatten();
        others.any(|(other, begins)| other != case && begins > period)
    }
}

/// What is gone, by what persons said of it.
#[derive(Debug, Default)]
pub(crate) struct GoneCases {
    /// Nobody decided.
    pub open: Vec<GoneCase>,
    /// The ids of rows that were reported by mistake.
    pub in_error: BTreeSet<String>,
}

/// Of each form the files of quarters that a later one with the same form follows, with the last of those.
pub(crate) fn followed<'s>(
    programme: &Programme,
    submissions: &'s EffectiveSubmissions,
    reporters: &Reporters,
) -> BTreeMap<&'s str, BTreeMap<&'s str, Period>> {
    let mut newest: BTreeMap<(&str, i32, &str), Period> = BTreeMap::new();
    for submission in &submissions.effective {
        let (Some(reporter), Some(period)) =
            (reporters.of_file(&submission.file.0), submission.period)
        else {
            continue;
        };
        for form in submission.counting_forms() {
            let known = newest.entry((reporter, period.calendar_year(), form));
            let known = known.or_insert(period);
            *known = period.max(*known);
        }
    }
    let mut followed: BTreeMap<&str, BTreeMap<&str, Period>> = BTreeMap::new();
    for submission in &submissions.effective {
        let (file, period) = (&submission.file.0, submission.period);
        let quarter = period.filter(|period| period.quarter_number().is_some());
        let Some((reporter, period)) = reporters.of_file(file).zip(quarter) else {
            continue;
        };
        for form in submission.counting_forms() {
            let later = newest[&(reporter, period.calendar_year(), form)];
            if later > period && programme.form(form).is_some_and(is_counted) {
                let files = followed.entry(form).or_default();
                files.insert(file, later);
            }
        }
    }
    followed
}

/// The cases that are gone among rows that say which case they are of, the latest of each.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn gone_cases(
    programme: &Programme,
    (submissions, accepted): (&EffectiveSubmissions, &Tables),
    reporters: &Reporters,
    files: &BTreeMap<FileId, SourceFile>,
    decisions: &RowDecisions,
) -> PolarsResult<GoneCases> {
    let mut gone = GoneCases::default();
    // Mostly there are none.
    for (code, later_than) in followed(programme, submissions, reporters) {
        let Some((form, frame)) = programme.form(code).zip(accepted.get(code)) else {
            continue;
        };
        let [of_files, cases, records] = ["file", "case_id", "record"].map(|it| texts(frame, it));
        let (of_files, cases, records) = (of_files?, cases?, records?);
        let mut of_case: BTreeMap<(&str, &str, Period), Vec<usize>> = BTreeMap::new();
        for (row, file) in of_files.iter().enumerate() {
            let Some((file, later)) = file.and_then(|file| later_than.get_key_value(file)) else {
                continue;
            };
            let Some(reporter) = reporters.of_file(file) else {
                continue;
            };
            let case = cases.get(row).or_else(|| records.get(row));
            let case = (reporter, case.unwrap_or_default(), *later);
            of_case.entry(case).or_default().push(row);
        }
        if of_case.is_empty() {
            continue;
        }
        let row_texts = RowTexts::read(form, frame, true)?;
        let records_of = |rows: &[usize]| -> Vec<String> {
            let of_rows = rows.iter().filter_map(|&row| records.get(row));
            of_rows.map(str::to_owned).collect()
        };
        let begun_later = match decisions.is_empty() {
            true => None,
            false => Some(BegunLater::read(form, frame, submissions, reporters)?),
        };
        let print = |reporter: &str, later: Period, rows: &[usize]| {
            let with = format!("{} {}", within_office(reporter), later.calendar_year());
            row_texts.print(rows, &with)
        };
        // What a person said of rows; they if nothing is settled. Where nobody said anything no print is made, as it is of all
        // that the rows say.
        let mut unsettled = |reporter: &str, later: Period, rows: Vec<usize>| {
            let decided = match decisions.is_empty() {
                true => None,
                false => {
                    let print = print(reporter, later, &rows);
                    (RowMatter::Gone { later }).decided(decisions, &print)
                }
            };
            if decided == Some(Verdict::Mistaken) {
                gone.in_error.extend(records_of(&rows));
                return None;
            }
            let may_be_another = || {
                let mut known = begun_later.iter();
                known.any(|known| rows.iter().any(|&row| known.has_beside(row)))
            };
            let is_only_told = decided.is_some();
            let is_open = decided.is_none() || may_be_another();
            is_open.then_some(Unsettled { rows, is_only_told })
        };
        let mut questions = Vec::new();
        // By file, so that many cases that are gone together are one question.
        let mut by_file: BTreeMap<(&str, Period, &str), Vec<Unsettled>> = BTreeMap::new();
        for ((reporter, _, later), rows) in of_case {
            match unsettled(reporter, later, rows) {
                Some(told) if told.is_only_told => questions.push((1, reporter, later, told)),
                Some(open) => {
                    let file = of_files.get(open.rows[0]).unwrap_or_default();
                    let of_file = by_file.entry((reporter, later, file));
                    of_file.or_default().push(open);
                }
                None => {}
            }
        }
        for ((reporter, later, _), of_file) in by_file {
            if of_file.len() <= ONE_BY_ONE {
                let of_file = of_file.into_iter();
                questions.extend(of_file.map(|open| (1, reporter, later, open)));
                continue;
            }
            let mut rows: Vec<usize> = of_file.iter().flat_map(|open| open.rows.clone()).collect();
            rows.sort_unstable();
            let open = unsettled(reporter, later, rows);
            questions.extend(open.map(|open| (of_file.len(), reporter, later, open)));
        }
        for (cases, reporter, later, unsettled) in questions {
            let Unsettled { rows, is_only_told } = unsettled;
            let print = print(reporter, later, &rows);
            gone.open.push(GoneCase {
                records: records_of(&rows),
                is_only_told,
                question: RowQuestion {
                    form: code.to_owned(),
                    matter: RowMatter::Gone { later },
                    cases,
                    row: row_line(form, frame, rows[0], files, print)?,
                },
            });
        }
    }
    Ok(gone)
}

/// Whether what the rows of a form say is counted, and not only read.
fn is_counted(form: &Form) -> bool {
    let is_number = |kind: &ColumnType| matches!(kind, ColumnType::Money | ColumnType::Integer);
    form.layout == Layout::Table
        && (form.party.is_some() || form.columns.iter().any(|column| is_number(&column.kind)))
}
