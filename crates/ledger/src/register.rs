use crate::as_of::AsOf;
use crate::error::LedgerError;
use crate::file_id::file_id;
use crate::ledger::Ledger;
use crate::run::RunWriter;
use model::FileId;
use rusqlite::params;
use serde_json::json;

/// A list of another programme, as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterFile {
    /// Its name.
    pub file_name: String,
    /// Its content.
    pub file: FileId,
}

impl Ledger {
    /// The registers that counted at a moment, or count now, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn registers(&self, as_of: AsOf) -> Result<Vec<RegisterFile>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT file_name, file FROM register_file WHERE version = (
                 SELECT max(v.id) FROM register_version AS v JOIN run AS r ON v.run = r.id
                 WHERE (?1 IS NULL OR r.at <= ?1) AND r.id <= ?2
             ) ORDER BY file_name",
        )?;
        let rows = statement.query_map(params![as_of.moment(), as_of.run()], |row| {
            Ok(RegisterFile {
                file_name: row.get(0)?,
                file: FileId(row.get(1)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the ledger has the bytes of a file.
    pub fn has_original(&self, file: &FileId) -> bool {
        self.original(file).exists()
    }

    /// The bytes of a file as it came in.
    ///
    /// # Errors
    /// When the file is missing, cannot be read or is not as it came.
    pub fn bytes(&self, file: &FileId) -> Result<Vec<u8>, LedgerError> {
        let path = self.original(file);
        match std::fs::read(&path) {
            Ok(bytes) if file_id(&bytes) == *file => Ok(bytes),
            Ok(_) => Err(LedgerError::ChangedFile { path }),
            Err(source) => Err(LedgerError::Read { path, source }),
        }
    }
}

impl RunWriter<'_> {
    /// Keeps the registers that count from this run on, with their bytes; gives whether they differ from before.
    ///
    /// An earlier version stays what it was on its day.
    ///
    /// # Errors
    /// When a file or the database cannot be written.
    pub fn take_registers(
        &mut self,
        registers: &[(RegisterFile, &[u8])],
    ) -> Result<bool, LedgerError> {
        let before = self.ledger.registers(AsOf::NOW)?;
        if before
            .iter()
            .eq(registers.iter().map(|(register, _)| register))
        {
            return Ok(false);
        }
        self.transaction
            .execute("INSERT INTO register_version (run) VALUES (?1)", [self.run])?;
        let version = self.transaction.last_insert_rowid();
        for (register, bytes) in registers {
            self.keep(&register.file, bytes)?;
            self.transaction.execute(
                "INSERT INTO register_file VALUES (?1, ?2, ?3)",
                params![version, register.file_name, register.file.0],
            )?;
        }
        let files: Vec<&str> = registers
            .iter()
            .map(|(register, _)| register.file.0.as_str())
            .collect();
        self.taken.push(json!({ "registers": files }));
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::RegisterFile;
    use crate::as_of::AsOf;
    use crate::file_id::file_id;
    use crate::ledger::Ledger;
    use crate::testing::{day, ledger, run};

    fn take(ledger: &Ledger, at: u32, registers: &[(&str, &str)]) -> bool {
        let registers: Vec<(RegisterFile, &[u8])> = registers
            .iter()
            .map(|(name, content)| {
                let register = RegisterFile {
                    file_name: (*name).to_owned(),
                    file: file_id(content.as_bytes()),
                };
                (register, content.as_bytes())
            })
            .collect();
        let mut differ = false;
        run(ledger, day(at), |writer| {
            differ = writer.take_registers(&registers).unwrap();
        });
        differ
    }

    #[test]
    fn registers_are_those_of_the_last_run_that_changed_them_by_a_moment() {
        let (_folder, ledger) = ledger();
        assert!(take(&ledger, 5, &[("a.xlsx", "1"), ("b.xlsx", "2")]));
        assert!(
            !take(&ledger, 6, &[("a.xlsx", "1"), ("b.xlsx", "2")]),
            "nothing changed"
        );
        assert!(take(&ledger, 7, &[("a.xlsx", "3")]));
        let at = |at: AsOf| -> Vec<(String, Vec<u8>)> {
            let registers = ledger.registers(at).unwrap().into_iter();
            registers
                .map(|register| (register.file_name, ledger.bytes(&register.file).unwrap()))
                .collect()
        };
        let line = |name: &str, content: &str| (name.to_owned(), content.as_bytes().to_vec());
        assert_eq!(at(day(4).into()), []);
        assert_eq!(
            at(day(6).into()),
            [line("a.xlsx", "1"), line("b.xlsx", "2")]
        );
        assert_eq!(at(AsOf::NOW), [line("a.xlsx", "3")]);
    }
}
