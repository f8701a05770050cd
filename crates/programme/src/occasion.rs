use model::PartOfYear;
use serde::Deserialize;

/// What a report is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// A year.
    Annual,
    /// A year up to the end of a quarter.
    Quarter,
    /// A year up to a day (VI.1.d: 'hoặc đột xuất').
    OnDemand,
    /// The whole period (VI.1.đ).
    Final,
}

impl Occasion {
    /// That of a report on the whole period, or on a part of a year.
    pub fn of(is_final: bool, part: PartOfYear) -> Self {
        match part {
            _ if is_final => Self::Final,
            PartOfYear::Whole => Self::Annual,
            PartOfYear::Quarter(_) => Self::Quarter,
            PartOfYear::Until(_) => Self::OnDemand,
        }
    }
}
