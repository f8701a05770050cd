use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The number and symbol of a document, as the office's register has it: `123/BC-SKHCN`.
///
/// Kept as it is written but for the spaces around it. An office numbers its documents from 1 each year, so a number alone
/// does not tell documents of two years apart. At most 50 characters, a digit among them, on one line.
///
/// ```
/// use model::DocumentNumber;
/// let number: DocumentNumber = " 123/BC-SKHCN ".parse()?;
/// assert_eq!(number.to_string(), "123/BC-SKHCN");
/// assert!(number.is_same("0123 / bc-skhcn"));
/// assert!("BC-SKHCN".parse::<DocumentNumber>().is_err());
/// # Ok::<(), model::DocumentNumberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DocumentNumber(String);

/// The text is not the number of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not the number of a document: write it as 123/BC-SKHCN")]
pub struct DocumentNumberError(pub String);

impl DocumentNumber {
    /// The most characters it may have.
    const LONGEST: usize = 50;

    /// Whether a text is this number: capitals, spaces and leading zeros make no other.
    pub fn is_same(&self, text: &str) -> bool {
        comparable(&self.0) == comparable(text)
    }
}

/// A number as two are compared.
fn comparable(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    text.trim_start_matches('0').to_uppercase()
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for DocumentNumber {
    type Err = DocumentNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.trim();
        let is_one = number.chars().count() <= Self::LONGEST
            && number.chars().any(|c| c.is_ascii_digit())
            && !number.chars().any(char::is_control);
        is_one
            .then(|| Self(number.to_owned()))
            .ok_or_else(|| DocumentNumberError(text.to_owned()))
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> Self {
        number.0
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = DocumentNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// What a report is issued under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IssueStamp {
    /// Its number.
    pub number: DocumentNumber,
    /// The day it was signed.
    pub signed_on: NaiveDate,
}

/// What a report is as a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportStatus {
    /// A draft: marked so on every page, and the base of no restatement.
    Draft,
    /// Issued: it shows its number and day in the place of the mark.
    Issued(IssueStamp),
    /// Made before drafts were told from what was issued: it has neither, and nothing says whether it left the office.
    Unmarked,
}

impl ReportStatus {
    /// What it was issued under, if it was.
    pub fn stamp(&self) -> Option<&IssueStamp> {
        match self {
            Self::Issued(stamp) => Some(stamp),
            Self::Draft | Self::Unmarked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DocumentNumber;

    fn number(text: &str) -> DocumentNumber {
        text.parse().unwrap()
    }

    #[test]
    fn how_a_number_is_written_makes_no_other_number() {
        for same in ["7/BC-SKHCN", "07/BC-SKHCN", " 7 / bc-skhcn"] {
            assert!(number("07/BC-SKHCN").is_same(same), "{same}");
        }
        for other in ["70/BC-SKHCN", "7/BC-SXD", "7/KH-SKHCN", ""] {
            assert!(!number("7/BC-SKHCN").is_same(other), "{other}");
        }
        assert!(number("45/BC-SKHĐT").is_same("45/bc-skhđt"));
    }

    #[test]
    fn what_is_no_number_of_a_document_is_refused() {
        for text in ["", "  ", "BC-SKHCN", "1\n2", &"1".repeat(51)] {
            assert!(text.parse::<DocumentNumber>().is_err(), "{text:?}");
        }
    }
}
