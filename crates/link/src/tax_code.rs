//! Tax codes as records write them, and how two of them compare.

use model::{TaxCode, TaxCodeError};

/// A taxpayer: the ten digits of the legal person and the number of its dependent unit or 0, or the digits of a person.
pub(crate) type TaxPayer = (u64, u16);

/// What a record says of its tax code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum ParsedTaxCode {
    #[default]
    Missing,
    /// Valid: the ten digits of the legal person, and its dependent unit or 0.
    Valid { root: u64, unit: u16 },
    /// Of a person or a household business: twelve digits without a check digit, so that a mistyped one cannot be
    /// told from another person's (TT 86/2024/TT-BTC).
    Personal(u64),
    /// Ten digits that fail their check.
    Damaged(u64),
}

/// How two tax codes compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodeComparison {
    /// One is missing, or says nothing: a code that fails its check is no evidence by itself, and a person's number
    /// beside an enterprise's code may be the owner's.
    Unknown,
    /// The same taxpayer.
    Equal,
    /// The same legal person, another dependent unit.
    Kin,
    /// One that fails its check digit is one mistyped digit or one swap away from the other, or both are damaged alike.
    Near,
    /// Both valid, and of two taxpayers.
    Different,
}

impl ParsedTaxCode {
    pub(crate) fn parse(text: &str) -> Self {
        let text = plain_digits(text);
        match TaxCode::parse(&text) {
            Ok(code) => {
                let root = code.root().parse().unwrap_or(0);
                match code.root().len() {
                    12 => Self::Personal(root),
                    _ => Self::Valid {
                        root,
                        unit: unit(&code),
                    },
                }
            }
            Err(TaxCodeError::CheckDigit(digits)) if digits.len() == 10 => {
                digits.parse().map_or(Self::Missing, Self::Damaged)
            }
            Err(_) => Self::Missing,
        }
    }

    pub(crate) fn compare(self, other: Self) -> CodeComparison {
        match (self, other) {
            (Self::Valid { root: a, unit: u }, Self::Valid { root: b, unit: v }) => {
                match (a == b, u == v) {
                    (true, true) => CodeComparison::Equal,
                    (true, false) => CodeComparison::Kin,
                    (false, _) => CodeComparison::Different,
                }
            }
            (Self::Personal(a), Self::Personal(b)) if a == b => CodeComparison::Equal,
            // One mistake, copied; as likely as not it is of one enterprise.
            (Self::Damaged(a), Self::Damaged(b)) if a == b => CodeComparison::Near,
            (Self::Damaged(a), Self::Valid { root: b, .. })
            | (Self::Valid { root: b, .. }, Self::Damaged(a))
                if is_one_slip(a, b) =>
            {
                CodeComparison::Near
            }
            _ => CodeComparison::Unknown,
        }
    }

    /// Whose it is, if it is valid.
    pub(crate) fn taxpayer(self) -> Option<TaxPayer> {
        match self {
            Self::Valid { root, unit } => Some((root, unit)),
            Self::Personal(code) => Some((code, 0)),
            Self::Missing | Self::Damaged(_) => None,
        }
    }

    /// The roots that it may have been meant as: itself, and if it fails its check, the about ten valid codes that one wrong
    /// digit or one swap of neighbours makes of it. Sorted, each once.
    pub(crate) fn each_repair(self, each: impl FnMut(u64)) {
        match self {
            Self::Missing => {}
            Self::Valid { root, .. } | Self::Personal(root) => [root].into_iter().for_each(each),
            Self::Damaged(damaged) => {
                let digits = digits(damaged);
                // Itself as well: two lists may have copied one mistake.
                let mut repairs = vec![damaged];
                for at in 0..digits.len() {
                    for digit in 0..10 {
                        let mut other = digits;
                        other[at] = digit;
                        repairs.push(number(&other));
                    }
                    let mut other = digits;
                    if at + 1 < other.len() {
                        other.swap(at, at + 1);
                        repairs.push(number(&other));
                    }
                }
                repairs.retain(|&code| {
                    code == damaged || TaxCode::parse(&format!("{code:010}")).is_ok()
                });
                repairs.sort_unstable();
                repairs.dedup();
                repairs.into_iter().for_each(each);
            }
        }
    }
}

/// The number of the dependent unit behind the hyphen (TT 105/2020/TT-BTC Điều 5); 0 for the legal person itself.
fn unit(code: &TaxCode) -> u16 {
    let text = code.to_string();
    text.split_once('-')
        .and_then(|(_, unit)| unit.parse().ok())
        .unwrap_or(0)
}

/// The digits of a code that a spreadsheet kept as a number: '313551118.0', '3.603432125E9'. Worked out on the text,
/// since a float would round.
fn plain_digits(text: &str) -> String {
    let text = text.trim().trim_start_matches('\'');
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E'])
        && let (Some((whole, fraction)), Ok(exponent)) = (
            mantissa.split_once('.'),
            exponent.trim_start_matches('+').parse::<usize>(),
        )
        // No more digits than a code has, or the text would be padded with as many zeros as it says.
        && exponent < 16
        && [whole, fraction]
            .iter()
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        && fraction.len() <= exponent
    {
        return format!("{whole}{fraction:0<exponent$}");
    }
    text.strip_suffix(".0").unwrap_or(text).to_owned()
}

