use chrono::NaiveDate;
use model::Period;
use polars::prelude::*;

/// A column as texts, in one piece.
///
/// # Errors
/// When there is no such column.
pub(crate) fn texts(frame: &DataFrame, name: &str) -> PolarsResult<StringChunked> {
    let column = frame.column(name)?;
    if let Ok(days) = column.date() {
        let days = days.physical().iter();
        return Ok(day_texts(days.map(|day| NaiveDate::from_epoch_days(day?))));
    }
    let column = column.cast(&DataType::String)?;
    Ok(column.str()?.rechunk().into_owned())
}

/// Days as they are written: '2024-03-01'. Few days stand in many rows, so each is written once.
pub(crate) fn day_texts(days: impl Iterator<Item = Option<NaiveDate>>) -> StringChunked {
    let mut written: foldhash::HashMap<NaiveDate, String> = Default::default();
    let mut texts = StringChunkedBuilder::new(PlSmallStr::EMPTY, days.size_hint().0);
    for day in days {
        let text = day.map(|day| &**written.entry(day).or_insert_with(|| day.to_string()));
        texts.append_option(text);
    }
    texts.finish()
}

/// The text at a row of a column; nothing if there is no such column, or it holds no text there.
pub(crate) fn text_at<'f>(frame: &'f DataFrame, column: &str, row: usize) -> Option<&'f str> {
    frame.column(column).ok()?.str().ok()?.get(row)
}

/// Periods as they are written, row by row; those that follow each other are mostly the same, and are read once.
pub(crate) struct PeriodColumn<'t> {
    texts: &'t StringChunked,
    last: Option<(&'t str, Option<Period>)>,
}

impl<'t> PeriodColumn<'t> {
    pub(crate) fn of(texts: &'t StringChunked) -> Self {
        Self { texts, last: None }
    }

    /// The period of a row, if it has one.
    pub(crate) fn get(&mut self, row: usize) -> Option<Period> {
        let text = self.texts.get(row)?;
        let known = self.last.filter(|(last, _)| *last == text);
        let (_, period) = known.unwrap_or_else(|| (text, text.parse().ok()));
        self.last = Some((text, period));
        period
    }
}
