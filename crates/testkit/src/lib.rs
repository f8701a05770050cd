//! Small workbooks from text, for tests and samples only.
//!
//! A workbook as text reads as it looks: `== sheet`, then a line for each row, its cells set apart by '|'. A cell is
//! a number, a day (`2023-05-01`), an error (`#REF!`), a formula without a stored result (`=5+5`) or text; a leading
//! `'` makes it text whatever it looks like.

mod case;
mod xlsx;

pub use case::{CaseStep, case_steps, fixture};
pub use xlsx::workbook;

mod large;
mod lists;

pub use large::{quarter_workbook, register_workbook, support_workbook};
pub use lists::{Lists, WordSet, lists};
