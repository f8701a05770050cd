use crate::overlap::{OverlapLine, QuestionLine};
use crate::register::RegisterLine;
use crate::review::AnsweredFile;
use ledger::SheetCount;
use model::{Finding, Period, RowCount};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a run did.
#[derive(Debug, Serialize)]
pub struct RunSummary {
    /// Its moment, RFC 3339.
    pub at: String,
    /// The files of the inbox, by name.
    pub files: Vec<FileSummary>,
    /// Names of files that another program holds open; they wait for the next run.
    pub locked: Vec<String>,
    /// What was found over all departments, in the years that the files are about.
    pub across: Vec<Finding>,
    /// Review workbooks that came back.
    pub answered: Vec<AnsweredFile>,
    /// What a person is to decide or look over, where there is anything.
    pub review: Option<std::path::PathBuf>,
    /// The registers that all support was compared with.
    pub registers: Vec<RegisterLine>,
    /// Grants to one enterprise that overlap, over all years (III.1.b, III.2.b, VI.2.b).
    pub overlaps: Vec<OverlapLine>,
    /// Records that may be one enterprise.
    pub questions: Vec<QuestionLine>,
    /// Records taken for one enterprise on other grounds than one valid tax code: a person may take them apart.
    pub joined: Vec<QuestionLine>,
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
    /// The department's code, where it is known.
    pub department: Option<String>,
    /// The period, where it is known.
    pub period: Option<Period>,
    /// What became of it.
    pub outcome: FileOutcome,
    /// Its rows and sums, by form.
    pub forms: BTreeMap<String, FormSummary>,
    /// Its rows, by sheet.
    pub sheets: Vec<SheetCount>,
    /// Where each table was found and which columns it has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub headings: Vec<String>,
    /// What goes back to the sender, where there is something to mend.
    pub returned: Option<std::path::PathBuf>,
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
