//! Rows of the database as the log tells of them.
//!
//! The tables are only added to, and each numbers its rows upwards: what one entry of the log wrote is, in each table, the
//! rows between the last one before it and the last one after it.

use crate::error::LedgerError;
use model::FileId;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The number of the last row of each table that has any.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Marks(BTreeMap<String, i64>);

/// A row that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogRow {
    /// Its table.
    pub table: String,
    /// Its number there.
    pub row: i64,
    /// What stands in its columns; those that are null are left out, so that a column which comes later changes nothing.
    pub values: BTreeMap<String, Value>,
}

impl Marks {
    /// Where the tables of a database end now.
    pub(crate) fn of(database: &Connection) -> Result<Self, LedgerError> {
        let mut marks = BTreeMap::new();
        for table in tables(database)? {
            let sql = format!("SELECT max(rowid) FROM \"{table}\"");
            let last: Option<i64> = database.query_row(&sql, [], |row| row.get(0))?;
            marks.extend(last.map(|last| (table, last)));
        }
        Ok(Self(marks))
    }

    /// The tables that have any row.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// That of a table; 0 if it is empty.
    pub(crate) fn last(&self, table: &str) -> i64 {
        self.0.get(table).copied().unwrap_or_default()
    }
}

/// All tables but the log's own, by name.
fn tables(database: &Connection) -> Result<Vec<String>, LedgerError> {
    let mut statement = database.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'audit'
         ORDER BY name",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// The rows between two marks, by table and number.
pub(crate) fn rows_between(
    database: &Connection,
    after: &Marks,
    up_to: &Marks,
) -> Result<Vec<LogRow>, LedgerError> {
    let mut rows = Vec::new();
    for (table, &last) in &up_to.0 {
        let first = after.last(table);
        if first == last {
            continue;
        }
        let sql = format!(
            "SELECT rowid, * FROM \"{table}\" WHERE rowid > ?1 AND rowid <= ?2 ORDER BY rowid"
        );
        let mut statement = database.prepare_cached(&sql)?;
        let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut found = statement.query([first, last])?;
        while let Some(row) = found.next()? {
            let mut values = BTreeMap::new();
            for (at, column) in columns.iter().enumerate().skip(1) {
                let value = match row.get_ref(at)? {
                    ValueRef::Null => continue,
                    ValueRef::Integer(number) => Value::from(number),
                    ValueRef::Text(text) => match std::str::from_utf8(text) {
                        Ok(text) => Value::from(text),
                        Err(_) => return Err(no_value(table, column)),
                    },
                    ValueRef::Real(_) | ValueRef::Blob(_) => return Err(no_value(table, column)),
                };
                values.insert(column.clone(), value);
            }
            rows.push(LogRow {
                table: table.clone(),
                row: row.get(0)?,
                values,
            });
        }
    }
    Ok(rows)
}

fn no_value(table: &str, column: &str) -> LedgerError {
    LedgerError::Entry(format!("{table}.{column} holds neither text nor a number"))
}

/// The hash over rows, in their order.
pub(crate) fn digest(rows: &[LogRow]) -> FileId {
    let mut hash = Sha256::new();
    // Lengths before texts: no two lists of rows read the same.
    let mut add = |text: &str| {
        hash.update(text.len().to_string());
        hash.update(":");
        hash.update(text);
    };
    for LogRow { table, row, values } in rows {
        add(table);
        add(&row.to_string());
        add(&values.len().to_string());
        for (column, value) in values {
            add(column);
            add(&value.to_string());
        }
    }
    crate::file_id::hexadecimal(&hash.finalize())
}

/// Writes rows that the log tells of into a database that lacks them.
pub(crate) fn put(database: &Connection, rows: &[LogRow]) -> Result<(), LedgerError> {
    let tables = tables(database)?;
    rows.iter()
        .try_for_each(|row| put_row(database, &tables, row))
}

fn put_row(database: &Connection, tables: &[String], row: &LogRow) -> Result<(), LedgerError> {
    let unknown = || LedgerError::Log(format!("a row of '{}'", row.table));
    if !tables.contains(&row.table) || row.values.keys().any(|column| column.contains('"')) {
        return Err(unknown());
    }
    let columns: Vec<String> = row
        .values
        .keys()
        .map(|column| format!("\"{column}\""))
        .collect();
    let places: Vec<String> = (2..).take(columns.len()).map(|n| format!("?{n}")).collect();
    let sql = format!(
        "INSERT INTO \"{}\" (rowid, {}) VALUES (?1, {})",
        row.table,
        columns.join(", "),
        places.join(", ")
    );
    let values = row.values.values().map(|value| match value {
        Value::Number(number) => number
            .as_i64()
            .map(rusqlite::types::Value::Integer)
            .ok_or_else(unknown),
        Value::String(text) => Ok(rusqlite::types::Value::Text(text.clone())),
        _ => Err(unknown()),
    });
    let values: Vec<_> = std::iter::once(Ok(rusqlite::types::Value::Integer(row.row)))
        .chain(values)
        .collect::<Result<_, _>>()?;
    database
        .prepare_cached(&sql)?
        .execute(params_from_iter(values))?;
    Ok(())
}

/// What is not the same in two lists of rows, each the database's and the log's: the table, the row and the columns.
pub(crate) fn differences(database: &[LogRow], log: &[LogRow]) -> Vec<String> {
    let by_place = |rows: &[LogRow]| -> BTreeMap<(String, i64), BTreeMap<String, Value>> {
        let place = |row: &LogRow| ((row.table.clone(), row.row), row.values.clone());
        rows.iter().map(place).collect()
    };
    let (database, log) = (by_place(database), by_place(log));
    let mut found = Vec::new();
    for ((table, row), values) in &log {
        match database.get(&(table.clone(), *row)) {
            None => found.push(format!("{table} {row}: missing")),
            Some(others) => {
                let columns: BTreeSet<&String> = values.keys().chain(others.keys()).collect();
                let differing = columns
                    .into_iter()
                    .filter(|column| values.get(*column) != others.get(*column));
                found.extend(differing.map(|column| format!("{table} {row}: {column}")));
            }
        }
    }
    let more = database.keys().filter(|place| !log.contains_key(place));
    found.extend(more.map(|(table, row)| format!("{table} {row}: more than was written")));
    found
}

#[cfg(test)]
mod tests {
    use super::{LogRow, Marks, differences, digest, put, rows_between};
    use rusqlite::Connection;

    fn database() -> Connection {
        let database = Connection::open_in_memory().unwrap();
        database
            .execute_batch(
                "CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT) STRICT;
                 CREATE TABLE b (key TEXT PRIMARY KEY, number INTEGER) STRICT;",
            )
            .unwrap();
        database
    }

    #[test]
    fn what_was_written_between_two_marks_is_told_and_can_be_written_again() {
        let one = database();
        let run = |sql: &str| one.execute_batch(sql).unwrap();
        run("INSERT INTO a VALUES (1, 'x')");
        let before = Marks::of(&one).unwrap();
        run("INSERT INTO a VALUES (2, NULL); INSERT INTO b VALUES ('k', 7)");
        let rows = rows_between(&one, &before, &Marks::of(&one).unwrap()).unwrap();
        assert_eq!(
            serde_json::to_string(&rows).unwrap(),
            r#"[{"table":"a","row":2,"values":{"id":2}},{"table":"b","row":1,"values":{"key":"k","number":7}}]"#
        );
        let two = database();
        put(&two, &rows).unwrap();
        let again = rows_between(&two, &Marks::default(), &Marks::of(&two).unwrap()).unwrap();
        assert_eq!((digest(&again), again), (digest(&rows), rows));
    }

    #[test]
    fn a_column_that_comes_later_changes_nothing() {
        let one = database();
        one.execute_batch("INSERT INTO a VALUES (1, 'x')").unwrap();
        let all = |database: &Connection| {
            rows_between(database, &Marks::default(), &Marks::of(database).unwrap()).unwrap()
        };
        let before = digest(&all(&one));
        one.execute_batch("ALTER TABLE a ADD COLUMN later TEXT")
            .unwrap();
        assert_eq!(digest(&all(&one)), before);
        one.execute_batch("UPDATE a SET later = ''").unwrap();
        assert_ne!(digest(&all(&one)), before);
    }

    #[test]
    fn each_difference_is_named_by_its_place() {
        let row = |table: &str, row, value: &str| LogRow {
            table: table.to_owned(),
            row,
            values: [("c".to_owned(), value.into())].into(),
        };
        let log = [row("a", 1, "x"), row("a", 2, "y"), row("b", 1, "z")];
        let database = [row("a", 1, "x"), row("a", 2, "Y"), row("b", 2, "z")];
        assert_eq!(
            differences(&database, &log),
            ["a 2: c", "b 1: missing", "b 2: more than was written"]
        );
    }
}
