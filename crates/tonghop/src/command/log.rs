use super::run::finding;
use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use model::Finding;
use serde_json::{Value, json};
use std::path::Path;

/// What was done with a workspace; of one entry or file with all that was found.
pub(crate) fn log(dir: &Path, what: Option<&str>, out: &Output) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("log", || pipeline::log(&workspace, what))?;
    let mut entries = Vec::new();
    for entry in &summary.entries {
        let at = entry.at.local(workspace.settings.utc_offset);
        let action = match entry.action.as_str() {
            "run" => message!("log.run", out.lang, files = entry.files.len()),
            "set_aside" => message!("log.set_aside", out.lang),
            "take_back" => message!("log.take_back", out.lang),
            "report" => message!("log.report", out.lang),
            "issue" => message!("log.issue", out.lang),
            "withdraw" => message!("log.withdraw", out.lang),
            "export" => message!("log.export", out.lang),
            "sign" => message!("log.sign", out.lang),
            "ask" => message!("log.ask", out.lang),
            "upgrade" => message!("log.upgrade", out.lang),
            _ => message!("log.repair", out.lang),
        };
        out.line(message!(
            "log.entry",
            out.lang,
            number = entry.number,
            at = at.format("%d/%m/%Y %H:%M"),
            action = action,
            operator = entry.operator
        ));
        let is_run = entry.action == "run";
        if !is_run {
            out.line(format!("    {}", entry.detail));
        }
        for file in &entry.files {
            let outcome: &str = file.outcome.into();
            let unknown = message!("run.unknown", out.lang);
            out.line(message!(
                "log.file",
                out.lang,
                file = file.file,
                department = file.department.as_deref().unwrap_or(&unknown),
                period = file
                    .period
                    .map_or_else(|| unknown.to_string(), |period| period.to_string()),
                outcome = message!(format!("outcome.{outcome}"), out.lang)
            ));
        }
        let findings: Vec<&Finding> = entry.files.iter().flat_map(|it| &it.findings).collect();
        out.findings(&findings, true);
        let files: Vec<Value> = entry
            .files
            .iter()
            .map(|file| {
                let mut told = json!(file);
                let findings = file.findings.iter().map(|it| finding(it, out.lang));
                told["findings"] = findings.collect();
                told
            })
            .collect();
        let mut told = json!(entry);
        told["files"] = files.into();
        entries.push(told);
    }
    out.json(&json!({ "entries": entries }))?;
    Ok(Exit::Well)
}
