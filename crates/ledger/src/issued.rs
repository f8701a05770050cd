use crate::{Ledger, LedgerError, audit};
use model::FileId;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

/// A report as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// When it was first written, RFC 3339 in UTC.
    pub at: String,
    /// The year it is about.
    pub year: i32,
    /// The moment whose knowledge it shows, RFC 3339 in UTC.
    pub as_of: String,
    /// Its file's name.
    pub file_name: String,
    /// The hash over all that it was made from.
    pub inputs_hash: String,
    /// The hash of its bytes.
    pub file: FileId,
    /// The hash of the programme it was made by.
    pub programme_hash: String,
    /// The version of the program that made it.
    pub program_version: String,
}

const ISSUED: &str =
    "SELECT at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version FROM issued";

fn read(row: &Row<'_>) -> rusqlite::Result<Issued> {
    Ok(Issued {
        at: row.get(0)?,
        year: row.get(1)?,
        as_of: row.get(2)?,
        file_name: row.get(3)?,
        inputs_hash: row.get(4)?,
        file: FileId(row.get(5)?),
        programme_hash: row.get(6)?,
        program_version: row.get(7)?,
    })
}

impl Ledger {
    /// Records a report, and keeps the files of the programme it was made by; one of the same bytes is recorded once.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn issue(&self, issued: &Issued, programme_files: &str, operator: &str) -> Result<(), LedgerError> {
        if self.issued(&issued.file)?.is_some() {
            return Ok(());
        }
        let transaction = self.database.unchecked_transaction()?;
        transaction.execute(
            "INSERT OR IGNORE INTO programme (hash, files) VALUES (?1, ?2)",
            params![issued.programme_hash, programme_files],
        )?;
        transaction.execute(
            "INSERT INTO issued (at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                issued.at,
                issued.year,
                issued.as_of,
                issued.file_name,
                issued.inputs_hash,
                issued.file.0,
                issued.programme_hash,
                issued.program_version
            ],
        )?;
        let detail = json!({ "year": issued.year, "as_of": issued.as_of, "inputs": issued.inputs_hash,
                             "sha256": issued.file.0 });
        audit::append(&transaction, &issued.at, operator, "report", &detail)?;
        Ok(transaction.commit()?)
    }

    /// The report of these bytes, where it was recorded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issued(&self, file: &FileId) -> Result<Option<Issued>, LedgerError> {
        let sql = format!("{ISSUED} WHERE file = ?1");
        Ok(self.database.prepare(&sql)?.query_row([&file.0], read).optional()?)
    }

    /// The report of a year that stood when one as of a moment (RFC 3339, UTC) was made: the last that was issued by
    /// then, of an earlier moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issued_before(&self, year: i32, as_of: &str) -> Result<Option<Issued>, LedgerError> {
        let sql = format!("{ISSUED} WHERE year = ?1 AND as_of < ?2 AND at <= ?2 ORDER BY as_of DESC, at DESC LIMIT 1");
        Ok(self.database.prepare(&sql)?.query_row(params![year, as_of], read).optional()?)
    }

    /// The programme that the last run up to a moment (RFC 3339, UTC) used: its hash and its files, as they were
    /// given to [`Ledger::begin`]. Nothing before the first run, or where a ledger from before they were kept does
    /// not have them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programme_at(&self, as_of: &str) -> Result<Option<(String, String)>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT p.hash, p.files FROM programme AS p
             WHERE p.hash = (SELECT programme_hash FROM run WHERE at <= ?1 ORDER BY id DESC LIMIT 1)",
        )?;
        Ok(statement.query_row([as_of], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// The files of the programme of that hash, where they are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programme(&self, hash: &str) -> Result<Option<String>, LedgerError> {
        let mut statement = self.database.prepare("SELECT files FROM programme WHERE hash = ?1")?;
        Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
    }
}
