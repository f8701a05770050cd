use crate::catalogue::message;
use crate::exit::{Exit, FailOn};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use chrono::{Datelike, Utc};
use model::Period;
use pipeline::{DepartmentState, PipelineError, Workspace};
use std::path::Path;

/// Who has sent for a period, and who has not.
pub(crate) fn status(
    dir: &Path,
    period: Option<Period>,
    remind: bool,
    fail_on: &[FailOn],
    out: &Output,
) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let period = match period {
        Some(period) => period,
        None => running_period(&workspace, out)?,
    };
    let summary = timed("status", || pipeline::status(&workspace, period))?;
    let none = message!("status.no_deadline", out.lang);
    let deadline = summary.deadline.as_deref().unwrap_or(&none);
    out.line(message!(
        "status.head",
        out.lang,
        period = period,
        deadline = deadline
    ));
    for line in &summary.departments {
        let state = match line.state {
            DepartmentState::Missing => "state.missing",
            DepartmentState::Partial => "state.partial",
            DepartmentState::Nil => "state.nil",
            DepartmentState::Received => "state.received",
            DepartmentState::Held => "state.held",
            DepartmentState::Refused => "state.refused",
            DepartmentState::SetAside => "state.set_aside",
        };
        let late = if line.late {
            message!("status.late", out.lang)
        } else {
            "".into()
        };
        let reported = line.reported.filter(|reported| *reported != period);
        let reported = reported.map(|reported| reported.to_string());
        let state = match (&reported, line.state) {
            (Some(until), DepartmentState::Partial) => message!(state, out.lang, until = until),
            (Some(until), _) => message!(
                "status.reported_by",
                out.lang,
                state = message!(state, out.lang),
                period = until
            ),
            (None, _) => message!(state, out.lang),
        };
        out.line(format!(
            "  {}",
            message!(
                "status.line",
                out.lang,
                name = line.name,
                state = state,
                late = late
            )
        ));
    }
    if !summary.unclaimed.is_empty() {
        out.line(message!(
            "status.unclaimed",
            out.lang,
            files = summary.unclaimed.join(", ")
        ));
    }
    let is = |state| {
        summary
            .departments
            .iter()
            .filter(|d| d.state == state)
            .count()
    };
    let missing = summary
        .departments
        .iter()
        .filter(|line| line.is_wanting())
        .count();
    let received = summary.departments.len() - missing;
    out.line(message!(
        "status.total",
        out.lang,
        received = received,
        missing = missing
    ));
    for held in &summary.state.held_files {
        out.line(message!(
            "status.held",
            out.lang,
            file = held.file,
            period = held.period.map_or_else(String::new, |it| it.to_string()),
            rows = held.rows
        ));
    }
    super::run::state(&summary.state, out);
    for reminder in summary
        .departments
        .iter()
        .filter(|_| remind)
        .filter_map(|line| line.reminder.as_ref())
    {
        out.line(format!("\n{reminder}"));
    }
    let (shown, year) = (dir.display(), period.calendar_year());
    if !remind {
        out.next(match missing > 0 {
            true => message!("next.remind", out.lang, dir = shown, period = period),
            false => message!("next.report", out.lang, dir = shown, year = year),
        });
    }
    out.json(&summary)?;
    Ok(Exit::first(
        fail_on,
        [
            (FailOn::Locked, false),
            (
                FailOn::Held,
                is(DepartmentState::Held) > 0 || summary.state.rows.held > 0,
            ),
            (
                FailOn::Questions,
                summary.state.questions + summary.state.answers_waiting > 0,
            ),
            (FailOn::Missing, missing > 0),
        ],
    ))
}

/// The running period, told; of a ledger that is empty yet the present year.
fn running_period(workspace: &Workspace, out: &Output) -> Result<Period, PipelineError> {
    let running = pipeline::running_period(workspace)?;
    let present = || Period::year(Utc::now().year());
    let period = running.or_else(present).ok_or(PipelineError::Empty)?;
    out.line(message!("running.period", out.lang, period = period));
    Ok(period)
}
