//! What changed: in the figures of a year between two days, and between two versions of a submission.

use crate::annual::build::build;
use crate::annual::changes::{FigureChange, Told, figure_changes};
use crate::annual::request::{ReportRequest, Variant};
use crate::error::PipelineError;
use crate::jobs::load::annual_inputs;
use crate::jobs::named_file::find_file;
use crate::jobs::report::request_as_of;
use crate::snapshot::rows::Snapshot;
use crate::support::case_changes::{CaseChange, CaseChanges, case_changes};
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{AsOf, Ledger, Outcome};
use model::Moment;
use programme::tables;
use serde::Serialize;

/// What changed in the figures of a year between two moments.
#[derive(Debug, Serialize)]
pub struct FiguresDiff {
    /// The year.
    pub year: i32,
    /// The earlier moment.
    pub from: Moment,
    /// The later moment.
    pub to: Moment,
    /// The figures that changed, by id.
    pub figures: Vec<FigureChange>,
}

/// The figures of a year that changed between two moments, each with the cells and causes behind it. Without a later
/// moment: now, by today's programme.
///
/// # Errors
/// When the year is outside the programme, or nothing has come in.
pub fn diff_figures(
    workspace: &Workspace,
    year: i32,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
) -> Result<FiguresDiff, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let from = Moment::from(from);
    let offset = workspace.settings.utc_offset;
    let variant = Variant::default();
    let request = |as_of| request_as_of(workspace, &ledger, year, variant, as_of);
    let earlier = request(from)?;
    let later = match to.map(Moment::from) {
        Some(to) => request(to)?,
        None => ReportRequest::new(workspace.loaded_programmes(), year, variant, last_run),
    };
    let to = later.as_of;
    let before = build(&earlier, annual_inputs(&ledger, &earlier, offset)?)?;
    let after = build(&later, annual_inputs(&ledger, &later, offset)?)?;
    Ok(FiguresDiff {
        year,
        from,
        to,
        figures: figure_changes(&before, &after, Told::All)?,
    })
}

/// What changed between two versions of a submission.
#[derive(Debug, Serialize)]
pub struct VersionsDiff {
    /// The earlier file, and when it was taken in.
    pub before: (String, Moment),
    /// The later file.
    pub after: (String, Moment),
    /// Cases that are the same in both.
    pub same: usize,
    /// The others, by form.
    pub cases: Vec<CaseChange>,
}

/// The cases that differ between two versions of a submission, found by what makes a case the same one (forms: key),
/// wherever its row is. Each file is named by its name or the first digits of its hash.
///
/// # Errors
/// When no file has that name, or files of several contents.
pub fn diff_versions(
    workspace: &Workspace,
    before: &str,
    after: &str,
) -> Result<VersionsDiff, PipelineError> {
    let ledger = Ledger::open(&workspace.ledger())?;
    let all = ledger.submissions(AsOf::NOW)?;
    let [before, after] = [find_file(&all, before)?, find_file(&all, after)?];
    let programme = &workspace
        .programme_with_hash(&ledger, &after.programme_hash)?
        .programme;
    let mut rows = Snapshot::default();
    for submission in [before, after]
        .into_iter()
        .filter(|s| s.outcome != Outcome::Refused)
    {
        for code in ledger.form_rows(submission.id)?.keys() {
            if let Some(form) = programme.form(code) {
                let frame = tables::conform(form, &ledger.facts(submission.id, code)?)?;
                tables::append(&mut rows.accepted, code, &frame)?;
            }
        }
    }
    let CaseChanges { same, cases } = case_changes(programme, rows, [&before.file, &after.file])?;
    Ok(VersionsDiff {
        before: (before.file_name.clone(), before.at),
        after: (after.file_name.clone(), after.at),
        same,
        cases,
    })
}
