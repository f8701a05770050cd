use crate::annual::build::build;
use crate::annual::files::ReportFiles;
use crate::annual::request::{ReportRequest, Variant};
use crate::annual::restatement::restate;
use crate::error::PipelineError;
use crate::jobs::load::annual_inputs;
use crate::loaded_programme::LoadedProgramme;
use crate::versions::versions;
use crate::workspace::Workspace;
use chrono::{DateTime, Utc};
use ledger::{Issued, KeptProgramme, Ledger, Lock, file_id, write_whole};
use model::{InputsHash, Moment, ProgrammeHash};
use report::AnnualReport;
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
    /// The page for a browser.
    pub page: PathBuf,
    /// The draft of the covering report, if the programme has one.
    pub letter: Option<PathBuf>,
}

/// A report that was written, and its figures.
#[derive(Debug, Serialize)]
pub struct ReportSummary {
    /// The year.
    pub year: i32,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
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
pub(crate) struct MadeReport {
    pub files: ReportFiles,
    inputs_hash: InputsHash,
    summary: ReportSummary,
}

/// Makes the report of a year, as known at a moment, or at the last run, and records it as issued.
///
/// The same ledger and moment give the same bytes. A moment that is named is shown by the programme of its day.
///
/// # Errors
/// When the year is outside the programme, nothing has come in, another program works on the ledger, or a file
/// cannot be written.
pub fn report(
    workspace: &Workspace,
    year: i32,
    variant: Variant,
    as_of: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<ReportSummary, PipelineError> {
    let _lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let request = match as_of.map(Moment::from) {
        Some(moment) => request_as_of(workspace, &ledger, year, variant, moment)?,
        None => ReportRequest::new(workspace.loaded_programmes(), year, variant, last_run),
    };
    let MadeReport {
        files,
        inputs_hash,
        summary,
    } = make(workspace, &ledger, &request)?;
    let paths = &summary.paths;
    write_whole(&paths.workbook, &files.workbook)?;
    write_whole(
        &paths.workbook.with_extension("figures.json"),
        &files.figures,
    )?;
    write_whole(&paths.page, &files.page)?;
    if let (Some(path), Some(letter)) = (&paths.letter, &files.letter) {
        write_whole(path, letter)?;
    }
    // Last, under a name of no year: whoever reads `figures.json` gets the newest report, whole.
    write_whole(&paths.figures, &files.figures)?;
    let issued = Issued {
        at: now.into(),
        year,
        variant: variant.name().to_owned(),
        as_of: request.as_of,
        file_name: files.file_name,
        inputs_hash,
        file: file_id(&files.workbook),
        programme_hash: request.programme.programme.hash.clone(),
        earlier: request
            .earlier
            .iter()
            .map(|other| other.programme.hash.clone())
            .collect(),
        versions: versions(),
    };
    let programmes = std::iter::once(&request.programme).chain(&request.earlier);
    let programmes: Vec<KeptProgramme> = programmes.map(LoadedProgramme::to_kept).collect();
    ledger.issue(&issued, &programmes, &workspace.settings.operator)?;
    Ok(summary)
}

/// A report as it was known at a moment, by the programmes of its day.
///
/// # Errors
/// When the ledger cannot be read.
pub(crate) fn request_as_of(
    workspace: &Workspace,
    ledger: &Ledger,
    year: i32,
    variant: Variant,
    as_of: Moment,
) -> Result<ReportRequest, PipelineError> {
    let programmes = workspace.programmes_on(ledger, as_of)?;
    Ok(ReportRequest::new(programmes, year, variant, as_of))
}

/// A report that was issued, to be made again.
///
/// # Errors
/// When the ledger cannot be read, or a programme that it keeps cannot be loaded.
pub(crate) fn request_of_issued(
    workspace: &Workspace,
    ledger: &Ledger,
    issued: &Issued,
) -> Result<ReportRequest, PipelineError> {
    let programme = |hash: &ProgrammeHash| workspace.programme_with_hash(ledger, hash);
    Ok(ReportRequest {
        year: issued.year,
        variant: Variant::from_name(&issued.variant),
        as_of: issued.as_of,
        programme: programme(&issued.programme_hash)?,
        earlier: issued
            .earlier
            .iter()
            .map(programme)
            .collect::<Result<_, _>>()?,
    })
}

/// Makes a report, with what it changes of the one that was issued before it; writes nothing.
///
/// # Errors
/// When the year is outside the programme, or the ledger cannot be read.
pub(crate) fn make(
    workspace: &Workspace,
    ledger: &Ledger,
    request: &ReportRequest,
) -> Result<MadeReport, PipelineError> {
    let offset = workspace.settings.utc_offset;
    let mut built = build(request, annual_inputs(ledger, request, offset)?)?;
    // One that was issued later changes nothing here: the same moment gives the same bytes.
    let before = ledger.issued_before(request.year, request.variant.name(), request.as_of)?;
    if let Some(issued) = before {
        let earlier = request_of_issued(workspace, ledger, &issued)?;
        let before = build(&earlier, annual_inputs(ledger, &earlier, offset)?)?;
        restate(&mut built, &issued, &before);
    }
    let files = ReportFiles::write(request, &built)?;
    let summary = summary(workspace, request, &built.report, &files);
    Ok(MadeReport {
        files,
        inputs_hash: built.inputs_hash,
        summary,
    })
}

fn summary(
    workspace: &Workspace,
    request: &ReportRequest,
    report: &AnnualReport<'_>,
    files: &ReportFiles,
) -> ReportSummary {
    let workbook = workspace.reports().join(&files.file_name);
    let missing: Vec<String> = report
        .departments
        .iter()
        .filter(|department| department.submissions.is_empty())
        .map(|department| department.code.clone())
        .collect();
    let figures = report.targets.iter().map(|target| &target.figures);
    let figures = figures.chain(report.figures.values());
    ReportSummary {
        year: request.year,
        as_of: request.as_of,
        paths: ReportPaths {
            page: workbook.with_extension("html"),
            letter: files
                .letter
                .is_some()
                .then(|| workbook.with_extension("docx")),
            workbook,
            figures: workspace.reports().join("figures.json"),
        },
        reported: report.departments.len() - missing.len(),
        missing,
        held: report.held.len(),
        totals: figures
            .map(|f| (f.id(&BTreeMap::new()), f.total()))
            .collect(),
    }
}
