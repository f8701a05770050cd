//! The program: arguments as given, the clock, progress, messages in the operator's language, exit codes.

mod args;
mod command;
mod exit;
mod output;
mod progress;

use clap::Parser;
use exit::Exit;
use pipeline::sandbox;
use std::process::ExitCode;

rust_i18n::i18n!("locales", fallback = "en");

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
    let out = output::Output::new(args.format, args.lang);
    let exit = match command::run(args.command, &out) {
        Ok(exit) => exit,
        Err(error) => {
            out.error(&error);
            Exit::of(&error)
        }
    };
    exit.into()
}
