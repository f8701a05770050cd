use crate::PipelineError;
use crate::answers::Answers;
use crate::case::{Origin, year};
use crate::case_key::case_keys;
use crate::digest::{Digest, YearDigest};
use crate::known::Known;
use crate::newest::newest;
use crate::sayings::{Places, Sayings};
use crate::stands::{reporter, submissions_of};
use crate::statement;
use crate::texts::texts;
use crate::who::Who;
use chrono::NaiveDate;
use ledger::{Ledger, Submission};
use link::{Constraint, Matcher};
use model::{FileId, Finding, Period};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Programme, Scope};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use validate::SourceFile;

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

impl Standing {
    /// What stands for some years of the moment's programme, and what is known of its enterprises.
    pub(crate) fn of_years(
        moment: &Moment<'_>,
        years: RangeInclusive<i32>,
    ) -> Result<(Self, Known), PipelineError> {
        let Moment {
            ledger,
            programme,
            as_of,
            ..
        } = *moment;
        let all = ledger.submissions(as_of)?;
        let mut standing = Self::load(moment, &all, years)?;
        standing.elsewhere = Elsewhere::of(moment, &all)?;
        let (digest, places) = Digest::of(programme, &standing)?;
        let answers = Answers::of(ledger.answers(as_of)?).of_enterprises();
        let matcher = Arc::new(Matcher::new(&programme.linkage));
        let others: Vec<&Digest> = standing.elsewhere.digests.iter().collect();
        let known = Known::of(&matcher, &[&digest], &others, &answers)?;
        standing.settle(programme, &known.who, &places, 0)?;
        Ok((standing, known))
    }

    /// The rows that stand for some years, of all submissions of the moment: whom they are about is not known yet.
    pub(crate) fn load(
        moment: &Moment<'_>,
        all: &[Submission],
        years: RangeInclusive<i32>,
    ) -> Result<Self, PipelineError> {
        let Moment {
            ledger, programme, ..
        } = *moment;
        let (submissions, replaced) = submissions_of(programme, all, years);
        let (accepted, held) = load(ledger, programme, &submissions)?;
        let (of_quarters, _) = load(ledger, programme, &replaced)?;
        Ok(Self {
            submissions,
            accepted,
            held,
            replaced: (replaced, of_quarters),
            ..Self::default()
        })
    }

