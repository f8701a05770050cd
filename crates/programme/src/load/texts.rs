use super::Loader;
use crate::definition::ReportFile;
use crate::letter::places;
use crate::programme::Programme;
use std::collections::BTreeSet;

impl Loader<'_> {
    /// The names of files and sheets, and the texts that go back to senders: a place that nothing fills would be left out
    /// without a word.
    pub(super) fn check_texts(&mut self, written: &ReportFile, programme: &Programme) {
        let file = "report.toml";
        let (feedback, template) = (&written.feedback, &written.template);
        let returned = [
            "department",
            "department_name",
            "period",
            "file",
            "to_mend",
            "noticed",
        ];
        let reminder = [
            "department_name",
            "period",
            "deadline",
            "until",
            "decision",
            "clause",
        ];
        let of_template = ["department", "period"];
        let screening = &written.screening.file_name;
        for (text, known) in [
            (&feedback.file_name, returned.as_slice()),
            (&feedback.letter, &returned),
            (&feedback.reminder, &reminder),
            (&template.file_name, &of_template),
            (screening, &["file"]),
        ] {
            self.check_places(file, text, known);
        }
        let review = &written.review;
        let mut ours: BTreeSet<String> = BTreeSet::new();
        for (key, name) in [
            ("feedback.sheet", &feedback.sheet),
            ("review.questions_sheet", &review.questions_sheet),
            ("review.joined_sheet", &review.joined_sheet),
            ("review.headings_sheet", &review.headings_sheet),
            ("review.replacements_sheet", &review.replacements_sheet),
            ("review.amounts_sheet", &review.amounts_sheet),
            (
                "screening.nominees_sheet",
                &written.screening.nominees_sheet,
            ),
            ("screening.support_sheet", &written.screening.support_sheet),
            ("template.list_sheet", &template.list_sheet),
        ] {
            // A programme that was kept by an earlier program may lack it.
            let is_lacking = self.is_kept && name.is_empty();
            if let Some(message) = sheet_name_fault(name).filter(|_| !is_lacking) {
                self.fault_near(file, name, format!("{key} '{name}': {message}"));
            }
            ours.insert(name.to_lowercase());
        }
        // A sheet of ours is not read when it comes back, so no form may stand on one; and both stand in one workbook.
        for form in programme.forms.values() {
            let path = format!("forms/{}.toml", form.code);
            if let Some(message) = sheet_name_fault(&form.sheet) {
                self.fault_near(&path, &form.sheet, message.to_owned());
            }
            if ours.contains(&form.sheet.to_lowercase()) {
                let message = format!("sheet '{}' is one of ours in report.toml", form.sheet);
                self.fault_near(&path, &form.sheet, message);
            }
        }
    }

    /// Holds a text to have no places but these.
    pub(super) fn check_places(&mut self, file: &str, text: &str, known: &[&str]) {
        for place in places(text).filter(|place| !known.contains(place)) {
            let message = format!(
                "nothing fills the place '{{{place}}}': expected {}",
                known.join(", ")
            );
            self.fault_near(file, &format!("{{{place}}}"), message);
        }
    }

    /// A fault at the line on which a text stands first: of values that are read without their places.
    pub(super) fn fault_near(&mut self, file: &str, text: &str, message: String) {
        let at = self.source.text(file).and_then(|whole| whole.find(text));
        self.fault(file, at, message);
    }
}

/// Why a workbook can have no sheet of a name.
pub(super) fn sheet_name_fault(name: &str) -> Option<&'static str> {
    let fits = (1..=31).contains(&name.chars().count())
        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        && !name.starts_with('\'')
        && !name.ends_with('\'');
    (!fits).then_some("a sheet's name has 1 to 31 characters and none of []:*?/\\")
}
