use crate::args::Args;
use crate::catalogue::message;
use crate::exit::Exit;
use crate::help::localized;
use crate::output::Output;
use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use std::path::Path;

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell, out: &Output) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    let mut command = localized(Args::command(), out.lang);
    generate(shell, &mut command, "tonghop", &mut script);
    out.raw(&script);
    Ok(Exit::Well)
}

/// Writes a man page for the program and for each command.
pub(crate) fn man(folder: &Path, out: &Output) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let root = localized(Args::command(), out.lang);
    let pages: Vec<(String, Command)> = root
        .get_subcommands()
        .map(|it| (format!("tonghop-{}", it.get_name()), it.clone()))
        .chain(std::iter::once(("tonghop".to_owned(), root.clone())))
        .collect();
    for (name, command) in &pages {
        let mut page = Vec::new();
        Man::new(command.clone().name(name.clone())).render(&mut page)?;
        let path = folder.join(format!("{name}.1"));
        std::fs::write(&path, page).with_context(|| path.display().to_string())?;
    }
    out.line(message!(
        "man.done",
        out.lang,
        files = pages.len(),
        dir = folder.display()
    ));
    out.json(&serde_json::json!({ "pages": pages.len() }))?;
    Ok(Exit::Well)
}
