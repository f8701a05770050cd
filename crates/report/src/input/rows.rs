/// A row that is held, beside what it could change.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldRow {
    /// The department.
    pub department: String,
    /// The form's sheet in the blank workbook.
    pub form: String,
    /// Its file's name.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: i64,
    /// What the row is about.
    pub subject: String,
    /// The money it names, if it can be read, in đồng.
    pub amount: Option<i64>,
    /// Why it is held: codes and messages.
    pub reasons: String,
}

/// A register, in the version that the report was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The file's name.
    pub file_name: String,
    /// The first digits of its content's hash.
    pub file: String,
    /// How many entries were read from it.
    pub entries: usize,
}

/// An enterprise with so much support that not all of it was compared each with each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotComparedRow {
    /// The enterprise.
    pub enterprise: String,
    /// How many grants it has.
    pub grants: usize,
    /// How many pairs of them were not compared.
    pub pairs: usize,
}

/// Two grants of support to one enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverlapRow {
    /// The class's name in code: `duplicate`, `unclear`, `repeat` or `combined`.
    pub class: &'static str,
    /// The enterprise.
    pub enterprise: String,
    /// Whether a person has to decide.
    pub waits: bool,
    /// What a person decided; blank if nobody did.
    pub decision: String,
    /// Both grants.
    pub sides: [GrantSide; 2],
    /// The clause.
    pub clause: String,
}

/// One of two grants, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantSide {
    /// The department's short name, or the other programme's list.
    pub source: String,
    /// Contents and tools, by code.
    pub what: String,
    /// From when to when.
    pub span: String,
    /// The money of the state, in đồng.
    pub state_budget: Option<i64>,
    /// File, sheet and row.
    pub place: String,
}
