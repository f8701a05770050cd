use crate::column::parsed;
use crate::run::keep_programme;
use crate::{KeptProgramme, Ledger, LedgerError, Versions, audit};
use model::{FileId, InputsHash, Moment};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

/// A report as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// When it was first written.
    pub at: Moment,
    /// The year it is about.
    pub year: i32,
    /// Which report of the year it is.
    pub variant: String,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// Its file's name.
    pub file_name: String,
    /// The hash over all that it was made from.
    pub inputs_hash: InputsHash,
    /// The hash of its bytes.
    pub file: FileId,
    /// The hash of the programme it was made by.
    pub programme_hash: String,
    /// The hashes of the programmes of earlier periods, whose support it was compared with.
    pub earlier: Vec<String>,
    /// What made it.
    pub versions: Versions,
}

const ISSUED: &str = "SELECT at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version, variant, earlier,
    coalesce(reader_version, 0), coalesce(counting_version, 0) FROM issued";

fn read(row: &Row<'_>) -> rusqlite::Result<Issued> {
    Ok(Issued {
        at: parsed(row, 0)?,
        year: row.get(1)?,
        as_of: parsed(row, 2)?,
        file_name: row.get(3)?,
        inputs_hash: InputsHash(row.get(4)?),
        file: FileId(row.get(5)?),
        programme_hash: row.get(6)?,
        versions: Versions {
            program: row.get(7)?,
            reader: row.get(10)?,
            counting: row.get(11)?,
        },
        variant: row.get(8)?,
        earlier: row
            .get::<_, String>(9)?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    })
}

impl Ledger {
    /// Records a report, and keeps the files of the programmes it was made by; one of the same bytes is recorded once.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn issue(
        &self,
        issued: &Issued,
        programmes: &[KeptProgramme],
        operator: &str,
    ) -> Result<(), LedgerError> {
        if self.issued(&issued.file)?.is_some() {
            return Ok(());
        }
        let transaction = self.database.unchecked_transaction()?;
        programmes
            .iter()
            .try_for_each(|programme| keep_programme(&transaction, programme))?;
        transaction.execute(
            "INSERT INTO issued (at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version, variant,
                                 earlier, reader_version, counting_version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                issued.at.to_string(),
                issued.year,
                issued.as_of.to_string(),
                issued.file_name,
                issued.inputs_hash.0,
                issued.file.0,
                issued.programme_hash,
                issued.versions.program,
                issued.variant,
                issued.earlier.join(" "),
                issued.versions.reader,
                issued.versions.counting,
            ],
        )?;
        let detail = json!({ "year": issued.year, "variant": issued.variant, "as_of": issued.as_of, "inputs": issued.inputs_hash,
                             "sha256": issued.file.0 });
        audit::append(&transaction, issued.at, operator, "report", &detail)?;
        Ok(transaction.commit()?)
    }

    /// The report of these bytes, where it was recorded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issued(&self, file: &FileId) -> Result<Option<Issued>, LedgerError> {
        let sql = format!("{ISSUED} WHERE file = ?1");
        Ok(self
            .database
            .prepare(&sql)?
            .query_row([&file.0], read)
            .optional()?)
    }

    /// The report of a year, of the same variant, that stood when one as of a moment was made: the last
    /// that was issued by then, of an earlier moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issued_before(
        &self,
        year: i32,
        variant: &str,
        as_of: Moment,
    ) -> Result<Option<Issued>, LedgerError> {
        let sql = format!(
            "{ISSUED} WHERE year = ?1 AND variant = ?2 AND as_of < ?3 AND at <= ?3
                           ORDER BY as_of DESC, at DESC LIMIT 1"
        );
        Ok(self
            .database
            .prepare(&sql)?
            .query_row(params![year, variant, as_of.to_string()], read)
            .optional()?)
    }

    /// The programmes that the last run up to a moment used, that of its present period first: their
    /// hashes and their files, as they were given to [`Ledger::begin`]. None before the first run, or where a ledger
    /// from before they were kept does not have them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programmes_at(&self, as_of: Moment) -> Result<Vec<(String, String)>, LedgerError> {
        let mut statement = self.database.prepare(
            "WITH r AS (SELECT id, programme_hash FROM run WHERE at <= ?1 ORDER BY id DESC LIMIT 1)
             SELECT p.hash, p.files, p.hash = r.programme_hash AS is_present FROM programme AS p, r
             WHERE p.hash = r.programme_hash OR p.hash IN (SELECT hash FROM run_programme WHERE run = r.id)
             ORDER BY is_present DESC, p.hash",
        )?;
        let rows =
            statement.query_map([as_of.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The files of the programme of that hash, where they are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programme(&self, hash: &str) -> Result<Option<String>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT files FROM programme WHERE hash = ?1")?;
        Ok(statement.query_row([hash], |row| row.get(0)).optional()?)
    }
}
