use crate::display;
use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use crate::paper::look::Look;
use crate::sheets::code_titles::CodeTitles;
use chrono::{Days, NaiveDate};
use model::Vnd;
use polars::prelude::*;
use programme::{ListingColumn, SheetKind, Words};
use std::collections::{BTreeMap, BTreeSet};

/// What stands between the values of several rows in one cell.
const BETWEEN: &str = "; ";

/// A row of the query's frame.
struct FrameRow {
    /// Its number; of a group, only its first row has one.
    number: Option<i64>,
    at: usize,
}

type FrameColumn<'a> = ColumnSpec<'a, FrameRow>;

/// The rows of a query, numbered; grouped rows by group, the number standing at its first row.
pub(crate) fn write(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    sheet: &str,
    group: Option<&str>,
    columns: &[ListingColumn],
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let Some(listing) = report.listings.get(sheet) else {
        let headings = columns
            .iter()
            .map(|column| FrameColumn::new(&column.heading, column.width, |_| CellValue::blank()));
        return ColumnList([number_column(words)].into_iter().chain(headings).collect())
            .begin(page, 0);
    };
    // A row is found at once if all of a column is one piece: otherwise each look-up walks the pieces.
    let mut frame = listing.frame.clone();
    frame.rechunk_mut();
    join_lists(&mut frame)?;
    let groups = group
        .map(|name| frame.column(name).and_then(|c| c.cast(&DataType::String)))
        .transpose()?;
    let groups = groups.as_ref().map(|groups| groups.str()).transpose()?;
    let titles = CodeTitles::new(report.programme);
    let mut list = vec![number_column(words)];
    for column in columns {
        let values = ListingValues::from_column(frame.column(&column.name)?)?;
        // The first column beside the numbers says what the row of totals is.
        let label = if list.len() == 1 {
            words.get("total")
        } else {
            ""
        };
        list.push(value_column(column, values, &titles, label)?);
    }
    let list = ColumnList(list);
    list.begin(page, 0)?;
    let (mut number, mut previous) = (0, None);
    let shown = page
        .room()
        .map_or(frame.height(), |room| room.min(frame.height()));
    for at in 0..shown {
        let this = groups.and_then(|groups| groups.get(at));
        let is_first = groups.is_none() || previous != Some(this);
        number += i64::from(is_first);
        previous = Some(this);
        let row = FrameRow {
            number: is_first.then_some(number),
            at,
        };
        list.row(page, &row)?;
    }
    if frame.height() == 0 {
        return page.note(words.get("no_rows"));
    }
    page.filter()?;
    if columns.iter().any(|column| column.total) {
        list.foot(page)?;
    }
    if shown < frame.height() {
        let (shown, count) = (shown.to_string(), frame.height().to_string());
        let values = [("shown", shown.as_str()), ("count", &count)];
        page.note(&words.render_template("rows_in_workbook", values))?;
    }
    Ok(())
}

/// Puts one text in place of what a query gathered of several rows: each value once, in order, apart by '; '; nothing if there is
/// none. Engines gather in any order.
///
/// # Errors
/// When a column gathers anything but texts.
pub fn join_lists(frame: &mut DataFrame) -> PolarsResult<()> {
    let is_list = |column: &&Column| matches!(column.dtype(), DataType::List(_));
    let lists: Vec<Column> = frame.columns().iter().filter(is_list).cloned().collect();
    for column in lists {
        let lists = column.list()?;
        let mut texts: Vec<Option<String>> = Vec::with_capacity(lists.len());
        for row in 0..lists.len() {
            let Some(values) = lists.get_as_series(row) else {
                texts.push(None);
                continue;
            };
            let said: BTreeSet<&str> = values.str()?.iter().flatten().collect();
            let joined = said.into_iter().collect::<Vec<_>>().join(BETWEEN);
            texts.push((!joined.is_empty()).then_some(joined));
        }
        frame.with_column(Column::new(column.name().clone(), texts))?;
    }
    Ok(())
}

