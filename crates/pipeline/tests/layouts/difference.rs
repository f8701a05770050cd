//! In what a record is not the case that is meant.

use crate::cases::{Case, Value};
use crate::record::{Read, Record};
use crate::table::Laid;
use std::fmt;

/// A value of a case that was read otherwise than it was meant.
pub(crate) struct Difference {
    pub(crate) column: String,
    pub(crate) read: Read,
    /// What was meant; nothing if the sheet has no such column.
    pub(crate) meant: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { column, read, .. } = self;
        match &self.meant {
            Some(meant) => write!(f, "{column} is {read:?}, meant {meant:?}"),
            None => write!(
                f,
                "{column} is {read:?}, though the sheet has no such column"
            ),
        }
    }
}

/// In what a record is not the case.
pub(crate) fn differences(laid: &Laid, case: &Case, record: &Record) -> Vec<Difference> {
    let mut differences: Vec<Difference> = Vec::new();
    let values = record.values.iter();
    for (name, read) in values.filter(|(name, _)| !name.ends_with("_words")) {
        let column = name.strip_suffix("_last").unwrap_or(name);
        let is_last = column != name;
        let is_written = laid.column_of.contains_key(column);
        let meant = case.get(column);
        let is_right = is_same(meant, read, is_last) || !is_written && *read == Read::Nothing;
        let is_known = differences.iter().any(|known| known.column == column);
        if !is_right && !is_known {
            differences.push(Difference {
                column: column.to_owned(),
                read: read.clone(),
                meant: is_written.then(|| meant.clone()),
            });
        }
    }
    differences
}

fn is_same(meant: &Value, read: &Read, is_last: bool) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (meant, read) {
        (Value::Nothing, read) => matches!(read, Read::Nothing | Read::Number(0)),
        (Value::Text(meant), Read::Text(read)) => squeezed(meant) == squeezed(read),
        (Value::Code { code, .. }, Read::Text(read)) => code == read,
        (Value::Number(meant) | Value::Money(meant), Read::Number(read)) => meant == read,
        (Value::Days(first, last), Read::Day(read)) => read == if is_last { last } else { first },
        _ => false,
    }
}
