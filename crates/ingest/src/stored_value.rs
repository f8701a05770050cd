use chrono::NaiveDate;
use std::rc::Rc;

/// A value as a record keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StoredValue {
    Null,
    Text(Rc<str>),
    Integer(i64),
    Flag(bool),
    /// The first and the last day of a date that may be known only to the month, quarter or year.
    Date(NaiveDate, NaiveDate),
    /// Codes, and the words of a free text that decided them.
    Code(Rc<str>, Option<Rc<str>>),
}
