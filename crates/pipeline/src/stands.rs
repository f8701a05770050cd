//! Which submissions stand.

use ledger::{Outcome, Submission};
use model::Period;
use programme::Programme;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use vietext::fold;

/// Who reports: a department, and the unit where its units report by themselves.
pub(crate) type Reporter<'s> = (&'s str, Option<String>);

pub(crate) fn reporter<'s>(
    programme: &Programme,
    submission: &'s Submission,
) -> Option<Reporter<'s>> {
    let department = submission.department.as_deref()?;
    let by_unit = programme
        .department(department)
        .is_some_and(|known| known.reports_by_unit);
    Some((
        department,
        submission.unit.as_deref().filter(|_| by_unit).map(fold),
    ))
}

/// The newest submission of each reporter and period of a year, by the reporter.
fn newest_of_periods<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> BTreeMap<Reporter<'s>, BTreeMap<Period, &'s Submission>> {
    let mut newest: BTreeMap<Reporter<'s>, BTreeMap<Period, &Submission>> = BTreeMap::new();
    for submission in submissions
        .iter()
        .filter(|s| s.outcome != Outcome::Refused && s.set_aside.is_none())
    {
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

/// Which of a year's submissions stand: of each reporter its newest report on the whole year, or where there is none
/// the newest of each quarter.
pub(crate) fn stand<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> Vec<&'s Submission> {
    let of_reporter = |periods: BTreeMap<Period, &'s Submission>| {
        let has_whole = periods
            .keys()
            .any(|period| period.quarter_number().is_none());
        periods
            .into_iter()
            .filter(move |(period, _)| !has_whole || period.quarter_number().is_none())
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
fn replaced<'s>(
    programme: &Programme,
    submissions: &'s [Submission],
    year: i32,
) -> Vec<&'s Submission> {
    let newest = newest_of_periods(programme, submissions, year).into_values();
    let with_whole = newest.filter(|periods| {
        periods
            .keys()
            .any(|period| period.quarter_number().is_none())
    });
    with_whole
        .flatten()
        .filter(|(period, _)| period.quarter_number().is_some())
        .map(|(_, submission)| submission)
        .collect()
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
    let stands = years
        .clone()
        .flat_map(|year| stand(programme, all, year))
        .collect();
    let replaced = years
        .flat_map(|year| replaced(programme, all, year))
        .collect();
    (in_order(stands), in_order(replaced))
}
