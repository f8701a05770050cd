//! The nouns of the programme: money, tax codes, periods, places in a workbook, findings.
//!
//! No input or output happens here, and nothing here knows a file format.

mod amount;
mod finding;
mod heading;
mod ids;
mod issue;
mod linkage;
mod moment;
mod origin;
mod outgoing;
mod output;
mod part_of_year;
mod period;
mod sheet;
mod short_hash;
mod tax_code;
mod template;
mod vnd;

pub use amount::UnsureAmount;
pub use finding::{Check, Extent, Finding, Observation, Severity, Text};
pub use heading::{HeadingMeaning, UnsureHeading};
pub use ids::{InputsHash, ProgrammeHash, SubmissionId};
pub use issue::{DocumentNumber, DocumentNumberError, IssueStamp, ReportStatus};
pub use linkage::{AdministrativeUnit, LegalForm, Linkage, Translation};
pub use moment::{Moment, MomentError};
pub use origin::{CellRef, FileId};
pub use outgoing::{
    begins_as_formula, clean_json, clean_line, clean_text, inert_field, is_command_sign,
};
pub use output::OutputKind;
pub use part_of_year::PartOfYear;
pub use period::{Period, PeriodError};
pub use sheet::{AmountCount, CellCopy, SheetCopy};
pub use short_hash::{ShortHash, ShortHashError};
pub use tax_code::{TaxCode, TaxCodeError};
pub use template::render_template;
pub use vnd::Vnd;

/// How many rows of a sheet came to what.
///
/// `seen == accepted + held + not_data` for every sheet of every file: nothing disappears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct RowCount {
    /// Rows with at least one cell that is not blank.
    pub seen: u32,
    /// Rows that count in the figures.
    pub accepted: u32,
    /// Rows that wait for the sender: shown, not counted.
    pub held: u32,
    /// Titles, headings, sections, totals, notes, signatures.
    pub not_data: u32,
}
