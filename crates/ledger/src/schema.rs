use crate::error::LedgerError;
use rusqlite::Connection;

/// The name of the database.
pub(crate) const DATABASE: &str = "ledger.sqlite";

/// What makes each version out of the one before it. A change of the tables is one more step; a step never changes.
///
/// A step adds tables, or columns that are null in the rows there are: the log has a hash over each row as it was written.
/// Tables are only added to and number their rows upwards.
const STEPS: [&str; 15] = [
    SUBMISSIONS,
    REGISTERS,
    ANSWERS,
    AUDIT,
    PROGRAMMES,
    VERSIONS,
    AMOUNTS,
    HEADINGS,
    REPLACEMENTS,
    ISSUES,
    UNSURE_AMOUNTS,
    WRITTEN,
    FIGURES_HASHES,
    WRITTEN_ANSWERS,
    QUESTION_FILES,
];

/// The steps of a ledger that had no text of its log beside it.
#[cfg(test)]
pub(crate) const BEFORE_THE_TEXT: &[&str] = STEPS.split_at(11).0;

/// The version this program writes.
const VERSION: i64 = STEPS.len() as i64;

const SUBMISSIONS: &str = "
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- RFC 3339, UTC
    programme TEXT NOT NULL,
    programme_hash TEXT NOT NULL,
    program_version TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    file TEXT NOT NULL,           -- SHA-256 of the original
    file_name TEXT NOT NULL,
    department TEXT,
    period TEXT,
    outcome TEXT NOT NULL,
    nil_return INTEGER NOT NULL
) STRICT;
CREATE INDEX submission_file ON submission (file);

CREATE TABLE sheet (
    submission INTEGER NOT NULL REFERENCES submission (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    forms TEXT NOT NULL,          -- codes, joined by ','
    seen INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    held INTEGER NOT NULL,
    not_data INTEGER NOT NULL,
    PRIMARY KEY (submission, position)
) STRICT;

CREATE TABLE form_rows (
    submission INTEGER NOT NULL REFERENCES submission (id),
    form TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    held INTEGER NOT NULL,
    sums TEXT NOT NULL,           -- JSON: money columns of the accepted rows, in đồng
    PRIMARY KEY (submission, form)
) STRICT;

CREATE TABLE finding (
    submission INTEGER NOT NULL REFERENCES submission (id),
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    finding TEXT NOT NULL,        -- JSON
    PRIMARY KEY (submission, position)
) STRICT;

CREATE TABLE set_aside (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- RFC 3339, UTC
    file TEXT NOT NULL,           -- SHA-256 of the original
    reason TEXT,                  -- NULL takes the file back into the figures
    operator TEXT NOT NULL
) STRICT;
CREATE INDEX set_aside_file ON set_aside (file);
";

const REGISTERS: &str = "
CREATE TABLE register_version (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id)
) STRICT;

CREATE TABLE register_file (
    version INTEGER NOT NULL REFERENCES register_version (id),
    file_name TEXT NOT NULL,
    file TEXT NOT NULL,           -- SHA-256 of the original
    PRIMARY KEY (version, file_name)
) STRICT;
";

const ANSWERS: &str = "
CREATE TABLE answer_file (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (id),
    file TEXT NOT NULL UNIQUE     -- SHA-256 of the review workbook
) STRICT;

CREATE TABLE answer (
    id INTEGER PRIMARY KEY,
    answer_file INTEGER NOT NULL REFERENCES answer_file (id),
    verdict TEXT NOT NULL,
    left_print TEXT NOT NULL,     -- what decided, of the record that sorts first
    right_print TEXT NOT NULL,
    left_about TEXT NOT NULL,
    right_about TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    until TEXT                    -- the last day it holds; NULL for ever
) STRICT;
";

const AUDIT: &str = "
CREATE TABLE programme (
    hash TEXT PRIMARY KEY,
    files TEXT NOT NULL           -- JSON: path to text
) STRICT;

CREATE TABLE facts_file (
    submission INTEGER NOT NULL REFERENCES submission (id),
    form TEXT NOT NULL,
    sha256 TEXT NOT NULL,         -- of the Parquet file
    PRIMARY KEY (submission, form)
) STRICT;

