use crate::error::LedgerError;
use crate::ledger::Ledger;
use model::{Moment, ProgrammeHash};
use rusqlite::OptionalExtension;

impl Ledger {
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

    /// The hashes of the programmes of a run, that of its present period first.
    pub(crate) fn programmes_of_run(&self, run: i64) -> Result<Vec<ProgrammeHash>, LedgerError> {
        let mut statement = self.database.prepare_cached(
            "SELECT programme_hash, 0 AS place FROM run WHERE id = ?1
             UNION SELECT hash, 1 FROM run_programme WHERE run = ?1
                 AND hash <> (SELECT programme_hash FROM run WHERE id = ?1)
             ORDER BY place, 1",
        )?;
        let rows = statement.query_map([run], |row| Ok(ProgrammeHash(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All programmes that are kept: their hashes and their files.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn programmes(&self) -> Result<Vec<(ProgrammeHash, String)>, LedgerError> {
        let mut statement = self
            .database
            .prepare("SELECT hash, files FROM programme ORDER BY hash")?;
        let rows = statement.query_map([], |row| Ok((ProgrammeHash(row.get(0)?), row.get(1)?)))?;
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
    use crate::run::{Beginning, Versions};
    use crate::testing::{day, hash, kept_programme, ledger, run, versions};

    #[test]
    fn the_programmes_of_a_moment_are_those_of_the_last_run_with_the_present_one_first() {
        let (_folder, ledger) = ledger();
        run(&ledger, day(5), |_| ());
        let programmes = ["z", "a"].map(kept_programme);
        let beginning = Beginning {
            at: day(7).into(),
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
            at: day(9).into(),
            versions: &versions(),
            operator: "An",
            programmes: &[kept_programme("q")],
        };
        drop(ledger.begin(&beginning).unwrap());
        assert_eq!(ledger.last_run().unwrap(), Some(day(5)));
        assert_eq!(ledger.programme(&hash("q")).unwrap(), None);
    }
}
