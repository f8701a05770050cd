use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use pipeline::ReportState;
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
    for path in &summary.unknown {
        out.line(message!(
            "verify.unknown_file",
            out.lang,
            path = path.display()
        ));
    }
    if let Some(proof) = &summary.report {
        let stamp = proof.issued.as_ref();
        let state = message!(
            format!("report_state.{}", proof.state.name()),
            out.lang,
            number = stamp.map_or_else(String::new, |stamp| stamp.number.to_string()),
            day = stamp.map_or_else(String::new, |stamp| stamp.signed_on.to_string()),
            withdrawn = proof
                .withdrawn_at
                .map_or_else(String::new, |at| at.to_string()),
            reason = proof.reason.as_deref().unwrap_or_default()
        );
        let key = match (proof.state, proof.is_reproduced) {
            (ReportState::Unknown, _) => "verify.unknown_report",
            (_, true) => "verify.proved",
            (_, false) => "verify.not_reproduced",
        };
        out.line(message!(
            key,
            out.lang,
            path = proof.path.display(),
            state = state,
            at = proof.made_at.map_or_else(String::new, |at| at.to_string()),
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
