use crate::identity::case_pair::CasePair;
use crate::intake::amount_questions::AmountQuestion;
use crate::intake::assess::Assessed;
use crate::intake::heading_questions::HeadingQuestion;
use crate::intake::heard_answers::AnswerNotice;
use crate::intake::inbox::{
    DropFolder, DroppedFile, IgnoredFile, WaitingFile, WhyRefused, WhyWaiting,
};
use crate::intake::register_questions::RegisterQuestion;
use crate::intake::replacement_questions::ReplacementQuestion;
use crate::intake::review_questions::WaitingAnswer;
use crate::intake::standing::FileStanding;
use crate::intake::whole_state::{HeldFile, WholeState};
use crate::snapshot::counted_rows::CountedRows;
use crate::snapshot::row_question::RowQuestion;
use crate::support::comparison::LeftOutLine;
use crate::support::overlap_line::{OverlapLine, QuestionLine};
use crate::support::registers::RegisterLine;
use ledger::{FormRows, Outcome, SheetCount, Versions};
use model::{Check, FileId, Finding, Moment, Observation, Period, RowCount};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use validate::SourceFile;

/// What a run did.
#[derive(Debug, Serialize)]
pub struct RunSummary {
    /// Its moment.
    pub at: Moment,
    /// What read and counted.
    pub versions: Versions,
    /// The files of the inbox, by name.
    pub files: Vec<FileSummary>,
    /// All that counts, is held and waits after it, whatever it came by.
    pub state: WholeState,
    /// Files that earlier runs took in, that stand, and of which rows are held.
    pub still_held: Vec<HeldFile>,
    /// Files that wait for the next run.
    pub waiting: Vec<WaitingFile>,
    /// Files that nobody looks at.
    pub ignored: Vec<IgnoredFile>,
    /// What was found over all departments, in the years that the files are about.
    pub across: Vec<Finding>,
    /// Review workbooks that came back.
    pub answered: Vec<AnsweredFile>,
    /// What has to be told of the answers in them.
    pub notices: Vec<AnswerNotice>,
    /// What persons wrote on questions that wait, this time or before, and was not taken as an answer.
    pub answers_waiting: Vec<WaitingAnswer>,
    /// What a person is to decide or look over, if there is anything.
    pub review: Option<PathBuf>,
    /// The registers that all support was compared with.
    pub registers: Vec<RegisterLine>,
    /// Grants to one enterprise that overlap, over all years (III.1.b, III.2.b, VI.2.b).
    pub overlaps: Vec<OverlapLine>,
    /// Enterprises with so much support that not all of it was compared each with each.
    pub left_out: Vec<LeftOutLine>,
    /// Records that may be one enterprise.
    pub questions: Vec<QuestionLine>,
    /// Records taken for one enterprise on other grounds than one valid tax code: a person may take them apart.
    pub joined: Vec<QuestionLine>,
    /// Headings that do not say which of their form's columns they are.
    pub headings: Vec<HeadingQuestion>,
    /// Forms that would take something of what was sent before away, and wait for a person.
    pub replacements: Vec<ReplacementQuestion>,
    /// Registers that have become much shorter, of which the version before counts.
    pub shrunk_registers: Vec<RegisterQuestion>,
    /// Rows that may be about one case: of two periods, of two reporters, or one person or club.
    pub cases: Vec<CasePair>,
    /// Single cases of which a person is asked whether they count.
    pub single_cases: Vec<RowQuestion>,
    /// Amounts far out of their kind, which wait until their unit is confirmed.
    pub amounts: Vec<AmountQuestion>,
}

/// A review workbook that came back.
#[derive(Debug, Serialize)]
pub struct AnsweredFile {
    /// Its name.
    pub file: String,
    /// The answers taken from it; none if they were taken before.
    pub answers: usize,
    /// Rows in which something new was written that was not taken.
    pub unknown: usize,
}

/// What became of a file in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileOutcome {
    /// All its rows count.
    Accepted,
    /// Some of its rows are held.
    PartlyHeld,
    /// Nothing of it counts; its findings say why.
    Refused,
    /// It was known already; nothing was changed.
    Unchanged,
}

