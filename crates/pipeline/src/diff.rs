//! What changed: in the figures of a year between two days, and between two versions of a submission.

use crate::annual::gather;
use crate::case_key::case_keys;
use crate::report_job::{Variant, Which};
use crate::standing::Standing;
use crate::stands::stand;
use crate::texts::texts;
use crate::who::Who;
use crate::{PipelineError, Workspace};
use aggregate::{Contribution, Figures};
use chrono::{DateTime, SecondsFormat, Utc};
use ledger::{Ledger, Outcome, Submission};
use link::Matcher;
use model::FileId;
use polars::prelude::*;
use programme::tables;
use programme::{Form, Programme};
use report::{AnnualReport, RecordOrigin};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why a value came into a figure or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A newer workbook of the same department and period stands.
    Correction,
    /// The workbook came after the deadline.
    Late,
    /// The workbook came in between.
    New,
    /// An officer set the workbook aside, or took it back.
    SetAside,
    /// A person answered a question.
    Answer,
    /// The programme's rules, lists or indicators are others.
    Rule,
    /// The workbook is the same, and what it is compared with is not: other workbooks or registers.
    Others,
}

impl Cause {
    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Late => "late",
            Self::New => "new",
            Self::SetAside => "set_aside",
            Self::Answer => "answer",
            Self::Rule => "rule",
            Self::Others => "others",
        }
    }
}

/// A value that came into a figure, or left it.
#[derive(Debug, Clone, Serialize)]
pub struct ValueChange {
    /// Whether it came in.
    pub is_added: bool,
    /// The value: an amount, or what counts once.
    pub value: String,
    /// The department.
    pub department: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// Why.
    pub cause: Cause,
}

/// A figure that changed.
#[derive(Debug, Clone, Serialize)]
pub struct FigureChange {
    /// Its stable id.
    pub figure: String,
    /// What it is called.
    pub title: String,
    /// What it was.
    pub before: i64,
    /// What it is.
    pub after: i64,
    /// The values that made the difference; of a figure that adds others up, theirs.
    pub values: Vec<ValueChange>,
}

/// What changed in the figures of a year between two moments.
#[derive(Debug, Serialize)]
pub struct FiguresDiff {
    /// The year.
    pub year: i32,
    /// The earlier moment, RFC 3339 in UTC.
    pub from: String,
    /// The later moment.
    pub to: String,
    /// The figures that changed, by id.
    pub figures: Vec<FigureChange>,
}

/// The figures of a year that changed between two moments, each with the cells and causes behind it. Without a later
/// moment: now.
///
/// # Errors
/// When the year is outside the programme, or nothing has come in.
pub fn diff_figures(
    workspace: &Workspace,
    year: i32,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<FiguresDiff, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let text = |moment: DateTime<Utc>| moment.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (from, to) = (text(from), to.map_or(last_run, text));
    let on = |as_of: &str| Which::on(workspace, &ledger, year, Variant::default(), as_of);
    let [before, after] = [on(&from)?, on(&to)?];
    let offset = workspace.settings.utc_offset;
    let reports = [
        gather(&ledger, &before, offset)?,
        gather(&ledger, &after, offset)?,
    ];
    let figures = changes(&ledger, [&reports[0], &reports[1]], [&from, &to])?;
    Ok(FiguresDiff {
        year,
        from,
        to,
        figures,
    })
}

/// The figures that differ between two reports of one year, as known at two moments (RFC 3339, UTC).
pub(crate) fn changes(
    ledger: &Ledger,
    reports: [&AnnualReport<'_>; 2],
    moments: [&str; 2],
) -> Result<Vec<FigureChange>, PipelineError> {
    let [before, after] = reports;
    let known = |at: usize| ledger.submissions(Some(moments[at]));
    let between = Between {
        programme: after.programme,
        standing: [known(0)?, known(1)?],
        has_answers: ledger.answers(Some(moments[0]))? != ledger.answers(Some(moments[1]))?,
        has_rules: before.programme.hash != after.programme.hash,
        deadline: after.programme.deadline.in_year(after.year),
        offset: *after.as_of.offset(),
        year: after.year,
    };
    Ok(between.changes(reports))
}

/// What happened between two moments.
struct Between<'a> {
    programme: &'a Programme,
    /// The submissions known at both.
    standing: [Vec<Submission>; 2],
    has_answers: bool,
    has_rules: bool,
    deadline: chrono::NaiveDate,
    offset: chrono::FixedOffset,
    year: i32,
}

