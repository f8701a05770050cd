//! Workbooks as departments send them, read into records, each value with its cell.
//!
//! [`read`] is a function from bytes to a [`Reading`]: it opens nothing, writes nothing and never fails. What
//! cannot be read is an [`Observation`](model::Observation) on the file, sheet, row or cell; the rest goes on.
//!
//! Modules stand on floors, and each uses only those below it:
//!
//! | floor | modules |
//! |---|---|
//! | the whole | `read`, `sheet_copies`, `list_text`, `sandbox` |
//! | a workbook's forms | `reader`, `summary_tables`, `table_reader`, `heading_findings`, `sender`, `sheet_forms` |
//! | a form's parts | `heading_answers`, `labelled_values`, `accounts`, `record_reader`, `row_structure`, `total_check`, `column_sums`, `table_plan`, `record_cells`, `column_evidence`, `decimal_notation`, `row_kind`, `headings`, `row_marks`, `legal_forms` |
//! | records and cells | `records`, `column_values`, `cell_reader`, `reading` |
//! | files | `workbook`, `formats` |
//! | the ground | `by_address`, `column_map`, `hidden`, `legacy_encoding`, `grid`, `limits`, `observe`, `stored_value`, `value` |

mod accounts;
mod by_address;
mod cell_reader;
mod column_evidence;
mod column_map;
mod column_sums;
mod column_values;
mod decimal_notation;
mod form_changes;
mod formats;
mod grid;
mod heading_answers;
mod heading_findings;
mod headings;
mod hidden;
mod labelled_values;
#[cfg(test)]
mod layouts;
mod legacy_encoding;
mod legal_forms;
mod limits;
mod list_text;
mod observe;
mod read;
mod reader;
mod reading;
mod record_cells;
mod record_reader;
mod records;
mod repeated_rows;
mod row_kind;
mod row_marks;
mod row_structure;
pub mod sandbox;
mod sender;
mod sheet_copies;
mod sheet_forms;
mod source_table;
mod stored_value;
mod summary_tables;
mod table_plan;
mod table_reader;
mod total_check;
mod value;
mod workbook;

pub use formats::text_encoding::NoText;
pub use heading_answers::HeadingAnswers;
pub use list_text::{DecodedList, ListEncoding};
pub use read::{read, read_answered, read_list, read_own_output};
pub use reading::{FormChange, Reading, SheetRows, Table};
pub use sheet_copies::sheet_copies;
