use crate::exit::Exit;
use crate::output::Output;
use model::Period;
use pipeline::Workspace;
use rust_i18n::t;
use std::path::Path;

/// A blank workbook for each department.
pub(crate) fn templates(dir: &Path, period: Period, out: &Output) -> anyhow::Result<Exit> {
    let workspace = Workspace::open(dir)?;
    let written = pipeline::templates(&workspace, period)?;
    for path in &written {
        out.line(format!("  {}", path.display()));
    }
    let folder = workspace.templates();
    out.line(t!(
        "templates.done",
        locale = out.lang,
        files = written.len(),
        period = period,
        dir = folder.display()
    ));
    out.json(&serde_json::json!({ "period": period, "templates": written }))?;
    Ok(Exit::Well)
}
