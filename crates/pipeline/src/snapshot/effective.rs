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
            // Submissions are in the order they were taken in: a later one takes the place of an earlier one.
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

#[cfg(test)]
mod tests {
    use super::{EffectiveSubmissions, effective};
    use crate::testing::{programme, submission};
    use ledger::{Outcome, Submission};
    use programme::Programme;

    fn ids<'s>(submissions: impl IntoIterator<Item = &'s Submission>) -> Vec<i64> {
        let ids = submissions.into_iter().map(|submission| submission.id.0);
        ids.collect()
    }

    fn effective_ids(submissions: &[Submission]) -> Vec<i64> {
        ids(effective(programme(), submissions, 2023))
    }

    fn by_unit() -> Programme {
        let mut programme = programme().clone();
        for department in &mut programme.departments {
            department.reports_by_unit = department.code == "SCT";
        }
        programme
    }

    fn from_unit(id: i64, unit: &str) -> Submission {
        Submission {
            unit: Some(unit.to_owned()),
            ..submission(id, "SCT", "2023-Q1")
        }
    }

    #[test]
    fn of_each_reporter_and_period_the_newest_counts() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SXD", "2023-Q1"),
            submission(3, "SCT", "2023-Q1"),
            submission(4, "SCT", "2023-Q2"),
        ];
        assert_eq!(effective_ids(&sent), [2, 3, 4]);
    }

    #[test]
    fn a_year_supersedes_its_quarters_whichever_came_first() {
        let sent = [
            submission(1, "SCT", "2023-Q1"),
            submission(2, "SCT", "2023"),
            submission(3, "SCT", "2023-Q1"),
            submission(4, "SXD", "2023-Q1"),
        ];
        let found = EffectiveSubmissions::among(programme(), &sent, 2023..=2023);
        assert_eq!(ids(&found.effective), [2, 4]);
        // Of a quarter that was sent twice only the newest is compared with the year.
        assert_eq!(ids(&found.superseded_quarters), [3]);
    }

    #[test]
    fn what_was_refused_or_set_aside_neither_counts_nor_supersedes() {
        let refused = Submission {
            outcome: Outcome::Refused,
            ..submission(2, "SCT", "2023-Q1")
        };
        let set_aside = Submission {
            set_aside: Some("gửi nhầm".to_owned()),
            ..submission(3, "SCT", "2023")
        };
        let sent = [submission(1, "SCT", "2023-Q1"), refused, set_aside];
        assert_eq!(effective_ids(&sent), [1]);
    }

    #[test]
    fn units_that_report_by_themselves_stand_side_by_side() {
        let sent = [
            from_unit(1, "Chi cục A"),
            from_unit(2, "Chi cục B"),
            // Capitals make no other unit.
            from_unit(3, "CHI CỤC A"),
        ];
        assert_eq!(ids(effective(&by_unit(), &sent, 2023)), [2, 3]);
    }

    #[test]
    fn units_of_a_department_that_reports_as_one_supersede_each_other() {
        let sent = [from_unit(1, "Chi cục A"), from_unit(2, "Chi cục B")];
        assert_eq!(effective_ids(&sent), [2]);
    }

    #[test]
    fn another_year_or_an_unknown_sender_does_not_count() {
        let of_nobody = Submission {
            department: None,
            ..submission(1, "SCT", "2023")
        };
        let of_no_time = Submission {
            period: None,
            ..submission(2, "SCT", "2023")
        };
        let sent = [of_nobody, of_no_time, submission(3, "SCT", "2022")];
        assert_eq!(effective_ids(&sent), [0; 0]);
        assert!(EffectiveSubmissions::among(programme(), &sent, 2023..=2023).is_empty());
        assert!(!EffectiveSubmissions::among(programme(), &sent, 2022..=2023).is_empty());
    }
}
