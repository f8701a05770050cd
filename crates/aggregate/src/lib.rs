//! Records counted into figures, by the programme's SQL.
//!
//! An indicator's SQL gives one row for each value that counts, with the record and the column it stands in; the
//! figures are added up from these rows. So each figure is the sum of its [`Contribution`]s, and traces to cells.

mod compute;
mod contribution;
mod error;
mod figures;
mod sums;

pub use compute::{compute, total};
pub use contribution::Contribution;
pub use error::AggregateError;
pub use figures::{Figure, Figures};
