use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use std::path::Path;

/// The figures of a year that changed between two moments.
pub(crate) fn figures(
    dir: &Path,
    year: i32,
    from: DateTime<Utc>,
    to: Option<DateTime<Utc>>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let diff = timed("diff figures", || {
        pipeline::diff_figures(&workspace, year, from, to)
    })?;
    for figure in &diff.figures {
        out.line(format!(
            "{} ({}): {} → {}",
            figure.figure, figure.title, figure.before, figure.after
        ));
        for value in &figure.values {
            let cause = message!(format!("diff.{}", value.cause.name()), out.lang);
            let sign = if value.is_added { '+' } else { '-' };
            let place = [&value.file, &value.sheet, &value.cell];
            let place: Vec<&str> = place
                .into_iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            let parts = [&*value.value, &value.department, &place.join(" › "), &cause];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            out.line(format!("    {sign} {}", parts.join(" · ")));
        }
    }
    out.line(message!(
        "diff.figures",
        out.lang,
        count = diff.figures.len(),
        from = diff.from,
        to = diff.to
    ));
    out.json(&diff)?;
    Ok(Exit::Well)
}

/// The cases that differ between two versions of a submission.
pub(crate) fn versions(
    dir: &Path,
    before: &str,
    after: &str,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let diff = timed("diff versions", || {
        pipeline::diff_versions(&workspace, before, after)
    })?;
    for case in &diff.cases {
        let change = message!(format!("diff.{}", case.change), out.lang);
        let rows: Vec<String> = [case.row_before, case.row_after]
            .into_iter()
            .flatten()
            .map(|r| r.to_string())
            .collect();
        out.line(format!(
            "{change}: {} · {} ({})",
            case.form,
            case.subject,
            rows.join(" → ")
        ));
        for (name, before, after) in case.columns.iter().filter(|_| case.change == "changed") {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            out.line(format!("    {name}: {} → {}", shown(before), shown(after)));
        }
    }
    let count = |change: &str| {
        diff.cases
            .iter()
            .filter(|case| case.change == change)
            .count()
    };
    out.line(message!(
        "diff.versions",
        out.lang,
        before = diff.before.0,
        after = diff.after.0,
        same = diff.same,
        changed = count("changed"),
        added = count("added"),
        removed = count("removed")
    ));
    out.json(&diff)?;
    Ok(Exit::Well)
}
