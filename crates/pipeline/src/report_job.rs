use crate::annual::gather;
use crate::figures_file::figures_json;
use crate::restate::restate;
use crate::workspace::write_whole;
use crate::{PipelineError, Workspace};
use chrono::{DateTime, SecondsFormat, Utc};
use ledger::{Issued, Ledger, Lock, file_id};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The files of a report.
#[derive(Debug, Serialize)]
pub struct ReportPaths {
    /// The workbook.
    pub workbook: PathBuf,
    /// The figures beside it.
    pub figures: PathBuf,
}

/// What a report says of itself.
#[derive(Debug, Serialize)]
pub struct ReportSummary {
    /// The year.
    pub year: i32,
    /// The moment whose knowledge it shows, RFC 3339 in UTC.
    pub as_of: String,
    /// Where it is.
    #[serde(flatten)]
    pub paths: ReportPaths,
    /// Departments that reported.
    pub reported: usize,
    /// Codes of departments that must report and did not.
    pub missing: Vec<String>,
    /// Rows that are held.
    pub held: usize,
    /// Figures, by stable id.
    pub totals: BTreeMap<String, i64>,
}

/// A report, made but not yet written.
pub(crate) struct Made {
    pub workbook: Vec<u8>,
    pub inputs_hash: String,
    figures: Vec<u8>,
    summary: ReportSummary,
}

/// Makes the annual report of a year, as known at a moment, or at the last run, and records it as issued.
///
/// The same ledger and moment give the same bytes. A moment that is named is shown by the programme of its day.
///
/// # Errors
/// When the year is outside the programme, nothing has come in, another program works on the ledger, or a file
/// cannot be written.
pub fn report(
    workspace: &Workspace,
    year: i32,
    as_of: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<ReportSummary, PipelineError> {
    let _lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let named = as_of.map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true));
    let of_the_day = named.as_deref().map(|moment| workspace.programme_of_day(&ledger, moment)).transpose()?.flatten();
    let programme = of_the_day.as_ref().map_or(&workspace.programme, |(programme, _)| programme);
    let made = make(workspace, &ledger, programme, year, &named.unwrap_or(last_run))?;
    let Made { workbook, inputs_hash, figures, summary } = made;
    write_whole(&summary.paths.workbook, &workbook)?;
    write_whole(&summary.paths.workbook.with_extension("figures.json"), &figures)?;
    write_whole(&summary.paths.figures, &figures)?;
    let issued = Issued {
        at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        year,
        as_of: summary.as_of.clone(),
        file_name: programme.report.file_name.replace("{year}", &year.to_string()),
        inputs_hash,
        file: file_id(&workbook),
        programme_hash: programme.hash.clone(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let files = match of_the_day {
        Some((_, files)) => files,
        None => workspace.programme_files()?,
    };
    ledger.issue(&issued, &files, &workspace.settings.operator)?;
    Ok(summary)
}

/// Makes the report of a year as known at a moment (RFC 3339, UTC), by a programme; writes nothing.
pub(crate) fn make(
    workspace: &Workspace,
    ledger: &Ledger,
    programme: &Programme,
    year: i32,
    as_of: &str,
) -> Result<Made, PipelineError> {
    let mut report = gather(ledger, programme, workspace.settings.utc_offset, year, as_of)?;
    restate(workspace, ledger, &mut report, as_of)?;
    let bytes = report::annual(&report)?;
    let file_name = programme.report.file_name.replace("{year}", &year.to_string());
    let json = figures_json(&report, as_of, &file_name)?;
    let workbook = workspace.reports().join(&file_name);
    let figures = workspace.reports().join("figures.json");

    let missing: Vec<String> =
        report.departments.iter().filter(|d| d.submissions.is_empty()).map(|d| d.code.clone()).collect();
    let summary = ReportSummary {
        year,
        as_of: as_of.to_owned(),
        paths: ReportPaths { workbook, figures },
        reported: report.departments.len() - missing.len(),
        missing,
        held: report.held.len(),
        totals: report
            .targets
            .iter()
            .map(|t| &t.figures)
            .chain(report.figures.values())
            .map(|f| (f.id(&BTreeMap::new()), f.total()))
            .collect(),
    };
    Ok(Made { workbook: bytes, inputs_hash: report.inputs_hash, figures: json, summary })
}
