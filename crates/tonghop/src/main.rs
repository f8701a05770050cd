//! The program: arguments as given, the clock, progress, messages in the operator's language, exit codes.

mod args;
mod catalogue;
mod command;
mod exit;
mod logging;
mod open;
mod output;
mod panics;
mod progress;

use catalogue::message;
use clap::Parser;
use exit::Exit;
use pipeline::sandbox;
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
    let args = args::Args::parse();
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
