use crate::annual::build::build;
use crate::annual::changes::figure_values;
use crate::annual::files::ReportFiles;
use crate::annual::request::{ReportRequest, Variant};
use crate::annual::restatement::restate;
use crate::error::PipelineError;
use crate::jobs::load::{annual_inputs, known_to};
use crate::loaded_programme::LoadedProgramme;
use crate::versions::versions;
use crate::workspace::Workspace;
use chrono::{DateTime, FixedOffset, Utc};
use ledger::{
    AsOf, KeptProgramme, Ledger, Lock, MadeReport, RecordedReport, figures_hash, file_id,
    write_whole,
};
use model::{FileId, InputsHash, IssueStamp, Moment, ProgrammeHash, ReportStatus};
use programme::Occasion;
use report::{AnnualReport, BackdatedLine, DepartmentLine};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Which report is asked for.
#[derive(Debug, Clone)]
pub struct ReportOrder {
    /// The year.
    pub year: i32,
    /// Which report of it.
    pub variant: Variant,
    /// The moment whose knowledge it shows; without it the last run's or decision's.
    pub as_of: Option<DateTime<Utc>>,
    /// What it is issued under; without it a draft is made.
    pub stamp: Option<IssueStamp>,
}

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
    /// Drafts for other bodies.
    pub further_letters: Vec<PathBuf>,
}

/// A report that was written, and its figures.
#[derive(Debug, Serialize)]
pub struct ReportSummary {
    /// The year.
    pub year: i32,
    /// The year, or the part of it that it is about: `2024`, `2024-Q3`, `2024-09-15`.
    pub period: String,
    /// The moment whose knowledge it shows.
    pub as_of: Moment,
    /// What it was issued under; none for a draft.
    pub issued: Option<IssueStamp>,
    /// Whether the day it was signed on is before that of the moment whose knowledge it shows.
    pub is_signed_before: bool,
    /// Where it is.
    #[serde(flatten)]
    pub paths: ReportPaths,
    /// Departments that have reported each year shown that they had to.
    pub reported: usize,
    /// Codes of departments of which nothing counts for a year in which they had to report.
    pub missing: Vec<String>,
    /// Codes of departments that have reported a year in part only: up to a quarter before the fourth.
    pub partial: Vec<String>,
    /// Rows that are held.
    pub held: usize,
    /// Questions on its rows that wait for a person, as its cover says.
    pub questions: usize,
    /// Figures, by stable id.
    pub totals: BTreeMap<String, i64>,
}

/// A report, made but not yet written.
pub(crate) struct NewReport {
    pub files: ReportFiles,
    inputs_hash: InputsHash,
    pub figures_hash: FileId,
    /// The value of each figure by its id.
    values: BTreeMap<String, i64>,
    summary: ReportSummary,
}

/// Makes the report of a year, as known at a moment, or at the last run, and records it: as a draft, or as issued if it
/// has a number.
///
/// The same ledger and moment give the same bytes. A moment that is named is shown by the programme of its day. What is
/// issued is what later reports are compared with until it is withdrawn; a draft never is.
///
/// # Errors
/// When the year is outside the programme, the number is in use, nothing has come in, another program works on the
/// ledger, or a file cannot be written.
pub fn report(
    workspace: &Workspace,
    order: &ReportOrder,
    now: DateTime<Utc>,
) -> Result<ReportSummary, PipelineError> {
    let lock = Lock::take(&workspace.ledger())?;
    let ledger = Ledger::open_to_write(&lock)?;
    let last_run = ledger.last_run()?.ok_or(PipelineError::Empty)?;
    let ReportOrder { year, variant, .. } = *order;
    let mut request = match order.as_of.map(Moment::from) {
        Some(moment) => request_as_of(workspace, &ledger, year, variant, moment)?,
        None => ReportRequest::new(workspace.loaded_programmes(), year, variant, last_run),
    };
    refuse_unknown(&request)?;
    let mut at = Moment::from(now);
    if let Some(stamp) = &order.stamp {
        ledger.refuse_taken(stamp, year)?;
        request.status = ReportStatus::Issued(stamp.clone());
        // A clock that went back must not make it unknown to the reports that follow.
        at = ledger.later_moment(at)?;
    }
    let NewReport {
        files,
        inputs_hash,
        figures_hash,
        values,
        summary,
    } = make(workspace, &ledger, &request)?;
    let paths = &summary.paths;
    files.put(&paths.workbook)?;
    let letters = paths.letter.iter().chain(&paths.further_letters);
    for (path, (_, letter)) in letters.zip(&files.letters) {
        write_whole(path, letter)?;
    }
    // Last, under a name of no year: whoever reads `figures.json` gets the newest report, whole.
    write_whole(&paths.figures, &files.figures)?;
    let made = MadeReport {
        at,
        year,
        variant: variant.name(),
        as_of: request.as_of,
        status: request.status.clone(),
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
        figures: match request.status {
            ReportStatus::Issued(_) => values,
            ReportStatus::Draft | ReportStatus::Unmarked => BTreeMap::new(),
        },
        figures_hash: Some(figures_hash),
    };
    let programmes = std::iter::once(&request.programme).chain(&request.earlier);
    let programmes: Vec<KeptProgramme> = programmes.map(LoadedProgramme::to_kept).collect();
    ledger.record_report(&made, &programmes, &workspace.settings.operator)?;
    Ok(summary)
}

