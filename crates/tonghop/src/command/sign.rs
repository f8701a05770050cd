use super::key::password_of;
use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use pipeline::SigningKey;
use std::path::Path;

/// Signs an issued report.
pub(crate) fn sign(
    dir: &Path,
    report: &Path,
    key: &Path,
    now: DateTime<Utc>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let password = password_of(key, out)?;
    let key = SigningKey {
        path: key,
        password: password.as_deref(),
    };
    let summary = timed("sign", || pipeline::sign(&workspace, report, key, now))?;
    out.line(message!(
        "sign.done",
        out.lang,
        report = summary.report.display(),
        number = summary.number,
        signature = summary.signature.display(),
        key = summary.key
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
