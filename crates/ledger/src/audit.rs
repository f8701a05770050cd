use crate::column::{from_json_column, to_json};
use crate::error::LedgerError;
use crate::log_row::Marks;
use model::FileId;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

/// An entry of the log: each holds the hash of the one before it, so that none can be changed or taken out unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub id: i64,
    /// When: RFC 3339 in UTC, as its hash was taken over it.
    pub at: String,
    /// Who, as the settings name the operator.
    pub operator: String,
    /// What was done: `run`, `set_aside`, `take_back`, `report` (a draft), `issue`, `withdraw`, `sign`, `ask`, `export`, `repair`;
    /// `upgrade` where a newer program took a ledger over.
    pub action: String,
    /// On what, as JSON.
    pub detail: String,
    /// The hash of the entry before; blank for the first.
    pub previous: String,
    /// What it wrote into the database; none in an entry from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) written: Option<Written>,
    /// The hash over all of this.
    pub hash: String,
}

/// What an entry wrote into the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Written {
    /// Where the tables end after it.
    pub marks: Marks,
    /// The hash over its rows.
    pub rows: FileId,
}

impl AuditEntry {
    /// What its hash must be.
    pub(crate) fn expected(&self) -> Result<FileId, LedgerError> {
        let marks = self.written.as_ref().map(|it| to_json(&it.marks));
        let marks = marks.transpose()?;
        let written = self.written.iter().map(|it| &it.rows.0);
        let parts = [
            &self.previous,
            &self.at,
            &self.operator,
            &self.action,
            &self.detail,
        ];
        // Lengths before texts: no two entries read the same.
        let text: String = parts
            .into_iter()
            .chain(&marks)
            .chain(written)
            .map(|part| format!("{}:{part}\n", part.len()))
            .collect();
        Ok(crate::file_id::file_id(text.as_bytes()))
    }

    /// Writes it into the database.
    pub(crate) fn insert(&self, database: &Connection) -> Result<(), LedgerError> {
        let marks = self.written.as_ref().map(|it| to_json(&it.marks));
        let rows = self.written.as_ref().map(|it| &it.rows.0);
        database.execute(
            "INSERT INTO audit (id, at, operator, action, detail, previous, hash, marks, rows)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.id,
                self.at,
                self.operator,
                self.action,
                self.detail,
                self.previous,
                self.hash,
                marks.transpose()?,
                rows
            ],
        )?;
        Ok(())
    }
}

/// The columns of an entry, as [`read`] takes them.
pub(crate) const ENTRY: &str =
    "SELECT id, at, operator, action, detail, previous, hash, marks, rows FROM audit";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<AuditEntry> {
    let rows: Option<String> = row.get(8)?;
    let written = match rows {
        Some(rows) => Some(Written {
            marks: from_json_column(row, 7)?,
            rows: FileId(rows),
        }),
        None => None,
    };
    Ok(AuditEntry {
        id: row.get(0)?,
        at: row.get(1)?,
        operator: row.get(2)?,
        action: row.get(3)?,
        detail: row.get(4)?,
        previous: row.get(5)?,
        written,
        hash: row.get(6)?,
    })
}

/// The first entry that is not what it was, if there is one.
pub(crate) fn broken<'e>(
    entries: impl IntoIterator<Item = &'e AuditEntry>,
) -> Option<&'e AuditEntry> {
    let mut previous = "";
    for (number, entry) in (1..).zip(entries) {
        let is_whole = |entry: &AuditEntry| entry.expected().is_ok_and(|it| it.0 == entry.hash);
        if entry.id != number || entry.previous != previous || !is_whole(entry) {
            return Some(entry);
        }
        previous = &entry.hash;
    }
    None
}

/// The log, oldest first.
pub(crate) fn entries(database: &Connection) -> Result<Vec<AuditEntry>, LedgerError> {
    let mut statement = database.prepare(&format!("{ENTRY} ORDER BY id"))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::broken;
    use crate::testing::{day, ledger};
    use serde_json::json;

    #[test]
    fn an_entry_that_was_changed_or_taken_out_is_found() {
        let (_folder, ledger) = ledger();
        for n in 0..4 {
            let transaction = ledger.database.unchecked_transaction().unwrap();
            let detail = json!({ "n": n });
            ledger
                .commit(transaction, day(1), "An", "run", &detail)
                .unwrap();
        }
        let entries = ledger.audit().unwrap();
        assert_eq!(broken(&entries), None);
        for (at, change) in [(1, "detail"), (2, "gone"), (3, "gone")] {
            let mut entries = entries.clone();
            if change == "gone" {
                entries.remove(at);
                // The last one may be cut off: a report that is issued afterwards names the entries it knew.
                assert_eq!(broken(&entries).is_some(), at < 3);
            } else {
                entries[at].detail = "{}".to_owned();
                assert_eq!(broken(&entries).map(|entry| entry.id), Some(2));
            }
        }
        assert!(ledger.database.execute("DELETE FROM audit", []).is_err());
        assert!(
            ledger
                .database
                .execute("UPDATE audit SET operator = 'B'", [])
                .is_err()
        );
    }
}
