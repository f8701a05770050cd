use std::borrow::Cow;

/// The heading of a column.
#[derive(Debug, Clone)]
pub(crate) struct ColumnHeading<'a> {
    pub text: Cow<'a, str>,
    /// The heading above it and its neighbours.
    pub group: Option<&'a str>,
    /// In characters. A further table of a sheet stands in the columns of the first.
    pub width: u16,
    /// How many columns of the sheet it covers: more than one only in a further table.
    pub columns: u16,
}
