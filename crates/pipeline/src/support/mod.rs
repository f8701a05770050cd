//! Support to enterprises: who was given what, which mentions are of one enterprise, and what overlaps.
//!
//! Pure: snapshots, registers and answers come in; nothing is read from the ledger here. A row of a snapshot becomes a
//! [mention](mentions::Mentions) and a [case](cases::SupportCases); [resolution](resolution::Resolution) decides which
//! mentions are of one enterprise, and [comparison](comparison::Comparison) finds the cases that overlap.

pub(crate) mod answer_index;
pub(crate) mod case_changes;
pub(crate) mod case_columns;
pub(crate) mod case_rows;
pub(crate) mod cases;
pub(crate) mod comparison;
pub(crate) mod content_codes;
pub(crate) mod decided;
pub(crate) mod enterprise;
pub(crate) mod evidence_text;
pub(crate) mod kept_comparison;
pub(crate) mod mentions;
pub(crate) mod nominees;
pub(crate) mod overlap_line;
pub(crate) mod records;
pub(crate) mod registers;
pub(crate) mod resolution;
pub(crate) mod resolved;
pub(crate) mod settled;
pub(crate) mod support_index;
pub(crate) mod support_line;
pub(crate) mod text_answers;
pub(crate) mod year_cache;
