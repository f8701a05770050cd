//! Figures, rows and findings put on paper: the consolidated annual workbook.
//!
//! The programme says which sheets there are and what stands on them; this crate knows how each kind is laid out.
//! The same input gives the same bytes: the only time in it is the one it is given.

mod cover;
mod feedback;
mod held;
mod html;
mod input;
mod letter;
mod links;
mod listing;
mod overlap;
mod paper;
mod restatement;
mod review;
mod screening;
mod style;
mod submissions;
mod summary;
mod table;
mod template;
mod trace;
mod xlsx;
mod years;

pub use feedback::{FeedbackInput, feedback};
pub use input::{
    AnnualReport, DepartmentLine, GrantSide, HeldRow, Listing, OverlapRow, RecordOrigin,
    RegisterRow, RestatedFigure, RestatedValue, Restatement, SubmissionLine, SubmissionState,
    TargetProgress,
};

pub use html::page;
pub use letter::letter;
pub use review::{ReviewInput, ReviewRow, ReviewSheet, Reviewed, read_review, review};
pub use screening::{NomineeRow, RelationRow, ScreeningInput, screening};
pub use template::{TemplateInput, template};

use paper::Paper;
use programme::{SheetKind, SheetSpec};
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};
use style::Styles;
use xlsx::XlsxPage;

/// The workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// What the writing library says.
    #[error("the workbook cannot be made: {0}")]
    Workbook(#[from] XlsxError),
    /// The covering report.
    #[error("the covering report cannot be made: {0}")]
    Letter(String),
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
        .set_creation_datetime(&xlsx::created(report.as_of)?);
    workbook.set_properties(&properties);
    let styles = Styles::new();
    let links = links::Links::new(report);
    cover::write(workbook.add_worksheet(), report, &styles)?;
    for sheet in report.sheets() {
        let is_long = matches!(sheet.kind, SheetKind::Listing { .. } | SheetKind::Trace);
        write_sheet(
            &mut XlsxPage::new(&mut workbook, sheet, report, &styles, &links, is_long)?,
            report,
            sheet,
        )?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Writes one sheet of the annual report on whatever paper.
fn write_sheet(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
    sheet: &SheetSpec,
) -> Result<(), ReportError> {
    match &sheet.kind {
        SheetKind::Summary { headline } => summary::write(page, report, headline),
        SheetKind::Years { done, totals } => years::write(page, report, done, totals),
        SheetKind::Table {
            rows,
            columns,
            numbered,
        } => table::write(page, report, rows, columns, *numbered),
        SheetKind::Listing { group, columns, .. } => {
            listing::write(page, report, &sheet.name, group.as_deref(), columns)
        }
        SheetKind::Submissions => submissions::write(page, report),
        SheetKind::Held => held::write_held(page, report),
        SheetKind::Overlaps => overlap::write(page, report),
        SheetKind::Findings => held::write_findings(page, report),
        SheetKind::Restatement => match &report.restatement {
            Some(restatement) => restatement::write(page, report, restatement),
            None => Ok(()),
        },
        SheetKind::Trace => trace::write(page, report),
    }
}
