//! Review workbooks as a run wrote them: by its hash each is known as one in which nobody has written yet.

use crate::error::LedgerError;
use crate::ledger::Ledger;
use model::{FileId, Moment};
use rusqlite::params;
use serde_json::json;

impl Ledger {
    /// Keeps the hash of a review workbook that is about to be written, once for each content: before it lies in the folder, so
    /// that it is known there whenever the machine stops.
    ///
    /// # Errors
    /// When the log or the database cannot be written; then the workbook must not be.
    pub fn record_questions(
        &self,
        at: Moment,
        file: &FileId,
        file_name: &str,
        operator: &str,
    ) -> Result<(), LedgerError> {
        if self.is_unanswered_questions(file)? {
            return Ok(());
        }
        let transaction = self.database.unchecked_transaction()?;
        transaction.execute(
            "INSERT INTO question_file (at, file_name, file) VALUES (?1, ?2, ?3)",
            params![at.to_string(), file_name, file.0],
        )?;
        let detail = json!({ "name": file_name, "sha256": file.0 });
        self.commit(transaction, at, operator, "ask", &detail)
    }

    /// Whether a file is a review workbook exactly as a run wrote it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_unanswered_questions(&self, file: &FileId) -> Result<bool, LedgerError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM question_file WHERE file = ?1)";
        let mut statement = self.database.prepare_cached(sql)?;
        Ok(statement.query_row([&file.0], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::as_of::AsOf;
    use crate::file_id::file_id;
    use crate::ledger::Ledger;
    use crate::testing::{actions, day, ledger, run, take_in};

    #[test]
    fn a_workbook_is_known_by_its_bytes_and_told_of_once() {
        let (folder, ledger) = ledger();
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        let head = ledger.head(AsOf::NOW).unwrap();
        let written = file_id(b"questions");
        assert!(!ledger.is_unanswered_questions(&written).unwrap());
        for at in [5, 6] {
            ledger
                .record_questions(day(at), &written, "2024-01-05.xlsx", "An")
                .unwrap();
        }
        assert!(ledger.is_unanswered_questions(&written).unwrap());
        assert!(
            !ledger
                .is_unanswered_questions(&file_id(b"answered"))
                .unwrap()
        );
        assert_eq!(actions(&ledger), ["run", "ask"]);
        // What is asked changes no figure.
        assert_eq!(ledger.head(AsOf::NOW).unwrap(), head);
        drop(ledger);
        std::fs::remove_file(folder.path().join("ledger.sqlite")).unwrap();
        let again = Ledger::open(folder.path()).unwrap();
        assert!(again.is_unanswered_questions(&written).unwrap());
    }
}
