use crate::ReportError;
use crate::input::AnnualReport;
use crate::paper::{Heading, Look, Paper};
use chrono::{Days, NaiveDate};
use polars::prelude::*;
use programme::{ListingColumn, Programme};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The rows of a query, numbered; where they are grouped, by group, the number standing at its first row.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    sheet: &str,
    group: Option<&str>,
    columns: &[ListingColumn],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let mut headings = vec![Heading::new(words.get("no"), 5)];
    headings.extend(
        columns
            .iter()
            .map(|column| Heading::new(&column.heading, column.width)),
    );
    page.head(&headings, 0)?;
    let Some(listing) = report.listings.get(sheet) else {
        return Ok(());
    };
    // Rows are found at once where all of a column is one piece.
    let mut frame = listing.frame.clone();
    frame.rechunk_mut();
    let groups = group
        .map(|name| frame.column(name).and_then(|c| c.cast(&DataType::String)))
        .transpose()?;
    let groups = groups.as_ref().map(|groups| groups.str()).transpose()?;
    let values: Vec<Values<'_>> = columns
        .iter()
        .map(|column| Values::of(frame.column(&column.name)?))
        .collect::<PolarsResult<_>>()?;
    let titles = Titles::new(report.programme);
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    let (mut number, mut previous) = (0, None);
    let mut sums = vec![0i64; columns.len()];
    for row in 0..frame.height() {
        let this = groups.and_then(|groups| groups.get(row));
        if groups.is_none() || previous != Some(this) {
            number += 1;
            page.number(0, number, Look::Center)?;
        } else {
            page.text(0, "", Look::Center)?;
        }
        previous = Some(this);
        for (((col, column), values), sum) in (1..).zip(columns).zip(&values).zip(&mut sums) {
            match values {
                Values::Number(numbers) => match numbers.get(row) {
                    Some(amount) => {
                        *sum += amount;
                        page.number(col, amount, Look::Number)?;
                    }
                    None => page.text(col, "", Look::Text)?,
                },
                Values::Flag(flags) => {
                    page.text(
                        col,
                        if flags.get(row) == Some(true) {
                            "x"
                        } else {
                            ""
                        },
                        Look::Center,
                    )?;
                }
                Values::Date(days) => page.date(col, days.get(row).and_then(day))?,
                Values::Text(texts) => {
                    page.text(
                        col,
                        &titles.shown(column, texts.get(row).unwrap_or_default()),
                        Look::Text,
                    )?;
                }
            }
        }
        page.end_row()?;
    }
    if frame.height() == 0 {
        return page.note(words.get("no_rows"));
    }
    page.filter(last)?;
    if columns.iter().any(|column| column.total) {
        page.text(0, "", Look::TotalText)?;
        for ((col, column), sum) in (1..).zip(columns).zip(&sums) {
            if column.total {
                page.total(col, *sum, Look::Total)?;
            } else {
                page.text(
                    col,
                    if col == 1 { words.get("total") } else { "" },
                    Look::TotalText,
                )?;
            }
        }
        page.end_row()?;
    }
    Ok(())
}

/// The values of a column.
enum Values<'f> {
    Number(&'f Int64Chunked),
    Flag(&'f BooleanChunked),
    /// Days since 1970.
    Date(&'f Int32Chunked),
    Text(&'f StringChunked),
}

impl<'f> Values<'f> {
    fn of(column: &'f Column) -> PolarsResult<Self> {
        Ok(match column.dtype() {
            DataType::Int64 => Self::Number(column.i64()?),
            DataType::Boolean => Self::Flag(column.bool()?),
            DataType::Date => Self::Date(column.date()?.physical()),
            _ => Self::Text(column.str()?),
        })
    }
}

fn day(days: i32) -> Option<NaiveDate> {
    let since = Days::new(u64::from(days.unsigned_abs()));
    let epoch = NaiveDate::default();
    if days < 0 {
        epoch.checked_sub_days(since)
    } else {
        epoch.checked_add_days(since)
    }
}

/// Codes in a reader's words.
struct Titles<'p> {
    programme: &'p Programme,
    /// What stands for a text that no word decided.
    unclassified: BTreeSet<&'p str>,
}

impl<'p> Titles<'p> {
    fn new(programme: &'p Programme) -> Self {
        Self {
            programme,
            unclassified: programme
                .lists
                .values()
                .filter_map(|l| l.unclassified.as_deref())
                .collect(),
        }
    }

    /// A value in a reader's words; a query may have joined what several rows say.
    fn shown<'t>(&'t self, column: &ListingColumn, text: &'t str) -> Cow<'t, str> {
        let has_codes = column.list.is_some()
            || column.name == "department"
            || self.unclassified.contains(text);
        if !has_codes && !text.contains("; ") {
            return Cow::Borrowed(text);
        }
        let parts: Vec<&str> = text
            .split("; ")
            .map(|part| self.title(column, part))
            .collect();
        Cow::Owned(parts.join("; "))
    }

    fn title<'t>(&'t self, column: &ListingColumn, code: &'t str) -> &'t str {
        match &column.list {
            _ if self.unclassified.contains(code) => self.programme.words.get("unclassified"),
            Some(list) => self.programme.title_of(list, code, "vi"),
            None if column.name == "department" => self
                .programme
                .department(code)
                .map_or(code, |d| d.short.as_str()),
            None => code,
        }
    }
}