/// A file of the inbox, after a run.
#[derive(Debug, Serialize)]
pub struct FileSummary {
    /// Its name.
    pub file: String,
    /// Its content's hash.
    pub sha256: String,
    /// The department's code, if it is known.
    pub department: Option<String>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// What became of it.
    pub outcome: FileOutcome,
    /// What it is to the figures after the run; nothing if nothing of it was taken in.
    pub standing: Option<FileStanding>,
    /// Its rows that count, and those that are held.
    pub rows: CountedRows,
    /// Its rows and sums, by form.
    pub forms: BTreeMap<String, FormSummary>,
    /// Its rows, by sheet.
    pub sheets: Vec<SheetCount>,
    /// Where each table was found and which columns it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
    /// What goes back to the sender, if there is something to mend.
    pub returned: Option<PathBuf>,
    /// What was found in it.
    pub findings: Vec<Finding>,
}

/// A form of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FormSummary {
    /// What the rows of its sheets came to.
    pub rows: RowCount,
    /// The money columns of the accepted rows, in đồng.
    pub sums: BTreeMap<String, i64>,
}

impl FileSummary {
    /// Of a file of which nothing is taken in, for one reason.
    pub(crate) fn refused(
        programme: &Programme,
        (name, file): (String, &FileId),
        why: &Observation,
    ) -> Self {
        let source = SourceFile {
            id: file.clone(),
            name: name.clone(),
        };
        let finding = validate::finding(programme, &source, None, why);
        Self {
            file: name,
            sha256: file.to_string(),
            department: None,
            period: None,
            outcome: FileOutcome::Refused,
            standing: None,
            rows: CountedRows::default(),
            forms: BTreeMap::new(),
            sheets: Vec::new(),
            headings: Vec::new(),
            returned: None,
            findings: finding.into_iter().collect(),
        }
    }

    /// Of a file that was assessed. `is_unchanged`: it was refused before for the same reasons.
    pub(crate) fn new(
        programme: &Programme,
        file: &DroppedFile,
        assessed: Assessed,
        (is_unchanged, returned): (bool, Option<PathBuf>),
    ) -> Self {
        Self {
            file: file.name.clone(),
            sha256: file.id.to_string(),
            department: assessed.department,
            period: assessed.period,
            outcome: match assessed.outcome {
                _ if is_unchanged => FileOutcome::Unchanged,
                Outcome::Accepted => FileOutcome::Accepted,
                Outcome::PartlyHeld => FileOutcome::PartlyHeld,
                Outcome::Refused => FileOutcome::Refused,
            },
            standing: None,
            rows: match assessed.outcome {
                Outcome::Refused => CountedRows::default(),
                Outcome::Accepted | Outcome::PartlyHeld => {
                    CountedRows::of_file(programme, &assessed.form_rows)
                }
            },
            forms: form_summaries(&assessed.sheets, &assessed.form_rows),
            sheets: assessed.sheets,
            headings: assessed.headings,
            returned,
            findings: assessed.findings,
        }
    }
}

/// What is said of files that are never opened, and of empty ones, which wait as well, since more of them may come; each with the
/// place of its folder before its name.
pub(crate) fn never_opened(
    programme: &Programme,
    folders: [(&str, &DropFolder); 3],
) -> Vec<FileSummary> {
    let mut told = Vec::new();
    for (within, folder) in folders {
        let mut tell = |name: &str, observation: &Observation| {
            let name = format!("{within}{name}");
            let no_file = FileId(String::new());
            told.push(FileSummary::refused(
                programme,
                (name, &no_file),
                observation,
            ));
        };
        for file in &folder.refused {
            let (check, found) = match file.why {
                WhyRefused::NoFile(what) => (Check::UnknownFormat, what.to_owned()),
                WhyRefused::TooLarge(size, most) => {
                    let found = format!("{} MiB > {} MiB", size.div_ceil(1 << 20), most >> 20);
                    (Check::TooLarge, found)
                }
            };
            tell(&file.name, &Observation::of_file(check, found));
        }
        let empty = folder
            .waiting
            .iter()
            .filter(|it| it.why == WhyWaiting::Empty);
        for file in empty {
            tell(
                &file.file,
                &Observation::of_file(Check::EmptyFile, String::new()),
            );
        }
    }
    told
}

