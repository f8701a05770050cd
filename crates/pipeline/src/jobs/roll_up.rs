//! One report over the ledgers of several offices.

use crate::annual::build::{BuiltReport, build};
use crate::annual::changes::figure_values;
use crate::annual::files::ReportFiles;
use crate::annual::request::{ReportRequest, Variant};
use crate::error::PipelineError;
use crate::jobs::export::office_name;
use crate::jobs::load::{LedgerView, SameFile, inputs_of_offices, known_to};
use crate::loaded_programme::LoadedProgramme;
use crate::text_column::texts;
use crate::workspace::Workspace;
use aggregate::Contribution;
use ledger::{Ledger, figures_hash, write_whole};
use model::{Moment, ProgrammeHash, clean_json};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// An office of a roll-up.
#[derive(Debug, Clone, Serialize)]
pub struct OfficeLine {
    /// What it is called: before its departments and its files.
    pub name: String,
    /// Its workspace.
    pub folder: PathBuf,
    /// Its last run, whose knowledge is shown.
    pub last_run: Moment,
    /// The last entry of its log and that entry's hash: what was rolled up is found again by it.
    pub log: Option<(i64, String)>,
    /// How many files of it count.
    pub files: usize,
    /// The figures that its own rows make, as far as they are not 0, under the ids of the whole. An enterprise of several
    /// offices is counted in each of them.
    pub figures: BTreeMap<String, i64>,
}

/// An enterprise that rows of several offices are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedEnterprise {
    /// Its id.
    pub enterprise: String,
    /// The names of the offices.
    pub offices: BTreeSet<String>,
}

/// A roll-up that was written; the same stands in `roll-up.json`.
#[derive(Debug, Serialize)]
pub struct RollUpSummary {
    /// The year.
    pub year: i32,
    /// The latest of the offices' last runs.
    pub as_of: Moment,
    /// The workbook.
    pub workbook: PathBuf,
    /// The figures beside it.
    pub figures: PathBuf,
    /// The offices, in the order they were named.
    pub offices: Vec<OfficeLine>,
    /// Files that lie in several offices; each counts once.
    pub same_files: Vec<SameFile>,
    /// Enterprises that several offices support.
    pub shared: Vec<SharedEnterprise>,
    /// Rows that are held.
    pub held: usize,
    /// Questions that wait for a person, those on records of two offices among them.
    pub questions: usize,
    /// Figures over all offices, by stable id.
    pub totals: BTreeMap<String, i64>,
}

/// The name of the summary beside the workbook.
const SUMMARY: &str = "roll-up.json";

/// Writes into a folder the report of a year over several workspaces, each with the name that is given or that of its folder: the
/// sheets of one, in which each file and each department has its office before it. Each office says what counts of its own files;
/// enterprises and overlaps are found over all of them.
///
/// A table by department adds up the departments of one code of all offices. It is always a draft: what an office issues is its own.
///
/// # Errors
/// When two offices have one name or other programmes, one has no ledger yet, the year is outside the programme, or the folder
/// cannot be written.
pub fn roll_up(
    workspaces: &[(Option<String>, Workspace)],
    (year, variant): (i32, Variant),
    out: &Path,
) -> Result<RollUpSummary, PipelineError> {
    let mut offices: Vec<Office<'_>> = Vec::new();
    for (given, workspace) in workspaces {
        let name = office_name(workspace, given.as_deref());
        if let Some(other) = offices.iter().find(|other| other.name == name) {
            let folders = [other.workspace.root(), workspace.root()].map(Path::to_owned);
            return Err(PipelineError::SameOffice { name, folders });
        }
        let ledger = Ledger::open(&workspace.ledger())?;
        let Some(last_run) = ledger.last_run()? else {
            return Err(PipelineError::EmptyOffice(workspace.root().to_owned()));
        };
        offices.push(Office {
            name,
            workspace,
            ledger,
            last_run,
        });
    }
    let Some(first) = offices.first() else {
        return Err(PipelineError::Empty);
    };
    let as_of = offices.iter().map(|office| office.last_run).max();
    let as_of = as_of.unwrap_or(first.last_run);
    let request_of = |office: &Office<'_>| {
        ReportRequest::new(office.workspace.loaded_programmes(), year, variant, as_of)
    };
    let request = request_of(first);
    for office in &offices {
        if programmes(&request_of(office)) != programmes(&request) {
            let names = [first.name.clone(), office.name.clone()];
            return Err(PipelineError::OtherProgramme(names));
        }
    }
    let views = offices
        .iter()
        .map(|office| {
            let known = known_to(&office.ledger, &request)?;
            LedgerView::of_office(&office.ledger, known, &office.name)
        })
        .collect::<Result<Vec<_>, PipelineError>>()?;
    let offset = first.workspace.settings.utc_offset;
    let (inputs, same_files) = inputs_of_offices(views, &request, offset)?;
    let mut built = build(&request, inputs)?;
    built.report.offices = offices.iter().map(|office| office.name.clone()).collect();
    let values = figure_values(&built.report);
    built.report.figures_hash = figures_hash(&values)?.to_string();
    let files = ReportFiles::write(&request, &built)?;
    let mut lines = Vec::new();
    for office in &offices {
        lines.push(office.line(&request, &built)?);
    }
    let workbook = out.join(&files.file_name);
    let report = &built.report;
    let totals = report.figures.values();
    let summary = RollUpSummary {
        year,
        as_of,
        figures: workbook.with_extension("figures.json"),
        workbook,
        offices: lines,
        same_files,
        shared: shared(&built)?,
        held: report.held.len(),
        questions: report.questions_waiting(),
        totals: totals
            .map(|figures| (figures.id(&BTreeMap::new()), figures.total()))
            .collect(),
    };
    write(out, &files, &summary)?;
    Ok(summary)
}

