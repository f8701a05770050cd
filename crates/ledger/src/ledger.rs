use crate::audit::{self, AuditEntry};
use crate::error::LedgerError;
use crate::history::{self, changed_rows};
use crate::lock::Lock;
use crate::log_file::LogFile;
use crate::privacy::{make_folder, take_over};
use crate::schema::{self, DATABASE};
use model::{FileId, Moment, MomentError};
use rusqlite::{Connection, Transaction};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// An opened ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) folder: PathBuf,
    pub(crate) database: Connection,
    pub(crate) log: LogFile,
}

impl Ledger {
    /// Opens the ledger in a folder to read in it, making it if there is none. Every row is held against the log.
    ///
    /// # Errors
    /// When the folder cannot be written, is not a ledger, or was written by a newer program; when a row is not as it was
    /// written.
    pub fn open(folder: &Path) -> Result<Self, LedgerError> {
        let ledger = Self::open_unchecked(folder)?;
        // What another program writes at this moment counts a moment later.
        if history::is_behind(&ledger.database, &ledger.log)? {
            match Lock::take(folder) {
                Ok(_lock) => history::reconcile(&ledger.database, &ledger.log)?,
                Err(LedgerError::Locked) => {}
                Err(error) => return Err(error),
            }
        }
        ledger.refuse_changes()?;
        Ok(ledger)
    }

    /// Opens the ledger whose lock is held, to write to it.
    ///
    /// # Errors
    /// As [`open`](Self::open); and when the log and the database do not end at the same entry and cannot be brought
    /// there.
    pub fn open_to_write(lock: &Lock) -> Result<Self, LedgerError> {
        let ledger = Self::open_unchecked(lock.folder())?;
        history::reconcile(&ledger.database, &ledger.log)?;
        ledger.refuse_changes()?;
        Ok(ledger)
    }

    /// Opens the ledger in a folder without holding anything against the log: for finding out what is wrong with it.
    ///
    /// # Errors
    /// When the folder cannot be written, is not a ledger, or was written by a newer program.
    pub fn open_unchecked(folder: &Path) -> Result<Self, LedgerError> {
        for part in ["originals", "facts"] {
            let path = folder.join(part);
            make_folder(&path).map_err(|source| LedgerError::Write { path, source })?;
        }
        let path = folder.join(DATABASE);
        let database = Connection::open(&path)?;
        // Its journals have the rights that it has. On a copy that may not be written they stay as they are.
        let _ = take_over(&path);
        schema::prepare(&database)?;
        Ok(Self {
            folder: folder.to_owned(),
            database,
            log: LogFile::of(folder),
        })
    }

    /// Refuses a database that is not as it was written. Its indexes are looked through as well: a row that an index does
    /// not find is as good as lost.
    fn refuse_changes(&self) -> Result<(), LedgerError> {
        let integrity: String =
            self.database
                .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if integrity != "ok" {
            return Err(LedgerError::Changed(integrity));
        }
        let entries = self.audit()?;
        if let Some(entry) = audit::broken(&entries) {
            return Err(LedgerError::Changed(format!("entry {}", entry.id)));
        }
        match changed_rows(&self.database, &entries)?.pop() {
            Some(found) => Err(LedgerError::Changed(found)),
            None => Ok(()),
        }
    }

    /// The log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, LedgerError> {
        audit::entries(&self.database)
    }

    /// Makes a transaction count, and tells of it in the log.
    pub(crate) fn commit(
        &self,
        transaction: Transaction<'_>,
        at: Moment,
        operator: &str,
        action: &str,
        detail: &Value,
    ) -> Result<(), LedgerError> {
        history::commit(transaction, &self.log, at, operator, action, detail)
    }

    /// The moment of the last run or decision, an issue and a withdrawal among them; nothing before the first run.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_run(&self) -> Result<Option<Moment>, LedgerError> {
        let at: Option<String> = self.database.query_row(
            "SELECT max(at) FROM (
                 SELECT at FROM run
                 UNION ALL SELECT at FROM (
                     SELECT at FROM set_aside
                     UNION ALL SELECT at FROM report WHERE number IS NOT NULL
                     UNION ALL SELECT at FROM withdrawal) WHERE EXISTS (SELECT 1 FROM run))",
            [],
            |row| row.get(0),
        )?;
        at.map(|at| {
            at.parse()
                .map_err(|e: MomentError| LedgerError::Entry(e.to_string()))
        })
        .transpose()
    }

    /// Where a file is kept as it came.
    pub fn original(&self, file: &FileId) -> PathBuf {
        self.folder.join("originals").join(&file.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::as_of::AsOf;
    use crate::error::LedgerError;
    use crate::ledger::Ledger;
    use crate::testing::{day, ledger, run, take_in};

    #[test]
    fn an_opened_ledger_has_its_folders_and_is_opened_again_with_what_it_keeps() {
        let (folder, first) = ledger();
        assert!(folder.path().join("originals").is_dir() && folder.path().join("facts").is_dir());
        assert_eq!(first.last_run().unwrap(), None);
        run(&first, day(5), |writer| take_in(writer, "a.xlsx"));
        drop(first);
        let again = Ledger::open(folder.path()).unwrap();
        assert_eq!(again.last_run().unwrap(), Some(day(5)));
        assert_eq!(again.submissions(AsOf::NOW).unwrap()[0].file_name, "a.xlsx");
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_named() {
        let (folder, _ledger) = ledger();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let error = Ledger::open(&file).unwrap_err();
        assert!(matches!(error, LedgerError::Write { .. }), "{error}");
        assert!(error.to_string().contains("originals"), "{error}");
    }

    #[test]
    fn a_decision_counts_as_the_last_run_only_after_a_run() {
        let (_folder, ledger) = ledger();
        let file = crate::file_id::file_id(b"a.xlsx");
        ledger
            .set_aside(day(3), &file, Some("gửi nhầm"), "An")
            .unwrap();
        assert_eq!(ledger.last_run().unwrap(), None);
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        ledger.set_aside(day(9), &file, None, "An").unwrap();
        assert_eq!(ledger.last_run().unwrap(), Some(day(9)));
    }
}
