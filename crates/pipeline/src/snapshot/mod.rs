//! What counts at a moment: the effective submissions of some years, and their rows.
//!
//! Pure: submissions and frames come in, nothing is read from the ledger here.

pub(crate) mod case_mark;
pub(crate) mod counted_rows;
pub(crate) mod cross_findings;
pub(crate) mod effective;
pub(crate) mod gone;
pub(crate) mod quarters;
pub(crate) mod row_question;
pub(crate) mod rows;
pub(crate) mod year_reported;
