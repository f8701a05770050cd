use super::overlaps;
use crate::catalogue::message;
use crate::exit::{Exit, FailOn};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use model::Finding;
use pipeline::Screened;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Whom to look up.
pub(crate) enum ScreenedList {
    /// The enterprises of a list.
    List(PathBuf),
    /// Those of a register that is known, by its code.
    Register(String),
}

/// Looks enterprises up: nominees before they are granted support, or those of another programme's list.
pub(crate) fn screen(
    dir: &Path,
    list: &ScreenedList,
    result: Option<&Path>,
    now: DateTime<Utc>,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("screen", || match list {
        ScreenedList::List(list) => pipeline::screen(&workspace, list, result, now),
        ScreenedList::Register(code) => pipeline::screen_register(&workspace, code, result, now),
    })?;
    for nominee in summary
        .nominees
        .iter()
        .filter(|nominee| nominee.result != Screened::Clear)
    {
        let result = message!(format!("screen.{}", nominee.result.name()), out.lang);
        out.line(format!(
            "{result}: {}",
            overlaps::place(&nominee.nominee).trim_start_matches(" · ")
        ));
        for overlap in &nominee.overlaps {
            let class = overlaps::class(overlap.class, out);
            out.line(format!(
                "    {class}: {}: {}",
                overlaps::place(&overlap.right),
                overlap.evidence
            ));
        }
        for question in &nominee.questions {
            let same = message!("overlap.same", out.lang);
            let (left, right) = (
                overlaps::place(&question.left),
                overlaps::place(&question.right),
            );
            out.line(format!("    {same} {left} ↔ {right}: {}", question.reasons));
        }
    }
    out.findings(&summary.findings.iter().collect::<Vec<&Finding>>(), false);
    overlaps::registers(&summary.registers, false, out);
    if !summary.not_taken_in.is_empty() {
        out.line(message!(
            "screen.not_taken_in",
            out.lang,
            files = summary.not_taken_in.join(", ")
        ));
    }
    let count = |result: Screened| {
        summary
            .counts
            .get(result.name())
            .copied()
            .unwrap_or_default()
    };
    out.line("");
    out.line(message!(
        "screen.done",
        out.lang,
        nominees = summary.nominees.len(),
        clear = count(Screened::Clear),
        combined = count(Screened::Combined),
        ask = count(Screened::Ask),
        duplicate = count(Screened::Duplicate),
        out = summary.out.display()
    ));
    let findings: Vec<_> = summary
        .findings
        .iter()
        .map(|finding| super::run::finding(finding, out.lang))
        .collect();
    let mut answer = serde_json::to_value(&summary)?;
    answer["findings"] = json!(findings);
    out.json(&answer)?;
    Ok(Exit::first(
        fail_on,
        [
            (FailOn::Held, summary.nominees.is_empty()),
            (
                FailOn::Questions,
                count(Screened::Ask) + count(Screened::Duplicate) > 0,
            ),
            (FailOn::Locked, false),
            (FailOn::Missing, false),
        ],
    ))
}
