//! The rows of the submissions that count.

use crate::error::PipelineError;
use crate::identity::case_pair::{CaseLine, CasePair};
use crate::identity::cases::{CaseDecisions, RowDecisions};
use crate::identity::form_cases::FormCases;
use crate::identity::reported::Reporters;
use crate::snapshot::effective::{EffectiveSubmissions, reporter_and_heir};
use crate::snapshot::gone::{GoneCase, GoneCases, gone_cases};
use crate::snapshot::row_question::RowQuestion;
use crate::text_column::texts;
use chrono::NaiveDate;
use ledger::Submission;
use link::Titles;
use model::{FileId, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Lifetime, Programme};
use std::collections::{BTreeMap, BTreeSet};
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
    /// The ids of accepted rows that a person said to tell again what another reporter tells, each with that: they were taken
    /// out.
    pub told_again: BTreeMap<String, CaseLine>,
    /// The cases that a later quarter of their reporter lacks and of which nobody said why; they count.
    pub gone: Vec<GoneCase>,
    /// The ids of accepted rows that a person said to be reported by mistake: they were taken out.
    pub in_error: BTreeSet<String>,
}

impl Snapshot {
    /// Writes the case of each row into its column `case_id`, and keeps of each case that several periods of a reporter's
    /// year report the latest rows only. What identifies a case may be its enterprise, so this comes after the enterprises
    /// are known. Gives what may be one case and what not. Of what is only supposed nobody is asked, so that cases that are gone
    /// matter as far as somebody said that they were reported by mistake.
    pub(crate) fn identify_cases(
        &mut self,
        programme: &Programme,
        decisions: &CaseDecisions,
        is_supposed: bool,
    ) -> PolarsResult<Vec<CasePair>> {
        let pairs = self.identify_cases_of(programme, decisions, |_| true)?;
        if is_supposed && decisions.rows.is_empty() {
            return Ok(pairs);
        }
        self.settle_gone(programme, &decisions.rows)?;
        let in_pairs: BTreeSet<&String> = pairs
            .iter()
            .flat_map(|pair| pair.sides.iter().map(|side| &side.record))
            .collect();
        for case in &mut self.gone {
            case.is_only_told |= case.records.iter().any(|record| in_pairs.contains(record));
        }
        Ok(pairs)
    }

    /// Takes out the cases of quarters that a person said to be reported by mistake once a later quarter lacked them, and keeps
    /// in mind those of which nobody said why.
    fn settle_gone(&mut self, programme: &Programme, decisions: &RowDecisions) -> PolarsResult<()> {
        let rows = (&self.submissions, &self.accepted);
        let (reporters, files) = (self.reporters(programme), self.files());
        let GoneCases { open, in_error } =
            gone_cases(programme, rows, &reporters, &files, decisions)?;
        self.gone = open;
        if in_error.is_empty() {
            return Ok(());
        }
        for frame in self.accepted.values_mut() {
            let records = texts(frame, "record")?;
            let counts = records
                .iter()
                .map(|record| record.is_none_or(|record| !in_error.contains(record)));
            let mask: BooleanChunked = counts.collect();
            if !mask.all() {
                *frame = frame.filter(&mask)?;
            }
        }
        self.in_error = in_error;
        Ok(())
    }

    /// What may be one case of the forms that are about no enterprise and whose cases are known by who reports them, whatever
    /// persons said of it. The snapshot may be unresolved.
    pub(crate) fn may_be_one(&self, programme: &Programme) -> PolarsResult<Vec<CasePair>> {
        let is_meant = |form: &Form| {
            form.party.is_none() && form.identity.is_some() && !form.is_known_everywhere()
        };
        let mut copy = self.clone();
        copy.identify_cases_of(programme, &CaseDecisions::default(), is_meant)
    }

    /// The same of persons and clubs, whoever reports them, as far as persons did not say it.
    pub(crate) fn may_be_one_of_all(
        mut self,
        programme: &Programme,
        decisions: &CaseDecisions,
    ) -> PolarsResult<Vec<CasePair>> {
        self.identify_cases_of(programme, decisions, Form::is_known_everywhere)
    }

