//! The commands, one file each.

mod check;
mod demo;
mod diff;
mod explain;
mod explain_row;
mod export;
mod init;
mod link;
mod log;
mod overlaps;
mod report;
mod run;
mod screen;
mod set_aside;
mod status;
mod templates;
mod verify;

use crate::args::Command;
use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::output::Output;
use chrono::{DateTime, Utc};
use model::IssueStamp;
use pipeline::{ReportOrder, Variant};

pub(crate) fn run(command: Command, out: &Output) -> anyhow::Result<Exit> {
    match command {
        Command::Demo { dir } => demo::demo(&dir, out),
        Command::Init { dir, programme } => init::init(&dir, programme.as_deref(), out),
        Command::Run {
            workspace,
            now,
            fail_on,
        } => run::run(
            &workspace.dir,
            moment(now.as_deref(), out)?.unwrap_or_else(Utc::now),
            &fail_on,
            out,
        ),
        Command::Report {
            workspace,
            year,
            number,
            signed_on,
            withdraw,
            reason,
            as_of,
            now,
            is_final,
            under_today,
            fail_on,
            ..
        } => {
            let now = moment(now.as_deref(), out)?.unwrap_or_else(Utc::now);
            if let Some(number) = withdraw {
                let reason = reason.unwrap_or_default();
                return report::withdraw(&workspace.dir, &number, year, &reason, now, out);
            }
            let Some(year) = year else {
                return Ok(Exit::Usage);
            };
            let order = ReportOrder {
                year,
                variant: Variant {
                    is_final,
                    under_today,
                },
                as_of: moment(as_of.as_deref(), out)?,
                stamp: number
                    .zip(signed_on)
                    .map(|(number, signed_on)| IssueStamp { number, signed_on }),
            };
            report::report(&workspace.dir, &order, now, &fail_on, out)
        }
        Command::Screen {
            workspace,
            file,
            out: result,
            now,
            fail_on,
        } => {
            let now = moment(now.as_deref(), out)?.unwrap_or_else(Utc::now);
            screen::screen(&workspace.dir, &file, result.as_deref(), now, &fail_on, out)
        }
        Command::Status {
            workspace,
            period,
            remind,
            fail_on,
        } => status::status(&workspace.dir, period, remind, &fail_on, out),
        Command::Diff {
            workspace,
            files,
            year,
            from,
            to,
        } => match (files.as_slice(), year) {
            ([before, after], _) => diff::versions(&workspace.dir, before, after, out),
            (_, Some(year)) => {
                let from = moment(from.as_deref(), out)?.unwrap_or_default();
                diff::figures(&workspace.dir, year, from, moment(to.as_deref(), out)?, out)
            }
            _ => Ok(Exit::Usage),
        },
        Command::Export {
            workspace,
            out: folder,
        } => export::export(&workspace.dir, &folder, out),
        Command::Verify {
            workspace,
            report,
            now,
        } => {
            let now = moment(now.as_deref(), out)?.unwrap_or_else(Utc::now);
            verify::verify(&workspace.dir, report.as_deref(), now, out)
        }
        Command::Log { workspace, what } => log::log(&workspace.dir, what.as_deref(), out),
        Command::SetAside {
            workspace,
            file,
            reason,
            now,
            ..
        } => {
            let now = moment(now.as_deref(), out)?.unwrap_or_else(Utc::now);
            set_aside::set_aside(&workspace.dir, &file, reason.as_deref(), now, out)
        }
        Command::Templates { workspace, period } => {
            templates::templates(&workspace.dir, period, out)
        }
        Command::Link {
            left,
            right,
            out: pairs,
            explain,
            programme,
        } => link::link(&left, &right, &pairs, explain, programme.as_deref(), out),
        Command::Check { programme, dir } => {
            check::check(programme.as_deref(), dir.as_deref(), out)
        }
        Command::Explain {
            what,
            dir,
            programme,
        } => match what.as_slice() {
            [code] => explain::explain(code, programme.as_deref(), out),
            [file, sheet, cell] => explain_row::explain_row(&dir, (file, sheet, cell), out),
            _ => Err(UsageError(message!("explain.usage", out.lang)).into()),
        },
    }
}

fn moment(text: Option<&str>, out: &Output) -> Result<Option<DateTime<Utc>>, UsageError> {
    text.map(|text| {
        DateTime::parse_from_rfc3339(text)
            .map(|moment| moment.with_timezone(&Utc))
            .map_err(|_| UsageError(message!("error.moment", out.lang, text = text)))
    })
    .transpose()
}