    /// What its rows say of enterprises, with the places of what each says: of the rows that count, and of those of
    /// quarters that a year stands in place of.
    pub(crate) fn sayings(
        &self,
        programme: &Programme,
    ) -> Result<(Sayings, [Places; 2]), PipelineError> {
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
            Some((
                submission.file.0.clone(),
                format!("{department}/{}", unit.unwrap_or_default()),
            ))
        };
        self.submissions
            .iter()
            .chain(&self.replaced.0)
            .filter_map(of)
            .collect()
    }

    /// Where its rows come from, by the file.
    pub(crate) fn origins(&self, programme: &Programme) -> BTreeMap<String, Origin> {
        let reporters = self.reporters(programme);
        let origin = |submission: &Submission| Origin {
            file_name: submission.file_name.clone(),
            reporter: reporters
                .get(&submission.file.0)
                .map(|reporter| format!("{}/{reporter}", programme.id)),
            ..Origin::default()
        };
        self.submissions
            .iter()
            .map(|submission| (submission.file.0.clone(), origin(submission)))
            .collect()
    }

    /// The same under the departments and codes of a day: what was merged or renamed by then stands under what took
    /// over.
    pub(crate) fn show_on(
        &mut self,
        programme: &Programme,
        day: NaiveDate,
    ) -> Result<(), PipelineError> {
        for (code, frame) in &mut self.accepted {
            let Some(form) = programme.form(code) else {
                continue;
            };
            let lists = form
                .columns
                .iter()
                .filter_map(|column| Some((column.name.as_str(), column.kind.list()?)));
            for (name, key) in lists.chain([("department", "department")]) {
                let shown = |text: &str| {
                    let codes = text
                        .split(';')
                        .map(|code| programme.code_on(key, code, day));
                    codes.collect::<Vec<_>>().join(";")
                };
                let column = frame.column(name)?.str()?;
                let codes: Vec<Option<String>> =
                    column.iter().map(|text| text.map(shown)).collect();
                frame.with_column(Column::new(name.into(), codes))?;
            }
        }
        Ok(())
    }

    /// What would stand if held rows were mended as they are read, and these answers given.
    pub(crate) fn supposing(
        &self,
        programme: &Programme,
        matcher: &Arc<Matcher>,
        answers: &[Constraint],
        held_count: bool,
    ) -> Result<Self, PipelineError> {
        let (submissions, accepted) = (self.submissions.clone(), self.accepted.clone());
        let mut supposed = Self {
            submissions,
            accepted,
            ..Self::default()
        };
        if held_count {
            for (form, frame) in &self.held {
                tables::append(&mut supposed.accepted, form, frame)?;
            }
        }
        let (sayings, places) = supposed.sayings(programme)?;
        let others = self.elsewhere.digests.iter().map(|digest| &digest.sayings);
        let all = Sayings::all(std::iter::once(&sayings).chain(others))?;
        supposed.settle(
            programme,
            &Who::of(matcher, all, sayings.len(), answers),
            &places,
            0,
        )?;
        Ok(supposed)
    }

    /// What stands of it for some of its years.
    pub(crate) fn within(&self, years: RangeInclusive<i32>) -> PolarsResult<Self> {
        let of = |submissions: &[Submission]| -> Vec<Submission> {
            let is_in = |s: &&Submission| {
                s.period
                    .is_some_and(|period| years.contains(&period.calendar_year()))
            };
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
        let mut findings = validate::apply_rules(programme, Scope::Year, &self.accepted, &files)?;
        findings.extend(statement::against_quarters(programme, self, &files)?);
        Ok(findings)
    }

    /// The files of its submissions, and of those on quarters that a year's stands in place of.
    pub(crate) fn files(&self) -> BTreeMap<FileId, SourceFile> {
        let file = |s: &Submission| SourceFile {
            id: s.file.clone(),
            name: s.file_name.clone(),
        };
        self.submissions
            .iter()
            .chain(&self.replaced.0)
            .map(|s| (s.file.clone(), file(s)))
            .collect()
    }
}

impl Elsewhere {
    /// What is known under the programmes of other periods, among all submissions of a moment.
    pub(crate) fn of(moment: &Moment<'_>, all: &[Submission]) -> Result<Self, PipelineError> {
        let mut elsewhere = Self::default();
        for programme in moment.others {
            let (submissions, _) = submissions_of(programme, all, programme.years());
            elsewhere.submissions.extend(submissions);
            let moment = Moment {
                programme,
                others: &[],
                ..*moment
            };
            for year in programme.years() {
                elsewhere
                    .digests
                    .extend(YearDigest::of(&moment, all, year, false)?.map(|found| found.digest));
            }
        }
        Ok(elsewhere)
    }
}

/// The rows of some submissions by form, accepted and held, with the columns that the programme's forms have today.
fn load(
    ledger: &Ledger,
    programme: &Programme,
    submissions: &[Submission],
) -> Result<(Tables, Tables), PipelineError> {
    let (mut accepted, mut waiting) = (Tables::new(), Tables::new());
    for submission in submissions {
        for form in ledger.form_rows(submission.id)?.keys() {
            let Some(known) = programme.form(form) else {
                continue;
            };
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
        let mask: BooleanChunked = periods
            .map(|period| {
                period
                    .and_then(year)
                    .is_some_and(|year| years.contains(&year))
            })
            .collect();
        tables.insert(form.clone(), frame.filter(&mask)?);
    }
    Ok(tables)
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
        Some((
            (reporter, period.calendar_year(), keys[row].as_deref()?),
            period,
        ))
    }))
    .into_iter()
    .collect();
    frame.filter(&mask)
}
