//! The ledger: what came in, when, what was read from it and found in it.
//!
//! A folder with three things: `originals/`, the files as they came, by the SHA-256 of their bytes; `facts/`, the
//! records read from them, a Parquet file for each submission and form; and `ledger.sqlite`, which says what is
//! what. Beside them `derived/`, which saves work and may be deleted. A run is one transaction: originals and facts are written first, under names no other run uses, and
//! count from the moment the transaction is committed.

mod answer;
mod audit;
mod column;
mod derived;
mod error;
mod facts;
mod files;
mod integrity;
mod issued;
mod lock;
mod register;
mod run;
mod schema;
mod submission;

pub use answer::{Answer, Verdict};
pub use audit::AuditEntry;
pub use error::LedgerError;
pub use files::write_whole;
pub use integrity::{Checked, Damage, Damaged, LedgerPart};
pub use issued::Issued;
pub use lock::Lock;
pub use register::RegisterFile;
pub use run::{Beginning, Intake, KeptProgramme, RunWriter, Versions};
pub use submission::{FormRows, Outcome, SheetCount, Submission};

use model::{FileId, Moment, MomentError};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The id of a file's content: SHA-256, in hexadecimal digits.
pub fn file_id(bytes: &[u8]) -> FileId {
    FileId(
        Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    )
}

/// An opened ledger.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    database: Connection,
}

impl Ledger {
    /// Opens the ledger in a folder, making it where there is none.
    ///
    /// # Errors
    /// When the folder cannot be written, is not a ledger, or was written by a newer program.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        for part in ["originals", "facts"] {
            let path = folder.join(part);
            std::fs::create_dir_all(&path).map_err(|source| LedgerError::Write { path, source })?;
        }
        let database = Connection::open(folder.join("ledger.sqlite"))?;
        schema::prepare(&database)?;
        Ok(Self {
            folder: folder.to_owned(),
            database,
        })
    }

    /// The moment of the last run or decision; nothing before the first run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_run(&self) -> Result<Option<Moment>, LedgerError> {
        let at: Option<String> = self.database.query_row(
            "SELECT max(at) FROM (
                 SELECT at FROM run
                 UNION ALL SELECT at FROM set_aside WHERE EXISTS (SELECT 1 FROM run))",
            [],
            |row| row.get(0),
        )?;
        at.map(|at| {
            at.parse()
                .map_err(|e: MomentError| LedgerError::Entry(e.to_string()))
        })
        .transpose()
    }

    fn original(&self, file: &FileId) -> PathBuf {
        self.folder.join("originals").join(&file.0)
    }
}
