use model::{DocumentNumber, Moment};
use std::path::PathBuf;

/// The ledger cannot be read or written. A message does not repeat its source: the program prints the whole chain.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// A file or folder cannot be written.
    #[error("{path}: cannot be written; check free space and permissions, then run again")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file cannot be read.
    #[error("{path}: cannot be read; restore it from a backup of the ledger folder")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The records of a submission cannot be read or written.
    #[error("{path}: the records cannot be used")]
    Facts {
        /// The Parquet file.
        path: PathBuf,
        /// Why.
        source: polars::prelude::PolarsError,
    },
    /// The database does not answer.
    #[error("ledger.sqlite")]
    Database(#[from] rusqlite::Error),
    /// An entry is not what it should be.
    #[error("ledger.sqlite: {0}")]
    Entry(String),
    /// A row is not as it was written.
    #[error("ledger.sqlite: not as it was written: {0}; nothing was counted. Run: tonghop verify")]
    Changed(String),
    /// A file is not as it was written.
    #[error("{path}: not as it was written; nothing was counted. Run: tonghop verify")]
    ChangedFile {
        /// The file.
        path: PathBuf,
    },
    /// The log beside the database cannot be used.
    #[error("log.jsonl: {0}; nothing was changed. Run: tonghop verify")]
    Log(String),
    /// The ledger was written by a newer program.
    #[error(
        "the ledger has version {found}; this program knows versions up to {known}: use the newer program"
    )]
    Newer {
        /// Its version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// A run was recorded under a later moment.
    #[error("{now} is before the last run, {last}: give --backdate REASON if it is meant")]
    Earlier {
        /// The moment that is meant.
        now: Moment,
        /// That of the last run.
        last: Moment,
    },
    /// Another program works on the ledger.
    #[error("another program is working on this ledger; try again when it has finished")]
    Locked,
    /// A report has that number already.
    #[error(
        "{number} is the number of the report on {year} that was issued at {at}: a number is used once"
    )]
    NumberTaken {
        /// The number.
        number: DocumentNumber,
        /// The year that the report is about.
        year: i32,
        /// When it was issued.
        at: Moment,
    },
    /// No report was issued under that number.
    #[error("no report was issued under {number}")]
    NoSuchIssue {
        /// The number.
        number: DocumentNumber,
    },
    /// Several reports were issued under that number.
    #[error(
        "{number} was used for several years ({}): say which with --year",
        listed(years)
    )]
    SeveralIssues {
        /// The number.
        number: DocumentNumber,
        /// The years that the reports are about.
        years: Vec<i32>,
    },
    /// The report was taken back before.
    #[error("{number} was withdrawn at {at} already; nothing was changed")]
    Withdrawn {
        /// The number.
        number: DocumentNumber,
        /// When.
        at: Moment,
    },
}

fn listed(years: &[i32]) -> String {
    let years: Vec<String> = years.iter().map(i32::to_string).collect();
    years.join(", ")
}
