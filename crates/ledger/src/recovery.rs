//! The database and the log beside it, each made good from the other.

use crate::audit::{self, AuditEntry};
use crate::error::LedgerError;
use crate::history::{changed_rows, fault_of_text, rebuild, rewrite};
use crate::ledger::Ledger;
use crate::log_file::{LogFile, LoggedEntry};
use crate::log_row::{Marks, differences, rows_between};
use crate::schema::DATABASE;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// Something in the database or the log that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryFault {
    /// The file.
    pub path: PathBuf,
    /// What was found.
    pub found: String,
    /// Whether it was made good from the other of the two.
    pub is_mended: bool,
}

/// What one of the two says, and what is wrong with it in itself.
struct Witness {
    told: Vec<LoggedEntry>,
    faults: Vec<String>,
}

/// Holds the database of a ledger and the log beside it against each other. Where `may_mend`, which needs the ledger's
/// lock, the one that is damaged, older or lost is made anew from the other; what stood there is kept beside it.
///
/// # Errors
/// When neither can be read, or what is made anew cannot be written.
pub fn recover(folder: &Path, may_mend: bool) -> Result<Vec<HistoryFault>, LedgerError> {
    let log = LogFile::of(folder);
    let text = of_text(&log)?;
    let found = of_database(folder);
    let path = folder.join(DATABASE);
    let fault = |path: &Path, found: String, is_mended| HistoryFault {
        path: path.to_owned(),
        found,
        is_mended,
    };
    let text_is_whole = text.faults.is_empty();
    let database = match found {
        // A ledger from before the log stood beside it, or one that holds nothing yet.
        Ok(database) if !has_rows_told(&database) && text.told.is_empty() => {
            let faults = database.faults.into_iter().chain(text.faults);
            return Ok(faults.map(|found| fault(&path, found, false)).collect());
        }
        Ok(database) => database,
        Err(error) if text_is_whole && !text.told.is_empty() => Witness {
            told: Vec::new(),
            faults: vec![error.to_string()],
        },
        Err(error) => return Err(error),
    };
    let same = text
        .told
        .iter()
        .zip(&database.told)
        .take_while(|(text, database)| text.entry == database.entry)
        .count();
    let (in_text, in_database) = (text.told.len(), database.told.len());
    let database_is_whole = database.faults.is_empty();
    if text_is_whole && same == in_text && same == in_database && database_is_whole {
        return Ok(Vec::new());
    }
    // A text that is whole and goes at least as far as the database does where that is whole.
    if text_is_whole && (same == in_database || !database_is_whole) && in_text >= in_database {
        if may_mend {
            rebuild(folder, &text.told)?;
        }
        let mut found = database.faults.clone();
        found.extend(rows_that_differ(&text.told, &database.told));
        if in_text > in_database {
            found.push(format!(
                "older than log.jsonl: {in_database} of {in_text} entries"
            ));
        }
        let faults = found.into_iter().map(|found| fault(&path, found, may_mend));
        return Ok(faults.collect());
    }
    if database_is_whole && (same == in_text || !text_is_whole) && in_database >= in_text {
        if may_mend {
            rewrite(&log, &database.told)?;
        }
        let mut found = text.faults;
        if in_database > in_text {
            found.push(format!(
                "{in_text} of {in_database} entries of the database"
            ));
        }
        let faults = found
            .into_iter()
            .map(|found| fault(log.path(), found, may_mend));
        return Ok(faults.collect());
    }
    let mut faults: Vec<HistoryFault> = database
        .faults
        .into_iter()
        .map(|found| fault(&path, found, false))
        .chain(
            text.faults
                .into_iter()
                .map(|found| fault(log.path(), found, false)),
        )
        .collect();
    if same < in_text.min(in_database) {
        let found = format!("another history than log.jsonl from entry {} on", same + 1);
        faults.push(fault(&path, found, false));
    }
    Ok(faults)
}

