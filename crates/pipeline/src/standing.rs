use crate::PipelineError;
use crate::answers::Answers;
use crate::enterprise::EnterpriseLine;
use crate::grant::{GrantLine, grants};
use crate::statement;
use chrono::{Datelike, NaiveDate};
use ledger::{Ledger, Outcome, Submission};
use link::{Answer, Matcher, Question, Said};
use model::{FileId, Finding, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use validate::SourceFile;
use vietext::fold;

/// What is known at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    pub ledger: &'a Ledger,
    pub programme: &'a Programme,
    /// The programmes of other periods, whose support counts as given and whose enterprises are the same ones.
    pub others: &'a [&'a Programme],
    /// The moment (RFC 3339, UTC); none: now.
    pub as_of: Option<&'a str>,
}

/// What stands in the figures of some years: the submissions, and their rows.
#[derive(Default)]
pub(crate) struct Standing {
    /// The submissions that stand, in the order they were taken in.
    pub submissions: Vec<Submission>,
    /// The accepted rows by form, with the enterprises known.
    pub accepted: Tables,
    /// The held rows by form.
    pub held: Tables,
    /// Records of departments that may be one enterprise, which nobody has said yet, and those that were taken for one
    /// on other grounds than one valid tax code.
    pub pairs: Pairs,
    /// What programmes of other periods know.
    pub elsewhere: Elsewhere,
    /// The newest reports on quarters that a report on the whole year stands in place of, and their accepted rows.
    pub replaced: (Vec<Submission>, Tables),
}

/// Pairs of records by what decides whom they are about, each answered with yes, for a person to look at.
#[derive(Default, Clone)]
pub(crate) struct Pairs {
    pub asked: Vec<(Answer, Question)>,
    pub joined: Vec<(Answer, Question)>,
    /// The enterprises that they are about.
    pub about: BTreeSet<String>,
}

/// Support under programmes of other periods.
#[derive(Default, Clone)]
pub(crate) struct Elsewhere {
    /// The submissions that stand there.
    pub submissions: Vec<Submission>,
    /// Their support.
    pub cases: Vec<GrantLine>,
    enterprises: Vec<EnterpriseLine>,
}

/// Who reports: a department, and the unit where its units report by themselves.
type Reporter<'s> = (&'s str, Option<String>);

fn reporter<'s>(programme: &Programme, submission: &'s Submission) -> Option<Reporter<'s>> {
    let department = submission.department.as_deref()?;
    let by_unit = programme.department(department).is_some_and(|known| known.reports_by_unit);
    Some((department, submission.unit.as_deref().filter(|_| by_unit).map(fold)))
}

/// The newest submission of each reporter and period of a year, by the reporter.
fn newest<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> BTreeMap<Reporter<'s>, BTreeMap<Period, &'s Submission>> {
    let mut newest: BTreeMap<Reporter<'s>, BTreeMap<Period, &Submission>> = BTreeMap::new();
    for submission in submissions.iter().filter(|s| s.outcome != Outcome::Refused && s.set_aside.is_none()) {
        if let (Some(reporter), Some(period)) = (reporter(programme, submission), submission.period)
            && period.calendar_year() == year
        {
            newest.entry(reporter).or_default().insert(period, submission);
        }
    }
    newest
}

/// Which of a year's submissions stand: of each reporter its newest report on the whole year, or where there is none
/// the newest of each quarter.
pub(crate) fn stand<'s>(programme: &Programme, submissions: &'s [Submission], year: i32) -> Vec<&'s Submission> {
    let of_reporter = |periods: BTreeMap<Period, &'s Submission>| {
        let has_whole = periods.keys().any(|period| period.quarter_number().is_none());
        periods.into_iter().filter(move |(period, _)| !has_whole || period.quarter_number().is_none())
    };
    let mut standing: Vec<&Submission> = newest(programme, submissions, year)
        .into_values()
        .flat_map(of_reporter)
        .map(|(_, submission)| submission)
        .collect();
    standing.sort_by_key(|submission| submission.id);
    standing
}

/// The newest of each quarter where a report on the whole year stands in their place.
fn replaced<'s>(programme: &Programme, submissions: &'s [Submission], year: i32) -> Vec<&'s Submission> {
    let newest = newest(programme, submissions, year).into_values();
    let with_whole = newest.filter(|periods| periods.keys().any(|period| period.quarter_number().is_none()));
    with_whole
        .flatten()
        .filter(|(period, _)| period.quarter_number().is_some())
        .map(|(_, submission)| submission)
        .collect()
}

