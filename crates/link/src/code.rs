use crate::groups::TaxPayer;
use model::{TaxCode, TaxCodeError};

/// What a record says of its tax code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Code {
    #[default]
    Missing,
    /// Valid: the ten digits of the legal person, and its dependent unit or 0.
    Valid { root: u64, unit: u16 },
    /// Of a person or a household business: twelve digits without a check.
    Personal(u64),
    /// Ten digits that fail their check.
    Damaged(u64),
}

/// How two tax codes stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Codes {
    /// One is not there, or says nothing.
    Unknown,
    Equal,
    /// The same legal person, another dependent unit.
    Kin,
    /// One that fails its check is a slip of the pen away from the other.
    Near,
    /// Both valid, and two taxpayers.
    Different,
}

impl Code {
    pub(crate) fn read(text: &str) -> Self {
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

    pub(crate) fn compare(self, other: Self) -> Codes {
        match (self, other) {
            (Self::Valid { root: a, unit: u }, Self::Valid { root: b, unit: v }) => {
                match (a == b, u == v) {
                    (true, true) => Codes::Equal,
                    (true, false) => Codes::Kin,
                    (false, _) => Codes::Different,
                }
            }
            (Self::Personal(a), Self::Personal(b)) if a == b => Codes::Equal,
            (Self::Damaged(a), Self::Damaged(b)) if a == b => Codes::Near,
            (Self::Damaged(a), Self::Valid { root: b, .. })
            | (Self::Valid { root: b, .. }, Self::Damaged(a))
                if is_slip(a, b) =>
            {
                Codes::Near
            }
            _ => Codes::Unknown,
        }
    }

    /// Whose it is, where it is valid.
    pub(crate) fn taxpayer(self) -> Option<TaxPayer> {
        match self {
            Self::Valid { root, unit } => Some((root, unit)),
            Self::Personal(code) => Some((code, 0)),
            Self::Missing | Self::Damaged(_) => None,
        }
    }

    /// The valid codes it may have been meant as: itself, or what one slip of the pen makes of it.
    pub(crate) fn meant(self) -> Vec<u64> {
        match self {
            Self::Missing => Vec::new(),
            Self::Valid { root, .. } | Self::Personal(root) => vec![root],
            Self::Damaged(damaged) => {
                let digits = digits(damaged);
                let mut meant = vec![damaged];
                for at in 0..digits.len() {
                    for digit in 0..10 {
                        let mut other = digits;
                        other[at] = digit;
                        meant.push(number(&other));
                    }
                    let mut other = digits;
                    if at + 1 < other.len() {
                        other.swap(at, at + 1);
                        meant.push(number(&other));
                    }
                }
                meant.retain(|&code| {
                    code == damaged || TaxCode::parse(&format!("{code:010}")).is_ok()
                });
                meant.sort_unstable();
                meant.dedup();
                meant
            }
        }
    }
}

fn unit(code: &TaxCode) -> u16 {
    let text = code.to_string();
    text.split_once('-')
        .and_then(|(_, unit)| unit.parse().ok())
        .unwrap_or(0)
}

/// A code that was kept as a number: '313551118.0', '3.603432125E9'.
fn plain_digits(text: &str) -> String {
    let text = text.trim().trim_start_matches('\'');
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E'])
        && let (Some((whole, fraction)), Ok(exponent)) = (
            mantissa.split_once('.'),
            exponent.trim_start_matches('+').parse::<usize>(),
        )
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

/// Whether two codes differ in one digit, or in two neighbours that changed places.
fn is_slip(a: u64, b: u64) -> bool {
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
    use super::{Code, Codes};

    #[test]
    fn codes_as_they_come() {
        let valid = Code::read("3603432125");
        assert_eq!(Code::read("3.603432125E9"), valid);
        assert_eq!(Code::read("3603432125.0"), valid);
        assert_eq!(Code::read("'3603432125"), valid);
        assert_eq!(Code::read("313551118.0"), Code::read("0313551118"));
        assert_eq!(
            Code::read("0108311850-026").compare(Code::read("0108311850")),
            Codes::Kin
        );
        assert_eq!(
            Code::read("3601801763").compare(Code::read("3601801673")),
            Codes::Near
        );
        assert!(Code::read("3601801763").meant().contains(&3_601_801_673));
        assert_eq!(valid.compare(Code::read("3600265395")), Codes::Different);
        assert_eq!(valid.compare(Code::read("075086012345")), Codes::Unknown);
    }
}
