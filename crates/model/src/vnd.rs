use std::fmt;

/// An amount of money in whole đồng.
///
/// Shown the Vietnamese way, with a dot between thousands (TT 07/2020/TT-BKHCN, note of form 02-BC).
///
/// ```
/// assert_eq!(model::Vnd(1_250_000).to_string(), "1.250.000");
/// assert_eq!(model::Vnd(-500).to_string(), "-500");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Vnd(pub i64);

impl fmt::Display for Vnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Vnd;

    #[test]
    fn thousands_are_set_apart() {
        for (amount, shown) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (-1_234_567, "-1.234.567"),
            (i64::MIN, "-9.223.372.036.854.775.808"),
        ] {
            assert_eq!(Vnd(amount).to_string(), shown);
        }
    }
}