CREATE TABLE issued (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- RFC 3339, UTC
    year INTEGER NOT NULL,
    as_of TEXT NOT NULL,          -- RFC 3339, UTC
    file_name TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,    -- SHA-256 of the workbook
    programme_hash TEXT NOT NULL REFERENCES programme (hash),
    program_version TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- RFC 3339, UTC
    operator TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,         -- JSON
    previous TEXT NOT NULL,       -- the hash of the entry before
    hash TEXT NOT NULL            -- SHA-256 over all of this
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the log is only added to'); END;
";

const PROGRAMMES: &str = "
CREATE TABLE run_programme (
    run INTEGER NOT NULL REFERENCES run (id),
    hash TEXT NOT NULL REFERENCES programme (hash),
    PRIMARY KEY (run, hash)
) STRICT;

ALTER TABLE submission ADD COLUMN programme_hash TEXT;      -- NULL: its run's
ALTER TABLE submission ADD COLUMN unit TEXT;                -- the part of the department that reports by itself
ALTER TABLE issued ADD COLUMN variant TEXT NOT NULL DEFAULT 'annual';
ALTER TABLE issued ADD COLUMN earlier TEXT NOT NULL DEFAULT '';  -- hashes of the programmes of earlier periods
";

const VERSIONS: &str = "
ALTER TABLE run ADD COLUMN reader_version INTEGER;          -- NULL: from before it was recorded
ALTER TABLE run ADD COLUMN counting_version INTEGER;
ALTER TABLE issued ADD COLUMN reader_version INTEGER;
ALTER TABLE issued ADD COLUMN counting_version INTEGER;
";

/// What became of the numbers of each sheet; 0 where it was read before they were counted.
const AMOUNTS: &str = "
ALTER TABLE sheet ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sheet ADD COLUMN totals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sheet ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
";

/// Headings that do not say which of their form's columns they are, and what persons said of them.
const HEADINGS: &str = "
CREATE TABLE unsure_heading (
    submission INTEGER NOT NULL REFERENCES submission (id),
    position INTEGER NOT NULL,
    heading TEXT NOT NULL,        -- JSON
    PRIMARY KEY (submission, position)
) STRICT;

CREATE TABLE heading_answer (
    id INTEGER PRIMARY KEY,
    answer_file INTEGER NOT NULL REFERENCES answer_file (id),
    department TEXT NOT NULL,
    form TEXT NOT NULL,
    heading TEXT NOT NULL,        -- with those above it, folded
    meaning TEXT,                 -- JSON; NULL: it has to be looked into
    reason TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    until TEXT                    -- the last day it holds; NULL for ever
) STRICT;
";

/// How a form stands to what was sent before for the same period, and what persons said of those that wait.
const REPLACEMENTS: &str = "
ALTER TABLE form_rows ADD COLUMN standing TEXT NOT NULL DEFAULT 'replaces';

CREATE TABLE replacement_answer (
    id INTEGER PRIMARY KEY,
    answer_file INTEGER NOT NULL REFERENCES answer_file (id),
    file TEXT NOT NULL,           -- SHA-256 of the original whose form waits
    form TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_by TEXT NOT NULL
) STRICT;
";

/// Drafts told from what was issued, and what was taken back.
const ISSUES: &str = "
ALTER TABLE issued RENAME TO report;                        -- every report that was made
ALTER TABLE report ADD COLUMN is_marked INTEGER NOT NULL DEFAULT 0;  -- 0: from before drafts were marked so
ALTER TABLE report ADD COLUMN number TEXT;                  -- of the document; NULL: it was not issued
ALTER TABLE report ADD COLUMN signed_on TEXT;               -- YYYY-MM-DD
ALTER TABLE report ADD COLUMN figures TEXT;                 -- JSON: the values of an issued one by the figures' ids

CREATE TABLE withdrawal (
    report INTEGER PRIMARY KEY REFERENCES report (id),
    at TEXT NOT NULL,             -- RFC 3339, UTC
    reason TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT;
";

/// Amounts far out of their kind, and what persons said of them.
const UNSURE_AMOUNTS: &str = "
CREATE TABLE unsure_amount (
    submission INTEGER NOT NULL REFERENCES submission (id),
    position INTEGER NOT NULL,
    amount TEXT NOT NULL,         -- JSON
    PRIMARY KEY (submission, position)
) STRICT;

CREATE TABLE amount_answer (
    id INTEGER PRIMARY KEY,
    answer_file INTEGER NOT NULL REFERENCES answer_file (id),
    department TEXT NOT NULL,
    form TEXT NOT NULL,
    form_column TEXT NOT NULL,
    subject TEXT NOT NULL,        -- folded; blank: all amounts of the column
    amount INTEGER NOT NULL,      -- in đồng
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_by TEXT NOT NULL
) STRICT;
";

/// What each entry of the log wrote; and a table that numbers its rows in the order they were written, as all others do.
const WRITTEN: &str = "
ALTER TABLE audit ADD COLUMN marks TEXT;                    -- JSON: the last row of each table after it; NULL: from before
ALTER TABLE audit ADD COLUMN rows TEXT;                     -- SHA-256 over the rows that it wrote

ALTER TABLE withdrawal RENAME TO withdrawal_before;
CREATE TABLE withdrawal (
    id INTEGER PRIMARY KEY,
    report INTEGER NOT NULL UNIQUE REFERENCES report (id),
    at TEXT NOT NULL,             -- RFC 3339, UTC
    reason TEXT NOT NULL,
    operator TEXT NOT NULL
) STRICT;
INSERT INTO withdrawal (report, at, reason, operator) SELECT report, at, reason, operator FROM withdrawal_before ORDER BY at, report;
DROP TABLE withdrawal_before;
";

/// What the figures of any report were, drafts too: by it one is compared with what another program makes of the same.
const FIGURES_HASHES: &str = "
ALTER TABLE report ADD COLUMN figures_hash TEXT;            -- SHA-256 over the figures' values; NULL: from before
";

/// What persons wrote into review workbooks, word for word, whether it was taken as an answer or not.
const WRITTEN_ANSWERS: &str = "
CREATE TABLE written_answer (
    id INTEGER PRIMARY KEY,
    answer_file INTEGER NOT NULL REFERENCES answer_file (id),
    layout TEXT NOT NULL,         -- the kind of the sheet
    keys TEXT NOT NULL,           -- JSON: what the question is known again by
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    until TEXT NOT NULL,          -- as it was written
    fault TEXT                    -- why it was not taken; NULL: it was
) STRICT;
";

/// Review workbooks as they were written, before anybody answered.
const QUESTION_FILES: &str = "
CREATE TABLE question_file (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,             -- RFC 3339, UTC
    file_name TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE     -- SHA-256 of the workbook
) STRICT;
";

/// Makes the tables of a new ledger; brings an older one up to date; refuses a newer one.
pub(crate) fn prepare(database: &Connection) -> Result<(), LedgerError> {
    database.pragma_update(None, "foreign_keys", true)?;
    database.pragma_update(None, "synchronous", "FULL")?;
    // What is sorted is small, and a temporary folder may be full or missing.
    database.pragma_update(None, "temp_store", "MEMORY")?;
    let found: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found)
        .ok()
        .filter(|done| *done <= STEPS.len());
    let steps = done.map(|done| &STEPS[done..]).ok_or(LedgerError::Newer {
        found,
        known: VERSION,
    })?;
    if !steps.is_empty() {
        let transaction = database.unchecked_transaction()?;
        steps
            .iter()
            .try_for_each(|step| transaction.execute_batch(step))?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{STEPS, VERSION, prepare};
    use rusqlite::Connection;

    fn version(database: &Connection) -> i64 {
        database
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap()
    }

    #[test]
    fn an_older_ledger_is_brought_up_to_date_and_keeps_its_entries() {
        let database = Connection::open_in_memory().unwrap();
        database.execute_batch(STEPS[0]).unwrap();
        database.pragma_update(None, "user_version", 1).unwrap();
        database
            .execute(
                "INSERT INTO run VALUES (1, '2024-01-01T00:00:00Z', 'p', 'h', 'v')",
                [],
            )
            .unwrap();
        prepare(&database).unwrap();
        assert_eq!(version(&database), VERSION);
        let runs: i64 = database
            .query_row("SELECT count(*) FROM run", [], |row| row.get(0))
            .unwrap();
        assert_eq!(runs, 1);
        database
            .execute("INSERT INTO register_version VALUES (1, 1)", [])
            .unwrap();
    }

    #[test]
    fn a_report_from_before_there_were_drafts_is_neither_a_draft_nor_issued() {
        let database = Connection::open_in_memory().unwrap();
        for step in &STEPS[..8] {
            database.execute_batch(step).unwrap();
        }
        database.pragma_update(None, "user_version", 8).unwrap();
        database
            .execute_batch(
                "INSERT INTO programme VALUES ('h', '{}');
                 INSERT INTO issued (at, year, as_of, file_name, inputs_hash, file, programme_hash, program_version)
                 VALUES ('2024-01-01T00:00:00Z', 2023, '2024-01-01T00:00:00Z', 'a', 'i', 'f', 'h', 'v')",
            )
            .unwrap();
        prepare(&database).unwrap();
        let kept: (String, bool, Option<String>) = database
            .query_row("SELECT file, is_marked, number FROM report", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert_eq!(kept, ("f".to_owned(), false, None));
    }

    #[test]
    fn a_newer_ledger_is_refused() {
        let database = Connection::open_in_memory().unwrap();
        database
            .pragma_update(None, "user_version", VERSION + 1)
            .unwrap();
        assert!(
            prepare(&database)
                .unwrap_err()
                .to_string()
                .contains("newer program")
        );
    }
}
