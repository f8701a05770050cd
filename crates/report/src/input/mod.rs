//! What the annual report is made from: the pipeline fills it in, nothing here is worked out again.

pub(crate) mod annual;
pub(crate) mod counting;
pub(crate) mod origin;
pub(crate) mod parts;
pub(crate) mod restatement;
pub(crate) mod rows;
pub(crate) mod submissions;
pub(crate) mod trace_names;
