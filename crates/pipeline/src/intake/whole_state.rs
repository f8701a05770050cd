use crate::snapshot::counted_rows::CountedRows;
use model::{FileId, Period};
use serde::Serialize;

/// What counts, what is held and what waits, over all years and programmes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WholeState {
    /// The rows of all files that stand.
    #[serde(flatten)]
    pub rows: CountedRows,
    /// The files that stand and of which rows are held, in the order they came.
    pub held_files: Vec<HeldFile>,
    /// Questions that wait for a person.
    pub questions: usize,
    /// Answers among them that were not taken, and wait to be given again.
    pub answers_waiting: usize,
}

/// A file that stands, of which rows are held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldFile {
    /// Its name.
    pub file: String,
    /// The department's code, if it is known.
    pub department: Option<String>,
    /// The period, if it is known.
    pub period: Option<Period>,
    /// How many of its rows are held.
    pub rows: u32,
    #[serde(skip)]
    pub(crate) id: FileId,
}