fn has_rows_told(database: &Witness) -> bool {
    let mut entries = database.told.iter().map(|told| &told.entry);
    entries.any(|entry| entry.written.is_some())
}

fn of_text(log: &LogFile) -> Result<Witness, LedgerError> {
    let (told, fault) = log.read()?;
    let faults = fault.into_iter().chain(fault_of_text(&told)).collect();
    Ok(Witness { told, faults })
}

fn of_database(folder: &Path) -> Result<Witness, LedgerError> {
    let ledger = Ledger::open_unchecked(folder)?;
    let database = &ledger.database;
    let entries = audit::entries(database)?;
    let mut faults = Vec::new();
    if let Some(entry) = audit::broken(&entries) {
        faults.push(format!("audit {}", entry.id));
    }
    faults.extend(changed_rows(database, &entries)?);
    let integrity: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if integrity != "ok" {
        faults.push(integrity);
    }
    let told = told(database, entries);
    Ok(Witness { told, faults })
}

/// The entries of a database with their rows, as far as these can be read.
fn told(database: &Connection, entries: Vec<AuditEntry>) -> Vec<LoggedEntry> {
    let mut before = Marks::default();
    let mut told = Vec::new();
    for entry in entries {
        let mut rows = Vec::new();
        if let Some(written) = &entry.written {
            rows = rows_between(database, &before, &written.marks).unwrap_or_default();
            before = written.marks.clone();
        }
        told.push(LoggedEntry { entry, rows });
    }
    told
}

