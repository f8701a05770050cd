use crate::PipelineError;
use crate::answers::Answers;
use crate::enterprise::EnterpriseLine;
use chrono::Datelike;
use ledger::{Ledger, Outcome, Submission};
use link::{Answer, Matcher, Said};
use model::{FileId, Finding, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use validate::SourceFile;
use vietext::fold;

/// What stands in the figures of some years: the submissions, and their rows.
#[derive(Default)]
pub(crate) struct Standing {
    /// The submissions that stand, in the order they were taken in.
    pub submissions: Vec<Submission>,
    /// The accepted rows by form, with the enterprises known.
    pub accepted: Tables,
    /// The held rows by form.
    pub held: Tables,
    /// Records of departments that may be one enterprise, which nobody has said yet: each answered with yes.
    pub questions: Vec<Answer>,
}

/// Which of a year's submissions stand: of each department its newest report on the whole year, or where there
/// is none the newest of each quarter.
pub(crate) fn stand(submissions: &[Submission], year: i32) -> Vec<&Submission> {
    let mut newest: BTreeMap<(&str, Period), &Submission> = BTreeMap::new();
    for submission in submissions.iter().filter(|s| s.outcome != Outcome::Refused && s.set_aside.is_none()) {
        if let (Some(department), Some(period)) = (submission.department.as_deref(), submission.period)
            && period.calendar_year() == year
        {
            newest.insert((department, period), submission);
        }
    }
    let whole: BTreeSet<&str> =
        newest.keys().filter(|(_, period)| period.quarter_number().is_none()).map(|(d, _)| *d).collect();
    let mut standing: Vec<&Submission> = newest
        .into_iter()
        .filter(|((department, period), _)| period.quarter_number().is_none() || !whole.contains(department))
        .map(|(_, submission)| submission)
        .collect();
    standing.sort_by_key(|submission| submission.id);
    standing
}

impl Standing {
    /// What stands for some years, as it was known at a moment (RFC 3339, UTC).
    pub(crate) fn of_years(
        ledger: &Ledger,
        programme: &Programme,
        years: RangeInclusive<i32>,
        as_of: Option<&str>,
    ) -> Result<Self, PipelineError> {
        let all = ledger.submissions(as_of)?;
        let mut submissions: Vec<Submission> = years.flat_map(|year| stand(&all, year)).cloned().collect();
        submissions.sort_by_key(|submission| submission.id);
        let mut standing = Self { submissions, accepted: Tables::new(), held: Tables::new(), questions: Vec::new() };
        for submission in &standing.submissions {
            for form in ledger.form_rows(submission.id)?.keys() {
                let frame = ledger.facts(submission.id, form)?;
                let held = frame.column("held")?.bool()?.clone();
                let rows = frame.drop("held")?;
                tables::append(&mut standing.accepted, form, &rows.filter(&!&held)?)?;
                tables::append(&mut standing.held, form, &rows.filter(&held)?)?;
            }
        }
        standing.settle(programme, &Answers::of(ledger.answers(as_of)?).of_enterprises())?;
        Ok(standing)
    }

    /// Says which enterprise each row is about, and keeps the newest of each case.
    fn settle(&mut self, programme: &Programme, answers: &[Answer]) -> Result<(), PipelineError> {
        self.know_enterprises(programme, answers)?;
        for form in programme.forms.values() {
            if let Some(frame) = self.accepted.get(&form.code) {
                let newest = newest_of_each_case(form, frame)?;
                self.accepted.insert(form.code.clone(), newest);
            }
        }
        Ok(())
    }

    /// What would stand if held rows were mended as they are read, or all that may be one enterprise were one.
    pub(crate) fn supposing(
        &self,
        programme: &Programme,
        answers: &[Answer],
        held_count: bool,
        all_are_one: bool,
    ) -> Result<Self, PipelineError> {
        let mut supposed = Self {
            submissions: self.submissions.clone(),
            accepted: self.accepted.clone(),
            held: Tables::new(),
            questions: Vec::new(),
        };
        if held_count {
            for (form, frame) in &self.held {
                tables::append(&mut supposed.accepted, form, frame)?;
            }
        }
        let said: &[Answer] = if all_are_one { &self.questions } else { &[] };
        supposed.settle(programme, &[answers, said].concat())?;
        Ok(supposed)
    }

    /// The rows of some of its years.
    pub(crate) fn accepted_in(&self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        let mut tables = Tables::new();
        for (form, frame) in &self.accepted {
            let mask: BooleanChunked = frame
                .column("period")?
                .str()?
                .iter()
                .map(|period| {
                    period.and_then(|p| p.parse::<Period>().ok()).is_some_and(|p| years.contains(&p.calendar_year()))
                })
                .collect();
            tables.insert(form.clone(), frame.filter(&mask)?);
        }
        Ok(tables)
    }

    /// What the rules find over all departments.
    pub(crate) fn across(&self, programme: &Programme) -> Result<Vec<Finding>, PipelineError> {
        let files = self.files();
        Ok(validate::judge(programme, Scope::Year, &self.accepted, &files)?)
    }

    /// The files of its submissions.
    pub(crate) fn files(&self) -> BTreeMap<FileId, SourceFile> {
        let file = |s: &Submission| SourceFile { id: s.file.clone(), name: s.file_name.clone() };
        self.submissions.iter().map(|s| (s.file.clone(), file(s))).collect()
    }

    /// Says of every row that is about an enterprise which one it is, over all forms at once.
    pub(crate) fn know_enterprises(&mut self, programme: &Programme, answers: &[Answer]) -> Result<(), PipelineError> {
        let forms: Vec<(&Form, &programme::Party)> = programme
            .forms
            .values()
            .filter_map(|form| Some((form, form.party.as_ref()?)))
            .filter(|(form, _)| self.accepted.contains_key(&form.code))
            .collect();
        let mut lines = Vec::new();
        for (form, party) in &forms {
            lines.extend(EnterpriseLine::of_rows(party, &self.accepted[&form.code])?);
        }
        let said: Vec<Said<'_>> = lines.iter().map(EnterpriseLine::said).collect();
        let identities = Matcher::new(&programme.linkage).identify(&said, answers);
        let print = |at: usize| said[at].party.fingerprint();
        self.questions = identities
            .questions
            .iter()
            .map(|question| Answer { left: print(question.left), right: print(question.right), same: true })
            .collect();
        let mut identities = identities.of.into_iter();
        for (form, _) in forms {
            let Some(frame) = self.accepted.get_mut(&form.code) else { continue };
            let own: Vec<_> = identities.by_ref().take(frame.height()).collect();
            let keys: Vec<&str> = own.iter().map(|i| i.name_key.as_str()).collect();
            let enterprises: Vec<&str> = own.iter().map(|i| i.enterprise.as_str()).collect();
            frame.with_column(Column::new("name_key".into(), keys))?;
            frame.with_column(Column::new("enterprise_id".into(), enterprises))?;
        }
        Ok(())
    }
}

/// A period as a number that grows with time: its last day.
pub(crate) fn when(period: Option<&str>) -> i32 {
    let last = period.and_then(|period| period.parse::<Period>().ok()).map(Period::last_day);
    last.map_or(i32::MAX, |day| day.num_days_from_ce())
}

/// Of one case that several periods of a department's year report, the newest row (forms, common rules: a row is
/// a case; quarters are year-to-date). Rows of one submission all stay, and so do rows without a key.
fn newest_of_each_case(form: &Form, frame: &DataFrame) -> PolarsResult<DataFrame> {
    let periods = frame.column("period")?.str()?;
    let departments = frame.column("department")?.str()?;
    let keys = case_keys(form, frame)?;
    let mut newest: BTreeMap<(&str, i32, &str), Period> = BTreeMap::new();
    let read: Vec<Option<(&str, Period, &str)>> = (0..frame.height())
        .map(|row| {
            let period: Period = periods.get(row)?.parse().ok()?;
            Some((departments.get(row)?, period, keys[row].as_deref()?))
        })
        .collect();
    for (department, period, key) in read.iter().flatten() {
        let known = newest.entry((department, period.calendar_year(), key)).or_insert(*period);
        *known = (*known).max(*period);
    }
    let mask: BooleanChunked = read
        .iter()
        .map(|row| row.is_none_or(|(d, period, key)| newest[&(d, period.calendar_year(), key)] == period))
        .collect();
    frame.filter(&mask)
}

/// What tells one case from another, row by row; nothing where a part of it is missing.
pub(crate) fn case_keys(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Option<String>>> {
    let text_of = |name: &str| -> PolarsResult<Vec<Option<String>>> {
        let is_party = form.party.as_ref().is_some_and(|party| party.name == name);
        let column = frame.column(if is_party { "enterprise_id" } else { name })?;
        let folds = form.column(name).is_some_and(|c| c.kind == ColumnType::Text);
        let column = column.cast(&DataType::String)?;
        Ok(column
            .str()?
            .iter()
            .map(|text| {
                text.map(|text| if folds { fold(text) } else { text.to_owned() }).filter(|text| !text.is_empty())
            })
            .collect())
    };
    let mut keys: Vec<Option<String>> = vec![Some(String::new()); frame.height()];
    for part in &form.key {
        let mut values: Vec<Option<String>> = vec![None; frame.height()];
        for (alternative, name) in part.split('|').enumerate() {
            for (value, text) in values.iter_mut().zip(text_of(name)?) {
                if value.is_none() {
                    *value = text.map(|text| format!("{alternative}:{text}"));
                }
            }
        }
        for (key, value) in keys.iter_mut().zip(values) {
            *key = key.take().zip(value).map(|(key, value)| format!("{key}\u{1f}{value}"));
        }
    }
    Ok(keys)
}
