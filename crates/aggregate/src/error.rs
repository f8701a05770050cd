use polars::prelude::PolarsError;

/// An indicator could not be counted.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    /// Its SQL failed on real rows, though it ran on empty ones.
    #[error("indicators/{name}.sql does not run on these records")]
    Sql {
        /// The indicator.
        name: String,
        /// What polars says.
        source: PolarsError,
    },
    /// A sum does not fit a whole number of 64 bits. No figure is given rather than a wrong one.
    #[error(
        "indicator {0}: the sum is too large; look for an amount that cannot be right, e.g. written in another unit"
    )]
    Overflow(String),
}