/// A figure with all its keys, and what counts in it.
type Narrow<'a> = BTreeMap<String, Vec<&'a Contribution>>;

impl Between<'_> {
    fn changes(&self, reports: [&AnnualReport<'_>; 2]) -> Vec<FigureChange> {
        let figures = reports.map(by_name);
        let names: BTreeSet<&String> = figures.iter().flat_map(BTreeMap::keys).collect();
        let mut changes = Vec::new();
        for name in names {
            let sides = figures.each_ref().map(|figures| figures.get(name).copied());
            let values = sides.map(|figures| {
                let all = figures.map(Figures::all).unwrap_or_default();
                all.into_iter()
                    .map(|figure| (figure.id, figure.value))
                    .collect::<BTreeMap<String, i64>>()
            });
            let narrow = sides.map(|figures| figures.map(narrowest).unwrap_or_default());
            let indicator = sides[1]
                .or(sides[0])
                .and_then(|f| reports[1].programme.indicator(&f.indicator));
            let ids: BTreeSet<&String> = values.iter().flat_map(BTreeMap::keys).collect();
            for id in ids {
                let [before, after] = values
                    .each_ref()
                    .map(|values| values.get(id).copied().unwrap_or_default());
                if before != after {
                    changes.push(FigureChange {
                        figure: id.clone(),
                        title: indicator
                            .map_or_else(String::new, |indicator| indicator.title.vi.clone()),
                        before,
                        after,
                        values: self.values(id, &narrow, reports),
                    });
                }
            }
        }
        changes
    }

    /// The values of the narrowest figures below one that are on one side only: those equal on both say nothing.
    fn values(
        &self,
        id: &str,
        narrow: &[Narrow<'_>; 2],
        reports: [&AnnualReport<'_>; 2],
    ) -> Vec<ValueChange> {
        let is_below = |narrow: &str| {
            id.split('/')
                .all(|part| narrow.split('/').any(|other| other == part))
        };
        let ids: BTreeSet<&String> = narrow
            .iter()
            .flat_map(BTreeMap::keys)
            .filter(|narrow| is_below(narrow))
            .collect();
        let mut changes = Vec::new();
        for id in ids {
            let [mut gone, mut come] = narrow
                .each_ref()
                .map(|all| all.get(id).cloned().unwrap_or_default());
            come.retain(
                |new| match gone.iter().position(|old| old.value == new.value) {
                    Some(same) => {
                        gone.remove(same);
                        false
                    }
                    None => true,
                },
            );
            for (side, is_added, values) in [(0, false, gone), (1, true, come)] {
                changes.extend(values.into_iter().filter_map(|contribution| {
                    let origin = reports[side].origins.get(&contribution.record)?;
                    Some(ValueChange {
                        is_added,
                        value: contribution.value.clone(),
                        department: origin.department.clone(),
                        file: origin.file_name.clone(),
                        sheet: origin.sheet.clone(),
                        cell: origin.cell(&contribution.field),
                        cause: self.cause(origin, is_added),
                    })
                }));
            }
        }
        changes
    }

    /// Why a value of a file is on one side only.
    fn cause(&self, origin: &RecordOrigin, is_added: bool) -> Cause {
        let known = |side: usize| self.standing[side].iter().find(|s| s.file.0 == origin.file);
        let stands = |side: usize| {
            stand(self.programme, &self.standing[side], self.year)
                .iter()
                .any(|s| s.file.0 == origin.file)
        };
        let of = known(1).or_else(|| known(0));
        if stands(0) && stands(1) {
            return match () {
                () if self.has_rules => Cause::Rule,
                () if self.has_answers => Cause::Answer,
                () => Cause::Others,
            };
        }
        if known(0).is_some_and(|s| s.set_aside.is_some())
            != known(1).is_some_and(|s| s.set_aside.is_some())
        {
            return Cause::SetAside;
        }
        let of_the_same = |other: &&Submission| {
            of.is_some_and(|of| {
                other.file != of.file
                    && other.department == of.department
                    && other.period == of.period
            })
        };
        let replaced = self.standing[if is_added { 0 } else { 1 }]
            .iter()
            .find(of_the_same);
        let day = |s: &Submission| {
            DateTime::parse_from_rfc3339(&s.at).map(|at| at.with_timezone(&self.offset))
        };
        match of {
            _ if replaced.is_some_and(|s| s.outcome != Outcome::Refused) => Cause::Correction,
            Some(of) if day(of).is_ok_and(|at| at.date_naive() >= self.deadline) => Cause::Late,
            _ => Cause::New,
        }
    }
}

/// The figures of a report, by indicator and years, each once.
fn by_name<'a>(report: &'a AnnualReport<'_>) -> BTreeMap<String, &'a Figures> {
    let all = report
        .targets
        .iter()
        .map(|target| &target.figures)
        .chain(report.figures.values());
    all.map(|figures| (figures.id(&BTreeMap::new()), figures))
        .collect()
}

fn narrowest(figures: &Figures) -> Narrow<'_> {
    let mut narrow: Narrow<'_> = BTreeMap::new();
    for contribution in &figures.contributions {
        let keys = figures
            .by
            .iter()
            .cloned()
            .zip(contribution.keys.iter().cloned())
            .collect();
        narrow
            .entry(figures.id(&keys))
            .or_default()
            .push(contribution);
    }
    narrow
}

/// A case that is not the same in two versions of a submission.
#[derive(Debug, Clone, Serialize)]
pub struct CaseChange {
    /// The form's code.
    pub form: String,
    /// What the row is about.
    pub subject: String,
    /// `added`, `removed` or `changed`.
    pub change: &'static str,
    /// The row in the earlier version, from 1.
    pub row_before: Option<i64>,
    /// The row in the later version.
    pub row_after: Option<i64>,
    /// The columns whose values changed: name, before, after; all that are filled of a case that came or went.
    pub columns: Vec<(String, Option<String>, Option<String>)>,
}

/// What changed between two versions of a submission.
#[derive(Debug, Serialize)]
pub struct VersionsDiff {
    /// The earlier file, and when it was taken in.
    pub before: (String, String),
    /// The later file.
    pub after: (String, String),
    /// Cases that are the same in both.
    pub same: usize,
    /// The others, by form.
    pub cases: Vec<CaseChange>,
}

/// The cases that differ between two versions of a submission, found by what makes a case the same one (forms: key),
/// wherever its row stands. Each file is named by its name or the first digits of its hash.
///
/// # Errors
/// When no file, or more than one content, is so called.
pub fn diff_versions(
    workspace: &Workspace,
    before: &str,
    after: &str,
) -> Result<VersionsDiff, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let all = ledger.submissions(None)?;
    let [before, after] = [find(&all, before)?, find(&all, after)?];
    let programme = &workspace.kept_as(&ledger, &after.programme_hash)?.programme;
    let mut standing = Standing::default();
    for submission in [before, after]
        .into_iter()
        .filter(|s| s.outcome != Outcome::Refused)
    {
        for form in ledger.form_rows(submission.id)?.keys() {
            if let Some(known) = programme.form(form) {
                let rows = tables::conform(known, &ledger.facts(submission.id, form)?)?;
                tables::append(&mut standing.accepted, form, &rows)?;
            }
        }
    }
    let (sayings, places) = standing.sayings(programme)?;
    let own = sayings.len();
    let who = Who::of(
        &Arc::new(Matcher::new(&programme.linkage)),
        sayings,
        own,
        &[],
    );
    who.label(&mut standing.accepted, &places[0], 0)?;
    let mut diff = VersionsDiff {
        before: (before.file_name.clone(), before.at.clone()),
        after: (after.file_name.clone(), after.at.clone()),
        same: 0,
        cases: Vec::new(),
    };
    for (code, frame) in &standing.accepted {
        if let Some(form) = programme.form(code) {
            cases(
                programme,
                form,
                frame,
                [&before.file, &after.file],
                &mut diff,
            )?;
        }
    }
    Ok(diff)
}

