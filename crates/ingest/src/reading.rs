//! What reading a workbook gives.

use model::{AmountCount, CellRef, Observation, Period, RowCount, UnsureHeading};
use polars::prelude::DataFrame;
use std::collections::BTreeMap;

/// A workbook, read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The department's code, if it is known.
    pub department: Option<String>,
    /// The part of the department that reports by itself, if the general form names one.
    pub unit: Option<String>,
    /// What the report is about, if it is known.
    pub period: Option<Period>,
    /// Whether the sender says that there is nothing to report.
    pub nil_return: bool,
    /// What the cover says of forms that were sent before, by their codes.
    pub changes: BTreeMap<String, FormChange>,
    /// The forms found, in the order they stand.
    pub tables: Vec<Table>,
    /// The sheets, in their order, with their rows: `held` is still part of `accepted`.
    pub sheets: Vec<SheetRows>,
    /// What was noticed, in reading order.
    pub observations: Vec<Observation>,
    /// Headings that do not say which of their form's columns they are, answered ones included.
    pub unsure_headings: Vec<UnsureHeading>,
}

/// What the sender says of a form that was sent before for the same period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormChange {
    /// What was sent before holds.
    Unchanged,
    /// The file has all of it: what was sent before goes, even if the file has less or nothing.
    Whole,
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
    /// Whether its heading lacks all that the form requires beside the name: it may be a summary of another table.
    pub is_poor: bool,
    /// The cells that say the unit of their amount themselves: '45 tỷ đồng'.
    pub own_units: Vec<CellRef>,
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
    /// What its numbers came to, if it holds a form.
    pub amounts: AmountCount,
}
