use crate::error::PipelineError;
use crate::intake::summary::RunSummary;
use crate::jobs::diff::{FiguresDiff, diff_figures};
use crate::jobs::run::{Progress, RunOrder, run};
use crate::workspace::Workspace;
use ledger::{Ledger, Lock, make_private_folder};
use model::Period;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a run would do.
#[derive(Debug, Serialize)]
pub struct DryRun {
    /// What it would tell.
    pub run: RunSummary,
    /// The figures that would change, by year; nothing of a ledger that is empty yet.
    pub figures: Vec<FiguresDiff>,
}

/// The copy's folder within the workspace, which has the rights of the ledger: what is copied tells of persons.
const COPY: &str = ".chay-thu";

/// What a run would read; what it would write is not copied.
const READ: [&str; 4] = ["inbox", "registers", "review", "ledger"];

/// Removes the copy whatever happened.
struct Copied(PathBuf);

impl Drop for Copied {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs on a copy of the workspace, and compares the figures of each year that came in before and after. Nothing of the workspace
/// changes; paths in the answer are where a run would write.
///
/// # Errors
/// As [`run`]; and when there is no room for the copy.
pub fn dry_run(
    workspace: &Workspace,
    order: RunOrder<'_>,
    progress: &impl Progress,
) -> Result<DryRun, PipelineError> {
    let folder = workspace.root().join(COPY);
    let copied = Copied(folder.clone());
    {
        // Nobody writes while it is copied, or copies at the same time.
        let _lock = Lock::take(&workspace.ledger())?;
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(PipelineError::file(&folder))?;
        }
        make_private_folder(&folder)?;
        for name in READ {
            copy(&workspace.root().join(name), &folder.join(name))?;
        }
    }
    let tried = workspace.moved_to(&folder);
    let last_run = Ledger::open(&tried.ledger())?.last_run()?;
    let offset = workspace.settings.utc_offset;
    let mut run = run(&tried, order, progress)?;
    let years: BTreeSet<i32> = run
        .files
        .iter()
        .filter_map(|file| file.period)
        .map(Period::calendar_year)
        .filter(|year| tried.programme_of(*year).years().contains(year))
        .collect();
    let mut figures = Vec::new();
    if let Some(before) = last_run.filter(|before| *before != run.at) {
        let before = before.local(offset).to_utc();
        for year in years {
            figures.push(diff_figures(&tried, year, before, None)?);
        }
    }
    for path in run
        .files
        .iter_mut()
        .filter_map(|file| file.returned.as_mut())
    {
        *path = there(path, &folder, workspace);
    }
    run.review = run.review.map(|path| there(&path, &folder, workspace));
    drop(copied);
    Ok(DryRun { run, figures })
}

/// Where a file of the copy would be.
fn there(path: &Path, copy: &Path, workspace: &Workspace) -> PathBuf {
    match path.strip_prefix(copy) {
        Ok(within) => workspace.root().join(within),
        Err(_) => path.to_owned(),
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, PipelineError> {
    let entries = std::fs::read_dir(folder).map_err(PipelineError::file(folder))?;
    let paths = entries.map(|entry| entry.map(|it| it.path()));
    paths
        .collect::<Result<_, _>>()
        .map_err(PipelineError::file(folder))
}

/// Copies a file or folder, if it is there; a link is nothing that a run would read.
fn copy(from: &Path, to: &Path) -> Result<(), PipelineError> {
    if from.is_symlink() {
        return Ok(());
    }
    if from.is_dir() {
        std::fs::create_dir_all(to).map_err(PipelineError::file(to))?;
        for path in files(from)? {
            copy(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
    } else if from.is_file() {
        std::fs::copy(from, to).map_err(PipelineError::file(from))?;
    }
    Ok(())
}
