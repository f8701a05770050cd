use polars::prelude::*;

/// A column as texts, in one piece.
///
/// # Errors
/// When there is no such column.
pub(crate) fn texts(frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    Ok(frame
        .column(name)?
        .cast(&DataType::String)?
        .str()?
        .rechunk()
        .into_owned())
}
