//! What a sheet of a report is written on: a worksheet, or a part of a page for a browser. The sheets say what stands
//! in which order and how it looks, in words; each kind of paper knows how that is done.

pub(crate) mod cell;
pub(crate) mod chart;
pub(crate) mod column;
pub(crate) mod heading;
pub(crate) mod look;

use crate::error::ReportError;
use cell::CellValue;
use chart::BarChart;
use heading::ColumnHeading;

/// The row of a sheet's first heading, from 0: title, subtitle and unit stand above it. Links to the trace and the
/// categories of charts are found by it.
pub(crate) const HEADING_ROW: u32 = 3;

/// Something that a sheet is written on, from its title down, row by row and from left to right.
pub(crate) trait Paper {
    /// The titles, then the heading of the first table, in one row, or in two if columns stand in groups. It is
    /// repeated on each printed page and stays in view, with so many columns on the left.
    fn head(&mut self, headings: &[ColumnHeading<'_>], kept: u16) -> Result<(), ReportError>;

    /// The titles, then a table of data of so many rows, each of one line, in columns with headings of their own. Above each column
    /// that has a sum stands that of the rows that are shown.
    fn data_table(
        &mut self,
        headings: &[ColumnHeading<'_>],
        rows: u32,
        sums: &[Option<i64>],
    ) -> Result<(), ReportError>;

    /// How many rows of a long list it takes; nothing if it takes all.
    fn room(&self) -> Option<usize> {
        None
    }

    /// The next free row, from 0.
    fn row(&self) -> u32;

    /// The next cell of the row, over so many columns.
    fn cell(&mut self, value: &CellValue<'_>, columns: u16) -> Result<(), ReportError>;

    fn end_row(&mut self) -> Result<(), ReportError>;

    /// The heading of a further table, under a title.
    fn next_table(
        &mut self,
        title: Option<&str>,
        headings: &[ColumnHeading<'_>],
    ) -> Result<(), ReportError>;

    /// A line of explanation below a table.
    fn note(&mut self, text: &str) -> Result<(), ReportError>;

    /// Lets the rows of the first table written so far be filtered.
    fn filter(&mut self) -> Result<(), ReportError>;

    fn chart(&mut self, chart: &BarChart<'_>) -> Result<(), ReportError>;

    /// All of it on one printed page.
    fn fit_one_page(&mut self) -> Result<(), ReportError>;
}
