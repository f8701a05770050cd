use crate::exit::{Exit, UsageError};
use crate::output::Output;
use pipeline::Workspace;
use rust_i18n::t;
use std::path::Path;

/// Makes an operator's folder.
pub(crate) fn init(dir: &Path, programme: Option<&Path>, out: &Output) -> anyhow::Result<Exit> {
    if let Some(folder) = programme.filter(|folder| !folder.is_dir()) {
        let words = t!(
            "error.not_found",
            locale = out.lang,
            path = folder.display()
        );
        return Err(UsageError(words.into_owned()).into());
    }
    let workspace = Workspace::create(dir, programme)?;
    out.line(t!(
        "init.done",
        locale = out.lang,
        dir = dir.display(),
        inbox = workspace.inbox().display()
    ));
    out.json(&serde_json::json!({ "workspace": dir, "programme": workspace.programme.id }))?;
    Ok(Exit::Well)
}
