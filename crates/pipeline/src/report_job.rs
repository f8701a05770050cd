use crate::annual::gather;
use crate::figures_file::figures_json;
use crate::restate::restate;
use crate::workspace::Kept;
use crate::{PipelineError, Workspace};
use chrono::{DateTime, SecondsFormat, Utc};
use ledger::{Issued, KeptProgramme, Ledger, Lock, file_id, write_whole};
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
    /// The draft of the covering report, where the programme has one.
    pub letter: Option<PathBuf>,
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
    page: Vec<u8>,
    letter: Option<Vec<u8>>,
    summary: ReportSummary,
}

/// Which report of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variant {
    /// Over the whole period up to the year (VI.1.đ), instead of the year.
    pub is_final: bool,
    /// Under the departments and districts of the moment it shows, instead of those of their time.
    pub under_today: bool,
}

impl Variant {
    const ALL: [(Self, &'static str); 4] = [
        (
            Self {
                is_final: false,
                under_today: false,
            },
            "annual",
        ),
        (
            Self {
                is_final: false,
                under_today: true,
            },
            "annual-under-today",
        ),
        (
            Self {
                is_final: true,
                under_today: false,
            },
            "final",
        ),
        (
            Self {
                is_final: true,
                under_today: true,
            },
            "final-under-today",
        ),
    ];

    /// Its name in the ledger.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(variant, _)| *variant == self)
            .map_or("annual", |(_, name)| name)
    }

    fn of_name(name: &str) -> Self {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map_or_else(Self::default, |(variant, _)| *variant)
    }
}

/// What a report is made of: the same gives the same bytes.
pub(crate) struct Which {
    pub year: i32,
    pub variant: Variant,
    /// The moment whose knowledge it shows, RFC 3339 in UTC.
    pub as_of: String,
    /// The programme of the year.
    pub programme: Kept,
    /// The programmes of earlier periods.
    pub earlier: Vec<Kept>,
}

impl Which {
    /// A report as known at a moment (RFC 3339, UTC), by the programmes of its day.
    pub(crate) fn on(
        workspace: &Workspace,
        ledger: &Ledger,
        year: i32,
        variant: Variant,
        as_of: &str,
    ) -> Result<Self, PipelineError> {
        Ok(Self::among(
            workspace.kept_on(ledger, as_of)?,
            year,
            variant,
            as_of,
        ))
    }

    /// A report as known at a moment (RFC 3339, UTC), by the one of some programmes whose period holds the year.
    fn among(mut all: Vec<Kept>, year: i32, variant: Variant, as_of: &str) -> Self {
        let holds = |kept: &Kept| kept.programme.years().contains(&year);
        let programme = all.swap_remove(all.iter().position(holds).unwrap_or(0));
        all.retain(|kept| kept.programme.last_year < programme.programme.first_year);
        all.sort_by_key(|kept| kept.programme.first_year);
        Self {
            year,
            variant,
            as_of: as_of.to_owned(),
            programme,
            earlier: all,
        }
    }

    /// A report that was issued.
    pub(crate) fn of(
        workspace: &Workspace,
        ledger: &Ledger,
        issued: &Issued,
    ) -> Result<Self, PipelineError> {
        let kept = |hash: &String| workspace.kept_as(ledger, hash);
        Ok(Self {
            year: issued.year,
            variant: Variant::of_name(&issued.variant),
            as_of: issued.as_of.clone(),
            programme: kept(&issued.programme_hash)?,
            earlier: issued.earlier.iter().map(kept).collect::<Result<_, _>>()?,
        })
    }
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
    let named = as_of.map(|moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true));
    let which = match named {
        Some(moment) => Which::on(workspace, &ledger, year, variant, &moment)?,
        None => Which::among(workspace.kept(), year, variant, &last_run),
    };
    let Made {
        workbook,
        inputs_hash,
        figures,
        page,
        letter,
        summary,
    } = make(workspace, &ledger, &which)?;
    write_whole(&summary.paths.workbook, &workbook)?;
    write_whole(
        &summary.paths.workbook.with_extension("figures.json"),
        &figures,
    )?;
    write_whole(&summary.paths.page, &page)?;
    if let (Some(path), Some(letter)) = (&summary.paths.letter, &letter) {
        write_whole(path, letter)?;
    }
    write_whole(&summary.paths.figures, &figures)?;
    let issued = Issued {
        at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        year,
        variant: variant.name().to_owned(),
        as_of: summary.as_of.clone(),
        file_name: summary
            .paths
            .workbook
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        inputs_hash,
        file: file_id(&workbook),
        programme_hash: which.programme.programme.hash.clone(),
        earlier: which
            .earlier
            .iter()
            .map(|kept| kept.programme.hash.clone())
            .collect(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let programmes: Vec<KeptProgramme> = std::iter::once(&which.programme)
        .chain(&which.earlier)
        .map(Kept::recorded)
        .collect();
    ledger.issue(&issued, &programmes, &workspace.settings.operator)?;
    Ok(summary)
}

/// Makes a report; writes nothing.
pub(crate) fn make(
    workspace: &Workspace,
    ledger: &Ledger,
    which: &Which,
) -> Result<Made, PipelineError> {
    let programme = &which.programme.programme;
    let mut report = gather(ledger, which, workspace.settings.utc_offset)?;
    restate(workspace, ledger, &mut report, which)?;
    let bytes = report::annual(&report)?;
    let page = report::page(&report)?;
    let letter = report::letter(&report)?;
    let file_name = programme.report.file_name(
        which.year,
        which.variant.is_final,
        which.variant.under_today,
    );
    let json = figures_json(&report, &which.as_of, &file_name)?;
    let workbook = workspace.reports().join(&file_name);
    let figures = workspace.reports().join("figures.json");

    let missing: Vec<String> = report
        .departments
        .iter()
        .filter(|d| d.submissions.is_empty())
        .map(|d| d.code.clone())
        .collect();
    let summary = ReportSummary {
        year: which.year,
        as_of: which.as_of.clone(),
        paths: ReportPaths {
            page: workbook.with_extension("html"),
            letter: letter.is_some().then(|| workbook.with_extension("docx")),
            workbook,
            figures,
        },
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
    Ok(Made {
        workbook: bytes,
        inputs_hash: report.inputs_hash,
        figures: json,
        page,
        letter,
        summary,
    })
}