/// Writes the files of a roll-up.
fn write(out: &Path, files: &ReportFiles, summary: &RollUpSummary) -> Result<(), PipelineError> {
    std::fs::create_dir_all(out).map_err(PipelineError::file(out))?;
    files.put(&summary.workbook)?;
    let path = out.join(SUMMARY);
    let text = serde_json::to_string_pretty(summary)
        .map_err(|error| PipelineError::file(&path)(error.into()))?;
    Ok(write_whole(
        &path,
        format!("{}\n", clean_json(&text)).as_bytes(),
    )?)
}

/// The hashes of all programmes that a report is made by.
fn programmes(request: &ReportRequest) -> Vec<&ProgrammeHash> {
    let all: Vec<&LoadedProgramme> = std::iter::once(&request.programme)
        .chain(&request.earlier)
        .collect();
    all.into_iter()
        .map(|loaded| &loaded.programme.hash)
        .collect()
}

/// An office with its ledger open.
struct Office<'w> {
    name: String,
    workspace: &'w Workspace,
    ledger: Ledger,
    last_run: Moment,
}

impl Office<'_> {
    /// What a roll-up tells of it.
    fn line(
        &self,
        request: &ReportRequest,
        built: &BuiltReport<'_>,
    ) -> Result<OfficeLine, PipelineError> {
        let effective = built.snapshot.submissions.effective.iter();
        let files: BTreeSet<&str> = effective
            .filter(|submission| submission.office.as_ref() == Some(&self.name))
            .map(|submission| submission.file.short())
            .collect();
        // The id of a record begins with its file's.
        let is_own = |contribution: Contribution<'_>| {
            let record = contribution.record_id().unwrap_or_default();
            record.get(..12).is_some_and(|file| files.contains(file))
        };
        let mut figures = BTreeMap::new();
        for all in built.report.figures.values() {
            if let Some(own) = all.only(is_own)? {
                let own = own.all().into_iter().filter(|figure| figure.value != 0);
                figures.extend(own.map(|figure| (figure.id, figure.value)));
            }
        }
        let known = known_to(&self.ledger, request)?;
        Ok(OfficeLine {
            name: self.name.clone(),
            folder: self.workspace.root().to_owned(),
            last_run: self.last_run,
            log: self.ledger.head(known)?.map(|head| (head.entry, head.hash)),
            files: files.len(),
            figures,
        })
    }
}

/// The enterprises that rows of several offices are about, by their ids.
fn shared(built: &BuiltReport<'_>) -> Result<Vec<SharedEnterprise>, PipelineError> {
    let submissions = built.snapshot.submissions.effective.iter();
    let office_of: BTreeMap<&str, &String> = submissions
        .filter_map(|submission| Some((submission.file.0.as_str(), submission.office.as_ref()?)))
        .collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for frame in built.snapshot.accepted.values() {
        if frame.column("enterprise_id").is_err() {
            continue;
        }
        let (enterprises, files) = (texts(frame, "enterprise_id")?, texts(frame, "file")?);
        for (enterprise, file) in enterprises.iter().zip(files.iter()) {
            if let (Some(enterprise), Some(office)) =
                (enterprise, office_of.get(file.unwrap_or_default()))
            {
                let offices = found.entry(enterprise.to_owned()).or_default();
                offices.insert((*office).clone());
            }
        }
    }
    let several = found.into_iter().filter(|(_, offices)| offices.len() > 1);
    Ok(several
        .map(|(enterprise, offices)| SharedEnterprise {
            enterprise,
            offices,
        })
        .collect())
}
