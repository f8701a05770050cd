use csv::WriterBuilder;
use model::inert_field;
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;
use std::borrow::Cow;

/// The most rows of a row group, as polars has it.
const ROW_GROUP: usize = 512 * 512;

/// A table as Parquet that any reader of the format understands: a text is a text and a day is a day.
///
/// # Errors
/// When the table has a type that Parquet does not.
pub(crate) fn plain_parquet(frame: &DataFrame) -> PolarsResult<Vec<u8>> {
    let mut frame = frame.clone();
    frame.rechunk_mut();
    let mut bytes = Vec::new();
    let mut writer = ParquetWriter::new(&mut bytes).batched(frame.schema())?;
    for from in (0..frame.height()).step_by(ROW_GROUP) {
        let from = i64::try_from(from).unwrap_or(i64::MAX);
        writer.write_batch(&frame.slice(from, ROW_GROUP))?;
    }
    // What polars would note at the end names its own kind of text, which older readers do not know and newer ones cannot
    // filter by. Without it they go by what Parquet itself says.
    match writer.get_writer().lock() {
        Ok(mut file) => file.end(Some(Vec::new()))?,
        Err(_) => polars_bail!(ComputeError: "a Parquet file was left unfinished"),
    };
    drop(writer);
    Ok(bytes)
}

/// A table as CSV, with the names of its columns: days as `2024-05-31`, flags as `true` and `false`, nothing where nothing is.
/// `before` are columns of one value that stand before its own. No text begins as a formula does.
///
/// # Errors
/// When the table cannot be read.
pub(crate) fn csv_rows(
    frame: &DataFrame,
    before: &[(&str, String)],
    with_names: bool,
) -> PolarsResult<Vec<u8>> {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    let failed = |error: csv::Error| polars_err!(ComputeError: "{error}");
    if with_names {
        let own = frame.columns().iter().map(|column| column.name().as_str());
        let names = before.iter().map(|(name, _)| *name).chain(own);
        writer.write_record(names).map_err(failed)?;
    }
    for row in 0..frame.height() {
        for (_, value) in before {
            writer.write_field(value).map_err(failed)?;
        }
        for column in frame.columns() {
            let value = column.get(row)?;
            let text = match &value {
                AnyValue::Null => Cow::Borrowed(""),
                AnyValue::String(text) => inert_field(text),
                AnyValue::StringOwned(text) => Cow::Owned(inert_field(text).into_owned()),
                other => Cow::Owned(other.to_string()),
            };
            writer.write_field(text.as_bytes()).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    let bytes = writer.into_inner();
    bytes.map_err(|error| polars_err!(ComputeError: "{error}"))
}

#[cfg(test)]
mod tests {
    use super::{csv_rows, plain_parquet};
    use chrono::NaiveDate;
    use polars::prelude::*;
    use polars_io::parquet::read::ParquetReader;
    use std::io::Cursor;

    fn frame() -> DataFrame {
        DataFrame::new_infer_height(vec![
            Column::new(
                "name".into(),
                [Some("Gốm Việt, \"một\""), Some("=1+1"), None],
            ),
            Column::new(
                "day".into(),
                [NaiveDate::from_ymd_opt(2024, 5, 31), None, None],
            ),
            Column::new("amount".into(), [Some(-5i64), None, Some(7)]),
            Column::new("model".into(), [Some(true), Some(false), None]),
        ])
        .unwrap()
    }

    #[test]
    fn a_file_says_nothing_of_the_library_that_wrote_it_and_reads_as_it_was() {
        for frame in [frame(), frame().head(Some(0))] {
            let bytes = plain_parquet(&frame).unwrap();
            assert!(!bytes.windows(12).any(|part| part == b"ARROW:schema"));
            let read = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
            assert!(read.equals_missing(&frame));
        }
    }

    #[test]
    fn csv_has_names_and_no_formulas() {
        let rows = csv_rows(&frame(), &[("year", "2024".to_owned())], true).unwrap();
        insta::assert_snapshot!(String::from_utf8(rows).unwrap(), @r#"
        year,name,day,amount,model
        2024,"Gốm Việt, ""một""",2024-05-31,-5,true
        2024,'=1+1,,,false
        2024,,,7,
        "#);
    }
}
