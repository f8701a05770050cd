//! Records judged by the programme's rules, and what the reader noticed put into the programme's words.

mod gather;
mod hold;
mod phrase;
mod rules;

pub use gather::merge_findings;
pub use hold::Holds;
pub use phrase::finding;
pub use rules::{ValidateError, apply_rules};

use model::FileId;

/// A workbook, as findings name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its content.
    pub id: FileId,
    /// Its name when it came in.
    pub name: String,
}
