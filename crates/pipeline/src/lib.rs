//! The jobs: what is done in which order, and what is committed when.
//!
//! `inbox → ingest → validate → ledger`, and `ledger → link → aggregate → report`. The stages do not see each
//! other; a job hands one's output to the next. No job reads a clock: the time comes in by argument.
//!
//! The folders are layers, and imports go down only: `jobs` at the top is the only one that touches the workspace and
//! the ledger; `intake` assesses what comes in; `export` writes what other programs compute again; `annual` puts a report together; `support` resolves enterprises and
//! compares support; `snapshot` is what counts; `identity` says which rows are about one case. All below `jobs` are pure functions.

mod annual;
mod connected;
mod error;
mod export;
mod identity;
mod intake;
mod jobs;
mod loaded_programme;
mod money;
mod signature;
mod snapshot;
mod support;
#[cfg(test)]
mod testing;
mod text_column;
mod versions;
mod workspace;

pub use annual::cause::Cause;
pub use annual::changes::FigureChange;
pub use annual::differences::ValueChange;
pub use annual::request::Variant;
pub use error::{KeyError, PipelineError};
pub use identity::case_pair::{CaseLine, CasePair};
pub use identity::cases::CaseDoubt;
pub use ingest::sandbox;
pub use intake::amount_questions::AmountQuestion;
pub use intake::heading_questions::HeadingQuestion;
pub use intake::heard_answers::{AnswerMatter, AnswerNotice};
pub use intake::inbox::{IgnoredFile, WaitingFile, WhyIgnored, WhyWaiting};
pub use intake::register_questions::RegisterQuestion;
pub use intake::review_questions::WaitingAnswer;
pub use intake::standing::FileStanding;
pub use intake::summary::{AnsweredFile, FileOutcome, FileSummary, FormSummary, RunSummary};
pub use intake::whole_state::{HeldFile, WholeState};
pub use jobs::diff::{FiguresDiff, VersionsDiff, diff_figures, diff_versions};
pub use jobs::dry_run::{DryRun, dry_run};
pub use jobs::explain_figure::{FigureExplained, FigurePart, explain_figure};
pub use jobs::explain_row::{Reason, RecordExplained, RowExplained, explain_row};
pub use jobs::export::{ExportExtent, ExportOrder, ExportSummary, export};
pub use jobs::fault_line::FaultLine;
pub use jobs::folder_state::FolderState;
pub use jobs::link_lists::{LinkSummary, judge_pairs, link_lists, resolve_list};
pub use jobs::link_shards::{count_rarity, link_shard, read_rarity, resolve_shards};
pub use jobs::load::SameFile;
pub use jobs::log::{LogEntry, LogSummary, LoggedFile, log};
pub use jobs::report::{ReportOrder, ReportPaths, ReportSummary, report};
pub use jobs::roll_up::{OfficeLine, RollUpSummary, SharedEnterprise, roll_up};
pub use jobs::rule_cases::{CaseFault, sql_cases};
pub use jobs::run::{Progress, RunOrder, run};
pub use jobs::running::running_period;
pub use jobs::screen::{ScreenSummary, screen, screen_register};
pub use jobs::set_aside::set_aside;
pub use jobs::sign::{SignSummary, SigningKey, sign};
pub use jobs::stamp::{StampProof, StampSummary, stamp};
pub use jobs::status::{DepartmentState, DepartmentStatus, StatusSummary, status};
pub use jobs::templates::templates;
pub use jobs::trial::{FigureTrial, RuleTrial, TrialFinding, TrialSummary, trial};
pub use jobs::verify::{
    CodeEntry, CodeProof, CodeReport, ReportProof, ReportState, VerifyOrder, VerifySummary, verify,
};
pub use jobs::withdraw::{WithdrawSummary, withdraw};
pub use link::{OverlapClass, Rarity, Shard};
pub use report::ReportError;
pub use signature::{NewKey, SignatureProof, needs_password, new_key};
pub use snapshot::counted_rows::CountedRows;
pub use snapshot::row_question::{RowMatter, RowQuestion};
pub use support::case_changes::CaseChange;
pub use support::comparison::LeftOutLine;
pub use support::enterprise::EnterpriseLine;
pub use support::nominees::{NomineeLine, Screened};
pub use support::overlap_line::{OverlapLine, QuestionLine};
pub use support::registers::RegisterLine;
pub use support::support_line::SupportLine;
pub use versions::{COUNTING_VERSION, READER_VERSION};
pub use workspace::Workspace;
