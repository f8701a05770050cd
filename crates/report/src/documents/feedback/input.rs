use chrono::{DateTime, FixedOffset};
use model::{Finding, Period, SheetCopy};
use programme::{Feedback, Words};

/// What goes back to a sender: the own sheets with what to mend marked, and a first sheet that lists it.
#[derive(Debug)]
pub struct FeedbackInput<'a> {
    /// The programme's texts for it.
    pub words: &'a Feedback,
    /// The programme's other words.
    pub said: &'a Words,
    /// The department's name, or the file's if it is not known.
    pub department: &'a str,
    /// What the report is about.
    pub period: Option<Period>,
    /// The file's name.
    pub file_name: &'a str,
    /// When it was taken in.
    pub at: DateTime<FixedOffset>,
    /// The sheets as they came.
    pub sheets: Vec<SheetCopy>,
    /// What was found in them.
    pub findings: &'a [Finding],
}
