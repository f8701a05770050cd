//! Which submissions count.

use ledger::{Outcome, Submission};
use model::Period;
use programme::Programme;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use vietext::fold;

/// Who reports: a department, and the unit if its units report by themselves.
pub(crate) type Reporter<'s> = (&'s str, Option<String>);

/// Who reports in a submission; nobody if its department is not known.
pub(crate) fn reporter<'s>(
    programme: &Programme,
    submission: &'s Submission,
) -> Option<Reporter<'s>> {
    let department = submission.department.as_deref()?;
    let by_unit = programme
        .department(department)
        .is_some_and(|known| known.reports_by_unit);
    let unit = submission.unit.as_deref().filter(|_| by_unit).map(fold);
    Some((department, unit))
}

/// The submissions that count for some years, and those that they supersede.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EffectiveSubmissions {
    /// Those that count, in the order they were taken in.
    pub effective: Vec<Submission>,
    /// The newest report of each quarter that a report on the whole year supersedes, in the same order: they do not
    /// count, and are compared with the year's.
    pub superseded_quarters: Vec<Submission>,
}

impl EffectiveSubmissions {
    /// Among all submissions that are known at a moment, those of some years.
    pub(crate) fn among(
        programme: &Programme,
        all: &[Submission],
        years: RangeInclusive<i32>,
    ) -> Self {
        let in_order = |mut found: Vec<&Submission>| {
            found.sort_by_key(|submission| submission.id);
            found.into_iter().cloned().collect()
        };
        let effective = |year| effective(programme, all, year);
        let superseded = |year| superseded_quarters(programme, all, year);
        Self {
            effective: in_order(years.clone().flat_map(effective).collect()),
            superseded_quarters: in_order(years.flat_map(superseded).collect()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.effective.is_empty() && self.superseded_quarters.is_empty()
    }
}

/// Which of a year's submissions count: of each reporter its newest report on the whole year, or if there is none the
/// newest of each quarter (forms, common rules). In the order they were taken in.
pub(crate) fn effective<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> Vec<&'s Submission> {
    let mut effective = Vec::new();
    for periods in newest_by_period(programme, submissions, year).into_values() {
        let has_year = has_whole_year(&periods);
        let counts = |period: &Period| !has_year || period.is_whole_year();
        let counting = periods.into_iter().filter(|(period, _)| counts(period));
        effective.extend(counting.map(|(_, submission)| submission));
    }
    effective.sort_by_key(|submission| submission.id);
    effective
}

/// The newest report of each quarter if a report on the whole year supersedes them.
fn superseded_quarters<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> Vec<&'s Submission> {
    newest_by_period(programme, submissions, year)
        .into_values()
        .filter(has_whole_year)
        .flatten()
        .filter(|(period, _)| !period.is_whole_year())
        .map(|(_, submission)| submission)
        .collect()
}

/// The newest submission of each reporter and period of a year. One that was refused or set aside by an officer
/// neither counts nor supersedes.
fn newest_by_period<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> BTreeMap<Reporter<'s>, BTreeMap<Period, &'s Submission>> {
    let mut newest: BTreeMap<Reporter<'s>, BTreeMap<Period, &Submission>> = BTreeMap::new();
    for submission in submissions.iter().filter(|s| may_count(s)) {
        if let (Some(reporter), Some(period)) = (reporter(programme, submission), submission.period)
            && period.calendar_year() == year
        {
            newest
                .entry(reporter)
                .or_default()
                .insert(period, submission);
        }
    }
    newest
}

/// Whether a submission can count at all: it was neither refused nor set aside.
pub(crate) fn may_count(submission: &Submission) -> bool {
    submission.outcome != Outcome::Refused && submission.set_aside.is_none()
}

fn has_whole_year(periods: &BTreeMap<Period, &Submission>) -> bool {
    periods.keys().any(|period| period.is_whole_year())
}
