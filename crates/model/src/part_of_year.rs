use crate::period::Period;
use chrono::{Datelike, NaiveDate};

/// How much of its last year a report is about (VI.1.d: each year, or on demand). Every part begins on 1 January: the figures
/// of a quarter are counted from the first day of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PartOfYear {
    /// All of it.
    #[default]
    Whole,
    /// Up to the end of a quarter, 1 to 4.
    Quarter(u8),
    /// Up to a day of it: a report on demand.
    Until(NaiveDate),
}

impl PartOfYear {
    /// The part that a period is.
    pub fn of(period: Period) -> Self {
        period.quarter_number().map_or(Self::Whole, Self::Quarter)
    }

    /// Its last day in a year.
    pub fn last_day(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Whole => Period::year(year).map(Period::last_day),
            Self::Quarter(quarter) => Period::quarter(year, quarter).map(Period::last_day),
            Self::Until(day) => Some(day),
        }
    }

    /// The period that a sender has to have reported: the year, the quarter, or the last quarter that was over by the day;
    /// none before the first was.
    pub fn due(self, year: i32) -> Option<Period> {
        match self {
            Self::Whole => Period::year(year),
            Self::Quarter(quarter) => Period::quarter(year, quarter),
            Self::Until(day) => {
                let quarters = (1..=4).rev().filter_map(|it| Period::quarter(year, it));
                let mut over = quarters.filter(|period| period.last_day() <= day);
                over.next()
            }
        }
    }

    /// Whether what was sent for a period counts in this part of that period's year. A report on more of the year than the part
    /// does not, since what it has of the part cannot be told apart; unless it came by the day up to which is reported, for then
    /// it cannot tell of later days.
    pub fn holds(self, period: Period, came: NaiveDate) -> bool {
        match self {
            Self::Whole => true,
            Self::Quarter(quarter) => Period::quarter(period.calendar_year(), quarter)
                .is_some_and(|last| period <= last || last.reports(period)),
            Self::Until(day) => period.last_day() <= day || came <= day,
        }
    }

    /// The name of this part of a year in the ids of figures: `2024`, `2024-Q3`, `2024-09-15`.
    pub fn name_in(self, year: i32) -> String {
        match self {
            Self::Whole => year.to_string(),
            Self::Quarter(quarter) => format!("{year}-Q{quarter}"),
            Self::Until(day) => format!("{year}-{:02}-{:02}", day.month(), day.day()),
        }
    }

    /// The part whose name in a year is the year and this behind it: ``, `-Q3`, `-09-15`.
    pub fn from_rest(year: i32, rest: &str) -> Option<Self> {
        if rest.is_empty() {
            return Some(Self::Whole);
        }
        let name = format!("{year}{rest}");
        let day = || name.parse().ok().map(Self::Until);
        let quarter = name.parse::<Period>().ok().map(Self::of);
        quarter
            .or_else(day)
            .filter(|part| part.name_in(year) == name)
    }
}

#[cfg(test)]
mod tests {
    use super::PartOfYear;
    use crate::period::Period;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_holds_what_was_sent_up_to_it_and_the_fourth_all_of_the_year() {
        let came = day("2024-11-20");
        let third = PartOfYear::Quarter(3);
        assert!(third.holds(period("2024-Q1"), came) && third.holds(period("2024-Q3"), came));
        assert!(!third.holds(period("2024-Q4"), came) && !third.holds(period("2024"), came));
        assert!(PartOfYear::Quarter(4).holds(period("2024"), came));
    }

    #[test]
    fn a_day_holds_what_ended_before_it_or_came_by_it() {
        let until = PartOfYear::Until(day("2024-09-15"));
        assert!(until.holds(period("2024-Q2"), day("2024-11-20")));
        assert!(until.holds(period("2024-Q3"), day("2024-09-15")));
        assert!(!until.holds(period("2024-Q3"), day("2024-09-16")));
        assert!(!until.holds(period("2024"), day("2024-11-20")));
        assert_eq!(until.due(2024), Some(period("2024-Q2")));
        assert_eq!(PartOfYear::Until(day("2024-03-30")).due(2024), None);
        assert_eq!(PartOfYear::Whole.due(2024), Some(period("2024")));
    }

    #[test]
    fn a_part_is_known_by_its_name() {
        for part in [
            PartOfYear::Whole,
            PartOfYear::Quarter(2),
            PartOfYear::Until(day("2024-02-09")),
        ] {
            let name = part.name_in(2024);
            assert_eq!(
                PartOfYear::from_rest(2024, &name[4..]),
                Some(part),
                "{name}"
            );
        }
        for rest in ["-Q5", "-13-01", "-9-1", "-2025", "x"] {
            assert_eq!(PartOfYear::from_rest(2024, rest), None, "{rest}");
        }
    }
}
