use crate::error::LedgerError;
use crate::ledger::Ledger;
use model::{FileId, Moment};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;

/// An entry of the log: each holds the hash of the one before it, so that none can be changed or taken out unseen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub id: i64,
    /// When: RFC 3339 in UTC, as its hash was taken over it.
    pub at: String,
    /// Who, as the settings name the operator.
    pub operator: String,
    /// What was done: `run`, `set_aside`, `take_back`, `report` (a draft), `issue`, `withdraw`, `repair`.
    pub action: String,
    /// On what, as JSON.
    pub detail: String,
    /// The hash of the entry before; blank for the first.
    pub previous: String,
    /// The hash over all of this.
    pub hash: String,
}

impl AuditEntry {
    /// What its hash must be.
    fn expected(&self) -> FileId {
        let parts = [
            &self.previous,
            &self.at,
            &self.operator,
            &self.action,
            &self.detail,
        ];
        // Lengths before texts: no two entries read the same.
        let text: String = parts
            .iter()
            .map(|part| format!("{}:{part}\n", part.len()))
            .collect();
        crate::file_id::file_id(text.as_bytes())
    }
}

/// Adds an entry; inside a transaction it counts when that is committed.
pub(crate) fn append(
    database: &Connection,
    at: Moment,
    operator: &str,
    action: &str,
    detail: &Value,
) -> Result<(), LedgerError> {
    let previous: Option<String> = database
        .query_row(
            "SELECT hash FROM audit ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let mut entry = AuditEntry {
        id: 0,
        at: at.to_string(),
        operator: operator.to_owned(),
        action: action.to_owned(),
        detail: detail.to_string(),
        previous: previous.unwrap_or_default(),
        hash: String::new(),
    };
    entry.hash = entry.expected().0;
    database.execute(
        "INSERT INTO audit (at, operator, action, detail, previous, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![entry.at, entry.operator, entry.action, entry.detail, entry.previous, entry.hash],
    )?;
    Ok(())
}

/// The first entry that is not what it was, if there is one.
pub(crate) fn broken(entries: &[AuditEntry]) -> Option<&AuditEntry> {
    let mut previous = "";
    for (number, entry) in (1..).zip(entries) {
        if entry.id != number || entry.previous != previous || entry.expected().0 != entry.hash {
            return Some(entry);
        }
        previous = &entry.hash;
    }
    None
}

impl Ledger {
    /// The log, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn audit(&self) -> Result<Vec<AuditEntry>, LedgerError> {
        let mut statement = self.database.prepare(
            "SELECT id, at, operator, action, detail, previous, hash FROM audit ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(AuditEntry {
                id: row.get(0)?,
                at: row.get(1)?,
                operator: row.get(2)?,
                action: row.get(3)?,
                detail: row.get(4)?,
                previous: row.get(5)?,
                hash: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::{append, broken};
    use crate::ledger::Ledger;
    use serde_json::json;

    #[test]
    fn an_entry_that_was_changed_or_taken_out_is_found() {
        let folder = std::env::temp_dir().join(format!("tonghop-audit-{}", std::process::id()));
        let ledger = Ledger::open(&folder).unwrap();
        for n in 0..4 {
            append(
                &ledger.database,
                "2024-01-01T00:00:00Z".parse().unwrap(),
                "An",
                "run",
                &json!({ "n": n }),
            )
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
        std::fs::remove_dir_all(folder).unwrap();
    }
}
