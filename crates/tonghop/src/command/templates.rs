use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use model::Period;
use std::path::Path;

/// A blank workbook for each department.
pub(crate) fn templates(dir: &Path, period: Period, out: &Output) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let written = timed("templates", || pipeline::templates(&workspace, period))?;
    for path in &written {
        out.line(format!("  {}", path.display()));
    }
    let folder = workspace.templates();
    out.line(message!(
        "templates.done",
        out.lang,
        files = written.len(),
        period = period,
        dir = folder.display()
    ));
    out.json(&serde_json::json!({ "period": period, "templates": written }))?;
    Ok(Exit::Well)
}
