use crate::audit;
use crate::column::parsed;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::run::keep_programme;
use crate::run::{KeptProgramme, Versions};
use model::{FileId, InputsHash, Moment, ProgrammeHash};
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
    pub programme_hash: ProgrammeHash,
    /// The hashes of the programmes of earlier periods, whose support it was compared with.
    pub earlier: Vec<ProgrammeHash>,
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
        programme_hash: ProgrammeHash(row.get(6)?),
        versions: Versions {
            program: row.get(7)?,
            reader: row.get(10)?,
            counting: row.get(11)?,
        },
        variant: row.get(8)?,
        earlier: row
            .get::<_, String>(9)?
            .split_whitespace()
            .map(|hash| ProgrammeHash(hash.to_owned()))
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
        let earlier: Vec<&str> = issued.earlier.iter().map(|hash| hash.0.as_str()).collect();
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
                issued.programme_hash.0,
                issued.versions.program,
                issued.variant,
                earlier.join(" "),
                issued.versions.reader,
                issued.versions.counting,
            ],
        )?;
        let detail = json!({ "year": issued.year, "variant": issued.variant, "as_of": issued.as_of, "inputs": issued.inputs_hash,
                             "sha256": issued.file.0 });
        audit::append(&transaction, issued.at, operator, "report", &detail)?;
        Ok(transaction.commit()?)
    }

    /// The report of these bytes, if it was recorded.
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

    /// The report of a year, of the same variant, that was in force when one as of a moment was made: the last
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
    /// hashes and their files, as they were given to [`Ledger::begin`]. None before the first run, or if a ledger
    /// from before they were kept does not have them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programmes_at(
        &self,
        as_of: Moment,
    ) -> Result<Vec<(ProgrammeHash, String)>, LedgerError> {
        let mut statement = self.database.prepare(
            "WITH r AS (SELECT id, programme_hash FROM run WHERE at <= ?1 ORDER BY id DESC LIMIT 1)
             SELECT p.hash, p.files, p.hash = r.programme_hash AS is_present FROM programme AS p, r
             WHERE p.hash = r.programme_hash OR p.hash IN (SELECT hash FROM run_programme WHERE run = r.id)
             ORDER BY is_present DESC, p.hash",
        )?;
        let rows = statement.query_map([as_of.to_string()], |row| {
            Ok((ProgrammeHash(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The files of the programme of that hash, if they are kept.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programme(&self, hash: &ProgrammeHash) -> Result<Option<String>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT files FROM programme WHERE hash = ?1")?;
        Ok(statement
            .query_row([&hash.0], |row| row.get(0))
            .optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::Issued;
    use crate::file_id::file_id;
    use crate::run::{Beginning, Versions};
    use crate::testing::{day, hash, kept_programme, ledger, run, versions};
    use model::InputsHash;

    /// A report on 2023 that was written at a day of January, as of a day.
    fn issued(name: &str, at: u32, as_of: u32) -> Issued {
        Issued {
            at: day(at),
            year: 2023,
            variant: "annual".to_owned(),
            as_of: day(as_of),
            file_name: name.to_owned(),
            inputs_hash: InputsHash("inputs".to_owned()),
            file: file_id(name.as_bytes()),
            programme_hash: hash("p"),
            earlier: vec![hash("q"), hash("r")],
            versions: versions(),
        }
    }

    #[test]
    fn a_report_of_the_same_bytes_is_recorded_once_with_what_made_it() {
        let (_folder, ledger) = ledger();
        let first = issued("a", 5, 4);
        for report in [&first, &issued("a", 9, 4)] {
            ledger.issue(report, &[kept_programme("p")], "An").unwrap();
        }
        assert_eq!(ledger.issued(&first.file).unwrap(), Some(first));
        assert_eq!(ledger.issued(&file_id(b"another")).unwrap(), None);
        assert_eq!(
            ledger.programme(&hash("p")).unwrap(),
            Some(kept_programme("p").files)
        );
        assert_eq!(ledger.audit().unwrap().len(), 1);
    }

    #[test]
    fn the_report_before_is_the_newest_of_its_kind_that_was_known_and_is_of_an_earlier_moment() {
        let (_folder, ledger) = ledger();
        let of_final = Issued {
            variant: "final".to_owned(),
            ..issued("final", 3, 3)
        };
        let of_2022 = Issued {
            year: 2022,
            ..issued("2022", 3, 3)
        };
        for report in [
            issued("old", 2, 1),
            issued("new", 3, 2),
            // As of an earlier moment, but written later than the report that is made.
            issued("later", 20, 3),
            of_final,
            of_2022,
        ] {
            ledger.issue(&report, &[kept_programme("p")], "An").unwrap();
        }
        let before = |as_of| {
            let found = ledger.issued_before(2023, "annual", day(as_of)).unwrap();
            found.map(|issued| issued.file_name)
        };
        assert_eq!(before(1), None, "of the same moment it is the same report");
        assert_eq!(before(2), Some("old".to_owned()));
        assert_eq!(before(10), Some("new".to_owned()));
        assert_eq!(before(20), Some("later".to_owned()));
    }

    #[test]
    fn the_programmes_of_a_moment_are_those_of_the_last_run_with_the_present_one_first() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |_| ());
        let programmes = ["z", "a"].map(kept_programme);
        let beginning = Beginning {
            at: day(7),
            versions: &versions(),
            operator: "An",
            programmes: &programmes,
        };
        ledger.begin(&beginning).unwrap().commit().unwrap();
        let hashes = |at| -> Vec<String> {
            let programmes = ledger.programmes_at(day(at)).unwrap().into_iter();
            programmes.map(|(hash, _)| hash.0).collect()
        };
        assert_eq!(hashes(4), [""; 0]);
        assert_eq!(hashes(6), ["p"]);
        assert_eq!(hashes(7), ["z", "a"]);
    }

    #[test]
    fn the_versions_of_a_run_are_recorded_and_one_that_is_not_committed_leaves_nothing() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |_| ());
        let Versions {
            program,
            reader,
            counting,
        } = versions();
        let kept: (String, u32, u32) = ledger
            .database
            .query_row(
                "SELECT program_version, reader_version, counting_version FROM run",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!(kept, (program, reader, counting));
        let beginning = Beginning {
            at: day(9),
            versions: &versions(),
            operator: "An",
            programmes: &[kept_programme("q")],
        };
        drop(ledger.begin(&beginning).unwrap());
        assert_eq!(ledger.last_run().unwrap(), Some(day(5)));
        assert_eq!(ledger.programme(&hash("q")).unwrap(), None);
    }
}
