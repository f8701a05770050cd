use std::fmt;

/// A tax code (mã số thuế) whose form is right.
///
/// Ten digits for a legal person, thirteen with a hyphen for its dependent unit (TT 105/2020/TT-BTC Điều 5),
/// twelve for a person or household business from 01/07/2025 (TT 86/2024/TT-BTC), which carry no check digit.
/// The first two digits are a range, not a province: nothing is refused on them.
///
/// ```
/// use model::{TaxCode, TaxCodeError};
/// assert_eq!(TaxCode::parse("MST: 3600 265 395").unwrap().to_string(), "3600265395");
/// assert_eq!(TaxCode::parse("0108311850-026").unwrap().root(), "0108311850");
/// assert_eq!(TaxCode::parse("3600265396"), Err(TaxCodeError::CheckDigit("3600265396".into())));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxCode(String);

/// Why a text is not a valid tax code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxCodeError {
    /// The digits are there, but the tenth does not follow from the nine before it. Holds the digits.
    #[error("{0} fails its check digit")]
    CheckDigit(String),
    /// Not 10, 12 or 13 digits.
    #[error("not a tax code")]
    Malformed,
}

impl TaxCode {
    /// Reads a code with spaces, dots, dashes or a label 'MST:' around its digits.
    ///
    /// A code that a spreadsheet kept as a number has lost its leading zeros; they are given back
    /// where the code then passes its check.
    ///
    /// # Errors
    /// [`TaxCodeError`] when it is not a code of the right length, or fails its check digit.
    pub fn parse(text: &str) -> Result<Self, TaxCodeError> {
        // A mark that sends a reader to a note is no part of it.
        let text = text
            .trim()
            .trim_end_matches(|c: char| c.is_whitespace() || ":;.,*()".contains(c));
        let unlabelled = text.rsplit_once(':').map_or(text, |(_, code)| code);
        let separators =
            |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '–' | '\'' | '\u{a0}');
        let digits: String = unlabelled.chars().filter(|&c| !separators(c)).collect();
        let unlabelled = digits.trim_start_matches(|c: char| c.is_alphabetic());
        if unlabelled.is_empty() || !unlabelled.bytes().all(|b| b.is_ascii_digit()) {
            return Err(TaxCodeError::Malformed);
        }
        match unlabelled.len() {
            10 | 13 => check(unlabelled).map(Self),
            12 if unlabelled.starts_with('0') => Ok(Self(unlabelled.to_owned())),
            // A leading zero lost: 9 of 10, or 12 of 13, digits.
            8 | 9 => check(&format!("{unlabelled:0>10}"))
                .map(Self)
                .map_err(|_| TaxCodeError::Malformed),
            12 => {
                Ok(check(&format!("0{unlabelled}"))
                    .map_or_else(|_| Self(unlabelled.to_owned()), Self))
            }
            _ => Err(TaxCodeError::Malformed),
        }
    }

    /// The ten digits of the legal person: for a dependent unit, those of its parent.
    pub fn root(&self) -> &str {
        if self.0.len() == 13 {
            &self.0[..10]
        } else {
            &self.0
        }
    }

    /// Whether this is the code of a dependent unit, with three digits after its parent's ten.
    pub fn is_branch(&self) -> bool {
        self.0.len() == 13
    }
}

/// Gives the digits back where the tenth is 10 − (Σ weight × digit mod 11); a remainder of 0 is never issued.
fn check(digits: &str) -> Result<String, TaxCodeError> {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let values: Vec<u32> = digits.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = WEIGHTS
        .iter()
        .zip(&values)
        .map(|(weight, digit)| weight * digit)
        .sum();
    if values.get(9) == Some(&(10 - sum % 11)) {
        Ok(digits.to_owned())
    } else {
        Err(TaxCodeError::CheckDigit(digits.to_owned()))
    }
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_branch() {
            write!(f, "{}-{}", &self.0[..10], &self.0[10..])
        } else {
            f.write_str(&self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TaxCode, TaxCodeError};

    #[test]
    fn real_shapes_are_read() {
        for (text, code) in [
            ("3600265395", "3600265395"),
            (" 3603295006\u{a0}", "3603295006"),
            ("3301735282", "3301735282"),
            ("0108311850-026", "0108311850-026"),
            ("01.08.311.850", "0108311850"),
            ("108311850", "0108311850"),
            ("MST 3600265395", "3600265395"),
            ("075086012345", "075086012345"),
        ] {
            assert_eq!(
                TaxCode::parse(text).map(|c| c.to_string()).as_deref(),
                Ok(code),
                "{text}"
            );
        }
    }

    #[test]
    fn a_mistyped_digit_and_other_texts_are_told_apart() {
        assert_eq!(
            TaxCode::parse("2000387951"),
            Err(TaxCodeError::CheckDigit("2000387951".into()))
        );
        for text in [
            "",
            "027683",
            "chưa có",
            "36002653951",
            "3600265395/3603295006",
        ] {
            assert_eq!(TaxCode::parse(text), Err(TaxCodeError::Malformed), "{text}");
        }
    }
}