/// The rows of a listing as they are shown, by the names of its columns.
///
/// # Errors
/// When the listing lacks a column.
pub(crate) fn listing_texts<'a>(
    report: &'a AnnualReport<'_>,
    sheet: &str,
) -> Result<Vec<BTreeMap<&'a str, String>>, ReportError> {
    let definition = report.programme.report.sheets.iter();
    let columns = definition
        .filter(|it| it.name == sheet)
        .find_map(|it| match &it.kind {
            SheetKind::Listing { columns, .. } => Some(columns),
            _ => None,
        });
    let (Some(listing), Some(columns)) = (report.listings.get(sheet), columns) else {
        return Ok(Vec::new());
    };
    let mut frame = listing.frame.clone();
    frame.rechunk_mut();
    join_lists(&mut frame)?;
    let titles = CodeTitles::new(report.programme);
    let mut rows = vec![BTreeMap::new(); frame.height()];
    for column in columns {
        let values = ListingValues::from_column(frame.column(&column.name)?)?;
        for (at, row) in rows.iter_mut().enumerate() {
            let text = match &values {
                ListingValues::Number(numbers) => numbers
                    .get(at)
                    .map_or_else(String::new, |number| Vnd(number).to_string()),
                ListingValues::Flag(flags) => match flags.get(at) {
                    Some(true) => "x".to_owned(),
                    Some(false) | None => String::new(),
                },
                ListingValues::Date(days) => days
                    .get(at)
                    .and_then(day)
                    .map_or_else(String::new, display::day),
                ListingValues::Text(texts) => titles
                    .shown(column, texts.get(at).unwrap_or_default())
                    .into_owned(),
            };
            row.insert(column.name.as_str(), text);
        }
    }
    Ok(rows)
}

fn number_column<'a>(words: &'a Words) -> FrameColumn<'a> {
    FrameColumn::new(words.get("no"), 5, |row| match row.number {
        Some(number) => CellValue::ordinal(number),
        None => CellValue::centered(""),
    })
}

/// A column of the query; `label` is below it if it is not added up.
///
/// # Errors
/// When its sum is beyond 64 bits.
fn value_column<'a>(
    column: &'a ListingColumn,
    values: ListingValues<'a>,
    titles: &'a CodeTitles<'a>,
    label: &'a str,
) -> Result<FrameColumn<'a>, ReportError> {
    let foot = if column.total {
        CellValue::Total(values.sum(&column.heading)?, Look::Total)
    } else {
        CellValue::Text(label.into(), Look::TotalText)
    };
    let cell = move |row: &FrameRow| match values {
        ListingValues::Number(numbers) => match numbers.get(row.at) {
            Some(amount) => CellValue::Number(amount, Look::Number),
            None => CellValue::blank(),
        },
        ListingValues::Flag(flags) => match flags.get(row.at) {
            Some(true) => CellValue::centered("x"),
            Some(false) | None => CellValue::centered(""),
        },
        ListingValues::Date(days) => CellValue::Date(days.get(row.at).and_then(day)),
        ListingValues::Text(texts) => {
            CellValue::text(titles.shown(column, texts.get(row.at).unwrap_or_default()))
        }
    };
    Ok(FrameColumn::new(&column.heading, column.width, cell).with_foot(foot))
}

