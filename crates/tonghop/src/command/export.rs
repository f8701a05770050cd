use crate::exit::Exit;
use crate::output::Output;
use pipeline::Workspace;
use rust_i18n::t;
use std::path::Path;

/// Writes all that counts for other programs.
pub(crate) fn export(dir: &Path, folder: &Path, out: &Output) -> anyhow::Result<Exit> {
    let summary = pipeline::export(&Workspace::open(dir)?, folder)?;
    out.line(t!(
        "export.done",
        locale = out.lang,
        rows = summary.tables.values().sum::<usize>(),
        tables = summary.tables.len(),
        originals = summary.originals,
        folder = summary.folder.display()
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
