use crate::ReportError;
use crate::input::AnnualReport;
use crate::page::{Heading, Page, cell};
use polars::prelude::*;
use programme::{CodeList, ListingColumn, Programme};

/// The rows of a query, numbered; where they are grouped, by group, the number standing at its first row.
pub(crate) fn write(
    page: &mut Page<'_>,
    report: &AnnualReport<'_>,
    sheet: &str,
    group: Option<&str>,
    columns: &[ListingColumn],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let mut headings = vec![Heading { text: words.get("no"), width: 5 }];
    headings.extend(columns.iter().map(|column| Heading { text: &column.heading, width: column.width }));
    page.head(&headings)?;
    let styles = page.styles;
    let Some(listing) = report.listings.get(sheet) else { return Ok(()) };
    let frame = &listing.frame;
    let groups = group.map(|name| frame.column(name).and_then(|c| c.cast(&DataType::String))).transpose()?;
    let first = page.row;
    let (mut number, mut previous) = (0, None);
    let mut sums = vec![0i64; columns.len()];
    for row in 0..frame.height() {
        let this = groups.as_ref().and_then(|g| g.str().ok()?.get(row)).map(str::to_owned);
        if groups.is_none() || previous.as_ref() != Some(&this) {
            number += 1;
            page.number(0, number, &styles.center)?;
        } else {
            page.text(0, "", &styles.center)?;
        }
        previous = Some(this);
        for ((col, column), sum) in (1..).zip(columns).zip(&mut sums) {
            match frame.column(&column.name)?.get(row)? {
                AnyValue::Int64(amount) => {
                    *sum += amount;
                    page.number(col, amount, &styles.number)?;
                }
                AnyValue::Boolean(flag) => page.text(col, if flag { "x" } else { "" }, &styles.center)?,
                AnyValue::Date(_) => {
                    let day = frame.column(&column.name)?.date()?.as_date_iter().nth(row).flatten();
                    page.date(col, day)?;
                }
                value @ (AnyValue::String(_) | AnyValue::StringOwned(_)) => {
                    // A query may have joined what several rows say.
                    let parts = value.get_str().unwrap_or_default().split("; ");
                    let shown: Vec<&str> = parts.map(|part| shown(report.programme, column, part)).collect();
                    page.text(col, &shown.join("; "), &styles.text)?;
                }
                _ => page.text(col, "", &styles.text)?,
            }
        }
        page.end_row()?;
    }
    if columns.iter().any(|column| column.total) && frame.height() > 0 {
        page.text(0, "", &styles.total_text)?;
        for ((col, column), sum) in (1..).zip(columns).zip(&sums) {
            if column.total {
                let over = format!("{}:{}", cell(first, col), cell(page.row - 1, col));
                page.sum(col, &over, *sum, &styles.total)?;
            } else {
                page.text(col, if col == 1 { words.get("total") } else { "" }, &styles.total_text)?;
            }
        }
        page.end_row()?;
    }
    if frame.height() == 0 {
        page.note(words.get("no_rows"))?;
    }
    Ok(())
}

/// A value in a reader's words.
fn shown<'a>(programme: &'a Programme, column: &ListingColumn, text: &'a str) -> &'a str {
    let unclassified = |list: &CodeList| list.unclassified.as_deref() == Some(text);
    match &column.list {
        _ if programme.lists.values().any(unclassified) => programme.words.get("unclassified"),
        Some(list) => programme.title_of(list, text, "vi"),
        None if column.name == "department" => programme.department(text).map_or(text, |d| d.short.as_str()),
        None => text,
    }
}