/// The values of a column.
enum ListingValues<'f> {
    Number(&'f Int64Chunked),
    Flag(&'f BooleanChunked),
    /// Days since 1970.
    Date(&'f Int32Chunked),
    Text(&'f StringChunked),
}

impl<'f> ListingValues<'f> {
    /// The column's values; what a query gives that is no number, flag or day is shown as text.
    fn from_column(column: &'f Column) -> PolarsResult<Self> {
        Ok(match column.dtype() {
            DataType::Int64 => Self::Number(column.i64()?),
            DataType::Boolean => Self::Flag(column.bool()?),
            DataType::Date => Self::Date(column.date()?.physical()),
            _ => Self::Text(column.str()?),
        })
    }

    /// The sum of its numbers, 0 if they are none.
    ///
    /// # Errors
    /// When the sum is beyond 64 bits.
    fn sum(&self, heading: &str) -> Result<i64, ReportError> {
        match self {
            Self::Number(numbers) => {
                let mut amounts = numbers.iter().flatten();
                let sum = amounts.try_fold(0i64, i64::checked_add);
                sum.ok_or_else(|| ReportError::Overflow(heading.to_owned()))
            }
            Self::Flag(_) | Self::Date(_) | Self::Text(_) => Ok(0),
        }
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

#[cfg(test)]
mod tests {
    use super::write;
    use crate::Listing;
    use crate::testing::{on_text, programme, report};
    use polars::prelude::*;
    use programme::ListingColumn;
    use std::error::Error;

    fn column(name: &str, list: Option<&str>, total: bool) -> ListingColumn {
        ListingColumn {
            name: name.to_owned(),
            heading: name.to_uppercase(),
            width: 10,
            list: list.map(str::to_owned),
            total,
        }
    }

    fn frame() -> DataFrame {
        let days = Column::new("first".into(), [Some(19_421), None, Some(-1)]);
        DataFrame::new_infer_height(vec![
            Column::new("enterprise_id".into(), ["E1", "E1", "E2"]),
            Column::new("enterprise".into(), ["Gốm", "Gốm", "Gỗ"]),
            Column::new("size".into(), ["small; large", "small", "không rõ"]),
            Column::new("department".into(), [Some("SCT"), Some("SCT; SYT"), None]),
            days.cast(&DataType::Date).unwrap(),
            Column::new("model".into(), [true, false, false]),
            Column::new("state_budget".into(), [Some(100i64), None, Some(-30)]),
        ])
        .unwrap()
    }

    #[test]
    fn groups_are_numbered_once_and_codes_have_titles() {
        let mut report = report(programme());
        report
            .listings
            .insert("Biểu 02".to_owned(), Listing { frame: frame() });
        let columns = [
            column("enterprise", None, false),
            column("size", Some("size"), false),
            column("department", None, false),
            column("first", None, false),
            column("model", None, false),
            column("state_budget", None, true),
        ];
        let text = on_text(|page| write(page, &report, "Biểu 02", Some("enterprise_id"), &columns));
        insta::assert_snapshot!(text, @r"
        [TT | ENTERPRISE | SIZE | DEPARTMENT | FIRST | MODEL | STATE_BUDGET] kept 0
        #1 | Gốm | Nhỏ; Lớn | Sở Công Thương | 2023-03-05 | x | 100
         | Gốm | Nhỏ | Sở Công Thương; Sở Y tế |  |  |
        #2 | Gỗ | không rõ |  | 1969-12-31 |  | -30
        filter
        = | =TỔNG CỘNG | = | = | = | = | =70 Σ
        ");
    }

    #[test]
    fn a_listing_without_rows_says_so() {
        let mut report = report(programme());
        let columns = [column("enterprise", None, false)];
        report.listings.insert(
            "Biểu 02".to_owned(),
            Listing {
                frame: frame().head(Some(0)),
            },
        );
        let text = on_text(|page| write(page, &report, "Biểu 02", None, &columns));
        insta::assert_snapshot!(text, @r"
        [TT | ENTERPRISE] kept 0
        note: Không có dòng nào trong kỳ.
        ");
    }

    #[test]
    fn a_column_that_the_query_lacks_is_an_error() {
        let mut report = report(programme());
        report
            .listings
            .insert("Biểu 02".to_owned(), Listing { frame: frame() });
        let columns = [column("nothing", None, false)];
        let mut paper = crate::testing::TextPaper::default();
        let error = write(&mut paper, &report, "Biểu 02", None, &columns).unwrap_err();
        let source = error.source().unwrap().to_string();
        assert!(source.contains("nothing"), "{error}: {source}");
    }
}
