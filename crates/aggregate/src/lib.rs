//! Records counted into figures, by the programme's SQL.
//!
//! An indicator's SQL gives one row for each value that counts, with the record and the column it stands in; the
//! figures are added up from these rows. So each figure is the sum of its [`Contributions`], and traces to cells.

mod figures;

pub use figures::{AggregateError, Contribution, Figure, Figures, compute, total};
