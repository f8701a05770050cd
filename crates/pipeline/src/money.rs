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
