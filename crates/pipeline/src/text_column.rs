use polars::prelude::*;

/// A column as texts, in one piece.
///
/// # Errors
/// When there is no such column.
pub(crate) fn texts(frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    let column = frame.column(name)?.cast(&DataType::String)?;
    Ok(column.str()?.rechunk().into_owned())
}

/// The text at a row of a column; nothing if there is no such column, or it holds no text there.
pub(crate) fn text_at<'f>(frame: &'f DataFrame, column: &str, row: usize) -> Option<&'f str> {
    frame.column(column).ok()?.str().ok()?.get(row)
}