impl Standing {
    /// What stands for some years of the moment's programme.
    pub(crate) fn of_years(moment: &Moment<'_>, years: RangeInclusive<i32>) -> Result<Self, PipelineError> {
        let Moment { ledger, programme, others, as_of } = *moment;
        let all = ledger.submissions(as_of)?;
        let in_order = |of: fn(&Programme, &[Submission], i32) -> Vec<Submission>| {
            let mut found: Vec<Submission> = years.clone().flat_map(|year| of(programme, &all, year)).collect();
            found.sort_by_key(|submission| submission.id);
            found
        };
        let mut standing = Self {
            submissions: in_order(|programme, all, year| stand(programme, all, year).into_iter().cloned().collect()),
            elsewhere: Elsewhere::of(ledger, others, as_of)?,
            ..Self::default()
        };
        let replaced = in_order(|programme, all, year| replaced(programme, all, year).into_iter().cloned().collect());
        let mut replaced = (replaced, Tables::new());
        (standing.accepted, standing.held) = load(ledger, programme, &standing.submissions)?;
        (replaced.1, _) = load(ledger, programme, &replaced.0)?;
        standing.replaced = replaced;
        standing.settle(programme, &Answers::of(ledger.answers(as_of)?).of_enterprises())?;
        Ok(standing)
    }

    /// Says which enterprise each row is about, and keeps the newest of each case.
    fn settle(&mut self, programme: &Programme, answers: &[Answer]) -> Result<(), PipelineError> {
        self.know_enterprises(programme, answers)?;
        let reporters = self.reporters(programme);
        for form in programme.forms.values() {
            for tables in [&mut self.accepted, &mut self.replaced.1] {
                if let Some(frame) = tables.get(&form.code) {
                    let newest = newest_of_each_case(form, frame, &reporters)?;
                    tables.insert(form.code.clone(), newest);
                }
            }
        }
        Ok(())
    }

    /// Who reports, by the file.
    pub(crate) fn reporters(&self, programme: &Programme) -> BTreeMap<String, String> {
        let of = |submission: &Submission| {
            let (department, unit) = reporter(programme, submission)?;
            Some((submission.file.0.clone(), format!("{department}/{}", unit.unwrap_or_default())))
        };
        self.submissions.iter().chain(&self.replaced.0).filter_map(of).collect()
    }

