use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use std::path::Path;

/// Checks the ledger, and proves a report.
pub(crate) fn verify(
    dir: &Path,
    report: Option<&Path>,
    now: DateTime<Utc>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("verify", || pipeline::verify(&workspace, report, now))?;
    for fault in &summary.faults {
        let damage = message!(format!("verify.{}", fault.damage), out.lang);
        let state = message!(
            if fault.is_mended {
                "verify.mended"
            } else {
                "verify.not_mended"
            },
            out.lang
        );
        out.line(format!(
            "{}: {damage} ({}); {state}",
            fault.path.display(),
            fault.what
        ));
    }
    if let Some(proof) = &summary.report {
        let key = match (&proof.issued_at, proof.is_reproduced) {
            (None, _) => "verify.unknown_report",
            (Some(_), true) => "verify.proved",
            (Some(_), false) => "verify.not_reproduced",
        };
        out.line(message!(
            key,
            out.lang,
            path = proof.path.display(),
            at = proof
                .issued_at
                .map_or_else(String::new, |at| at.to_string()),
            as_of = proof.as_of.map_or_else(String::new, |at| at.to_string()),
            inputs = proof
                .inputs
                .as_ref()
                .and_then(|hash| hash.0.get(..16))
                .unwrap_or_default()
        ));
    }
    let faults = summary
        .faults
        .iter()
        .filter(|fault| !fault.is_mended)
        .count();
    out.line(message!(
        "verify.done",
        out.lang,
        originals = summary.originals,
        facts = summary.facts,
        entries = summary.entries,
        faults = faults
    ));
    out.json(&summary)?;
    Ok(if summary.is_well() {
        Exit::Well
    } else {
        Exit::Data
    })
}
