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

/// A cell of a sheet.
struct Place<'a> {
    sheet: &'a str,
    cell: CellRef,
}

impl Told<'_> {
    /// The findings of at least a weight that are about a sheet of the form or the file, with their cells.
    fn at_least(&self, least: Severity) -> impl Iterator<Item = (&Finding, Vec<Place<'_>>)> {
        let ours = self.findings.iter().filter(move |finding| {
            let sheet = finding.sheet.as_deref();
            finding.severity <= least
                && (sheet.is_none_or(|sheet| self.laid.has_cases_on(sheet))
                    || finding.extent == Extent::File)
        });
        ours.map(|finding| {
            let sheet = finding.sheet.as_deref().unwrap_or_default();
            let cells = finding.cells.iter();
            let cells = cells.filter_map(|cell| cell.parse().ok());
            (finding, cells.map(|cell| Place { sheet, cell }).collect())
        })
    }

    fn is_of_case(&self, at: usize, place: &Place<'_>) -> bool {
        self.laid.case_at(place.sheet, place.cell.row) == Some(at)
    }

    fn is_heading(&self, place: &Place<'_>) -> bool {
        self.laid.is_heading(place.sheet, place.cell.row)
    }

    /// Whether a finding names a case that is not counted: a cell of its row, the heading of a column, or the sheet.
    pub(crate) fn names_case(&self, at: usize) -> bool {
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(finding, places)| {
            let is_strong = finding.severity <= Severity::Correct;
            let is_of_all = is_strong || finding.extent == Extent::Sheet;
            places.iter().any(|place| self.is_of_case(at, place))
                || is_of_all && places.is_empty()
                || is_strong && places.iter().any(|place| self.is_heading(place))
        })
    }

    /// Whether a difference in a case that is counted is told.
    ///
    /// An amount that is counted as another is never told well enough: it should wait. For what is left out it is enough
    /// that a finding names its cell.
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

    fn column(&self, column: &str) -> Option<u32> {
        self.laid.column_of.get(column).map(|col| u32::from(*col))
    }

    fn names_cell(&self, at: usize, column: &str) -> bool {
        let col = self.column(column);
        let is_it = |place: &Place<'_>| {
            col == Some(place.cell.col) && (self.is_of_case(at, place) || self.is_heading(place))
        };
        let mut findings = self.at_least(Severity::Warn);
        findings.any(|(_, places)| places.iter().any(is_it))
    }

    /// Whether a finding that wants something mended names a value: its cell, its column, or the heading of that.
    fn names_value(&self, at: usize, column: &str) -> bool {
        let form = self.programme.form(self.input.form).unwrap();
        let heading = form.column(column).map(|column| &column.heading);
        let col = self.column(column);
        let mut findings = self.at_least(Severity::Correct);
        findings.any(|(finding, places)| {
            let is_column = finding.column.is_some() && finding.column.as_ref() == heading;
            let is_there = |place: &Place<'_>| {
                (col == Some(place.cell.col) || is_column)
                    && (self.is_of_case(at, place) || self.is_heading(place))
            };
            places.iter().any(is_there) || (is_column && places.is_empty())
        })
    }
}
