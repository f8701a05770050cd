use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use pipeline::{PipelineError, TrialSummary};
use programme::Source;
use std::path::Path;

/// Validates a programme; its faults are the error.
pub(crate) fn check(
    folder: Option<&Path>,
    dir: Option<&Path>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = dir.map(open::workspace).transpose()?;
    let programme = match (folder, &workspace) {
        (None, Some(workspace)) => workspace.programme.clone(),
        _ => open::programme(folder, out)?,
    };
    let faults = timed("rule cases", || pipeline::sql_cases(&programme))?;
    for fault in &faults {
        let key = if fault.silent {
            "check.silent"
        } else {
            "check.speaks"
        };
        out.line(message!(key, out.lang, code = fault.code));
    }
    if faults.is_empty() {
        out.line(message!(
            "check.done",
            out.lang,
            id = programme.id,
            forms = programme.forms.len(),
            rules = programme.rules.len(),
            indicators = programme.indicators.len(),
            sheets = programme.report.sheets.len()
        ));
    }
    let trial = match &workspace {
        Some(workspace) => {
            let source = folder.map(Source::read_dir).transpose();
            let source = source.map_err(PipelineError::from)?;
            let trial = timed("trial", || pipeline::trial(workspace, source.as_ref()))?;
            tell(&trial, out);
            Some(trial)
        }
        None => None,
    };
    out.json(&serde_json::json!({
        "programme": programme.id,
        "hash": programme.hash,
        "forms": programme.forms.keys().collect::<Vec<_>>(),
        "rules": programme.rules.keys().collect::<Vec<_>>(),
        "indicators": programme.indicators.iter().map(|i| &i.name).collect::<Vec<_>>(),
        "faults": faults.iter().map(|f| &f.code).collect::<Vec<_>>(),
        "trial": trial,
    }))?;
    Ok(if faults.is_empty() {
        Exit::Well
    } else {
        Exit::Data
    })
}

/// So many findings of a rule are shown; all of them with `--format json`.
const SHOWN: usize = 5;

fn tell(trial: &TrialSummary, out: &Output) {
    let years = trial.years.iter().map(ToString::to_string);
    let years = years.collect::<Vec<_>>().join(", ");
    out.line(message!("check.trial", out.lang, years = years));
    if trial.rules.is_empty() && trial.figures.is_empty() {
        out.line(message!("check.trial_same", out.lang));
    }
    for rule in &trial.rules {
        let key = format!("check.trial_{}", rule.change);
        let severity = rule.severity.or(rule.severity_before);
        let severity = severity.map(|it| message!(format!("severity.{it}"), out.lang));
        out.line(message!(
            key,
            out.lang,
            code = rule.code,
            severity = severity.unwrap_or_default(),
            findings = rule.findings,
            added = rule.added.len(),
            gone = rule.gone
        ));
        for finding in rule.added.iter().take(SHOWN) {
            out.line(message!(
                "check.trial_finding",
                out.lang,
                file = finding.file,
                sheet = finding.sheet.as_deref().unwrap_or_default(),
                cell = finding.cell.as_deref().unwrap_or_default(),
                message = finding.message
            ));
        }
    }
    for figure in &trial.figures {
        out.line(message!(
            "check.trial_figure",
            out.lang,
            figure = figure.figure,
            before = figure.before,
            after = figure.after
        ));
    }
}
