//! The program: arguments as given, the clock, progress, messages in the operator's language, exit codes.

mod args;
mod catalogue;
mod command;
mod error_words;
mod exit;
mod help;
mod logging;
mod open;
mod output;
mod panics;
mod progress;

use catalogue::message;
use clap::{CommandFactory, FromArgMatches, Parser};
use exit::Exit;
use pipeline::sandbox;
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == sandbox::ARGUMENT)
    {
        let served = sandbox::serve(std::io::stdin().lock(), std::io::stdout().lock());
        return if served.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    if let Ok(program) = std::env::current_exe() {
        sandbox::set_program(program);
    }
    let given: Vec<OsString> = std::env::args_os().collect();
    let lang = args::lang_of(&given);
    let args = match parsed(&given, lang) {
        Ok(args) => args,
        Err(error) => return told(&error, lang),
    };
    let logs = logging::begin(args.verbose);
    let out = output::Output::new(&args, matches!(logs, Ok(true)));
    panics::keep_silent();
    let done = match logs {
        Ok(_) => match panics::caught(|| command::run(args.command, &out)) {
            Ok(done) => done,
            Err(what) => {
                out.fault(&message!("error.panic", out.lang, what = what));
                return Exit::Fault.into();
            }
        },
        Err(error) => {
            Err(exit::UsageError(message!("error.log_filter", out.lang, error = error)).into())
        }
    };
    let exit = match done {
        Ok(exit) => exit,
        Err(error) => {
            out.error(&error);
            Exit::from_error(&error)
        }
    };
    exit.into()
}

/// The arguments as they are meant. `help run` is `run --help`.
fn parsed(given: &[OsString], lang: &str) -> Result<args::Args, clap::Error> {
    let mut given = given.to_vec();
    if given.get(1).is_some_and(|first| first == "help") {
        given.remove(1);
        given.push("--help".into());
    }
    if let Ok(args) = args::Args::try_parse_from(&given) {
        return Ok(args);
    }
    // Help and complaints are put into words only for who reads them.
    let command = help::localized(args::Args::command(), lang);
    args::Args::from_arg_matches(&command.try_get_matches_from(given)?)
}

/// Tells of a call that was for help, or wrong.
fn told(error: &clap::Error, lang: &str) -> ExitCode {
    let is_help = !error.use_stderr();
    let shows_help =
        is_help || error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if shows_help || lang != "vi" {
        // A closed pipe is the reader's choice, not a fault.
        let _ = error.print();
    } else {
        output::complain(&help::usage_error(error, lang), lang);
        output::complain_on(&message!("usage.more", lang));
    }
    match is_help {
        true => ExitCode::SUCCESS,
        false => Exit::Usage.into(),
    }
}
