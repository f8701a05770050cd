//! What the findings say of a layout.

use crate::cases::Value;
use crate::difference::Difference;
use crate::features::Input;
use crate::record::Read;
use crate::table::Laid;
use model::{CellRef, Extent, Finding, Severity};
use programme::Programme;

/// What the findings say of a layout.
pub(crate) struct Told<'a> {
    pub(crate) programme: &'a Programme,
    pub(crate) input: &'a Input,
    pub(crate) laid: &'a Laid,
    pub(crate) findings: &'a [Finding],
}

impl Told<'_> {
    /// The findings of at least a weight that are about the form's sheet or the file, with their cells.
    fn at_least(&self, least: Severity) -> impl Iterator<Item = (&Finding, Vec<CellRef>)> {
        let ours = self.findings.iter().filter(move |finding| {
            finding.severity <= least
                && (finding.sheet.as_deref() == Some(self.laid.sheet.as_str())
                    || finding.sheet.is_none()
                    || finding.extent == Extent::File)
        });
        ours.map(|finding| {
            let cells = finding.cells.iter();
            let cells = cells.filter_map(|cell| cell.parse().ok());
            (finding, cells.collect())
        })
    }

    fn is_of_case(&self, at: usize, cell: &CellRef) -> bool {
        self.laid.case_of_row.get(&cell.row) == Some(&at)
    }

    /// Whether a finding names a case that is not counted: a cell of its row, the heading of a column, or the sheet.
    pub(crate) fn names_case(&self, at: usize) -> bool {
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(finding, cells)| {
            let is_strong = finding.severity <= Severity::Correct;
            (is_strong && cells.is_empty())
                || cells.iter().any(|cell| self.is_of_case(at, cell))
                || (is_strong
                    && cells
                        .iter()
                        .any(|cell| self.laid.heading_rows.contains(&cell.row)))
        })
    }

    /// Whether a difference in a case that is counted is told.
    ///
    /// An amount that is counted as another is never told well enough: it should wait. For what is left out it is enough that a
    /// finding names its cell.
    pub(crate) fn is_told(&self, at: usize, difference: &Difference) -> bool {
        let is_amount = matches!(
            difference.meant,
            Some(Value::Money(_) | Value::Nothing | Value::Unknown)
        );
        match difference.read {
            Read::Number(_) if is_amount => false,
            Read::Nothing if self.names_cell(at, &difference.column) => true,
            _ => self.names_value(at, &difference.column),
        }
    }

    fn names_cell(&self, at: usize, column: &str) -> bool {
        let col = self.laid.column_of.get(column).map(|col| u32::from(*col));
        let is_it = |cell: &CellRef| col == Some(cell.col) && self.is_of_case(at, cell);
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(_, cells)| cells.iter().any(is_it))
    }

    /// Whether a finding that wants something mended names a value: its cell, its column, or the heading of that.
    fn names_value(&self, at: usize, column: &str) -> bool {
        let form = self.programme.form(self.input.form).unwrap();
        let heading = form.column(column).map(|column| &column.heading);
        let col = self.laid.column_of.get(column).map(|col| u32::from(*col));
        let mut findings = self.at_least(Severity::Correct);
        findings.any(|(finding, cells)| {
            let is_column = finding.column.is_some() && finding.column.as_ref() == heading;
            let is_there = |cell: &CellRef| {
                (col == Some(cell.col) || is_column)
                    && (self.is_of_case(at, cell) || self.laid.heading_rows.contains(&cell.row))
            };
            cells.iter().any(is_there) || (is_column && cells.is_empty())
        })
    }
}
