//! The log as the spine of the ledger: each entry holds the hash of the one before and a hash over the rows that it wrote,
//! and stands as a text beside the database.

use crate::audit::{self, AuditEntry, ENTRY, Written};
use crate::error::LedgerError;
use crate::files::point;
use crate::log_file::{LogFile, LoggedEntry};
use crate::log_row::{LogRow, Marks, digest, put, rows_between};
use crate::schema;
use model::Moment;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Makes a transaction count: its rows and the entry that tells of them go to the text first, then to the database.
///
/// # Errors
/// When one of them cannot be written; then nothing of it counts.
pub(crate) fn commit(
    transaction: Transaction<'_>,
    log: &LogFile,
    at: Moment,
    operator: &str,
    action: &str,
    detail: &Value,
) -> Result<(), LedgerError> {
    let (entry, rows) = next_entry(&transaction, &at.to_string(), operator, action, detail)?;
    entry.insert(&transaction)?;
    let length = log.append(&entry, &rows)?;
    if let Err(error) = transaction.commit() {
        log.cut_to(length)?;
        return Err(error.into());
    }
    point();
    Ok(())
}

/// Brings the database and the text to the same entry, which nobody else may write meanwhile: what was being written when
/// the machine stopped is taken away or finished, and a database that is older than the text is brought up to it.
///
/// # Errors
/// [`LedgerError::Log`] when the text is shorter than the database, or tells another history.
pub(crate) fn reconcile(database: &Connection, log: &LogFile) -> Result<(), LedgerError> {
    let (head, last) = (head(database)?, log.last()?);
    let Some((last, end)) = last else {
        return match head {
            None if Marks::of(database)? == Marks::default() => Ok(()),
            Some(AuditEntry {
                written: Some(_), ..
            }) => Err(LedgerError::Log("it is missing".to_owned())),
            _ => take_over(database, log),
        };
    };
    log.cut_after(end)?;
    match head {
        Some(head) if head.hash == last.hash => Ok(()),
        Some(head) if head.id >= last.id => Err(LedgerError::Log(format!(
            "it ends at entry {}, the database at entry {}",
            last.id, head.id
        ))),
        head => catch_up(database, log, head.as_ref()),
    }
}

/// Whether the database is older than the text: as it is for a moment while another program writes.
pub(crate) fn is_behind(database: &Connection, log: &LogFile) -> Result<bool, LedgerError> {
    let last = log.last()?.map(|(entry, _)| entry.id);
    let head = head(database)?;
    let is_of_before = match &head {
        Some(head) => head.written.is_none(),
        None => Marks::of(database)? != Marks::default(),
    };
    Ok(is_of_before || last > head.map(|head| head.id))
}

/// Writes what the text tells of after an entry into the database.
fn catch_up(
    database: &Connection,
    log: &LogFile,
    head: Option<&AuditEntry>,
) -> Result<(), LedgerError> {
    let entries = read_whole(log)?;
    let known = usize::try_from(head.map_or(0, |head| head.id)).unwrap_or(usize::MAX);
    let is_of_them = match head {
        Some(head) => {
            let same = known.checked_sub(1).and_then(|at| entries.get(at));
            head.written.is_some() && same.is_some_and(|same| same.entry.hash == head.hash)
        }
        None => Marks::of(database)? == Marks::default(),
    };
    if !is_of_them {
        return Err(LedgerError::Log(format!(
            "after entry {known} it does not go on where the database ends"
        )));
    }
    apply(database, &entries[known.min(entries.len())..])
}

/// Makes the first entry of a ledger from before entries told of rows: it tells of all there are.
fn take_over(database: &Connection, log: &LogFile) -> Result<(), LedgerError> {
    let transaction = database.unchecked_transaction()?;
    let before = audit::entries(&transaction)?;
    let at: Option<String> = transaction.query_row(
        "SELECT max(at) FROM (SELECT at FROM audit UNION ALL SELECT at FROM run)",
        [],
        |row| row.get(0),
    )?;
    let at = at.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
    let (entry, rows) = next_entry(&transaction, &at, "", "upgrade", &json!({}))?;
    entry.insert(&transaction)?;
    let before = before.into_iter().map(|entry| LoggedEntry {
        entry,
        rows: Vec::new(),
    });
    let entries: Vec<LoggedEntry> = before.chain([LoggedEntry { entry, rows }]).collect();
    log.rewrite(&entries)?;
    Ok(transaction.commit()?)
}

