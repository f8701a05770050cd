//! The annual report: what it is asked for, what it is made from, and what changed since one that was issued.
//!
//! Pure: a job loads the [inputs](inputs::AnnualInputs) and writes what is made here.

pub(crate) mod build;
pub(crate) mod cause;
pub(crate) mod changes;
pub(crate) mod counting;
pub(crate) mod departments;
pub(crate) mod differences;
pub(crate) mod figures;
pub(crate) mod figures_file;
pub(crate) mod files;
pub(crate) mod findings;
pub(crate) mod inputs;
pub(crate) mod matched_records;
pub(crate) mod overlap_rows;
pub(crate) mod programme_changes;
pub(crate) mod provenance;
pub(crate) mod request;
pub(crate) mod restatement;
