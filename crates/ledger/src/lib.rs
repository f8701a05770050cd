//! The ledger: what came in, when, what was read from it and found in it.
//!
//! A folder with four things: `originals/`, the files as they came, by the SHA-256 of their bytes; `facts/`, the
//! records read from them, a Parquet file for each submission and form; `log.jsonl`, the log, a text with every row that was
//! ever written; and `ledger.sqlite`, the index of all of them, which the log makes again. Beside them `derived/`, which
//! saves work and may be deleted. A run is one entry of the log: originals and facts are written first, under names no
//! other run uses, and count from the moment the entry is whole.
//!
//! What is read is what was written: originals, records and derived data are held against their hashes, the rows of the
//! database against the entries of the log that wrote them.

mod amount_answer;
mod answer;
mod as_of;
mod audit;
#[cfg(test)]
mod change_tests;
mod column;
mod derived;
mod error;
mod facts;
mod file_id;
mod files;
mod heading_answer;
mod history;
mod integrity;
mod issue;
mod ledger;
mod lock;
mod log_file;
mod log_row;
mod order;
mod privacy;
mod programme;
mod question_file;
mod recorded_report;
mod recovery;
mod register;
mod replacement_answer;
mod run;
mod schema;
mod submission;
mod taken_out;
#[cfg(test)]
mod testing;
mod told;
mod written_answer;

pub use amount_answer::{AmountAnswer, AmountVerdict};
pub use answer::{Answer, GivenAnswers, KeptAnswers, Verdict};
pub use as_of::AsOf;
pub use audit::AuditEntry;
pub use error::LedgerError;
pub use file_id::file_id;
pub use files::{remove_unfinished, write_whole};
pub use heading_answer::HeadingAnswer;
pub use integrity::{Checked, Damage, Damaged, LedgerPart};
pub use ledger::Ledger;
pub use lock::Lock;
pub use order::{Backdated, LogHead, RecordedAt};
pub use privacy::{keep_private, make_private_folder};
pub use recorded_report::{MadeReport, RecordedReport, Withdrawal, figures_hash};
pub use recovery::{HistoryFault, recover};
pub use register::RegisterFile;
pub use replacement_answer::{ReplacementAnswer, ReplacementVerdict};
pub use run::{Beginning, Intake, KeptProgramme, RunWriter, Versions};
pub use submission::{FormRows, Outcome, SheetCount, Standing, Submission};
pub use taken_out::TakenOut;
pub use written_answer::{AnswerFault, AskedOn, QuestionKey, WrittenAnswer};
