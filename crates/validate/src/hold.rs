use model::{Extent, Finding, Severity};
use std::collections::BTreeSet;

/// Which rows findings hold.
///
/// A finding on a row holds that row; one on a form holds the form's rows on its sheet; one on a sheet, the
/// sheet's; one on a file, all of them.
#[derive(Debug, Default)]
pub struct Holds {
    records: BTreeSet<String>,
    forms: BTreeSet<(String, String, String)>,
    sheets: BTreeSet<(String, String)>,
    files: BTreeSet<String>,
}

impl Holds {
    /// The rows that these findings hold.
    pub fn new<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut holds = Self::default();
        for finding in findings
            .into_iter()
            .filter(|f| f.severity == Severity::Hold)
        {
            let file = finding.file.to_string();
            let sheet = finding.sheet.clone().unwrap_or_default();
            let form = finding.form.clone().unwrap_or_default();
            match finding.extent {
                Extent::File => {
                    holds.files.insert(file);
                }
                Extent::Sheet => {
                    holds.sheets.insert((file, sheet));
                }
                Extent::Form => {
                    holds.forms.insert((file, sheet, form));
                }
                Extent::Row => holds.records.extend(finding.records.iter().cloned()),
            }
        }
        holds
    }

    /// Whether all of a file is held.
    pub fn file(&self, file: &str) -> bool {
        self.files.contains(file)
    }

    /// Whether a row is held.
    pub fn row(&self, record: &str, file: &str, sheet: &str, form: &str) -> bool {
        self.records.contains(record)
            || self.file(file)
            || self.sheets.contains(&(file.to_owned(), sheet.to_owned()))
            || self
                .forms
                .contains(&(file.to_owned(), sheet.to_owned(), form.to_owned()))
    }
}
