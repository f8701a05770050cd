use std::fmt;
use std::str::FromStr;

/// How many hexadecimal digits of a hash are shown.
const SHOWN: usize = 32;

/// How many of them a person must give for one to be found by.
const LEAST: usize = 8;

/// The beginning of a hash as it stands on paper: 32 hexadecimal digits in groups of four, which two persons can compare by
/// eye or over the telephone.
///
/// ```
/// let hash = "3f2a9c110b7e44d1a8c055219f3e7d60".repeat(2);
/// let shown = model::ShortHash::of(&hash);
/// assert_eq!(shown.to_string(), "3f2a 9c11 0b7e 44d1 a8c0 5521 9f3e 7d60");
/// let typed: model::ShortHash = "3F2A 9C11 0b7e".parse()?;
/// assert!(typed.is_of(&hash));
/// assert!("3f2a".parse::<model::ShortHash>().is_err());
/// # Ok::<(), model::ShortHashError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShortHash(String);

/// The text is no beginning of a hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not the beginning of a hash: at least {LEAST} of the digits 0-9 and a-f")]
pub struct ShortHashError(pub String);

impl ShortHash {
    /// That of a hash of hexadecimal digits.
    pub fn of(hash: &str) -> Self {
        Self(hash.chars().take(SHOWN).collect())
    }

    /// Whether a hash begins with it.
    pub fn is_of(&self, hash: &str) -> bool {
        !self.0.is_empty() && hash.starts_with(&self.0)
    }
}

impl fmt::Display for ShortHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl FromStr for ShortHash {
    type Err = ShortHashError;

    /// Case, spaces, line breaks and the marks that people put between groups do not matter.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | ':' | '·'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let is_one = digits.len() >= LEAST && digits.chars().all(|c| c.is_ascii_hexdigit());
        match is_one {
            true => Ok(Self(digits)),
            false => Err(ShortHashError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ShortHash;

    #[test]
    fn what_is_shown_is_read_again_however_it_is_typed() {
        let hash = "0123456789abcdef".repeat(4);
        let shown = ShortHash::of(&hash).to_string();
        assert_eq!(shown, "0123 4567 89ab cdef 0123 4567 89ab cdef");
        for typed in [
            &*shown,
            "01234567",
            "0123-4567-89AB-CDEF",
            &*hash,
            " 0123 4567\n89ab",
        ] {
            let typed: ShortHash = typed.parse().unwrap();
            assert!(typed.is_of(&hash), "{typed}");
            assert!(!typed.is_of(&hash.replace('0', "1")), "{typed}");
        }
        for wrong in ["", "0123456", "0123 456g"] {
            assert!(wrong.parse::<ShortHash>().is_err(), "{wrong}");
        }
    }
}