/// The newest submission of that name, or of a content that begins so.
fn find<'a>(all: &'a [Submission], wanted: &str) -> Result<&'a Submission, PipelineError> {
    let is_so_called = |s: &&Submission| {
        s.file_name == wanted || (wanted.len() >= 8 && s.file.0.starts_with(wanted))
    };
    let contents: BTreeSet<&FileId> = all.iter().filter(is_so_called).map(|s| &s.file).collect();
    match all.iter().rev().find(is_so_called) {
        Some(found) if contents.len() == 1 => Ok(found),
        _ => Err(PipelineError::WhichFile {
            file: wanted.to_owned(),
            found: all
                .iter()
                .filter(is_so_called)
                .map(|s| format!("{} ({})", s.file_name, s.file.short()))
                .collect(),
        }),
    }
}

fn cases(
    programme: &Programme,
    form: &Form,
    frame: &DataFrame,
    files: [&FileId; 2],
    diff: &mut VersionsDiff,
) -> Result<(), PipelineError> {
    let keys = case_keys(form, frame)?;
    let of = texts(frame, "file")?;
    let rows = frame.column("row")?.i64()?;
    let columns: Vec<(&str, StringChunked)> = form
        .columns
        .iter()
        .map(|column| Ok((column.name.as_str(), texts(frame, &column.name)?)))
        .collect::<PolarsResult<_>>()?;
    let value = |values: &StringChunked, at: usize| values.get(at).map(str::to_owned);
    let values = |at: usize| {
        columns
            .iter()
            .map(move |(name, values)| ((*name).to_owned(), value(values, at)))
    };
    // Of cases with one key the first stands for the first, the second for the second; those without a key are found
    // by all that they say.
    let key = |at: usize| {
        keys[at]
            .clone()
            .unwrap_or_else(|| format!("{:?}", values(at).collect::<Vec<_>>()))
    };
    let side = |file: &FileId| {
        (0..frame.height())
            .filter(|&at| of.get(at) == Some(&*file.0))
            .collect::<Vec<_>>()
    };
    let [before, after] = files.map(side);
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in before.into_iter().rev() {
        waiting.entry(key(at)).or_default().push(at);
    }
    let subject = |at: usize| {
        let named = form
            .party
            .as_ref()
            .map(|party| party.name.as_str())
            .or(form.key.first().map(String::as_str));
        let column = columns
            .iter()
            .find(|(name, _)| Some(*name) == named)
            .or(columns.first());
        let text = column
            .and_then(|(_, values)| value(values, at))
            .unwrap_or_default();
        let list = named.and_then(|name| form.column(name)?.kind.list());
        list.map_or_else(
            || text.clone(),
            |list| format!("{text} {}", programme.title_of(list, &text, "vi")),
        )
    };
    let mut found = Vec::new();
    for at in after {
        let was = waiting.get_mut(&key(at)).and_then(Vec::pop);
        let changed: Vec<(String, Option<String>, Option<String>)> = match was {
            Some(was) => values(was)
                .zip(values(at))
                .filter(|(a, b)| a != b)
                .map(|(a, b)| (a.0, a.1, b.1))
                .collect(),
            None => values(at)
                .filter(|(_, value)| value.is_some())
                .map(|(name, value)| (name, None, value))
                .collect(),
        };
        if was.is_some() && changed.is_empty() {
            diff.same += 1;
            continue;
        }
        found.push(CaseChange {
            form: form.code.clone(),
            subject: subject(at),
            change: if was.is_some() { "changed" } else { "added" },
            row_before: was.and_then(|was| rows.get(was)),
            row_after: rows.get(at),
            columns: changed,
        });
    }
    let mut gone: Vec<usize> = waiting.into_values().flatten().collect();
    gone.sort_unstable();
    found.extend(gone.into_iter().map(|at| {
        CaseChange {
            form: form.code.clone(),
            subject: subject(at),
            change: "removed",
            row_before: rows.get(at),
            row_after: None,
            columns: values(at)
                .filter(|(_, value)| value.is_some())
                .map(|(name, value)| (name, value, None))
                .collect(),
        }
    }));
    diff.cases.extend(found);
    Ok(())
}