    /// The same under the departments and codes of a day: what was merged or renamed by then stands under what took
    /// over.
    pub(crate) fn show_on(&mut self, programme: &Programme, day: NaiveDate) -> Result<(), PipelineError> {
        for (code, frame) in &mut self.accepted {
            let Some(form) = programme.form(code) else { continue };
            let lists = form.columns.iter().filter_map(|column| Some((column.name.as_str(), column.kind.list()?)));
            for (name, key) in lists.chain([("department", "department")]) {
                let shown = |text: &str| {
                    let codes = text.split(';').map(|code| programme.code_on(key, code, day));
                    codes.collect::<Vec<_>>().join(";")
                };
                let column = frame.column(name)?.str()?;
                let codes: Vec<Option<String>> = column.iter().map(|text| text.map(shown)).collect();
                frame.with_column(Column::new(name.into(), codes))?;
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
            elsewhere: self.elsewhere.clone(),
            ..Self::default()
        };
        if held_count {
            for (form, frame) in &self.held {
                tables::append(&mut supposed.accepted, form, frame)?;
            }
        }
        let asked = self.pairs.asked.iter().filter(|_| all_are_one).map(|(yes, _)| yes.clone());
        let said: Vec<Answer> = answers.iter().cloned().chain(asked).collect();
        supposed.settle(programme, &said)?;
        Ok(supposed)
    }

    /// What stands of it for some of its years.
    pub(crate) fn within(&self, years: RangeInclusive<i32>) -> PolarsResult<Self> {
        let of = |submissions: &[Submission]| -> Vec<Submission> {
            let is_in = |s: &&Submission| s.period.is_some_and(|period| years.contains(&period.calendar_year()));
            submissions.iter().filter(is_in).cloned().collect()
        };
        Ok(Self {
            submissions: of(&self.submissions),
            accepted: rows_in(&self.accepted, &years)?,
            held: rows_in(&self.held, &years)?,
            pairs: Pairs::default(),
            elsewhere: Elsewhere::default(),
            replaced: (of(&self.replaced.0), rows_in(&self.replaced.1, &years)?),
        })
    }

    /// The rows of some of its years.
    pub(crate) fn accepted_in(&self, years: RangeInclusive<i32>) -> PolarsResult<Tables> {
        rows_in(&self.accepted, &years)
    }

    /// What the rules find over all departments, and where a report on the whole year leaves out what a quarter held.
    pub(crate) fn across(&self, programme: &Programme) -> Result<Vec<Finding>, PipelineError> {
        let files = self.files();
        let mut findings = validate::judge(programme, Scope::Year, &self.accepted, &files)?;
        findings.extend(statement::against_quarters(programme, self, &files)?);
        Ok(findings)
    }

    /// The files of its submissions, and of those on quarters that a year's stands in place of.
    pub(crate) fn files(&self) -> BTreeMap<FileId, SourceFile> {
        let file = |s: &Submission| SourceFile { id: s.file.clone(), name: s.file_name.clone() };
        self.submissions.iter().chain(&self.replaced.0).map(|s| (s.file.clone(), file(s))).collect()
    }

    /// Says of every row that is about an enterprise which one it is, over all forms at once.
    pub(crate) fn know_enterprises(&mut self, programme: &Programme, answers: &[Answer]) -> Result<(), PipelineError> {
        let parties = || programme.forms.values().filter_map(|form| Some((form, form.party.as_ref()?)));
        let mut lines = Vec::new();
        for tables in [&self.accepted, &self.replaced.1] {
            for (form, party) in parties() {
                if let Some(frame) = tables.get(&form.code) {
                    lines.extend(EnterpriseLine::of_rows(party, frame)?);
                }
            }
        }
        let own = lines.len();
        lines.extend(self.elsewhere.enterprises.iter().cloned());
        let said: Vec<Said<'_>> = lines.iter().map(EnterpriseLine::said).collect();
        let identities = Matcher::new(&programme.linkage).identify(&said, answers);
        let print = |at: usize| said[at].party.fingerprint();
        // Which of another programme's enterprises are one is that programme's matter.
        let ours = |questions: &[Question]| -> Vec<(Answer, Question)> {
            let ours = questions.iter().filter(|question| question.left < own || question.right < own);
            let prints = |q: &Question| Answer { left: print(q.left), right: print(q.right), same: true };
            ours.map(|question| (prints(question), question.clone())).collect()
        };
        let (asked, joined) = (ours(&identities.questions), ours(&identities.joined));
        let sides = asked.iter().chain(&joined).flat_map(|(_, question)| [question.left, question.right]);
        let about = sides.map(|at| identities.known[identities.of[at]].enterprise.clone()).collect();
        self.pairs = Pairs { asked, joined, about };
        let mut of = identities.of.iter().map(|&at| &identities.known[at]);
        for tables in [&mut self.accepted, &mut self.replaced.1] {
            for (form, _) in parties() {
                let Some(frame) = tables.get_mut(&form.code) else { continue };
                let own: Vec<_> = of.by_ref().take(frame.height()).collect();
                let keys: Vec<&str> = own.iter().map(|i| i.name_key.as_str()).collect();
                let enterprises: Vec<&str> = own.iter().map(|i| i.enterprise.as_str()).collect();
                frame.with_column(Column::new("name_key".into(), keys))?;
                frame.with_column(Column::new("enterprise_id".into(), enterprises))?;
            }
        }
        Ok(())
    }

    /// The standing cases that are support. One that goes on over several years is one case, as it was reported last.
    pub(crate) fn grants(&self, programme: &Programme) -> Result<Vec<GrantLine>, PipelineError> {
        let files = self.files();
        let reporters = self.reporters(programme);
        let mut lines = Vec::new();
        for form in programme.forms.values().filter(|form| !form.own_workbook && form.grant.is_some()) {
            if let Some(frame) = self.accepted.get(&form.code) {
                lines.extend(grants(programme, form, &newest_of_each(form, frame, &reporters, |_| 0)?)?);
            }
        }
        for line in &mut lines {
            let name = files.get(&FileId(line.file.clone())).map(|file| file.name.clone());
            line.file = name.unwrap_or_default();
        }
        Ok(lines)
    }
}

impl Elsewhere {
    /// All support under some programmes, as it was known at a moment (RFC 3339, UTC; none: now).
    fn of(ledger: &Ledger, programmes: &[&Programme], as_of: Option<&str>) -> Result<Self, PipelineError> {
        let mut elsewhere = Self::default();
        for programme in programmes {
            let moment = Moment { ledger, programme, others: &[], as_of };
            let standing = Standing::of_years(&moment, programme.years())?;
            elsewhere.cases.extend(standing.grants(programme)?);
            elsewhere.submissions.extend(standing.submissions.iter().cloned());
            for form in programme.forms.values() {
                if let (Some(party), Some(frame)) = (&form.party, standing.accepted.get(&form.code)) {
                    elsewhere.enterprises.extend(EnterpriseLine::of_rows(party, frame)?);
                }
            }
        }
        Ok(elsewhere)
    }
}

/// The rows of some submissions by form, accepted and held, with the columns that the programme's forms have today.
fn load(ledger: &Ledger, programme: &Programme, submissions: &[Submission]) -> Result<(Tables, Tables), PipelineError> {
    let (mut accepted, mut waiting) = (Tables::new(), Tables::new());
    for submission in submissions {
        for form in ledger.form_rows(submission.id)?.keys() {
            let Some(known) = programme.form(form) else { continue };
            let frame = ledger.facts(submission.id, form)?;
            let held = frame.column("held")?.bool()?.clone();
            let rows = tables::conform(known, &frame)?;
            if held.any() {
                tables::append(&mut accepted, form, &rows.filter(&!&held)?)?;
                tables::append(&mut waiting, form, &rows.filter(&held)?)?;
            } else {
                tables::append(&mut accepted, form, &rows)?;
            }
        }
    }
    Ok((accepted, waiting))
}

/// The rows of some years.
fn rows_in(all: &Tables, years: &RangeInclusive<i32>) -> PolarsResult<Tables> {
    let mut tables = Tables::new();
    for (form, frame) in all {
        let periods = frame.column("period")?.str()?.iter();
        let year = |period: &str| period.parse::<Period>().map(Period::calendar_year);
        let mask: BooleanChunked =
            periods.map(|period| period.is_some_and(|p| year(p).is_ok_and(|year| years.contains(&year)))).collect();
        tables.insert(form.clone(), frame.filter(&mask)?);
    }
    Ok(tables)
}

/// A period as a number that grows with time: its last day.
pub(crate) fn when(period: Option<&str>) -> i32 {
    let last = period.and_then(|period| period.parse::<Period>().ok()).map(Period::last_day);
    last.map_or(i32::MAX, |day| day.num_days_from_ce())
}

/// Of one case that several periods of a reporter's year report, the newest row (forms, common rules: a row is
/// a case; quarters are year-to-date). Rows of one submission all stay, and so do rows without a key.
fn newest_of_each_case(
    form: &Form,
    frame: &DataFrame,
    reporters: &BTreeMap<String, String>,
) -> PolarsResult<DataFrame> {
    newest_of_each(form, frame, reporters, Period::calendar_year)
}

/// Of one case in one span of time the newest row; `span` says which one a period falls into.
fn newest_of_each(
    form: &Form,
    frame: &DataFrame,
    reporters: &BTreeMap<String, String>,
    span: fn(Period) -> i32,
) -> PolarsResult<DataFrame> {
    let periods = frame.column("period")?.str()?;
    let files = frame.column("file")?.str()?;
    let keys = case_keys(form, frame)?;
    let mut newest: BTreeMap<(&str, i32, &str), Period> = BTreeMap::new();
    let read: Vec<Option<(&str, Period, &str)>> = (0..frame.height())
        .map(|row| {
            let period: Period = periods.get(row)?.parse().ok()?;
            Some((reporters.get(files.get(row)?)?.as_str(), period, keys[row].as_deref()?))
        })
        .collect();
    for (reporter, period, key) in read.iter().flatten() {
        let known = newest.entry((reporter, span(*period), key)).or_insert(*period);
        *known = (*known).max(*period);
    }
    let mask: BooleanChunked = read
        .iter()
        .map(|row| row.is_none_or(|(reporter, period, key)| newest[&(reporter, span(period), key)] == period))
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
