use ledger::Submission;
use model::Period;

/// How much of a year a sender has reported, by what counts of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum YearReported {
    /// Nothing.
    Nothing,
    /// The year up to the end of a quarter before the fourth.
    Until(Period),
    /// All of it: by a report on the year, or on the fourth quarter.
    Whole,
}

impl YearReported {
    /// By the submissions of one sender that count for a year.
    pub(crate) fn by<'s>(counting: impl IntoIterator<Item = &'s Submission>) -> Self {
        let periods = counting.into_iter().filter_map(|it| it.period);
        let whole = |period: Period| Period::year(period.calendar_year());
        match periods.max() {
            None => Self::Nothing,
            Some(last) if whole(last).is_some_and(|year| last.reports(year)) => Self::Whole,
            Some(last) => Self::Until(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::YearReported;
    use crate::testing::submission;
    use ledger::Submission;

    #[test]
    fn a_year_is_reported_by_its_own_report_or_by_the_fourth_quarter() {
        let of = |periods: &[&str]| {
            let sent: Vec<Submission> = periods
                .iter()
                .map(|period| submission(1, "SCT", period))
                .collect();
            YearReported::by(&sent)
        };
        assert_eq!(of(&[]), YearReported::Nothing);
        assert_eq!(of(&["2023-Q2", "2023-Q4"]), YearReported::Whole);
        assert_eq!(of(&["2023"]), YearReported::Whole);
        let third = "2023-Q3".parse().unwrap();
        assert_eq!(of(&["2023-Q3", "2023-Q1"]), YearReported::Until(third));
    }
}
