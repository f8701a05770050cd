//! The jobs: what is done in which order, and what is committed when.
//!
//! `inbox → ingest → validate → ledger`, and `ledger → link → aggregate → report`. The stages do not see each
//! other; a job hands one's output to the next. No job reads a clock: the time comes in by argument.

mod check;
mod error;
mod evidence;
mod figures_file;
mod inbox;
mod judge;
mod link_files;
mod overlap;
mod report_job;
mod returned;
mod review;
mod run;
mod set_aside;
mod standing;
mod status;
mod summary;
mod templates;
mod workspace;

pub use check::{CaseFault, sql_cases};
pub use error::PipelineError;
pub use link_files::{LinkSummary, link_files};
pub use overlap::{GrantLine, OverlapLine, QuestionLine, RegisterLine};
pub use report_job::{ReportPaths, ReportSummary, report};
pub use review::AnsweredFile;
pub use run::{Progress, run};
pub use set_aside::set_aside;
pub use status::{DepartmentState, DepartmentStatus, StatusSummary, status};
pub use summary::{FileOutcome, FileSummary, FormSummary, RunSummary};
pub use templates::templates;
pub use workspace::Workspace;
