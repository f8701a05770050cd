//! The rows of the submissions that count.

use crate::error::PipelineError;
use crate::snapshot::case_id::case_ids;
use crate::snapshot::case_key::case_keys;
use crate::snapshot::effective::{EffectiveSubmissions, reporter};
use crate::snapshot::latest::is_latest;
use crate::text_column::texts;
use chrono::NaiveDate;
use ledger::Submission;
use model::{FileId, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Programme};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use validate::SourceFile;

/// What counts for some years, as it was known at a moment: the submissions and their rows by form, with the columns
/// that the programme's forms have today.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub submissions: EffectiveSubmissions,
    /// The accepted rows; once resolved, with the columns `enterprise_id` and `name_key`.
    pub accepted: Tables,
    /// The held rows: shown, not counted.
    pub held: Tables,
    /// The accepted rows of the quarters that a report on the whole year supersedes.
    pub superseded: Tables,
}

impl Snapshot {
    /// Keeps of each case that several periods of a reporter's year report the latest row only. What identifies a
    /// case may be its enterprise, so this comes after the enterprises are known.
    pub(crate) fn keep_latest_of_each_case(&mut self, programme: &Programme) -> PolarsResult<()> {
        let reporters = self.reporters(programme);
        for form in programme.forms.values() {
            for tables in [&mut self.accepted, &mut self.superseded] {
                if let Some(frame) = tables.get(&form.code) {
                    let latest = latest_of_each_case(form, frame, &reporters)?;
                    tables.insert(form.code.clone(), latest);
                }
            }
        }
        Ok(())
    }

    /// Names the case of each accepted row, over all years of its reporter. Departments that were merged are one by the end of
    /// the last year.
    pub(crate) fn name_cases(&mut self, programme: &Programme) -> PolarsResult<()> {
        let day = self.all_submissions().filter_map(|it| it.period).max();
        let Some(day) = day.map(Period::last_day) else {
            return Ok(());
        };
        let entry = |submission: &Submission| {
            let (department, unit) = reporter(programme, submission)?;
            let department = programme.code_on("department", department, day);
            let reporter = format!("{department}/{}", unit.unwrap_or_default());
            Some((submission.file.0.clone(), reporter))
        };
        let reporters = self.all_submissions().filter_map(entry).collect();
        for (code, frame) in &mut self.accepted {
            if let Some(form) = programme.form(code) {
                let ids = case_ids(form, frame, &reporters)?;
                frame.with_column(Column::new(tables::CASE_ID.into(), ids))?;
            }
        }
        Ok(())
    }

    /// Who reports, by the file: department and unit, as one text.
    pub(crate) fn reporters(&self, programme: &Programme) -> BTreeMap<String, String> {
        let entry = |submission: &Submission| {
            let (department, unit) = reporter(programme, submission)?;
            let reporter = format!("{department}/{}", unit.unwrap_or_default());
            Some((submission.file.0.clone(), reporter))
        };
        self.all_submissions().filter_map(entry).collect()
    }

    /// The files of its submissions, also of those that are superseded.
    pub(crate) fn files(&self) -> BTreeMap<FileId, SourceFile> {
        let entry = |submission: &Submission| {
            let (id, name) = (submission.file.clone(), submission.file_name.clone());
            (id.clone(), SourceFile { id, name })
        };
        self.all_submissions().map(entry).collect()
    }

    fn all_submissions(&self) -> impl Iterator<Item = &Submission> {
        let EffectiveSubmissions {
            effective,
            superseded_quarters,
        } = &self.submissions;
        effective.iter().chain(superseded_quarters)
    }

    /// Puts the rows under the departments and codes of a day: those that were merged or renamed by then are shown as
    /// what succeeded them.
    pub(crate) fn recode_for(&mut self, programme: &Programme, day: NaiveDate) -> PolarsResult<()> {
        for (code, frame) in &mut self.accepted {
            let Some(form) = programme.form(code) else {
                continue;
            };
            let lists = form
                .columns
                .iter()
                .filter_map(|column| Some((column.name.as_str(), column.kind.list()?)));
            for (name, list) in lists.chain([("department", "department")]) {
                let recoded = |text: &str| {
                    let codes = text
                        .split(';')
                        .map(|code| programme.code_on(list, code, day));
                    codes.collect::<Vec<_>>().join(";")
                };
                let column = frame.column(name)?.str()?;
                let codes: Vec<Option<String>> =
                    column.iter().map(|text| text.map(recoded)).collect();
                frame.with_column(Column::new(name.into(), codes))?;
            }
        }
        Ok(())
    }

