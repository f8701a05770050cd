//! The commands, one file each.

mod check;
mod demo;
mod diff;
mod explain;
mod explain_figure;
mod explain_row;
mod export;
mod init;
mod key;
mod link;
mod log;
mod man;
mod overlaps;
mod report;
mod roll_up;
mod run;
mod screen;
mod set_aside;
mod sign;
mod stamp;
mod status;
mod templates;
mod verify;
mod watch;

use crate::args::{Command, day};
use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::open;
use crate::output::Output;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use model::{IssueStamp, PartOfYear};
use pipeline::{ExportExtent, ExportOrder, ReportOrder, RunOrder, Variant, VerifyOrder};
use std::path::Path;
use std::time::Duration;

pub(crate) fn run(command: Command, out: &Output) -> anyhow::Result<Exit> {
    match command {
        Command::Demo { dir } => demo::demo(&dir, out),
        Command::Init { dir, programme } => init::init(&dir, programme.as_deref(), out),
        Command::Run {
            workspace,
            now: now_given,
            backdate,
            reread,
            dry_run,
            fail_on,
        } => {
            let order = RunOrder {
                now: now(now_given.as_deref(), &workspace.dir, out)?,
                backdate: backdate.as_deref(),
                reread: reread.as_deref(),
            };
            match dry_run {
                true => run::dry_run(&workspace.dir, order, &fail_on, out),
                false => run::run(&workspace.dir, order, &fail_on, out),
            }
        }
        Command::Report {
            workspace,
            year,
            number,
            signed_on,
            withdraw,
            reason,
            period,
            until,
            as_of,
            now: now_given,
            is_final,
            under_today,
            fail_on,
            ..
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            if let Some(number) = withdraw {
                let reason = reason.unwrap_or_default();
                return report::withdraw(&workspace.dir, &number, year, &reason, now, out);
            }
            let (year, part) = match (year, period, until) {
                (Some(year), ..) => (year, PartOfYear::Whole),
                (_, Some(period), _) => (period.calendar_year(), PartOfYear::of(period)),
                (.., Some(day)) => (day.year(), PartOfYear::Until(day)),
                _ => (
                    report::running_year(&workspace.dir, out)?,
                    PartOfYear::Whole,
                ),
            };
            if is_final && part != PartOfYear::Whole {
                return Err(UsageError(message!("error.final_part", out.lang)).into());
            }
            let is_day = as_of.as_deref().is_some_and(|text| day(text).is_ok());
            // The day of the report has not ended yet: it is meant up to now.
            let as_of = moment(as_of.as_deref(), &workspace.dir, out)?.map(|end| {
                let is_today = is_day && end - now < TimeDelta::days(1);
                if is_today { end.min(now) } else { end }
            });
            if let Some(ahead) = as_of.filter(|as_of| *as_of > now) {
                let words = message!("error.as_of_ahead", out.lang, as_of = ahead, now = now);
                return Err(UsageError(words).into());
            }
            let order = ReportOrder {
                year,
                variant: Variant {
                    is_final,
                    part,
                    under_today,
                },
                as_of,
                stamp: number
                    .zip(signed_on)
                    .map(|(number, signed_on)| IssueStamp { number, signed_on }),
            };
            report::report(&workspace.dir, &order, now, &fail_on, out)
        }
        Command::Screen {
            workspace,
            file,
            register,
            out: result,
            now: now_given,
            fail_on,
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            let list = match (file, register) {
                (Some(file), _) => screen::ScreenedList::List(file),
                (None, register) => screen::ScreenedList::Register(register.unwrap_or_default()),
            };
            screen::screen(&workspace.dir, &list, result.as_deref(), now, &fail_on, out)
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
                let from = moment(from.as_deref(), &workspace.dir, out)?.unwrap_or_default();
                let to = moment(to.as_deref(), &workspace.dir, out)?;
                diff::figures(&workspace.dir, year, from, to, out)
            }
            _ => Ok(Exit::Usage),
        },
        Command::Export {
            workspace,
            out: folder,
            for_linkage,
            originals,
            csv,
            name,
            now: now_given,
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            let extent = ExportExtent {
                for_linkage,
                originals,
            };
            let order = ExportOrder { extent, csv, name };
            export::export(&workspace.dir, &folder, &order, now, out)
        }
        Command::RollUp {
            offices,
            year,
            is_final,
            under_today,
            out: folder,
        } => {
            let variant = Variant {
                is_final,
                under_today,
                ..Variant::default()
            };
            roll_up::roll_up(&offices, (year, variant), &folder, out)
        }
        Command::Verify {
            workspace,
            report,
            code,
            stamp,
            public_key,
            now: now_given,
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            let asked = VerifyOrder {
                report: report.as_deref(),
                code: code.as_ref(),
                stamp: stamp.as_deref(),
                public_key: public_key.as_deref(),
                now,
            };
            verify::verify(&workspace.dir, &asked, out)
        }
        Command::Key {
            out: folder,
            no_password,
        } => key::key(&folder, no_password, out),
        Command::Sign {
            workspace,
            report,
            key,
            now: now_given,
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            sign::sign(&workspace.dir, &report, &key, now, out)
        }
        Command::Stamp {
            workspace,
            out: file,
            key,
            now: now_given,
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            stamp::stamp(&workspace.dir, &file, key.as_deref(), now, out)
        }
        Command::Log { workspace, what } => log::log(&workspace.dir, what.as_deref(), out),
        Command::SetAside {
            workspace,
            file,
            reason,
            now: now_given,
            backdate,
            ..
        } => {
            let now = now(now_given.as_deref(), &workspace.dir, out)?;
            let at = (now, backdate.as_deref());
            set_aside::set_aside(&workspace.dir, &file, reason.as_deref(), at, out)
        }
        Command::Watch {
            workspace,
            every,
            settle,
        } => {
            let pace = (
                Duration::from_secs_f64(every),
                Duration::from_secs_f64(settle),
            );
            watch::watch(&workspace.dir, pace, out)
        }
        Command::Completions { shell } => man::completions(shell, out),
        Command::Man { out: folder } => man::man(&folder, out),
        Command::Templates { workspace, period } => {
            templates::templates(&workspace.dir, period, out)
        }
        Command::Link {
            left,
            right,
            pairs,
            resolve,
            shard,
            shards,
            rarity,
            count_rarity,
            out: to,
            explain,
            programme,
        } => {
            let what = match (pairs, resolve, count_rarity) {
                (Some(pairs), ..) => link::LinkInput::Pairs(pairs),
                (_, Some(list), _) => match shard {
                    Some(shard) => link::LinkInput::Shard(list, shard),
                    None if !shards.is_empty() => link::LinkInput::Shards(list, shards),
                    None => link::LinkInput::One(list),
                },
                (.., Some(list)) => link::LinkInput::Rarity(list),
                _ => link::LinkInput::Two(left.unwrap_or_default(), right.unwrap_or_default()),
            };
            let (programme, rarity) = (programme.as_deref(), rarity.as_deref());
            link::link(&what, rarity, (&to, explain), programme, out)
        }
        Command::Check { programme, dir } => {
            check::check(programme.as_deref(), dir.as_deref(), out)
        }
        Command::Explain {
            what,
            dir,
            programme,
        } => match what.as_slice() {
            // Codes of rules are one word.
            [figure] if figure.contains('/') => explain_figure::explain_figure(&dir, figure, out),
            [code] => explain::explain(code, programme.as_deref(), out),
            [file, sheet, cell] => explain_row::explain_row(&dir, (file, sheet, cell), out),
            _ => Err(UsageError(message!("explain.usage", out.lang)).into()),
        },
    }
}

/// The moment that an argument gives: RFC 3339, or a day, which is meant up to its end in the place of the workspace.
fn moment(text: Option<&str>, dir: &Path, out: &Output) -> anyhow::Result<Option<DateTime<Utc>>> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(Some(moment.to_utc()));
    }
    let wrong = || UsageError(message!("error.moment", out.lang, text = text));
    let day = day(text).map_err(|_| wrong())?;
    let offset = open::workspace(dir)?.settings.utc_offset;
    let end = day.and_hms_opt(23, 59, 59).ok_or_else(wrong)?;
    let end = end.and_local_timezone(offset).single().ok_or_else(wrong)?;
    Ok(Some(end.to_utc()))
}

/// The moment of a command: what the argument gives, which may lie ahead of the clock but is told then; or the clock's.
fn now(text: Option<&str>, dir: &Path, out: &Output) -> anyhow::Result<DateTime<Utc>> {
    let clock = Utc::now();
    let now = moment(text, dir, out)?.unwrap_or(clock);
    if now - clock > TimeDelta::days(1) {
        out.warning(message!("warning.now_ahead", out.lang, now = now));
    }
    Ok(now)
}
