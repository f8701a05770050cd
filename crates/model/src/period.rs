use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What a report is about: a year, or the part of a year up to the end of a quarter.
///
/// Written `2024` or `2024-Q3`. The figures of a quarter are counted from the first day of the year
/// (forms, common rules: lũy kế từ đầu năm), so both kinds start on 1 January.
///
/// ```
/// let period: model::Period = "2024-Q3".parse()?;
/// assert_eq!(period.last_day().to_string(), "2024-09-30");
/// assert!("2024-Q5".parse::<model::Period>().is_err());
/// # Ok::<(), model::PeriodError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Period {
    year: i32,
    /// 1 to 4, or 5 for the whole year, so that a year sorts after its quarters.
    part: u8,
}

const WHOLE_YEAR: u8 = 5;

const LAST_QUARTER: u8 = 4;

/// The text is neither a year nor a quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a period: write 2024 or 2024-Q3")]
pub struct PeriodError(pub String);

impl Period {
    /// A whole year, 1900 to 9999.
    pub fn year(year: i32) -> Option<Self> {
        (1900..=9999).contains(&year).then_some(Self {
            year,
            part: WHOLE_YEAR,
        })
    }

    /// A quarter, 1 to 4, of a year, 1900 to 9999.
    pub fn quarter(year: i32, quarter: u8) -> Option<Self> {
        ((1900..=9999).contains(&year) && (1..=4).contains(&quarter)).then_some(Self {
            year,
            part: quarter,
        })
    }

    /// The year it belongs to.
    pub fn calendar_year(self) -> i32 {
        self.year
    }

    /// The quarter, or nothing for a whole year.
    pub fn quarter_number(self) -> Option<u8> {
        (self.part != WHOLE_YEAR).then_some(self.part)
    }

    /// Whether it is a whole year: the complete statement, which stands in place of the year's quarters.
    pub fn is_whole_year(self) -> bool {
        self.part == WHOLE_YEAR
    }

    /// Whether a report on it reports another period too: a year is reported by its own report or by its fourth quarter,
    /// whose figures are counted from the first day; and the year's report stands in place of every quarter.
    pub fn reports(self, other: Self) -> bool {
        let is_last = |period: Self| period.part >= LAST_QUARTER;
        self == other
            || (self.year == other.year
                && (self.is_whole_year() || (is_last(self) && is_last(other))))
    }

    /// 1 January of its year.
    pub fn first_day(self) -> NaiveDate {
        day(self.year, 1, 1)
    }

    /// The last day whose figures it holds.
    pub fn last_day(self) -> NaiveDate {
        match self.part {
            1 => day(self.year, 3, 31),
            2 => day(self.year, 6, 30),
            3 => day(self.year, 9, 30),
            _ => day(self.year, 12, 31),
        }
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quarter_number() {
            Some(quarter) => write!(f, "{}-Q{quarter}", self.year),
            None => write!(f, "{}", self.year),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = match text.split_once("-Q") {
            Some((year, quarter)) => year
                .parse()
                .ok()
                .zip(quarter.parse().ok())
                .and_then(|(year, quarter)| Self::quarter(year, quarter)),
            None => text.parse().ok().and_then(Self::year),
        };
        parsed.ok_or_else(|| PeriodError(text.to_owned()))
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn a_year_sorts_after_its_quarters() {
        let mut periods: Vec<Period> = ["2024", "2023-Q4", "2024-Q1", "2023"]
            .iter()
            .map(|p| p.parse().unwrap())
            .collect();
        periods.sort();
        let shown: Vec<String> = periods.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["2023-Q4", "2023", "2024-Q1", "2024"]);
    }

    #[test]
    fn a_year_is_reported_by_its_report_or_its_fourth_quarter_and_reports_its_quarters() {
        let reports = |one: &str, other: &str| {
            let [one, other]: [Period; 2] = [one, other].map(|text| text.parse().unwrap());
            one.reports(other)
        };
        for (one, other) in [
            ("2024", "2024"),
            ("2024-Q4", "2024"),
            ("2024", "2024-Q4"),
            ("2024", "2024-Q1"),
            ("2024-Q2", "2024-Q2"),
        ] {
            assert!(reports(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("2024-Q3", "2024"),
            ("2023-Q4", "2024"),
            ("2024-Q2", "2024-Q1"),
            ("2024-Q4", "2024-Q3"),
            ("2023", "2024-Q1"),
        ] {
            assert!(!reports(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        for text in ["", "24", "2024-Q0", "2024-Q5", "2024-3", "Q1", "2024-Q1 "] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
