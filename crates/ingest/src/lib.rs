//! Workbooks as departments send them, read into records, each value with its cell.
//!
//! [`read`] is a function from bytes to a [`Reading`]: it opens nothing, writes nothing and never fails. What
//! cannot be read is an [`Observation`](model::Observation) on the file, sheet, row or cell; the rest goes on.

mod biff;
mod copy;
mod frame;
mod grid;
mod heading;
#[cfg(test)]
mod layouts;
mod legacy;
mod limits;
mod observe;
mod pairs;
mod parts;
mod record;
mod rows;
pub mod sandbox;
mod sniff;
mod styles;
mod table;
mod text;
mod value;
mod who;
mod workbook;

pub use copy::copy;

use limits::Limits;
use model::{FileId, Observation, Period, RowCount};
use polars::prelude::DataFrame;
use programme::Programme;

/// A workbook, read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The department's code, where it is known.
    pub department: Option<String>,
    /// The part of the department that reports by itself, where the general form names one.
    pub unit: Option<String>,
    /// What the report is about, where it is known.
    pub period: Option<Period>,
    /// Whether the sender says that there is nothing to report.
    pub nil_return: bool,
    /// The forms found, in the order they stand.
    pub tables: Vec<Table>,
    /// The sheets, in their order, with their rows: `held` is still part of `accepted`.
    pub sheets: Vec<SheetRows>,
    /// What was noticed, in reading order.
    pub observations: Vec<Observation>,
}

/// One form on one sheet.
#[derive(Debug)]
pub struct Table {
    /// The form's code.
    pub form: String,
    /// The sheet.
    pub sheet: String,
    /// The first heading row, counted from 1, and why it was taken for one.
    pub heading: String,
    /// Its records, with the columns of [`programme::tables::schema`]; rows in the order they stand.
    pub frame: DataFrame,
}

/// The rows of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRows {
    /// The sheet's name.
    pub name: String,
    /// The forms on it.
    pub forms: Vec<String>,
    /// What its rows came to.
    pub rows: RowCount,
}

/// Reads one workbook.
///
/// `name` is the file's name when it came in: it may tell department and period where the workbook does not.
/// The department and period stand in every record; a reading without them has records that wait.
pub fn read(file: &FileId, name: &str, bytes: &[u8], programme: &Programme) -> Reading {
    read_opened(
        workbook::open(bytes, &Limits::REPORT),
        programme,
        |sheets| table::read_report(file, name, sheets, programme),
    )
}

/// Reads a list of another programme or of nominees: no department sends it and it has no period, and it may be text
/// in columns (.csv) as well as a workbook.
///
/// Without a department and period in its records; otherwise as [`read`].
pub fn read_list(file: &FileId, name: &str, bytes: &[u8], programme: &Programme) -> Reading {
    read_opened(workbook::open_list(bytes, name), programme, |sheets| {
        table::read_list(file, sheets, programme)
    })
}

fn read_opened(
    opened: Result<workbook::Opened, Box<Observation>>,
    programme: &Programme,
    read: impl FnOnce(Vec<grid::Sheet>) -> Reading,
) -> Reading {
    match opened {
        Ok(opened) => {
            let mut reading = read(opened.sheets);
            // The list sheet of a template is hidden by us.
            let of_theirs = |o: &Observation| {
                !o.sheet
                    .as_ref()
                    .is_some_and(|sheet| programme.report.is_ours(&vietext::fold(sheet)))
            };
            reading
                .observations
                .extend(opened.observations.into_iter().filter(of_theirs));
            reading
        }
        Err(observation) => Reading {
            observations: vec![*observation],
            ..Reading::default()
        },
    }
}
