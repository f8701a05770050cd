//! What the entries of the log say in words, held against the rows that they wrote: the one does not change without the other.

use crate::audit::AuditEntry;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::log_row::{LogRow, Marks, rows_between};
use serde_json::Value;

/// What stands in a row and in the words of its entry: the table, the column, and the key there.
const TOLD: [(&str, &str, &str); 12] = [
    ("report", "year", "year"),
    ("report", "variant", "variant"),
    ("report", "as_of", "as_of"),
    ("report", "inputs_hash", "inputs"),
    ("report", "file", "sha256"),
    ("report", "figures_hash", "figures"),
    ("report", "number", "number"),
    ("report", "signed_on", "signed_on"),
    ("set_aside", "file", "submission"),
    ("set_aside", "reason", "reason"),
    ("question_file", "file", "sha256"),
    ("withdrawal", "reason", "reason"),
];

/// The same of a file that a run took in.
const TAKEN: [(&str, &str); 5] = [
    ("file", "submission"),
    ("file_name", "name"),
    ("department", "department"),
    ("period", "period"),
    ("outcome", "outcome"),
];

impl Ledger {
    /// Rows that do not say what their entry of the log says of them, or of which some are missing: by table, number and column.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) fn rows_told_otherwise(&self) -> Result<Vec<String>, LedgerError> {
        let mut found = Vec::new();
        let mut before = Marks::default();
        for entry in self.audit()? {
            let Some(written) = &entry.written else {
                continue;
            };
            // One that took a ledger over tells of rows that others wrote.
            if entry.action != "upgrade" {
                match rows_between(&self.database, &before, &written.marks) {
                    Ok(rows) => {
                        found.extend(missing(&rows, &before, &written.marks));
                        found.extend(told_otherwise(&entry, &rows));
                    }
                    // It is told as a row that was changed.
                    Err(LedgerError::Entry(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            before = written.marks.clone();
        }
        Ok(found)
    }
}

/// Tables number their rows upwards without a gap.
fn missing(rows: &[LogRow], before: &Marks, after: &Marks) -> Vec<String> {
    let tables = after.tables().filter(|table| {
        let written = after.last(table) - before.last(table);
        let found = rows.iter().filter(|row| row.table == *table).count();
        i64::try_from(found) != Ok(written)
    });
    tables
        .map(|table| format!("{table}: a row is missing"))
        .collect()
}

fn told_otherwise(entry: &AuditEntry, rows: &[LogRow]) -> Vec<String> {
    let Ok(detail) = serde_json::from_str::<Value>(&entry.detail) else {
        return vec![format!("entry {}", entry.id)];
    };
    let mut found = Vec::new();
    let taken = detail["taken"].as_array();
    let mut taken = taken
        .into_iter()
        .flatten()
        .filter(|taken| taken.get("submission").is_some());
    for row in rows {
        let mut hold = |column: &str, said: Option<&Value>| {
            if said.is_some_and(|said| *said != *row.values.get(column).unwrap_or(&Value::Null)) {
                found.push(format!("{} {}: {column}", row.table, row.row));
            }
        };
        let of_entry = [("at", &entry.at), ("operator", &entry.operator)];
        for (column, said) in of_entry {
            if row.values.contains_key(column) {
                hold(column, Some(&Value::from(said.as_str())));
            }
        }
        // The hash of the figures was kept in entries before it was in rows.
        let of_table = TOLD.iter().filter(|(table, column, _)| {
            *table == row.table && (*column != "figures_hash" || row.values.contains_key(*column))
        });
        for (_, column, key) in of_table {
            hold(column, detail.get(key));
        }
        if row.table == "submission" && entry.action == "run" {
            match taken.next() {
                Some(taken) => {
                    for (column, key) in TAKEN {
                        hold(column, taken.get(key));
                    }
                }
                None => hold("run", Some(&Value::Null)),
            }
        }
    }
    if taken.next().is_some() {
        found.push(format!("entry {}: a submission is missing", entry.id));
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::answer::GivenAnswers;
    use crate::file_id::file_id;
    use crate::ledger::Ledger;
    use crate::testing::{day, issued, kept_programme, ledger, run, take_in};
    use tempfile::TempDir;

    /// A ledger in which everything was done once.
    fn filled() -> (TempDir, Ledger) {
        let (folder, ledger) = ledger();
        run(&ledger, day(2), |writer| {
            take_in(writer, "a.xlsx");
            take_in(writer, "b.xlsx");
            let none = GivenAnswers::default();
            writer.take_answers(&file_id(b"c"), b"c", &none).unwrap();
        });
        let file = file_id(b"a.xlsx");
        for reason in [Some("gửi nhầm"), None] {
            ledger.set_aside(day(3), &file, reason, "An").unwrap();
        }
        let report = issued("1/BC", "2024-01-05");
        ledger
            .record_report(&report, &[kept_programme("p")], "An")
            .unwrap();
        let number = "1/BC".parse().unwrap();
        ledger.withdraw(day(9), &number, None, "sai", "An").unwrap();
        ledger
            .record_questions(day(9), &file_id(b"q"), "q.xlsx", "An")
            .unwrap();
        (folder, ledger)
    }

    #[test]
    fn rows_and_words_say_the_same_until_one_is_changed() {
        for (sql, named) in [
            ("SELECT 1", ""),
            ("UPDATE run SET at = '2024-01-01T00:00:00Z'", "run 1: at"),
            (
                "UPDATE submission SET period = '2022' WHERE id = 2",
                "submission 2: period",
            ),
            (
                "UPDATE submission SET department = NULL WHERE id = 1",
                "submission 1: department",
            ),
            (
                "UPDATE set_aside SET operator = 'Bình' WHERE id = 1",
                "set_aside 1: operator",
            ),
            (
                "UPDATE set_aside SET reason = 'x' WHERE id = 2",
                "set_aside 2: reason",
            ),
            (
                "UPDATE report SET as_of = '2024-01-01T00:00:00Z'",
                "report 1: as_of",
            ),
            ("UPDATE report SET number = '2/BC'", "report 1: number"),
            (
                "UPDATE withdrawal SET reason = 'đúng'",
                "withdrawal 1: reason",
            ),
            (
                "UPDATE question_file SET file = 'x'",
                "question_file 1: file",
            ),
            (
                "DELETE FROM submission WHERE id = 1",
                "submission: a row is missing",
            ),
        ] {
            let (_folder, ledger) = filled();
            let is_read = sql.starts_with("SELECT");
            ledger
                .database
                .execute_batch("PRAGMA foreign_keys = OFF")
                .unwrap();
            if !is_read {
                ledger.database.execute(sql, []).unwrap();
            }
            let found = ledger.rows_told_otherwise().unwrap();
            assert_eq!(found.first().map_or("", String::as_str), named, "{found:?}");
        }
    }
}
