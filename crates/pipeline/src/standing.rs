use crate::PipelineError;
use crate::answers::Answers;
use crate::case::{Origin, newest};
use crate::digest::{Digest, YearDigest};
use crate::known::Known;
use crate::sayings::{Places, Sayings};
use crate::statement;
use crate::texts::texts;
use crate::who::Who;
use chrono::{Datelike, NaiveDate};
use ledger::{Ledger, Outcome, Submission};
use link::Answer;
use model::{FileId, Finding, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use std::collections::BTreeMap;
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
    /// What programmes of other periods know.
    pub elsewhere: Elsewhere,
    /// The newest reports on quarters that a report on the whole year stands in place of, and their accepted rows.
    pub replaced: (Vec<Submission>, Tables),
}

/// What is known under programmes of other periods.
#[derive(Default, Clone)]
pub(crate) struct Elsewhere {
    /// The submissions that stand there.
    pub submissions: Vec<Submission>,
    /// What their rows say.
    pub digests: Vec<Digest>,
}

/// Who reports: a department, and the unit where its units report by themselves.
type Reporter<'s> = (&'s str, Option<String>);

fn reporter<'s>(programme: &Programme, submission: &'s Submission) -> Option<Reporter<'s>> {
    let department = submission.department.as_deref()?;
    let by_unit = programme.department(department).is_some_and(|known| known.reports_by_unit);
    Some((department, submission.unit.as_deref().filter(|_| by_unit).map(fold)))
}

/// The newest submission of each reporter and period of a year, by the reporter.
fn newest_of_periods<'s>(
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
    let mut standing: Vec<&Submission> = newest_of_periods(programme, submissions, year)
        .into_values()
        .flat_map(of_reporter)
        .map(|(_, submission)| submission)
        .collect();
    standing.sort_by_key(|submission| submission.id);
    standing
}

/// The newest of each quarter where a report on the whole year stands in their place.
fn replaced<'s>(programme: &Programme, submissions: &'s [Submission], year: i32) -> Vec<&'s Submission> {
    let newest = newest_of_periods(programme, submissions, year).into_values();
    let with_whole = newest.filter(|periods| periods.keys().any(|period| period.quarter_number().is_none()));
    with_whole
        .flatten()
        .filter(|(period, _)| period.quarter_number().is_some())
        .map(|(_, submission)| submission)
        .collect()
}

impl Standing {
    /// What stands for some years of the moment's programme, and what is known of its enterprises.
    pub(crate) fn of_years(moment: &Moment<'_>, years: RangeInclusive<i32>) -> Result<(Self, Known), PipelineError> {
        let Moment { ledger, programme, as_of, .. } = *moment;
        let all = ledger.submissions(as_of)?;
        let mut standing = Self::load(moment, &all, years)?;
        standing.elsewhere = Elsewhere::of(moment, &all)?;
        let (digest, places) = Digest::of(programme, &standing)?;
        let answers = Answers::of(ledger.answers(as_of)?).of_enterprises();
        let known = Known::of(programme, vec![digest], standing.elsewhere.digests.clone(), &answers)?;
        standing.settle(programme, &known.who, &places, 0)?;
        Ok((standing, known))
    }

    /// The rows that stand for some years, of all submissions of the moment: whom they are about is not known yet.
    pub(crate) fn load(
        moment: &Moment<'_>,
        all: &[Submission],
        years: RangeInclusive<i32>,
    ) -> Result<Self, PipelineError> {
        let Moment { ledger, programme, .. } = *moment;
        let (submissions, replaced) = submissions_of(programme, all, years);
        let (accepted, held) = load(ledger, programme, &submissions)?;
        let (of_quarters, _) = load(ledger, programme, &replaced)?;
        Ok(Self { submissions, accepted, held, replaced: (replaced, of_quarters), ..Self::default() })
    }

    /// What its rows say of enterprises, with the places of what each says: of the rows that count, and of those of
    /// quarters that a year stands in place of.
    pub(crate) fn sayings(&self, programme: &Programme) -> Result<(Sayings, [Places; 2]), PipelineError> {
        Sayings::among(programme, [&self.accepted, &self.replaced.1])
    }