/// The entry over what was written since the last one, and its rows.
fn next_entry(
    database: &Connection,
    at: &str,
    operator: &str,
    action: &str,
    detail: &Value,
) -> Result<(AuditEntry, Vec<LogRow>), LedgerError> {
    let head = head(database)?;
    let before = head.as_ref().and_then(|head| head.written.as_ref());
    let before = before.map_or_else(Marks::default, |written| written.marks.clone());
    let marks = Marks::of(database)?;
    let rows = rows_between(database, &before, &marks)?;
    let mut entry = AuditEntry {
        id: head.as_ref().map_or(0, |head| head.id) + 1,
        at: at.to_owned(),
        operator: operator.to_owned(),
        action: action.to_owned(),
        detail: detail.to_string(),
        previous: head.map(|head| head.hash).unwrap_or_default(),
        written: Some(Written {
            marks,
            rows: digest(&rows),
        }),
        hash: String::new(),
    };
    entry.hash = entry.expected()?.0;
    Ok((entry, rows))
}

fn head(database: &Connection) -> Result<Option<AuditEntry>, LedgerError> {
    let sql = format!("{ENTRY} ORDER BY id DESC LIMIT 1");
    Ok(database.query_row(&sql, [], audit::read).optional()?)
}

/// Writes entries and their rows into a database that ends just before them.
fn apply(database: &Connection, entries: &[LoggedEntry]) -> Result<(), LedgerError> {
    let transaction = database.unchecked_transaction()?;
    // Rows come by table: one may be told of before the one it refers to.
    transaction.pragma_update(None, "defer_foreign_keys", true)?;
    for LoggedEntry { entry, rows } in entries {
        put(&transaction, rows)?;
        entry.insert(&transaction)?;
    }
    Ok(transaction.commit()?)
}

/// The text, which must be whole.
fn read_whole(log: &LogFile) -> Result<Vec<LoggedEntry>, LedgerError> {
    let (told, fault) = log.read()?;
    match fault.or_else(|| fault_of_text(&told)) {
        Some(fault) => Err(LedgerError::Log(fault)),
        None => Ok(told),
    }
}

/// What is wrong with the entries and rows of a text, if anything is.
pub(crate) fn fault_of_text(told: &[LoggedEntry]) -> Option<String> {
    if let Some(entry) = audit::broken(told.iter().map(|told| &told.entry)) {
        return Some(format!("entry {}", entry.id));
    }
    let is_whole = |told: &&LoggedEntry| match &told.entry.written {
        Some(written) => digest(&told.rows) == written.rows,
        None => told.rows.is_empty(),
    };
    let changed = told.iter().find(|told| !is_whole(told))?;
    Some(format!("rows of entry {}", changed.entry.id))
}

/// Holds every row of the database against the entry that wrote it; gives what is not as it was written, by entry.
///
/// # Errors
/// When the database does not answer.
pub(crate) fn changed_rows(
    database: &Connection,
    entries: &[AuditEntry],
) -> Result<Vec<String>, LedgerError> {
    let mut changed = Vec::new();
    let mut before = &Marks::default();
    for entry in entries {
        let Some(written) = &entry.written else {
            continue;
        };
        let found = format!("rows of entry {} ({} {})", entry.id, entry.action, entry.at);
        match rows_between(database, before, &written.marks) {
            Ok(rows) if digest(&rows) == written.rows => {}
            Ok(_) => changed.push(found),
            Err(LedgerError::Entry(value)) => changed.push(format!("{found}: {value}")),
            Err(error) => return Err(error),
        }
        before = &written.marks;
    }
    if Marks::of(database)? != *before && changed.is_empty() {
        changed.push("rows that no entry of the log wrote".to_owned());
    }
    Ok(changed)
}

/// Makes the database of a folder anew from the text; what stood there is kept beside it.
pub(crate) fn rebuild(folder: &Path, told: &[LoggedEntry]) -> Result<(), LedgerError> {
    let path = folder.join(schema::DATABASE);
    let new = folder.join(format!("{}.part", schema::DATABASE));
    let write = |source| LedgerError::Write {
        path: new.clone(),
        source,
    };
    if new.exists() {
        std::fs::remove_file(&new).map_err(write)?;
    }
    let database = Connection::open(&new)?;
    schema::prepare(&database)?;
    apply(&database, told)?;
    database.close().map_err(|(_, error)| error)?;
    // A journal belongs to the database it was written for, and would be played into the new one.
    keep_beside(&folder.join(format!("{}-journal", schema::DATABASE)))?;
    keep_beside(&path)?;
    std::fs::rename(&new, &path).map_err(write)
}

/// Makes the text of a folder anew from the database; what stood there is kept beside it.
pub(crate) fn rewrite(log: &LogFile, told: &[LoggedEntry]) -> Result<(), LedgerError> {
    keep_beside(log.path())?;
    log.rewrite(told)
}

/// Gives a file, if it is there, a name under which nothing reads it.
fn keep_beside(path: &Path) -> Result<(), LedgerError> {
    if !path.exists() {
        return Ok(());
    }
    let named = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".damaged-{n}"));
        PathBuf::from(name)
    };
    let free = (1..).map(named).find(|kept| !kept.exists());
    free.map_or(Ok(()), |kept| std::fs::rename(path, kept))
        .map_err(|source| LedgerError::Write {
            path: path.to_owned(),
            source,
        })
}
