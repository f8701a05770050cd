use crate::catalogue::message;
use crate::exit::{Exit, FailOn};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Utc};
use model::DocumentNumber;
use pipeline::{PipelineError, ReportOrder};
use std::path::Path;

/// The consolidated annual report.
pub(crate) fn report(
    dir: &Path,
    order: &ReportOrder,
    now: DateTime<Utc>,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let year = order.year;
    let summary = timed("report", || pipeline::report(&workspace, order, now))?;
    out.line(message!(
        "report.done",
        out.lang,
        period = summary.period,
        as_of = summary.as_of,
        reported = summary.reported,
        held = summary.held,
        questions = summary.questions
    ));
    let programme = workspace.programme_of(year);
    for (key, codes) in [
        ("report.missing", &summary.missing),
        ("report.partial", &summary.partial),
    ] {
        let name = |code: &String| match programme.department(code) {
            Some(department) => department.name.clone(),
            None => code.clone(),
        };
        let names: Vec<String> = codes.iter().map(name).collect();
        if !names.is_empty() {
            out.line(message!(key, out.lang, departments = names.join(", ")));
        }
    }
    out.line(message!(
        "report.figures",
        out.lang,
        path = summary.paths.figures.display()
    ));
    match &summary.issued {
        Some(stamp) => out.line(message!(
            "report.issued",
            out.lang,
            number = stamp.number,
            day = stamp.signed_on
        )),
        None => out.line(message!("report.draft", out.lang)),
    }
    if summary.is_signed_before {
        out.line(message!(
            "report.signed_before",
            out.lang,
            as_of = summary.as_of
        ));
    }
    let is_whole = summary.missing.is_empty() && summary.partial.is_empty();
    let (missing, held) = (!is_whole, summary.held > 0);
    out.line(message!(
        "report.path",
        out.lang,
        path = summary.paths.workbook.display()
    ));
    out.next(match &summary.issued {
        Some(_) => message!("next.keep", out.lang, dir = dir.display()),
        None => message!("next.issue", out.lang, dir = dir.display(), year = year),
    });
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

/// The year of the running period, told.
pub(crate) fn running_year(dir: &Path, out: &Output) -> anyhow::Result<i32> {
    let period = pipeline::running_period(&open::workspace(dir)?)?.ok_or(PipelineError::Empty)?;
    let year = period.calendar_year();
    out.line(message!("running.year", out.lang, year = year));
    Ok(year)
}

/// Takes an issued report back.
pub(crate) fn withdraw(
    dir: &Path,
    number: &DocumentNumber,
    year: Option<i32>,
    reason: &str,
    now: DateTime<Utc>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let summary = pipeline::withdraw(&workspace, number, year, reason, now)?;
    out.line(message!(
        "report.withdrawn",
        out.lang,
        number = number,
        year = summary.year
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