    /// Says which enterprise each row is about, and keeps the newest of each case. `places` are where what the rows say
    /// stands among our sayings, counted from `first`.
    pub(crate) fn settle(
        &mut self,
        programme: &Programme,
        who: &Who,
        places: &[Places; 2],
        first: usize,
    ) -> Result<(), PipelineError> {
        who.label(&mut self.accepted, &places[0], first)?;
        who.label(&mut self.replaced.1, &places[1], first)?;
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

    /// Where its rows come from, by the file.
    pub(crate) fn origins(&self, programme: &Programme) -> BTreeMap<String, Origin> {
        let reporters = self.reporters(programme);
        let origin = |submission: &Submission| Origin {
            file_name: submission.file_name.clone(),
            reporter: reporters.get(&submission.file.0).map(|reporter| format!("{}/{reporter}", programme.id)),
            ..Origin::default()
        };
        self.submissions.iter().map(|submission| (submission.file.0.clone(), origin(submission))).collect()
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

    /// What would stand if held rows were mended as they are read, and these answers given.
    pub(crate) fn supposing(
        &self,
        programme: &Programme,
        answers: &[Answer],
        held_count: bool,
    ) -> Result<Self, PipelineError> {
        let (submissions, accepted) = (self.submissions.clone(), self.accepted.clone());
        let mut supposed = Self { submissions, accepted, ..Self::default() };
        if held_count {
            for (form, frame) in &self.held {
                tables::append(&mut supposed.accepted, form, frame)?;
            }
        }
        let (sayings, places) = supposed.sayings(programme)?;
        let others = Sayings::all(self.elsewhere.digests.iter().map(|digest| &digest.sayings))?;
        supposed.settle(programme, &Who::of(programme, &sayings, &others, answers)?, &places, 0)?;
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
}

impl Elsewhere {
    /// What is known under the programmes of other periods, among all submissions of a moment.
    pub(crate) fn of(moment: &Moment<'_>, all: &[Submission]) -> Result<Self, PipelineError> {
        let mut elsewhere = Self::default();
        for programme in moment.others {
            let (submissions, _) = submissions_of(programme, all, programme.years());
            elsewhere.submissions.extend(submissions);
            let moment = Moment { programme, others: &[], ..*moment };
            for year in programme.years() {
                elsewhere.digests.extend(YearDigest::of(&moment, all, year, false)?.map(|found| found.digest));
            }
        }
        Ok(elsewhere)
    }
}

/// The submissions that stand for some years, and those on quarters that a year's stands in place of; in the order they
/// were taken in.
pub(crate) fn submissions_of(
    programme: &Programme,
    all: &[Submission],
    years: RangeInclusive<i32>,
) -> (Vec<Submission>, Vec<Submission>) {
    let in_order = |mut found: Vec<&Submission>| {
        found.sort_by_key(|submission| submission.id);
        found.into_iter().cloned().collect()
    };
    let stands = years.clone().flat_map(|year| stand(programme, all, year)).collect();
    let replaced = years.flat_map(|year| replaced(programme, all, year)).collect();
    (in_order(stands), in_order(replaced))
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
    let (periods, files) = (texts(frame, "period")?, texts(frame, "file")?);
    let keys = case_keys(form, frame)?;
    let mask: BooleanChunked = newest((0..frame.height()).map(|row| {
        let period: Period = periods.get(row)?.parse().ok()?;
        let reporter = reporters.get(files.get(row)?)?.as_str();
        Some(((reporter, period.calendar_year(), keys[row].as_deref()?), period))
    }))
    .into_iter()
    .collect();
    frame.filter(&mask)
}

/// What tells one case from another, row by row; nothing where a part of it is missing.
pub(crate) fn case_keys(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<Option<String>>> {
    let mut keys: Vec<Option<String>> = vec![Some(String::new()); frame.height()];
    for part in &form.key {
        let alternatives: Vec<KeyColumn> =
            part.split('|').map(|name| KeyColumn::of(form, frame, name)).collect::<PolarsResult<_>>()?;
        for (row, slot) in keys.iter_mut().enumerate() {
            let Some(key) = slot else { continue };
            let mut values = alternatives.iter().map(|column| column.get(row)).enumerate();
            match values.find_map(|(at, value)| Some((at, value?))) {
                Some((at, value)) => {
                    key.push('\u{1f}');
                    key.push_str(&at.to_string());
                    key.push(':');
                    key.push_str(value);
                }
                None => *slot = None,
            }
        }
    }
    Ok(keys)
}

/// A column that cases are told apart by, as it is compared.
struct KeyColumn {
    texts: StringChunked,
    /// What is compared instead of each text that is written freely: many rows write the same.
    folded: foldhash::HashMap<String, String>,
}

impl KeyColumn {
    fn of(form: &Form, frame: &DataFrame, name: &str) -> PolarsResult<Self> {
        let is_party = form.party.as_ref().is_some_and(|party| party.name == name);
        let texts = texts(frame, if is_party { "enterprise_id" } else { name })?;
        let mut folded: foldhash::HashMap<String, String> = Default::default();
        if !is_party && form.column(name).is_some_and(|column| column.kind == ColumnType::Text) {
            for text in texts.iter().flatten() {
                if !folded.contains_key(text) {
                    folded.insert(text.to_owned(), fold(text));
                }
            }
        }
        Ok(Self { texts, folded })
    }

    /// The value at a row; nothing where there is none.
    fn get(&self, row: usize) -> Option<&str> {
        let text = self.texts.get(row)?;
        Some(self.folded.get(text).map_or(text, String::as_str)).filter(|value| !value.is_empty())
    }
}
