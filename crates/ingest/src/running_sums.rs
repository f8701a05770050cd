use programme::Form;

/// What the rows since a total, or since the heading, add up to, by the form's column.
pub(crate) struct RunningSums {
    /// In đồng or whole numbers; nothing for a column with a cell that could not be read, whose totals say nothing.
    amounts: Vec<Option<i64>>,
}

impl RunningSums {
    pub(crate) fn new(form: &Form) -> Self {
        Self {
            amounts: vec![Some(0); form.columns.len()],
        }
    }

    /// Adds an amount; `None` for a cell that holds something which is no amount.
    pub(crate) fn add(&mut self, column: usize, amount: Option<i64>) {
        let sum = &mut self.amounts[column];
        *sum = sum
            .zip(amount)
            .and_then(|(sum, amount)| sum.checked_add(amount));
    }

    /// The sum of a column, unless one of its cells could not be read or the sum is too large.
    pub(crate) fn amount(&self, column: usize) -> Option<i64> {
        self.amounts[column]
    }

    /// Whether a total may be right: one over a cell that could not be read may be, as far as one can tell.
    pub(crate) fn may_be(&self, column: usize, total: i64) -> bool {
        self.amounts[column].is_none_or(|sum| sum == total)
    }
}

#[cfg(test)]
mod tests {
    use super::RunningSums;
    use programme::Programme;

    #[test]
    fn a_total_is_compared_with_what_is_known() {
        let programme = Programme::default_programme().unwrap();
        let mut sums = RunningSums::new(programme.form("support").unwrap());
        sums.add(0, Some(5));
        sums.add(0, Some(-2));
        assert_eq!(sums.amount(0), Some(3));
        assert!(sums.may_be(0, 3) && !sums.may_be(0, 5) && sums.may_be(1, 0));
        // A cell that could not be read: any total may be right from there on.
        sums.add(0, None);
        sums.add(0, Some(1));
        assert_eq!(sums.amount(0), None);
        assert!(sums.may_be(0, 5));
    }

    #[test]
    fn a_sum_that_is_too_large_is_not_known() {
        let programme = Programme::default_programme().unwrap();
        let mut sums = RunningSums::new(programme.form("support").unwrap());
        sums.add(0, Some(i64::MAX));
        sums.add(0, Some(1));
        assert_eq!(sums.amount(0), None);
    }
}
