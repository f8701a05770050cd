use model::{Extent, Finding};
use programme::Programme;
use std::collections::BTreeSet;

/// Which rows findings hold: those of findings that hold, and those that are there already.
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
    pub fn new<'a>(programme: &Programme, findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut holds = Self::default();
        for finding in findings
            .into_iter()
            .filter(|finding| programme.is_holding(finding))
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

#[cfg(test)]
mod tests {
    use super::Holds;
    use model::{Extent, FileId, Finding, Severity, Text};
    use programme::Programme;
    use std::sync::LazyLock;

    static PROGRAMME: LazyLock<Programme> =
        LazyLock::new(|| Programme::default_programme().unwrap());

    fn finding(severity: Severity, extent: Extent) -> Finding {
        Finding {
            code: "V004".into(),
            severity,
            extent,
            file: FileId("f1".into()),
            file_name: "a.xlsx".into(),
            sheet: Some("B3".into()),
            form: Some("support".into()),
            cells: Vec::new(),
            column: None,
            records: vec!["r1".into()],
            found: String::new(),
            message: Text::default(),
            advice: Text::default(),
        }
    }

    /// Which of these rows a finding holds: its own, another of its form, one of another form on its sheet, one on another
    /// sheet, one of another file.
    fn held(severity: Severity, extent: Extent) -> [bool; 5] {
        let holds = Holds::new(&PROGRAMME, [&finding(severity, extent)]);
        [
            ("r1", "f1", "B3", "support"),
            ("r2", "f1", "B3", "support"),
            ("r3", "f1", "B3", "training"),
            ("r4", "f1", "B4", "support"),
            ("r5", "f2", "B3", "support"),
        ]
        .map(|(record, file, sheet, form)| holds.row(record, file, sheet, form))
    }

    #[test]
    fn a_finding_holds_as_much_as_it_is_about() {
        let hold = Severity::Hold;
        assert_eq!(held(hold, Extent::Row), [true, false, false, false, false]);
        assert_eq!(held(hold, Extent::Form), [true, true, false, false, false]);
        assert_eq!(held(hold, Extent::Sheet), [true, true, true, false, false]);
        assert_eq!(held(hold, Extent::File), [true, true, true, true, false]);
    }

    #[test]
    fn only_findings_that_hold_hold() {
        for severity in [Severity::Correct, Severity::Warn, Severity::Info] {
            assert_eq!(held(severity, Extent::File), [false; 5], "{severity}");
        }
    }

    #[test]
    fn a_row_that_is_there_already_does_not_count_though_it_only_has_to_be_mended() {
        let repeat = Finding {
            code: "S052".into(),
            ..finding(Severity::Correct, Extent::Row)
        };
        let holds = Holds::new(&PROGRAMME, [&repeat]);
        assert!(holds.row("r1", "f1", "B3", "support"));
        assert!(!holds.row("r2", "f1", "B3", "support"));
    }

    #[test]
    fn a_file_is_held_by_what_is_about_all_of_it() {
        let of = |extent| Holds::new(&PROGRAMME, [&finding(Severity::Hold, extent)]).file("f1");
        assert!(of(Extent::File));
        assert!(!of(Extent::Sheet) && !of(Extent::Row));
    }
}
