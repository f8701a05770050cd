use crate::identity::cases::CaseDoubt;
use ledger::file_id;
use serde::{Deserialize, Serialize};

/// Two rows that may be about one case, the earlier first: a person decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePair {
    /// The form's code.
    pub form: String,
    /// Why they may be one.
    pub doubt: CaseDoubt,
    /// The two rows.
    pub sides: [CaseLine; 2],
}

/// A row as a person finds it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// The department's code.
    pub department: String,
    /// The period it was reported for.
    pub period: String,
    /// What names the case.
    pub subject: String,
    /// The number of its document; blank if there is none.
    pub number: String,
    /// What else it was compared by.
    pub details: String,
    /// The file.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: i64,
    /// The id of the row.
    pub(crate) record: String,
    /// What decides on it, as a short text: another text is another question.
    pub(crate) print: String,
}

impl CasePair {
    /// By which an answer is found: the lower text first.
    pub(crate) fn key(&self) -> [String; 2] {
        let mut key = self.sides.each_ref().map(|side| side.print.clone());
        key.sort();
        key
    }
}

impl CaseLine {
    /// Who tells of what, as a short text: it stays the same after a correction, so that a question whose rows changed
    /// finds its old answer.
    pub(crate) fn about(&self) -> String {
        let text = format!("{} · {}", self.department, vietext::fold(&self.subject));
        file_id(text.as_bytes()).short().to_owned()
    }

    /// File, sheet and row.
    pub fn place(&self) -> String {
        format!("{} › {} › {}", self.file, self.sheet, self.row)
    }
}