    fn identify_cases_of(
        &mut self,
        programme: &Programme,
        decisions: &CaseDecisions,
        is_meant: impl Fn(&Form) -> bool,
    ) -> PolarsResult<Vec<CasePair>> {
        let (reporters, files) = (self.reporters(programme), self.files());
        let titles = Titles::new(&programme.linkage.titles);
        let mut pairs = Vec::new();
        let forms = programme.forms.values();
        for form in forms.filter(|form| !form.key.is_empty() && is_meant(form)) {
            let [accepted, superseded] =
                [&self.accepted, &self.superseded].map(|tables| tables.get(&form.code));
            let Some(first) = accepted.or(superseded) else {
                continue;
            };
            // A report on the whole year goes on with the cases of the quarters that it supersedes.
            let mut rows = first.clone();
            if let (Some(_), Some(superseded)) = (accepted, superseded) {
                rows.vstack_mut(superseded)?;
                rows.rechunk_mut();
            }
            let cases = FormCases::identify(form, &rows, &reporters, (&titles, decisions))?;
            let height = accepted.map_or(0, DataFrame::height);
            let labelled = cases.label(rows)?;
            for (tables, from, length) in [
                (&mut self.accepted, 0, height),
                (&mut self.superseded, height, labelled.height() - height),
            ] {
                if let Some(frame) = tables.get_mut(&form.code) {
                    let mask: BooleanChunked =
                        cases.counts(from..from + length).into_iter().collect();
                    let part = labelled.slice(i64::try_from(from).unwrap_or(i64::MAX), length);
                    *frame = part.filter(&mask)?;
                }
            }
            let (of_form, told_again) = cases.pairs(&labelled, &files)?;
            pairs.extend(of_form);
            self.told_again.extend(told_again);
        }
        Ok(pairs)
    }

    /// What persons are asked of the cases that are gone.
    pub(crate) fn gone_questions(&self) -> impl Iterator<Item = &RowQuestion> {
        let asked = self.gone.iter().filter(|case| !case.is_only_told);
        asked.map(|case| &case.question)
    }

    /// Whether its submissions are of a year.
    pub(crate) fn is_of(&self, year: i32) -> bool {
        let mut periods = self.all_submissions().filter_map(|it| it.period);
        periods.any(|period| period.calendar_year() == year)
    }

    /// Who reports, by the file.
    pub(crate) fn reporters(&self, programme: &Programme) -> Reporters {
        let entry = |submission: &Submission| {
            Some((
                submission.file.0.clone(),
                reporter_and_heir(programme, submission)?,
            ))
        };
        Reporters(self.all_submissions().filter_map(entry).collect())
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
        self.recode(programme, &["department"], |_| day).map(|_| ())
    }

    /// Puts the rows under the codes in use at the end of the year that reports them, or on `today` if that comes first: what
    /// was done away with in the course of a year is no line of its tables. Departments stand as they reported. Gives whether
    /// that is another code anywhere.
    pub(crate) fn recode_by_year(
        &mut self,
        programme: &Programme,
        today: NaiveDate,
    ) -> PolarsResult<bool> {
        self.recode(programme, &[], |period| {
            year_of(period).map_or(today, |year| Lifetime::day_of_year(year, today))
        })
    }

    /// Puts the rows under the codes of a day, by their period: of lists, and of `others`, which are columns and keys. Gives
    /// whether that is another code anywhere.
    fn recode(
        &mut self,
        programme: &Programme,
        others: &[&str],
        day: impl Fn(&str) -> NaiveDate,
    ) -> PolarsResult<bool> {
        let has_successors = |list: &str| {
            let mut codes = programme.codes_of(list).into_iter();
            codes.any(|code| {
                let life = programme.lifetime(list, code);
                life.is_some_and(|life| !life.successors.is_empty())
            })
        };
        let mut is_another = false;
        for (code, frame) in &mut self.accepted {
            let Some(form) = programme.form(code) else {
                continue;
            };
            let lists = form
                .columns
                .iter()
                .filter_map(|column| Some((column.name.as_str(), column.kind.list()?)));
            let others = others.iter().map(|name| (*name, *name));
            for (name, list) in lists.chain(others).filter(|(_, it)| has_successors(it)) {
                let recoded = |text: &str, period: &str| {
                    let day = day(period);
                    let codes = text
                        .split(';')
                        .map(|code| programme.code_on(list, code, day));
                    codes.collect::<Vec<_>>().join(";")
                };
                let column = frame.column(name)?.str()?;
                let periods = frame.column("period")?.str()?;
                // Codes and periods are few, rows are many.
                let mut known: foldhash::HashMap<(&str, &str), String> = Default::default();
                let rows = || {
                    let rows = column.iter().zip(periods.iter());
                    rows.map(|(text, period)| text.map(|text| (text, period.unwrap_or_default())))
                };
                for (text, period) in rows().flatten() {
                    let code = known.entry((text, period));
                    code.or_insert_with(|| recoded(text, period));
                }
                if known.iter().all(|((before, _), now)| before == now) {
                    continue;
                }
                is_another = true;
                let codes: StringChunked = rows()
                    .map(|row| known.get(&row?).map(String::as_str))
                    .collect();
                frame.with_column(codes.with_name(name.into()).into_column())?;
            }
        }
        Ok(is_another)
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
            told_again: self.told_again.clone(),
            gone: self
                .gone
                .iter()
                .filter(|case| {
                    year_of(&case.question.row.period).is_some_and(|it| years.contains(&it))
                })
                .cloned()
                .collect(),
            in_error: self.in_error.clone(),
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
        assert_ne!(reporters.of_file("f1"), reporters.of_file("f2"));
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
