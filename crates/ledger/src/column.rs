//! Columns of the database read as the types that were written.

use crate::error::LedgerError;
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::str::FromStr;

/// The text of a column, parsed. What does not parse is an error: read as 'none' it would drop a submission from its
/// year without a word.
pub(crate) fn parsed<T>(row: &Row<'_>, index: usize) -> rusqlite::Result<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    parse(index, &row.get::<_, String>(index)?)
}

/// The same for a column that may be null.
pub(crate) fn parsed_if_any<T>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    row.get::<_, Option<String>>(index)?
        .map(|text| parse(index, &text))
        .transpose()
}

fn parse<T>(index: usize, text: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: Error + Send + Sync + 'static>,
{
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}

/// The value that a column of JSON holds.
pub(crate) fn from_json_column<T: DeserializeOwned>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(index)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}

/// A value as a column of JSON holds it.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|e| LedgerError::Entry(e.to_string()))
}

/// The value that a column of JSON holds.
pub(crate) fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, LedgerError> {
    serde_json::from_str(json).map_err(|e| LedgerError::Entry(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{parsed, parsed_if_any};
    use model::Period;
    use rusqlite::Connection;

    #[test]
    fn what_does_not_parse_is_an_error_and_null_is_nothing() {
        let database = Connection::open_in_memory().unwrap();
        let read = |sql: &str| database.query_row(sql, [], |row| parsed_if_any::<Period>(row, 0));
        assert_eq!(read("SELECT '2024-Q4'").unwrap(), "2024-Q4".parse().ok());
        assert_eq!(read("SELECT NULL").unwrap(), None);
        assert!(
            read("SELECT '2024-Q5'")
                .unwrap_err()
                .to_string()
                .contains("2024-Q5")
        );
        assert!(
            database
                .query_row("SELECT NULL", [], |row| parsed::<Period>(row, 0))
                .is_err()
        );
    }
}
