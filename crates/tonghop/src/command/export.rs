use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use pipeline::{ExportExtent, ExportOrder};
use std::path::Path;

/// Writes all that counts for other programs.
pub(crate) fn export(
    dir: &Path,
    folder: &Path,
    order: &ExportOrder,
    now: DateTime<Utc>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("export", || {
        pipeline::export(&workspace, folder, order, now)
    })?;
    out.line(message!(
        "export.done",
        out.lang,
        rows = summary.tables.values().sum::<usize>(),
        tables = summary.tables.len(),
        figures = summary.figures,
        originals = summary.originals,
        folder = summary.folder.display()
    ));
    if !summary.left_out.is_empty() {
        out.line(message!(
            "export.left_out",
            out.lang,
            columns = summary.left_out.join(", ")
        ));
    }
    if !summary.omitted.is_empty() {
        out.line(message!(
            "export.omitted",
            out.lang,
            queries = summary.omitted.join(", ")
        ));
    }
    if order.extent != ExportExtent::default() {
        out.line(message!("export.told", out.lang));
    }
    out.json(&summary)?;
    Ok(Exit::Well)
}
