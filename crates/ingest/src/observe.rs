use model::{CellRef, Check, Observation};

/// The most rows or cells that an observation names; it holds all of them.
pub(crate) const MAX_NAMED: usize = 8;

/// An observation about a file or a sheet, to be narrowed.
pub(crate) fn observe(check: Check, found: impl Into<String>) -> Observation {
    Observation::of_file(check, found)
}

/// Narrows an observation, one place at a time.
pub(crate) trait Narrow {
    fn on_sheet(self, sheet: &str) -> Self;
    fn on_form(self, form: &str) -> Self;
    fn on_column(self, column: &str) -> Self;
    fn on_cell(self, cell: CellRef) -> Self;
    fn expecting(self, expected: impl Into<String>) -> Self;
}

impl Narrow for Observation {
    fn on_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned());
        self
    }

    fn on_form(mut self, form: &str) -> Self {
        self.form = Some(form.to_owned());
        self
    }

    fn on_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }

    fn on_cell(mut self, cell: CellRef) -> Self {
        self.cells.push(cell);
        self
    }

    fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }
}