/// Where rows of the database are not those of the text, by table, row and column.
fn rows_that_differ(text: &[LoggedEntry], database: &[LoggedEntry]) -> Vec<String> {
    let pairs = text.iter().zip(database);
    pairs
        .flat_map(|(text, database)| differences(&database.rows, &text.rows))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::recover;
    use crate::as_of::AsOf;
    use crate::audit::AuditEntry;
    use crate::error::LedgerError;
    use crate::file_id::file_id;
    use crate::ledger::Ledger;
    use crate::lock::Lock;
    use crate::schema::{self, DATABASE};
    use crate::testing::{day, issued, kept_programme, ledger, run, take_in};
    use rusqlite::Connection;
    use std::path::Path;
    use tempfile::TempDir;

    /// A ledger with two runs, a decision and an issued report.
    fn filled() -> TempDir {
        let (folder, ledger) = ledger();
        run(&ledger, day(5), |writer| take_in(writer, "a.xlsx"));
        let report = issued("1/BC", "2024-01-05");
        ledger
            .record_report(&report, &[kept_programme("p")], "An")
            .unwrap();
        ledger
            .set_aside(day(6), &file_id(b"a.xlsx"), Some("gửi nhầm"), "An")
            .unwrap();
        run(&ledger, day(7), |writer| take_in(writer, "b.xlsx"));
        folder
    }

    /// Opens a ledger as one does who writes to it.
    fn open(folder: &Path) -> Result<Ledger, LedgerError> {
        Ledger::open_to_write(&Lock::take(folder).unwrap())
    }

    /// All that a ledger says.
    fn told(ledger: &Ledger) -> String {
        let report = ledger.report(&issued("1/BC", "2024-01-05").file).unwrap();
        format!(
            "{:?}\n{:?}\n{:?}\n{:?}",
            ledger.submissions(AsOf::NOW).unwrap(),
            report,
            ledger.issued_reports().unwrap(),
            ledger.audit().unwrap()
        )
    }

    fn change(folder: &Path, sql: &str) {
        let database = Connection::open(folder.join(DATABASE)).unwrap();
        database.execute_batch(sql).unwrap();
    }

    fn text(folder: &Path) -> Vec<u8> {
        std::fs::read(folder.join("log.jsonl")).unwrap()
    }

    /// What is found, the files by their names; and that afterwards nothing more is, and all is as it was.
    fn found_and_mended(folder: &Path, expected: &str) -> Vec<String> {
        let found = recover(folder, true).unwrap();
        assert!(found.iter().all(|fault| fault.is_mended), "{found:?}");
        assert_eq!(recover(folder, true).unwrap(), []);
        assert_eq!(told(&open(folder).unwrap()), expected);
        let line = |fault: super::HistoryFault| {
            let name = fault
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            format!("{name} {}", fault.found)
        };
        found.into_iter().map(line).collect()
    }

    #[test]
    fn a_row_that_was_changed_taken_out_or_put_in_is_refused_named_and_mended() {
        for (sql, named) in [
            (
                "UPDATE submission SET period = '2024-Q5' WHERE id = 2",
                "submission 2: period",
            ),
            (
                "UPDATE submission SET unit = NULL WHERE id = 2",
                "submission 2: unit",
            ),
            ("DELETE FROM set_aside", "set_aside 1: missing"),
            (
                "INSERT INTO set_aside (at, file, operator) VALUES ('2024-01-06T00:00:00Z', 'f', 'An')",
                "rows that no entry of the log wrote",
            ),
            (
                "UPDATE report SET number = NULL, signed_on = NULL",
                "report 1: number",
            ),
            (
                "DROP TRIGGER audit_is_not_changed; UPDATE audit SET operator = 'Bình' WHERE id = 3",
                "audit 3",
            ),
        ] {
            let folder = filled();
            let expected = told(&open(folder.path()).unwrap());
            change(folder.path(), sql);
            for refused in [Ledger::open(folder.path()), open(folder.path())] {
                assert!(
                    matches!(refused, Err(LedgerError::Changed(_) | LedgerError::Log(_))),
                    "{sql}"
                );
            }
            let found = found_and_mended(folder.path(), &expected);
            assert!(
                found.contains(&format!("{DATABASE} {named}")),
                "{sql}: {found:?}"
            );
        }
    }

    #[test]
    fn a_database_that_is_lost_empty_or_older_is_made_again() {
        let folder = filled();
        let path = folder.path().join(DATABASE);
        let expected = told(&open(folder.path()).unwrap());
        std::fs::remove_file(&path).unwrap();
        assert_eq!(told(&Ledger::open(folder.path()).unwrap()), expected);
        std::fs::write(&path, "").unwrap();
        assert_eq!(told(&open(folder.path()).unwrap()), expected);
        let older = std::fs::read(&path).unwrap();
        let ledger = open(folder.path()).unwrap();
        run(&ledger, day(9), |writer| take_in(writer, "c.xlsx"));
        let expected = told(&ledger);
        drop(ledger);
        std::fs::write(&path, older).unwrap();
        assert_eq!(
            found_and_mended(folder.path(), &expected),
            [format!("{DATABASE} older than log.jsonl: 4 of 5 entries")]
        );
        std::fs::write(&path, "no database at all, and that for some length").unwrap();
        assert!(open(folder.path()).is_err());
        found_and_mended(folder.path(), &expected);
        assert!(folder.path().join(format!("{DATABASE}.damaged-2")).exists());
    }

    #[test]
    fn a_text_that_is_lost_cut_or_changed_is_made_again_byte_for_byte() {
        let folder = filled();
        let expected = told(&open(folder.path()).unwrap());
        let whole = text(folder.path());
        let path = folder.path().join("log.jsonl");
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        let cut = lines[..lines.len() - 4].concat();
        let changed = String::from_utf8(whole.clone())
            .unwrap()
            .replace("b.xlsx", "c.xlsx");
        for damaged in [None, Some(cut), Some(changed.into_bytes())] {
            match &damaged {
                Some(damaged) => std::fs::write(&path, damaged).unwrap(),
                None => std::fs::remove_file(&path).unwrap(),
            }
            found_and_mended(folder.path(), &expected);
            assert_eq!(text(folder.path()), whole);
        }
    }

    #[test]
    fn lines_that_no_entry_closes_are_taken_away() {
        let folder = filled();
        let whole = text(folder.path());
        let mut torn = whole.clone();
        torn.extend_from_slice(br#"{"table":"run","row":3,"values":{"id":3}}"#);
        std::fs::write(folder.path().join("log.jsonl"), torn).unwrap();
        assert_eq!(recover(folder.path(), false).unwrap(), []);
        open(folder.path()).unwrap();
        assert_eq!(text(folder.path()), whole);
    }

    #[test]
    fn two_histories_are_told_and_neither_is_given_up() {
        let (one, two) = (filled(), filled());
        for (folder, name) in [(&one, "c.xlsx"), (&two, "d.xlsx")] {
            let ledger = open(folder.path()).unwrap();
            run(&ledger, day(9), |writer| take_in(writer, name));
        }
        std::fs::write(one.path().join("log.jsonl"), text(two.path())).unwrap();
        assert!(matches!(open(one.path()), Err(LedgerError::Log(_))));
        let found = recover(one.path(), true).unwrap();
        assert_eq!(found.len(), 1);
        assert!(
            !found[0].is_mended && found[0].found.contains("from entry 5"),
            "{found:?}"
        );
        assert_eq!(text(one.path()), text(two.path()));
    }

    #[test]
    fn a_ledger_from_before_the_text_is_taken_over_whole() {
        let folder = tempfile::tempdir().unwrap();
        let database = Connection::open(folder.path().join(DATABASE)).unwrap();
        for step in schema::BEFORE_THE_TEXT {
            database.execute_batch(step).unwrap();
        }
        let version = i64::try_from(schema::BEFORE_THE_TEXT.len()).unwrap();
        database
            .pragma_update(None, "user_version", version)
            .unwrap();
        database
            .execute_batch(
                "INSERT INTO run (at, programme, programme_hash, program_version) VALUES ('2024-01-05T00:00:00Z', 'p', 'h', '1');
                 INSERT INTO submission (run, file, file_name, outcome, nil_return) VALUES (1, 'f', 'a.xlsx', 'accepted', 0)",
            )
            .unwrap();
        drop(database);
        let ledger = Ledger::open(folder.path()).unwrap();
        let entries: Vec<AuditEntry> = ledger.audit().unwrap();
        assert_eq!((entries.len(), entries[0].action.as_str()), (1, "upgrade"));
        let expected = ledger.submissions(AsOf::NOW).unwrap();
        drop(ledger);
        std::fs::remove_file(folder.path().join(DATABASE)).unwrap();
        let again = Ledger::open(folder.path()).unwrap();
        assert_eq!(again.submissions(AsOf::NOW).unwrap(), expected);
    }

    #[test]
    fn whatever_bit_flips_in_the_database_or_the_text_nothing_else_is_said() {
        let folder = filled();
        let expected = told(&open(folder.path()).unwrap());
        let times = std::env::var("TONGHOP_FLIPS").map_or(60, |times| times.parse().unwrap());
        // A fixed walk over all bytes.
        let mut place = 1_u64;
        for name in [DATABASE, "log.jsonl"] {
            let path = folder.path().join(name);
            let whole = std::fs::read(&path).unwrap();
            for _ in 0..times {
                place = place
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = usize::try_from(place >> 33).unwrap() % whole.len();
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << (place >> 20 & 7);
                std::fs::write(&path, &flipped).unwrap();
                if let Ok(ledger) = Ledger::open(folder.path()) {
                    assert_eq!(told(&ledger), expected, "{name} {at}");
                }
                let found = recover(folder.path(), true).unwrap();
                assert!(
                    found.iter().all(|fault| fault.is_mended),
                    "{name} {at}: {found:?}"
                );
                assert_eq!(told(&open(folder.path()).unwrap()), expected, "{name} {at}");
                std::fs::write(&path, &whole).unwrap();
            }
        }
    }
}
