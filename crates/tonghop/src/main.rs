//! The program: arguments as given, the clock, progress, messages in the operator's language, exit codes.

mod args;
mod command;
mod exit;
mod output;
mod progress;

use clap::Parser;
use exit::Exit;
use std::process::ExitCode;

rust_i18n::i18n!("locales", fallback = "en");

fn main() -> ExitCode {
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
