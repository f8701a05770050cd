use polars::prelude::PolarsError;
use rust_xlsxwriter::XlsxError;
use std::path::PathBuf;

/// The workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What the writing library says.
    #[error("the workbook cannot be made")]
    Workbook(#[source] XlsxError),
    /// The rows of a long sheet are kept in the system's temporary folder until they are all there, and it does not take them.
    #[error(
        "{path}: the temporary folder cannot be written, or is full; make room, or name another with TMPDIR"
    )]
    TemporaryFolder {
        /// The folder.
        path: PathBuf,
        /// Why, if the system says so.
        source: Option<std::io::Error>,
    },
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

impl From<XlsxError> for ReportError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::TempFileError(path, source) => Self::TemporaryFolder {
                path,
                source: Some(source),
            },
            other => Self::Workbook(other),
        }
    }
}
