//! RecordNumbers counted into figures, by the programme's SQL.
//!
//! An indicator's SQL gives one row for each value that counts, with the record and the column it stands in. These rows
//! are its [`Contributions`]; the figures are added up from them, for each way of narrowing an indicator's keys, and the
//! [`Trace`] is the same rows again, record by record. So each figure is the sum of what it is made of, and leads to cells.

mod codes;
mod compute;
mod contributions;
mod cube;
mod error;
mod figures;
mod record_numbers;
mod trace;
mod trace_draft;
mod trace_source;

pub use compute::{compute, total};
pub use contributions::{Contribution, Contributions, CountedValue};
pub use error::AggregateError;
pub use figures::{Figure, Figures};
pub use record_numbers::RecordNumbers;
pub use trace::{FigurePlace, ShownFigures, Trace, TraceColumn};
pub use trace_draft::trace;
