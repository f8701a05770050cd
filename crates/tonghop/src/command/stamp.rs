use super::key::password_of;
use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use model::ShortHash;
use pipeline::SigningKey;
use std::path::Path;

/// Writes a stamp of the ledger for another office.
pub(crate) fn stamp(
    dir: &Path,
    file: &Path,
    key: Option<&Path>,
    now: DateTime<Utc>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let password = key.map(|key| password_of(key, out)).transpose()?.flatten();
    let key = key.map(|path| SigningKey {
        path,
        password: password.as_deref(),
    });
    let summary = timed("stamp", || pipeline::stamp(&workspace, file, key, now))?;
    out.line(message!(
        "stamp.done",
        out.lang,
        path = summary.path.display(),
        entry = summary.head.entry,
        code = ShortHash::of(&summary.head.hash),
        reports = summary.reports
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
