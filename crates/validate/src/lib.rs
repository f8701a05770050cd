//! Records judged by the programme's rules, and what the reader noticed put into the programme's words.

mod error;
mod grouped;
mod holds;
mod merge;
mod observed;
mod record_index;
mod rules;
mod source_file;
mod wording;

pub use error::ValidateError;
pub use grouped::findings;
pub use holds::Holds;
pub use merge::merge_findings;
pub use observed::finding;
pub use rules::apply_rules;
pub use source_file::SourceFile;
