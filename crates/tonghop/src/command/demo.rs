use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::logging::timed;
use crate::output::Output;
use crate::progress::Bar;
use anyhow::Context;
use chrono::Utc;
use include_dir::{Dir, include_dir};
use ledger::{AsOf, Ledger};
use model::FileId;
use pipeline::{PipelineError, ReportOrder, Variant, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../samples/inbox");

/// A workspace from the samples, run through to the reports of their years; the last line says where the newest is.
pub(crate) fn demo(dir: &Path, out: &Output) -> anyhow::Result<Exit> {
    let workspace = match Workspace::open(dir) {
        Ok(workspace) if is_of_samples(&workspace)? => workspace,
        Ok(_) => {
            let words = message!("error.not_a_demo", out.lang, dir = dir.display());
            return Err(UsageError(words).into());
        }
        Err(_) => Workspace::create(dir, None)?,
    };
    for file in SAMPLES.files() {
        let path = workspace.inbox().join(file.path());
        std::fs::write(&path, file.contents()).with_context(|| path.display().to_string())?;
    }
    let files = SAMPLES.files().count();
    out.line(message!(
        "demo.begin",
        out.lang,
        files = files,
        dir = dir.display()
    ));
    let now = Utc::now();
    let summary = timed("run", || pipeline::run(&workspace, now, &Bar::new(out)))?;
    super::run::print(&workspace, &summary, false, out);
    let mut years: Vec<i32> = summary
        .files
        .iter()
        .filter_map(|file| file.period)
        .map(model::Period::calendar_year)
        .collect();
    years.sort_unstable();
    years.dedup();
    let mut reports = Vec::new();
    out.line("");
    for year in years {
        let order = ReportOrder {
            year,
            variant: Variant::default(),
            as_of: None,
            stamp: None,
        };
        let made = timed("report", || pipeline::report(&workspace, &order, now))?;
        out.line(message!(
            "report.path",
            out.lang,
            path = made.paths.workbook.display()
        ));
        reports.push(made);
    }
    out.json(&serde_json::json!({ "workspace": dir, "reports": reports }))?;
    Ok(Exit::Well)
}

/// Whether a workspace holds the samples, or what an earlier call had made of them before it was broken off, and nothing
/// else.
fn is_of_samples(workspace: &Workspace) -> anyhow::Result<bool> {
    let samples: BTreeSet<FileId> = SAMPLES
        .files()
        .map(|file| ledger::file_id(file.contents()))
        .collect();
    let mut files: Vec<FileId> = Ledger::open(&workspace.ledger())
        .map_err(PipelineError::from)?
        .submissions(AsOf::NOW)
        .map_err(PipelineError::from)?
        .into_iter()
        .map(|submission| submission.file)
        .collect();
    let inbox = workspace.inbox();
    for entry in std::fs::read_dir(&inbox).with_context(|| inbox.display().to_string())? {
        let path = entry?.path();
        let sample = path.file_name().and_then(|name| SAMPLES.get_file(name));
        match sample {
            Some(sample) if path.is_file() => {
                let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
                // One that is half written is written again.
                let is_begun = sample.contents().starts_with(&bytes);
                files.push(ledger::file_id(if is_begun {
                    sample.contents()
                } else {
                    &bytes
                }));
            }
            _ => return Ok(false),
        }
    }
    Ok(!files.is_empty() && files.iter().all(|file| samples.contains(file)))
}
