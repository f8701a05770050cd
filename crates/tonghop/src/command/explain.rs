use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::open;
use crate::output::Output;
use programme::RuleKind;
use std::path::Path;

/// What a rule says, why, and on what ground.
pub(crate) fn explain(code: &str, folder: Option<&Path>, out: &Output) -> anyhow::Result<Exit> {
    let programme = open::programme(folder, out)?;
    let wanted = code.to_uppercase();
    let Some(rule) = programme.rules.get(&wanted) else {
        let codes: Vec<&str> = programme.rules.keys().map(String::as_str).collect();
        let words = message!(
            "explain.unknown",
            out.lang,
            code = code,
            codes = codes.join(" ")
        );
        return Err(UsageError(words).into());
    };
    let lang = out.lang;
    let valid = match rule.valid_to {
        Some(last) => format!("{} – {last}", rule.valid_from),
        None => format!("{} –", rule.valid_from),
    };
    out.line(format!(
        "{} {}: {}",
        rule.code,
        rule.name,
        rule.title.get(lang)
    ));
    let forms: Vec<String> = rule
        .forms
        .iter()
        .filter_map(|code| programme.form(code))
        .map(|form| format!("{} ({})", form.sheet, form.title.get(lang)))
        .collect();
    for (label, value) in [
        (
            "explain.severity",
            message!(format!("severity.{}", rule.severity), lang),
        ),
        ("explain.clause", rule.clause.clone()),
        ("explain.valid", valid),
        ("explain.forms", forms.join(", ")),
        ("explain.message", rule.message.get(lang).to_owned()),
        ("explain.hint", rule.hint.get(lang).to_owned()),
        ("explain.advice", rule.advice.get(lang).to_owned()),
    ] {
        if !value.is_empty() {
            out.line(format!(
                "  {:<12} {value}",
                format!("{}:", message!(label, lang))
            ));
        }
    }
    let (label, how) = match &rule.kind {
        RuleKind::Reader(check) => ("explain.check", format!("{check:?}")),
        RuleKind::Where(sql) | RuleKind::Select(sql) => ("explain.sql", sql.clone()),
    };
    out.line(format!("  {}:", message!(label, lang)));
    for line in how.lines() {
        out.line(format!("    {line}"));
    }
    out.json(&serde_json::json!({
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "clause": rule.clause,
        "valid_from": rule.valid_from.to_string(),
        "valid_to": rule.valid_to.map(|day| day.to_string()),
        "forms": rule.forms,
        "columns": rule.columns,
        "title": rule.title,
        "message": rule.message,
        "hint": rule.hint,
        "advice": rule.advice,
        "how": how,
    }))?;
    Ok(Exit::Well)
}
