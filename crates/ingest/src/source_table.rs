//! A table as its readers share it.

use crate::grid::SheetGrid;
use crate::heading_findings::observe_table;
use crate::headings::matching::HeadingMatch;
use crate::legal_forms::LegalForms;
use crate::records::TableOrigin;
use model::{Check, Observation};
use programme::Programme;

/// A table, and what is known for reading it.
#[derive(Clone, Copy)]
pub(crate) struct SourceTable<'a> {
    pub sheet: &'a SheetGrid,
    pub heading: &'a HeadingMatch<'a>,
    pub origin: &'a TableOrigin<'a>,
    pub programme: &'a Programme,
    pub legal_forms: &'a LegalForms,
}

impl SourceTable<'_> {
    /// An observation about this table.
    pub(crate) fn observe(&self, check: Check, found: impl Into<String>) -> Observation {
        observe_table(self.sheet, self.heading, check, found)
    }
}
