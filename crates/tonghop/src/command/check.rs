use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use std::path::Path;

/// Validates a programme; its faults are the error.
pub(crate) fn check(folder: Option<&Path>, out: &Output) -> anyhow::Result<Exit> {
    let programme = open::programme(folder, out)?;
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
    out.json(&serde_json::json!({
        "programme": programme.id,
        "hash": programme.hash,
        "forms": programme.forms.keys().collect::<Vec<_>>(),
        "rules": programme.rules.keys().collect::<Vec<_>>(),
        "indicators": programme.indicators.iter().map(|i| &i.name).collect::<Vec<_>>(),
        "faults": faults.iter().map(|f| &f.code).collect::<Vec<_>>(),
    }))?;
    Ok(if faults.is_empty() {
        Exit::Well
    } else {
        Exit::Data
    })
}
