use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::output::Output;
use pipeline::Workspace;
use std::path::Path;

/// Makes an operator's folder.
pub(crate) fn init(dir: &Path, programme: Option<&Path>, out: &Output) -> anyhow::Result<Exit> {
    if let Some(folder) = programme.filter(|folder| !folder.is_dir()) {
        let words = message!("error.not_found", out.lang, path = folder.display());
        return Err(UsageError(words).into());
    }
    let workspace = Workspace::create(dir, programme)?;
    out.line(message!(
        "init.done",
        out.lang,
        dir = dir.display(),
        inbox = workspace.inbox().display()
    ));
    out.json(&serde_json::json!({ "workspace": dir, "programme": workspace.programme.id }))?;
    Ok(Exit::Well)
}
