use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use std::path::Path;

/// Writes all that counts for other programs.
pub(crate) fn export(dir: &Path, folder: &Path, out: &Output) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("export", || pipeline::export(&workspace, folder))?;
    out.line(message!(
        "export.done",
        out.lang,
        rows = summary.tables.values().sum::<usize>(),
        tables = summary.tables.len(),
        originals = summary.originals,
        folder = summary.folder.display()
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
