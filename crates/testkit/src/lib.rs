//! Small workbooks from text, for tests and samples only.
//!
//! A workbook as text reads as it looks: `== sheet`, then a line for each row, its cells set apart by '|'. A cell is
//! a number, a day (`2023-05-01`), an error (`#REF!`), a formula without a stored result (`=5+5`) or text; a leading
//! `'` makes it text whatever it looks like.

mod archive;
mod case;
mod habits;
mod large;
mod lists;
mod ods;
mod text;
mod xls;
mod xlsb;
mod xlsx;

pub use archive::{Member, archive, members};
pub use case::{CaseStep, case_steps, fixture};
pub use large::{quarter_workbook, register_workbook, support_workbook};
pub use lists::{Clerk, Lists, WordSet, lists, lists_of};
pub use ods::{ods, ods_parts};
pub use xls::{biff_record, compound, xls, xls_stream};
pub use xlsb::{record, row_record, xlsb, xlsb_parts};
pub use xlsx::{workbook, xlsx_parts};
