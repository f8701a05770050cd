use crate::catalogue::message;
use crate::exit::{Exit, FailOn};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use pipeline::Variant;
use std::path::Path;

/// The consolidated annual report.
pub(crate) fn report(
    dir: &Path,
    year: i32,
    variant: Variant,
    as_of: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = timed("report", || {
        pipeline::report(&workspace, year, variant, as_of, now)
    })?;
    out.line(message!(
        "report.done",
        out.lang,
        year = year,
        as_of = summary.as_of,
        reported = summary.reported,
        held = summary.held
    ));
    if !summary.missing.is_empty() {
        let names: Vec<&str> = summary
            .missing
            .iter()
            .map(|code| {
                workspace
                    .programme_of(year)
                    .department(code)
                    .map_or(code.as_str(), |d| d.name.as_str())
            })
            .collect();
        out.line(message!(
            "report.missing",
            out.lang,
            departments = names.join(", ")
        ));
    }
    out.line(message!(
        "report.figures",
        out.lang,
        path = summary.paths.figures.display()
    ));
    let (missing, held) = (!summary.missing.is_empty(), summary.held > 0);
    out.line(message!(
        "report.path",
        out.lang,
        path = summary.paths.workbook.display()
    ));
    out.json(&summary)?;
    Ok(Exit::first(
        fail_on,
        [
            (FailOn::Locked, false),
            (FailOn::Held, held),
            (FailOn::Questions, false),
            (FailOn::Missing, missing),
        ],
    ))
}
