//! The jobs: what is done in which order, and what is committed when.
//!
//! `inbox → ingest → validate → ledger`, and `ledger → link → aggregate → report`. The stages do not see each
//! other; a job hands one's output to the next. No job reads a clock: the time comes in by argument.

mod afterwards;
mod annual;
mod answers;
mod case;
mod case_columns;
mod case_key;
mod check;
mod diff;
mod digest;
mod enterprise;
mod error;
mod evidence;
mod export;
mod figures_file;
mod grant;
mod inbox;
mod judge;
mod known;
mod link_files;
mod newest;
mod overlap;
mod register;
mod report_job;
mod restate;
mod returned;
mod review;
mod run;
mod sayings;
mod screen;
mod set_aside;
mod standing;
mod stands;
mod statement;
mod status;
mod summary;
mod templates;
mod texts;
mod verify;
mod who;
mod workspace;

pub use check::{CaseFault, sql_cases};
pub use diff::{
    CaseChange, Cause, FigureChange, FiguresDiff, ValueChange, VersionsDiff, diff_figures,
    diff_versions,
};
pub use enterprise::EnterpriseLine;
pub use error::PipelineError;
pub use export::{ExportSummary, export};
pub use grant::GrantLine;
pub use ingest::sandbox;
pub use link::OverlapClass;
pub use link_files::{LinkSummary, link_files};
pub use overlap::{OverlapLine, QuestionLine};
pub use register::RegisterLine;
pub use report_job::{ReportPaths, ReportSummary, Variant, report};
pub use review::AnsweredFile;
pub use run::{Progress, run};
pub use screen::{NomineeLine, ScreenSummary, Screened, screen};
pub use set_aside::set_aside;
pub use status::{DepartmentState, DepartmentStatus, StatusSummary, status};
pub use summary::{FileOutcome, FileSummary, FormSummary, RunSummary};
pub use templates::templates;
pub use verify::{FaultLine, ReportProof, VerifySummary, verify};
pub use workspace::Workspace;
