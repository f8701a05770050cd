use polars::prelude::PolarsError;
use rust_xlsxwriter::XlsxError;

/// The workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What the writing library says.
    #[error("the workbook cannot be made")]
    Workbook(#[from] XlsxError),
    /// The covering report.
    #[error("the covering report cannot be made: {0}")]
    Letter(String),
    /// A listing lacks a column.
    #[error("a listing of the report")]
    Listing(#[from] PolarsError),
    /// A sum that a listing shows is beyond 64 bits.
    #[error("the sum of '{0}' is too large to be shown: look for an amount that cannot be right")]
    Overflow(String),
}
