use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A moment in UTC, to the second: when a run, a decision or a report was made, or as of when something was known.
///
/// Written as RFC 3339 with a `Z`. All moments have texts of one length, so texts sort as moments do, which the
/// ledger's SQL relies on.
///
/// ```
/// let moment: model::Moment = "2024-01-05T07:00:00+07:00".parse()?;
/// assert_eq!(moment.to_string(), "2024-01-05T00:00:00Z");
/// assert!("5 January 2024".parse::<model::Moment>().is_err());
/// # Ok::<(), model::MomentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Moment(DateTime<Utc>);

/// The text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not a moment: write 2024-01-05T00:00:00Z")]
pub struct MomentError(pub String);

impl Moment {
    /// The moment as a clock in a place shows it.
    pub fn local(self, offset: FixedOffset) -> DateTime<FixedOffset> {
        self.0.with_timezone(&offset)
    }

    /// The second after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + TimeDelta::seconds(1))
    }

    /// The day it falls on in a place.
    pub fn day(self, offset: FixedOffset) -> NaiveDate {
        self.local(offset).date_naive()
    }
}

impl From<DateTime<Utc>> for Moment {
    /// Parts of a second are cut off, as they are in the text.
    fn from(time: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp(time.timestamp(), 0).unwrap_or(time))
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = DateTime::parse_from_rfc3339(text);
        parsed
            .map(|time| time.to_utc().into())
            .map_err(|_| MomentError(text.to_owned()))
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

impl TryFrom<String> for Moment {
    type Error = MomentError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;
    use chrono::FixedOffset;

    #[test]
    fn a_day_is_the_place_s_own() {
        let vietnam = FixedOffset::east_opt(7 * 3600).unwrap();
        let moment: Moment = "2023-11-29T17:00:00Z".parse().unwrap();
        assert_eq!(moment.day(vietnam).to_string(), "2023-11-30");
    }

    #[test]
    fn texts_sort_as_moments_do() {
        let mut texts: Vec<String> = [
            "2024-01-05T00:00:00.9Z",
            "2023-12-31T23:59:59+07:00",
            "2024-01-05T00:00:01Z",
        ]
        .iter()
        .map(|text| text.parse::<Moment>().unwrap().to_string())
        .collect();
        texts.sort();
        assert_eq!(
            texts,
            [
                "2023-12-31T16:59:59Z",
                "2024-01-05T00:00:00Z",
                "2024-01-05T00:00:01Z"
            ]
        );
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2024-01-05",
            "2024-13-05T00:00:00Z",
            "2024-01-05T00:00:00",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}
