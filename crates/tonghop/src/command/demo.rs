use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::output::Output;
use crate::progress::Bar;
use anyhow::Context;
use chrono::Utc;
use include_dir::{Dir, include_dir};
use pipeline::{ReportOrder, Variant, Workspace};
use std::path::Path;

static SAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../samples/inbox");

/// A workspace from the samples, run through to the reports of their years; the last line says where the newest is.
pub(crate) fn demo(dir: &Path, out: &Output) -> anyhow::Result<Exit> {
    let workspace = match Workspace::open(dir) {
        Ok(workspace) => workspace,
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
