//! What several commands print of support that overlaps, and of what it was compared with.

use crate::catalogue::message;
use crate::output::Output;
use pipeline::{LeftOutLine, OverlapClass, RegisterLine, RunSummary, SupportLine};

/// Who says it, of whom, and where.
pub(super) fn place(line: &SupportLine) -> String {
    let by = line
        .department
        .as_deref()
        .or(line.register.as_deref())
        .unwrap_or_default();
    format!(
        "{by} · {} ({} › {} › {})",
        line.enterprise.name, line.file, line.sheet, line.row
    )
}

/// What a class of overlap is called.
pub(super) fn class(class: OverlapClass, out: &Output) -> String {
    message!(format!("overlap.{}", class.name()), out.lang)
}

/// The registers, with what was found in those that could not be used, or in all of them.
pub(super) fn registers(registers: &[RegisterLine], verbose: bool, out: &Output) {
    for register in registers {
        let entries = register
            .entries
            .iter()
            .map(|(list, count)| format!("{list}: {count}"))
            .collect::<Vec<_>>();
        let key = if register.is_unread() {
            "run.register_unknown"
        } else {
            "run.register"
        };
        let (file, entries, findings) =
            (&register.file, entries.join(", "), register.findings.len());
        out.line(message!(
            key,
            out.lang,
            file = file,
            entries = entries,
            findings = findings
        ));
        if verbose || register.is_unread() {
            out.findings(&register.findings.iter().collect::<Vec<_>>(), verbose);
        }
    }
}

/// Overlaps that wait for a decision, and records that may be one enterprise; the rest is counted.
pub(super) fn print(summary: &RunSummary, out: &Output) {
    for overlap in summary.overlaps.iter().filter(|overlap| overlap.waits) {
        let class = class(overlap.class, out);
        out.line(format!(
            "  {class}: {} ↔ {}: {}",
            place(&overlap.left),
            place(&overlap.right),
            overlap.evidence
        ));
    }
    for LeftOutLine {
        enterprise,
        grants,
        pairs,
    } in &summary.left_out
    {
        out.line(message!(
            "overlap.left_out",
            out.lang,
            enterprise = enterprise,
            grants = grants,
            pairs = pairs
        ));
    }
    for question in &summary.questions {
        let same = message!("overlap.same", out.lang);
        out.line(format!(
            "  {same}: {} ↔ {}: {}",
            place(&question.left),
            place(&question.right),
            question.reasons
        ));
    }
    if !summary.overlaps.is_empty() || !summary.questions.is_empty() {
        let count = |class: OverlapClass| {
            summary
                .overlaps
                .iter()
                .filter(|overlap| overlap.class == class)
                .count()
        };
        out.line(message!(
            "overlap.counts",
            out.lang,
            duplicate = count(OverlapClass::Duplicate),
            unclear = count(OverlapClass::Unclear),
            repeat = count(OverlapClass::Repeat),
            combined = count(OverlapClass::Combined),
            questions = summary.questions.len()
        ));
    }
}
