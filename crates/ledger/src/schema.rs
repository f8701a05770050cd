use crate::LedgerError;
use rusqlite::Connection;

/// The version this program writes. A change of the tables below takes the next number and a step in [`prepare`].
const VERSION: i64 = 1;

const TABLES: &str = "
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

/// Makes the tables of a new ledger; brings an older one up to date; refuses a newer one.
pub(crate) fn prepare(database: &Connection) -> Result<(), LedgerError> {
    database.pragma_update(None, "foreign_keys", true)?;
    database.pragma_update(None, "synchronous", "FULL")?;
    let found: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        0 => {
            let transaction = database.unchecked_transaction()?;
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
            Ok(())
        }
        VERSION => Ok(()),
        found => Err(LedgerError::Newer { found, known: VERSION }),
    }
}
