use chrono::NaiveDate;

/// How long a department, or a code of a list, exists, and what came after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifetime {
    /// Its first day; always, if none is given.
    pub from: Option<NaiveDate>,
    /// Its last day; none while it exists.
    pub to: Option<NaiveDate>,
    /// What took over: one if it was merged or renamed, several if it was split.
    pub successors: Vec<String>,
}

impl Lifetime {
    /// Whether it exists on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|first| first <= day) && self.to.is_none_or(|last| day <= last)
    }

    /// The day on which the figures of a year are shown under the codes in use: its last one, or `today` if that comes
    /// first.
    pub fn day_of_year(year: i32, today: NaiveDate) -> NaiveDate {
        let last = NaiveDate::from_ymd_opt(year, 12, 31);
        last.map_or(today, |last| last.min(today))
    }

    /// The one that took over all of it by a day; none if it exists still or was split.
    pub fn successor_by(&self, day: NaiveDate) -> Option<&str> {
        match self.successors.as_slice() {
            [only] if self.to.is_some_and(|last| last < day) => Some(only),
            _ => None,
        }
    }
}