/// Refuses a report on a part of a year that the programme does not say how to name: it would be written over that on the year.
fn refuse_unknown(request: &ReportRequest) -> Result<(), PipelineError> {
    let occasion = request.variant.occasion();
    let programme = &request.programme.programme;
    let is_known = match occasion {
        Occasion::Annual | Occasion::Final => true,
        Occasion::Quarter | Occasion::OnDemand => programme.report.others.contains_key(&occasion),
    };
    match is_known {
        true => Ok(()),
        false => Err(PipelineError::NoSuchReport(programme.id.clone())),
    }
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

/// A report that the ledger knows, to be made again.
///
/// # Errors
/// When the ledger cannot be read, or a programme that it keeps cannot be loaded.
pub(crate) fn request_of_recorded(
    workspace: &Workspace,
    ledger: &Ledger,
    recorded: &RecordedReport,
) -> Result<ReportRequest, PipelineError> {
    let made = &recorded.report;
    let programme = |hash: &ProgrammeHash| workspace.programme_with_hash(ledger, hash);
    Ok(ReportRequest {
        year: made.year,
        variant: Variant::from_name(&made.variant),
        as_of: made.as_of,
        status: made.status.clone(),
        recorded: Some(recorded.id),
        programme: programme(&made.programme_hash)?,
        earlier: made
            .earlier
            .iter()
            .map(programme)
            .collect::<Result<_, _>>()?,
    })
}

/// The report that one is compared with: the one that stood at its moment. One from before there were drafts is
/// compared with the report that was made before it, as it was then.
fn base(ledger: &Ledger, request: &ReportRequest) -> Result<Option<RecordedReport>, PipelineError> {
    let (year, as_of) = (request.year, request.as_of);
    let variant = &request.variant.name();
    Ok(match request.status {
        ReportStatus::Unmarked => ledger.unmarked_report_before(year, variant, as_of)?,
        ReportStatus::Draft | ReportStatus::Issued(_) => {
            ledger.standing_report(year, variant, as_of, request.recorded)?
        }
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
) -> Result<NewReport, PipelineError> {
    let offset = workspace.settings.utc_offset;
    let mut built = build(request, annual_inputs(ledger, request, offset)?)?;
    // One that is issued or withdrawn later changes nothing here: the same moment gives the same bytes.
    if let Some(issued) = base(ledger, request)? {
        let earlier = request_of_recorded(workspace, ledger, &issued)?;
        let before = build(&earlier, annual_inputs(ledger, &earlier, offset)?)?;
        restate(&mut built, &issued.report, &before)?;
    }
    let known = known_to(ledger, request)?;
    let values = figure_values(&built.report);
    let figures_hash = figures_hash(&values)?;
    let report = &mut built.report;
    report.figures_hash = figures_hash.to_string();
    report.log_head = ledger.head(known)?.map(|head| (head.entry, head.hash));
    report.backdated = backdated(ledger, known, offset)?;
    let files = ReportFiles::write(request, &built)?;
    let summary = summary(workspace, request, &built.report, &files);
    Ok(NewReport {
        files,
        figures_hash,
        values,
        inputs_hash: built.inputs_hash,
        summary,
    })
}

/// What was backdated, at the hours of the office.
fn backdated(
    ledger: &Ledger,
    known: AsOf,
    offset: FixedOffset,
) -> Result<Vec<BackdatedLine>, PipelineError> {
    let told = ledger.backdated(known)?.into_iter();
    Ok(told
        .map(|it| BackdatedLine {
            entry: it.entry,
            at: it.at.local(offset),
            reason: it.reason,
        })
        .collect())
}

fn summary(
    workspace: &Workspace,
    request: &ReportRequest,
    report: &AnnualReport<'_>,
    files: &ReportFiles,
) -> ReportSummary {
    let workbook = workspace.reports().join(&files.file_name);
    let codes = |is_one: fn(&&DepartmentLine) -> bool| -> Vec<String> {
        let lines = report.departments.iter().filter(is_one);
        lines.map(|line| line.code.clone()).collect()
    };
    let stem = workbook.with_extension("");
    let mut letters = files.letters.iter().map(|(suffix, _)| {
        let mut path = stem.clone().into_os_string();
        path.push(format!("{suffix}.docx"));
        PathBuf::from(path)
    });
    let figures = report.targets.iter().map(|target| &target.figures);
    let figures = figures.chain(report.figures.values());
    ReportSummary {
        year: request.year,
        period: request.variant.part.name_in(request.year),
        as_of: request.as_of,
        issued: request.status.stamp().cloned(),
        is_signed_before: report.status.stamp().is_some_and(|stamp| {
            stamp.signed_on < request.as_of.day(workspace.settings.utc_offset)
        }),
        paths: ReportPaths {
            page: workbook.with_extension("html"),
            letter: letters.next(),
            further_letters: letters.collect(),
            workbook,
            figures: workspace.reports().join("figures.json"),
        },
        reported: codes(|line| line.has_reported()).len(),
        missing: codes(|line| !line.missing.is_empty()),
        partial: codes(|line| !line.partial.is_empty()),
        held: report.held.len(),
        questions: report.questions_waiting(),
        totals: figures
            .map(|f| (f.id(&BTreeMap::new()), f.total()))
            .collect(),
    }
}
