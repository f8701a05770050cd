use chrono::{DateTime, FixedOffset};
use model::Period;

/// A department, and what it sent for the year.
#[derive(Debug)]
pub struct DepartmentLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it sent, oldest first.
    pub submissions: Vec<SubmissionLine>,
    /// Whether it had to report in any of the years shown.
    pub had_to_report: bool,
    /// Its short name.
    pub short: String,
    /// The years shown that it has reported: by a report on the year, or on the fourth quarter.
    pub whole: Vec<i32>,
    /// Of the years that it has reported in part, the last quarter that it reported.
    pub partial: Vec<Period>,
    /// What took over all of it by the day on which the last of the years shown was to be reported: its short name.
    pub succeeded_by: Option<String>,
    /// The years in which it had to report and of which nothing of it counts.
    pub missing: Vec<i32>,
}

impl DepartmentLine {
    /// Whether it counts among those whose reports are expected: what a department sent that was merged since is a part of
    /// its successor's.
    pub fn is_expected(&self) -> bool {
        self.had_to_report || self.succeeded_by.is_none()
    }

    /// Whether it has reported something, and each year shown that it had to.
    pub fn has_reported(&self) -> bool {
        !self.whole.is_empty() && self.partial.is_empty() && self.missing.is_empty()
    }
}

/// A submission of the year.
#[derive(Debug)]
pub struct SubmissionLine {
    /// Its period.
    pub period: Period,
    /// The part of the department that reports by itself, if it names one.
    pub unit: Option<String>,
    /// Its file's name.
    pub file_name: String,
    /// The first digits of its content's hash.
    pub file: String,
    /// When it was taken in, at the office's offset.
    pub at: DateTime<FixedOffset>,
    /// Whether it came before the deadline; nothing if its period has none.
    pub in_time: Option<bool>,
    /// Whether it stands in the figures.
    pub standing: SubmissionState,
    /// Why it was set aside, if it was.
    pub set_aside: Option<String>,
    /// Whether the sender says that there is nothing to report.
    pub nil_return: bool,
    /// Rows that count.
    pub accepted: u32,
    /// Rows that are held.
    pub held: u32,
    /// Findings to mend.
    pub to_mend: usize,
    /// Other findings.
    pub noticed: usize,
}

/// Whether a submission's rows stand in the figures of its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionState {
    /// They do.
    Stands,
    /// A newer one stands in its place.
    Superseded,
    /// An officer set it aside.
    SetAside,
    /// Nothing of it could be taken.
    Refused,
}
