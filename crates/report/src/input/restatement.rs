use chrono::{DateTime, FixedOffset};
use model::IssueStamp;

/// A report that was issued before, and what changed in the figures since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restatement {
    /// The moment whose knowledge the issued report shows, at the office's offset.
    pub as_of: DateTime<FixedOffset>,
    /// What it was issued under; nothing if it is from before drafts were told from what was issued.
    pub stamp: Option<IssueStamp>,
    /// The first digits of the issued report's hash.
    pub file: String,
    /// The figures that changed, by id; none if all are as they were.
    pub figures: Vec<RestatedFigure>,
}

/// A figure that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedFigure {
    /// Its stable id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it was.
    pub before: i64,
    /// What it is.
    pub after: i64,
    /// What came into it and what left it.
    pub values: Vec<RestatedValue>,
}

/// A value that came into a figure, or left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedValue {
    /// Whether it came in.
    pub is_added: bool,
    /// An amount as it is written, or what counts once.
    pub shown: String,
    /// The department's short name.
    pub department: String,
    /// The file's name.
    pub file_name: String,
    /// The sheet.
    pub sheet: String,
    /// The cell.
    pub cell: String,
    /// The cause's name in code.
    pub cause: &'static str,
}
