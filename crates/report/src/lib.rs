//! Figures, rows and findings put on paper: the consolidated annual workbook.
//!
//! The programme says which sheets there are and what stands on them; this crate knows how each kind is laid out.
//! The same input gives the same bytes: the only time in it is the one it is given.

mod cover;
mod feedback;
mod held;
mod input;
mod links;
mod listing;
mod overlap;
mod page;
mod restatement;
mod review;
mod screening;
mod style;
mod submissions;
mod summary;
mod table;
mod template;
mod trace;
mod years;

pub use feedback::{FeedbackInput, feedback};
pub use input::{
    AnnualReport, DepartmentLine, GrantSide, HeldRow, Listing, Origin, OverlapRow, RegisterRow, RestatedFigure,
    RestatedValue, Restatement, Standing, SubmissionLine, TargetProgress,
};

pub use review::{ReviewInput, ReviewRow, ReviewSheet, Reviewed, read_review, review};
pub use screening::{NomineeRow, RelationRow, ScreeningInput, screening};
pub use template::{TemplateInput, template};

use programme::SheetKind;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};
use style::Styles;

/// The workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What the writing library says.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
    /// A listing lacks a column.
    #[error("a listing of the report: {0}")]
    Listing(#[from] polars::prelude::PolarsError),
}

/// Writes the annual report; gives the bytes of an .xlsx.
///
/// Every total is a formula with its result stored beside it.
///
/// # Errors
/// [`ReportError`] when the input does not fit a workbook.
pub fn annual(report: &AnnualReport<'_>) -> Result<Vec<u8>, ReportError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(report.title())
        .set_subject(&report.programme.title.vi)
        .set_author(&report.programme.report.header.office)
        .set_creation_datetime(&page::created(report.as_of)?);
    workbook.set_properties(&properties);
    let styles = Styles::new();
    let links = links::Links::new(report);
    cover::write(workbook.add_worksheet(), report, &styles)?;
    for sheet in report.sheets() {
        let mut page = page::Page::new(workbook.add_worksheet(), sheet, report, &styles, &links)?;
        match &sheet.kind {
            SheetKind::Summary { headline } => summary::write(&mut page, report, &sheet.name, headline)?,
            SheetKind::Years { done } => years::write(&mut page, report, &sheet.name, done)?,
            SheetKind::Table { rows, columns, numbered } => {
                table::write(&mut page, report, rows, columns, *numbered)?;
            }
            SheetKind::Listing { group, columns, .. } => {
                listing::write(&mut page, report, &sheet.name, group.as_deref(), columns)?;
            }
            SheetKind::Submissions => submissions::write(&mut page, report)?,
            SheetKind::Held => held::write_held(&mut page, report)?,
            SheetKind::Overlaps => overlap::write(&mut page, report)?,
            SheetKind::Findings => held::write_findings(&mut page, report)?,
            SheetKind::Restatement => {
                if let Some(restatement) = &report.restatement {
                    restatement::write(&mut page, report, restatement)?;
                }
            }
            SheetKind::Trace => trace::write(&mut page, report)?,
        }
    }
    Ok(workbook.save_to_buffer()?)
}
