use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use std::path::Path;

/// Takes a file out of the figures with a reason, or back in without one.
pub(crate) fn set_aside(
    dir: &Path,
    file: &str,
    reason: Option<&str>,
    (now, backdate): (DateTime<Utc>, Option<&str>),
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let (name, sha256) = timed("set-aside", || {
        pipeline::set_aside(&workspace, file, reason, now, backdate)
    })?;
    let key = if reason.is_some() {
        "aside.done"
    } else {
        "aside.undone"
    };
    out.line(message!(key, out.lang, file = name));
    out.json(&serde_json::json!({ "file": name, "sha256": sha256, "reason": reason }))?;
    Ok(Exit::Well)
}
