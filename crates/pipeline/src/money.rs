use crate::error::PipelineError;

/// Adds an amount in whole đồng to a sum; `what` names the sum if it is beyond 64 bits.
///
/// # Errors
/// [`PipelineError::Overflow`]: a sum that does not fit is never cut.
pub(crate) fn add(sum: i64, amount: i64, what: &str) -> Result<i64, PipelineError> {
    sum.checked_add(amount)
        .ok_or_else(|| PipelineError::Overflow {
            what: what.to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::add;

    #[test]
    fn a_sum_that_does_not_fit_names_what_was_added() {
        assert_eq!(add(i64::MAX - 1, 1, "Thực hiện").unwrap(), i64::MAX);
        assert_eq!(add(10, -30, "Thực hiện").unwrap(), -20);
        let error = add(i64::MAX, 1, "Thực hiện").unwrap_err();
        assert!(error.to_string().contains("'Thực hiện'"), "{error}");
        assert!(add(i64::MIN, -1, "Thực hiện").is_err());
    }
}
