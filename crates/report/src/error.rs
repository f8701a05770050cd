use polars::prelude::PolarsError;
use rust_xlsxwriter::XlsxError;

/// The workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What the writing library says.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
    /// The covering report.
    #[error("the covering report cannot be made: {0}")]
    Letter(String),
    /// A listing lacks a column.
    #[error("a listing of the report: {0}")]
    Listing(#[from] PolarsError),
}