fn digits(code: u64) -> [u8; 10] {
    let mut digits = [0; 10];
    let mut rest = code;
    for digit in digits.iter_mut().rev() {
        *digit = u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    digits
}

fn number(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |number, &digit| number * 10 + u64::from(digit))
}

/// Whether two codes differ in one digit, or in two neighbours that changed places: the two mistakes of a hand that
/// the check digit catches.
fn is_one_slip(a: u64, b: u64) -> bool {
    let (a, b) = (digits(a), digits(b));
    let differing: Vec<usize> = (0..10).filter(|&i| a[i] != b[i]).collect();
    match differing.as_slice() {
        [_] => true,
        [i, j] => *j == i + 1 && a[*i] == b[*j] && a[*j] == b[*i],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeComparison, ParsedTaxCode, is_one_slip};

    fn compared(a: &str, b: &str) -> CodeComparison {
        ParsedTaxCode::parse(a).compare(ParsedTaxCode::parse(b))
    }

    #[test]
    fn a_code_kept_as_a_number_is_the_code() {
        let valid = ParsedTaxCode::parse("3603432125");
        assert_eq!(
            valid,
            ParsedTaxCode::Valid {
                root: 3_603_432_125,
                unit: 0
            }
        );
        for text in ["3.603432125E9", "3603432125.0", "'3603432125"] {
            assert_eq!(ParsedTaxCode::parse(text), valid, "{text}");
        }
        // The leading zero is lost as well.
        assert_eq!(
            ParsedTaxCode::parse("313551118.0"),
            ParsedTaxCode::parse("0313551118")
        );
    }

    #[test]
    fn what_is_no_code_is_missing() {
        for text in ["", "chưa có", "12345", "3.6E99"] {
            assert_eq!(ParsedTaxCode::parse(text), ParsedTaxCode::Missing, "{text}");
        }
    }

    #[test]
    fn a_dependent_unit_is_kin_of_its_legal_person_and_of_its_siblings() {
        assert_eq!(
            compared("0108311850-026", "0108311850"),
            CodeComparison::Kin
        );
        assert_eq!(
            compared("0108311850-026", "0108311850-027"),
            CodeComparison::Kin
        );
        assert_eq!(
            compared("0108311850-026", "0108311850-026"),
            CodeComparison::Equal
        );
    }

    #[test]
    fn two_valid_codes_are_two_taxpayers() {
        assert_eq!(
            compared("3603432125", "3600265395"),
            CodeComparison::Different
        );
    }

    #[test]
    fn a_damaged_code_one_slip_from_a_valid_one_is_near_and_no_proof() {
        assert_eq!(compared("3601801763", "3601801673"), CodeComparison::Near);
        assert_eq!(compared("3601801673", "3601801763"), CodeComparison::Near);
        assert_eq!(
            compared("3601801763", "3600265395"),
            CodeComparison::Unknown
        );
        assert_eq!(compared("3601801763", "3601801763"), CodeComparison::Near);
    }

    #[test]
    fn a_persons_number_says_nothing_about_an_enterprises_code() {
        assert_eq!(
            compared("3603432125", "075086012345"),
            CodeComparison::Unknown
        );
        assert_eq!(
            compared("075086012345", "075086012345"),
            CodeComparison::Equal
        );
        assert_eq!(
            compared("075086012345", "075086012346"),
            CodeComparison::Unknown
        );
    }

    fn repairs(text: &str) -> Vec<u64> {
        let mut repairs = Vec::new();
        ParsedTaxCode::parse(text).each_repair(|code| repairs.push(code));
        repairs
    }

    #[test]
    fn a_damaged_code_is_repaired_to_all_valid_codes_one_slip_away() {
        let repairs = repairs("3601801763");
        assert!(repairs.contains(&3_601_801_673) && repairs.contains(&3_601_801_763));
        assert!((5..=20).contains(&repairs.len()), "{repairs:?}");
        for code in repairs.into_iter().filter(|&code| code != 3_601_801_763) {
            assert!(is_one_slip(code, 3_601_801_763), "{code}");
            assert!(model::TaxCode::parse(&format!("{code:010}")).is_ok());
        }
    }

    #[test]
    fn a_valid_code_has_no_repairs() {
        assert_eq!(repairs("3603432125"), [3_603_432_125]);
        assert!(repairs("").is_empty());
    }

    #[test]
    fn only_valid_codes_name_a_taxpayer() {
        let taxpayer = |text| ParsedTaxCode::parse(text).taxpayer();
        assert_eq!(taxpayer("0108311850-026"), Some((108_311_850, 26)));
        assert_eq!(taxpayer("075086012345"), Some((75_086_012_345, 0)));
        assert_eq!(taxpayer("3601801763"), None);
    }
}