    /// Its part for some of its years.
    pub(crate) fn within(&self, years: RangeInclusive<i32>) -> PolarsResult<Self> {
        let within = |submissions: &[Submission]| -> Vec<Submission> {
            let is_in = |period: Period| years.contains(&period.calendar_year());
            let mut within = submissions.to_vec();
            within.retain(|submission| submission.period.is_some_and(is_in));
            within
        };
        Ok(Self {
            submissions: EffectiveSubmissions {
                effective: within(&self.submissions.effective),
                superseded_quarters: within(&self.submissions.superseded_quarters),
            },
            accepted: rows_in(&self.accepted, &years)?,
            held: rows_in(&self.held, &years)?,
            superseded: rows_in(&self.superseded, &years)?,
        })
    }

    /// Its accepted rows of some of its years.
    pub(crate) fn accepted_in(&self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        rows_in(&self.accepted, &years)
    }

    /// The same submissions, with held rows counted as they were read if `held_count`: what the figures may become once
    /// they are mended.
    pub(crate) fn supposing(&self, held_count: bool) -> Result<Self, PipelineError> {
        let mut supposed = Self {
            submissions: EffectiveSubmissions {
                // Findings and superseded quarters do not change with what is supposed, so they are left out.
                effective: self.submissions.effective.clone(),
                superseded_quarters: Vec::new(),
            },
            accepted: self.accepted.clone(),
            ..Self::default()
        };
        if held_count {
            // Cases are named anew once the held rows are among them.
            for frame in supposed.accepted.values_mut() {
                if frame.schema().get(tables::CASE_ID).is_some() {
                    *frame = frame.drop(tables::CASE_ID)?;
                }
            }
            for (form, frame) in &self.held {
                tables::append(&mut supposed.accepted, form, frame)?;
            }
        }
        Ok(supposed)
    }
}

/// The year of a period as it is written in a frame.
pub(crate) fn year_of(period: &str) -> Option<i32> {
    period.parse::<Period>().ok().map(Period::calendar_year)
}

fn rows_in(all: &Tables, years: &RangeInclusive<i32>) -> PolarsResult<Tables> {
    let mut tables = Tables::new();
    for (form, frame) in all {
        let is_in = |period: Option<&str>| {
            period
                .and_then(year_of)
                .is_some_and(|year| years.contains(&year))
        };
        let mask: BooleanChunked = frame.column("period")?.str()?.iter().map(is_in).collect();
        tables.insert(form.clone(), frame.filter(&mask)?);
    }
    Ok(tables)
}

/// Of one case that several periods of a reporter's year report, the latest row (forms, common rules: a row is
/// a case; quarters are year-to-date). Rows of one submission all stay, and so do rows without a key.
fn latest_of_each_case(
    form: &Form,
    frame: &DataFrame,
    reporters: &BTreeMap<String, String>,
) -> PolarsResult<DataFrame> {
    let (periods, files) = (texts(frame, "period")?, texts(frame, "file")?);
    let keys = case_keys(form, frame)?;
    let case = |row: usize| {
        let period: Period = periods.get(row)?.parse().ok()?;
        let reporter = reporters.get(files.get(row)?)?.as_str();
        let key = keys[row].as_deref()?;
        Some(((reporter, period.calendar_year(), key), period))
    };
    let mask: BooleanChunked = is_latest((0..frame.height()).map(case))
        .into_iter()
        .collect();
    frame.filter(&mask)
}

#[cfg(test)]
mod tests {
    use crate::testing::{column, day, programme, resolved, snapshot, submission, tables};
    use ledger::Submission;
    use programme::Lifetime;

    fn records(frame: &polars::prelude::DataFrame) -> Vec<String> {
        column(frame, "record")
    }

