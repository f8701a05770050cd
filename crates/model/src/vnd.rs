use std::fmt;

/// An amount of money in whole đồng.
///
/// Shown the Vietnamese way, with a dot between thousands (TT 07/2020/TT-BKHCN, note of form 02-BC).
///
/// ```
/// assert_eq!(model::Vnd(1_250_000).to_string(), "1.250.000");
/// assert_eq!(model::Vnd(-500).to_string(), "-500");
/// ```
///
/// There is no `+`: amounts are added by [`checked_add`](Self::checked_add) and [`sum`](Self::sum), which say when the result
/// does not fit, for a sum that wraps round is a wrong figure that nothing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Vnd(pub i64);

impl Vnd {
    /// The sum of two amounts; none if it does not fit.
    ///
    /// ```
    /// use model::Vnd;
    /// assert_eq!(Vnd(2).checked_add(Vnd(-5)), Some(Vnd(-3)));
    /// assert_eq!(Vnd(i64::MAX).checked_add(Vnd(1)), None);
    /// ```
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The sum of some amounts, 0 of none; none if it does not fit, even if later amounts would bring it back.
    ///
    /// ```
    /// use model::Vnd;
    /// assert_eq!(Vnd::sum([Vnd(1), Vnd(2), Vnd(3)]), Some(Vnd(6)));
    /// assert_eq!(Vnd::sum([Vnd(i64::MIN), Vnd(-1)]), None);
    /// ```
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self(0), Self::checked_add)
    }
}

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

    #[test]
    fn a_sum_that_does_not_fit_is_none() {
        assert_eq!(Vnd::sum([Vnd(9_000_000_000_000_000_000); 2]), None);
        assert_eq!(Vnd::sum([Vnd(i64::MAX), Vnd(1), Vnd(-2)]), None);
        assert_eq!(
            Vnd::sum([Vnd(i64::MAX), Vnd(-2), Vnd(1)]),
            Some(Vnd(i64::MAX - 1))
        );
        assert_eq!(Vnd::sum([]), Some(Vnd(0)));
    }
}
