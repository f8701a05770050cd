use polars::prelude::PolarsError;

/// A rule's SQL failed on real rows, though it ran on empty ones.
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// Names the rule.
    #[error("rule {code}: its SQL does not run on these records")]
    Rule {
        /// The rule's code.
        code: String,
        /// What polars says.
        source: PolarsError,
    },
    /// The frames themselves are not as they should be.
    #[error("the records could not be read")]
    Frames(#[from] PolarsError),
}
