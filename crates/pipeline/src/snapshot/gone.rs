//! Cases of a quarter that a later quarter of the same reporter lacks: quarters are counted from the start of the year, so each
//! holds those before it. They go on counting as they were reported last, until a person says that they were reported by mistake.

use crate::identity::cases::RowDecisions;
use crate::identity::reported::Reporters;
use crate::snapshot::effective::EffectiveSubmissions;
use crate::snapshot::row_question::{RowMatter, RowQuestion, RowTexts, row_line};
use crate::text_column::texts;
use ledger::Verdict;
use model::{FileId, Period};
use polars::prelude::*;
use programme::tables::Tables;
use programme::{ColumnType, Form, Layout, Programme};
use std::collections::{BTreeMap, BTreeSet};
use validate::SourceFile;

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
    /// Whether a person is asked first if a row of the later quarter is the same case.
    pub may_go_on: bool,
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
        let asked = |reporter: &str, later: Period, rows: &[usize]| {
            let with = format!("{reporter} {}", later.calendar_year());
            row_texts.print(rows, &with)
        };
        let records_of = |rows: &[usize]| -> Vec<String> {
            let of_rows = rows.iter().filter_map(|&row| records.get(row));
            of_rows.map(str::to_owned).collect()
        };
        // By file, so that many cases that are gone together are one question.
        let mut open: BTreeMap<(&str, Period, &str), Vec<Vec<usize>>> = BTreeMap::new();
        for ((reporter, _, later), rows) in of_case {
            let matter = RowMatter::Gone { later };
            match matter.decided(decisions, &asked(reporter, later, &rows)) {
                Some(Verdict::Mistaken) => gone.in_error.extend(records_of(&rows)),
                Some(_) => {}
                None => {
                    let file = of_files.get(rows[0]).unwrap_or_default();
                    open.entry((reporter, later, file)).or_default().push(rows);
                }
            }
        }
        for ((reporter, later, _), of_file) in open {
            let questions: Vec<(usize, Vec<usize>)> = if of_file.len() > ONE_BY_ONE {
                let mut rows: Vec<usize> = of_file.concat();
                rows.sort_unstable();
                vec![(of_file.len(), rows)]
            } else {
                of_file.into_iter().map(|rows| (1, rows)).collect()
            };
            for (cases, rows) in questions {
                let matter = RowMatter::Gone { later };
                let print = asked(reporter, later, &rows);
                match matter.decided(decisions, &print) {
                    Some(Verdict::Mistaken) => gone.in_error.extend(records_of(&rows)),
                    Some(_) => {}
                    None => gone.open.push(GoneCase {
                        records: records_of(&rows),
                        may_go_on: false,
                        question: RowQuestion {
                            form: code.to_owned(),
                            matter,
                            cases,
                            row: row_line(form, frame, rows[0], files, print)?,
                        },
                    }),
                }
            }
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