/// The rows of each form: its own, and those that are no data on its sheets, which count to the first form of a sheet
/// with several.
pub(crate) fn form_summaries(
    sheets: &[SheetCount],
    form_rows: &BTreeMap<String, FormRows>,
) -> BTreeMap<String, FormSummary> {
    let mut forms: BTreeMap<String, FormSummary> = BTreeMap::new();
    for (form, rows) in form_rows {
        let summary = forms.entry(form.clone()).or_default();
        summary.rows = RowCount {
            seen: rows.accepted + rows.held,
            accepted: rows.accepted,
            held: rows.held,
            not_data: 0,
        };
        summary.sums = rows.sums.clone();
    }
    for sheet in sheets {
        if let Some(summary) = sheet.forms.first().and_then(|form| forms.get_mut(form)) {
            summary.rows.seen += sheet.rows.not_data;
            summary.rows.not_data += sheet.rows.not_data;
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::{FileOutcome, FileSummary, form_summaries};
    use crate::intake::assess::Assessed;
    use crate::intake::inbox::DroppedFile;
    use crate::testing::programme;
    use ledger::{FormRows, Outcome, SheetCount};
    use model::RowCount;
    use std::collections::BTreeMap;

    fn sheet(forms: &[&str], not_data: u32) -> SheetCount {
        SheetCount {
            sheet: "Biểu".to_owned(),
            forms: forms.iter().map(|form| (*form).to_owned()).collect(),
            rows: RowCount {
                seen: 10,
                accepted: 10 - not_data,
                held: 0,
                not_data,
            },
            amounts: model::AmountCount::default(),
        }
    }

    fn form_rows() -> BTreeMap<String, FormRows> {
        let rows = |accepted, held| FormRows {
            standing: Default::default(),
            accepted,
            held,
            sums: BTreeMap::from([("spent".to_owned(), 50)]),
        };
        BTreeMap::from([
            ("budget".to_owned(), rows(4, 1)),
            ("plan".to_owned(), rows(2, 0)),
        ])
    }

    #[test]
    fn rows_that_are_no_data_count_to_the_first_form_of_their_sheet() {
        let sheets = [
            sheet(&["budget", "plan"], 3),
            sheet(&["budget"], 2),
            sheet(&[], 7),
            sheet(&["club"], 5),
        ];
        let forms = form_summaries(&sheets, &form_rows());
        let counts = |form: &str| {
            let rows = forms[form].rows;
            [rows.seen, rows.accepted, rows.held, rows.not_data]
        };
        assert_eq!(counts("budget"), [10, 4, 1, 5]);
        assert_eq!(counts("plan"), [2, 2, 0, 0]);
        assert_eq!(forms["budget"].sums["spent"], 50);
        assert_eq!(forms.len(), 2, "a form without rows has no line");
    }

    #[test]
    fn a_file_refused_again_for_the_same_reasons_is_unchanged() {
        let file = DroppedFile {
            name: "a.xlsx".to_owned(),
            id: ledger::file_id(b"a"),
            bytes: b"a".to_vec(),
        };
        let outcome = |outcome, is_unchanged| {
            let assessed = Assessed {
                department: None,
                unit: None,
                period: None,
                outcome,
                nil_return: false,
                headings: Vec::new(),
                sheets: Vec::new(),
                forms: BTreeMap::new(),
                form_rows: form_rows(),
                findings: Vec::new(),
                unsure_headings: Vec::new(),
                unsure_amounts: Vec::new(),
            };
            FileSummary::new(programme(), &file, assessed, (is_unchanged, None)).outcome
        };
        assert_eq!(outcome(Outcome::Refused, false), FileOutcome::Refused);
        assert_eq!(outcome(Outcome::PartlyHeld, false), FileOutcome::PartlyHeld);
        assert_eq!(outcome(Outcome::Accepted, false), FileOutcome::Accepted);
        assert_eq!(outcome(Outcome::Refused, true), FileOutcome::Unchanged);
    }
}