    #[test]
    fn of_a_case_in_several_quarters_the_latest_row_counts() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023-Q2"),
        ];
        let rows = "file | enterprise      | tax_code   | content | contract
                    f1   | Công ty Mẫu Một | 3600265395 | 3a1     | 1/HĐ
                    f1   | Công ty Mẫu Một | 3600265395 | 3b1     | 2/HĐ
                    f2   | Cty Mẫu Một     | 3600265395 | 3a1     | 1/HĐ";
        let counted = resolved(&sent, &[("support", rows)]).snapshot;
        // What the later quarter no longer has stays counted as it was reported last.
        assert_eq!(records(&counted.accepted["support"]), ["f1:2", "f2:3"]);
    }

    #[test]
    fn rows_of_one_submission_all_stay() {
        let sent = [submission(1, "SCT", "2023-Q1")];
        let rows = "file | task   | source  | spent
                    f1   | IV.1.a | ensured | 1
                    f1   | IV.1.a | ensured | 2";
        let counted = resolved(&sent, &[("budget", rows)]).snapshot;
        assert_eq!(records(&counted.accepted["budget"]), ["f1:1", "f1:2"]);
    }

    #[test]
    fn what_two_departments_or_two_years_report_is_not_one_case() {
        let sent = [
            submission(1, "SCT", "2022-Q4"),
            submission(2, "SCT", "2023-Q1"),
            submission(3, "SXD", "2023-Q2"),
        ];
        let rows = "file | task   | source  | spent
                    f1   | IV.1.a | ensured | 1
                    f2   | IV.1.a | ensured | 2
                    f3   | IV.1.a | ensured | 3";
        let counted = resolved(&sent, &[("budget", rows)]).snapshot;
        assert_eq!(records(&counted.accepted["budget"]).len(), 3);
    }

    #[test]
    fn units_of_one_department_are_reporters_of_their_own() {
        let mut programme = programme().clone();
        programme
            .departments
            .iter_mut()
            .for_each(|department| department.reports_by_unit = true);
        let unit = |id, unit: &str| Submission {
            unit: Some(unit.to_owned()),
            ..submission(id, "SCT", "2023-Q1")
        };
        let mut snapshot = snapshot(&[unit(1, "A")], &[]);
        snapshot.submissions.effective.push(unit(2, "B"));
        let reporters = snapshot.reporters(&programme);
        assert_ne!(reporters["f1"], reporters["f2"]);
    }

    #[test]
    fn rows_are_put_under_the_codes_of_a_day() {
        let mut programme = programme().clone();
        let merged = |into: &str| Lifetime {
            to: Some(day("2025-06-30")),
            successors: vec![into.to_owned()],
            ..Lifetime::default()
        };
        let department = programme.departments.iter_mut().find(|d| d.code == "SGTVT");
        department.unwrap().life = merged("SXD");
        let list = programme.lists.get_mut("content").unwrap();
        let entry = list.entries.iter_mut().find(|entry| entry.code == "3a2");
        entry.unwrap().life = merged("3a3");
        let sent = [submission(1, "SGTVT", "2023")];
        let rows = "file | enterprise | content
                    f1   | Mẫu        | 3a1;3a2";
        let codes_on = |on: &str| {
            let mut snapshot = snapshot(&sent, &[("support", rows)]);
            snapshot.recode_for(&programme, day(on)).unwrap();
            let frame = &snapshot.accepted["support"];
            [column(frame, "department"), column(frame, "content")].concat()
        };
        assert_eq!(codes_on("2025-06-30"), ["SGTVT", "3a1;3a2"]);
        assert_eq!(codes_on("2025-07-01"), ["SXD", "3a1;3a3"]);
    }

    #[test]
    fn held_rows_count_only_if_that_is_supposed() {
        let sent = [submission(1, "SCT", "2023")];
        let row = |record: &str| {
            format!("file | record | task | source\nf1 | {record} | IV.1.a | ensured")
        };
        let mut snapshot = snapshot(&sent, &[("budget", &row("a"))]);
        snapshot.held = tables(
            &sent,
            &[("budget", &row("b")), ("expert", "file | name\nf1 | x")],
        );
        let as_it_is = snapshot.supposing(false).unwrap();
        assert_eq!(records(&as_it_is.accepted["budget"]), ["a"]);
        let mended = snapshot.supposing(true).unwrap();
        assert_eq!(records(&mended.accepted["budget"]), ["a", "b"]);
        assert_eq!(mended.accepted["expert"].height(), 1);
    }

    #[test]
    fn a_part_for_some_years_has_their_submissions_and_rows() {
        let sent = [
            submission(1, "SCT", "2022"),
            submission(2, "SCT", "2023"),
            submission(3, "SCT", "2023-Q2"),
        ];
        let rows = "file | task   | source
                    f1   | IV.1.a | ensured
                    f2   | IV.1.a | ensured
                    f3   | IV.1.a | ensured";
        let part = snapshot(&sent, &[("budget", rows)])
            .within(2023..=2024)
            .unwrap();
        assert_eq!(records(&part.accepted["budget"]), ["f2:2"]);
        assert_eq!(records(&part.superseded["budget"]), ["f3:3"]);
        let files: Vec<String> = part.files().into_keys().map(|file| file.0).collect();
        assert_eq!(files, ["f2", "f3"]);
    }
}
