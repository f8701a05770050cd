//! What is written for other programs: tables, the queries over them, and what came out of each, so that another engine can
//! compute all of it again.

pub(crate) mod check_scripts;
pub(crate) mod counted_rows_out;
pub(crate) mod exported_table;
pub(crate) mod package;
pub(crate) mod plain_parquet;
pub(crate) mod queries;
pub(crate) mod results;
pub(crate) mod told;
