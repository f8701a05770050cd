use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use model::ShortHash;
use pipeline::{CodeProof, ReportProof, ReportState, SignatureProof, VerifyOrder};
use std::path::Path;

/// Checks the ledger, and proves a report.
pub(crate) fn verify(dir: &Path, order: &VerifyOrder<'_>, out: &Output) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("verify", || pipeline::verify(&workspace, order))?;
    for fault in &summary.faults {
        let damage = message!(format!("verify.{}", fault.damage), out.lang);
        let state = message!(
            match (fault.is_mended, fault.is_read_otherwise, fault.damage) {
                (true, ..) => "verify.mended",
                (_, true, _) => "verify.read_otherwise",
                (.., "unfounded") => "verify.replaced",
                (.., "another") => "verify.saved_anew",
                _ => "verify.not_mended",
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
        let key = match proof.state {
            ReportState::Unknown => "verify.unknown_report",
            _ if proof.is_reproduced => "verify.proved",
            _ if proof.has_same_figures == Some(true) => "verify.same_figures",
            _ => "verify.not_reproduced",
        };
        out.line(message!(
            key,
            out.lang,
            path = proof.path.display(),
            state = state,
            version = proof.made_by.as_deref().unwrap_or_default(),
            at = proof.made_at.map_or_else(String::new, |at| at.to_string()),
            as_of = proof.as_of.map_or_else(String::new, |at| at.to_string()),
            inputs = proof
                .inputs
                .as_ref()
                .and_then(|hash| hash.0.get(..16))
                .unwrap_or_default()
        ));
    }
    if let Some(proof) = &summary.report {
        print_report_signature(proof, out);
    }
    if let Some(proof) = &summary.stamp {
        let key = match proof.is_well() {
            true => "verify.stamp_well",
            false => "verify.stamp_broken",
        };
        let lost: Vec<String> = proof.lost.iter().map(ToString::to_string).collect();
        out.line(message!(
            key,
            out.lang,
            path = proof.path.display(),
            at = proof.at,
            entry = proof.entry,
            lost = lost.join(", ")
        ));
        if let Some(signature) = &proof.signature {
            print_signature(signature, out);
        }
    }
    if let Some(proof) = &summary.code {
        print_code(proof, out);
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
    out.line(message!(
        "verify.replayed",
        out.lang,
        files = summary.read_again,
        reports = summary.reports
    ));
    if summary.read_otherwise + summary.counted_otherwise > 0 {
        out.line(message!(
            "verify.by_older",
            out.lang,
            files = summary.read_otherwise,
            reports = summary.counted_otherwise
        ));
    }
    if let Some(head) = &summary.head {
        out.line(message!(
            "verify.head",
            out.lang,
            entry = head.entry,
            code = ShortHash::of(&head.hash)
        ));
    }
    out.json(&summary)?;
    Ok(if summary.is_well() {
        Exit::Well
    } else {
        Exit::Data
    })
}

/// What the signature beside a report comes to.
fn print_report_signature(proof: &ReportProof, out: &Output) {
    match &proof.signature {
        Some(signature) => print_signature(signature, out),
        None if proof.was_signed => {
            let path = proof.path.display();
            out.line(message!("verify.signature_gone", out.lang, path = path));
        }
        None => {}
    }
}

fn print_signature(signature: &SignatureProof, out: &Output) {
    let key = match (signature.is_right, signature.is_key_given) {
        (false, _) => "verify.signature_wrong",
        (true, true) => "verify.signature_right",
        (true, false) => "verify.signature_by_log",
    };
    out.line(message!(
        key,
        out.lang,
        path = signature.path.display(),
        key = signature.key,
        comment = signature.comment.as_deref().unwrap_or_default()
    ));
}

/// What a code from paper stands for.
fn print_code(proof: &CodeProof, out: &Output) {
    if let Some(entry) = &proof.entry {
        out.line(message!(
            "verify.code_entry",
            out.lang,
            code = proof.code,
            entry = entry.id,
            at = entry.at,
            action = entry.action,
            followed = entry.followed_by
        ));
    }
    for report in &proof.reports {
        let stamp = report.issued.as_ref();
        out.line(message!(
            "verify.code_report",
            out.lang,
            code = proof.code,
            file = report.file_name,
            as_of = report.as_of,
            number = stamp.map_or_else(|| "–".to_owned(), |stamp| stamp.number.to_string())
        ));
    }
    if !proof.is_known() {
        out.line(message!("verify.code_unknown", out.lang, code = proof.code));
    }
}
