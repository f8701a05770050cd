use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use std::path::Path;

/// The cells that a figure is made of.
pub(crate) fn explain_figure(dir: &Path, figure: &str, out: &Output) -> anyhow::Result<Exit> {
    let workspace = open::workspace(dir)?;
    let explained = timed("explain", || pipeline::explain_figure(&workspace, figure))?;
    let Some(explained) = explained else {
        let words = message!("explain.no_figure", out.lang, figure = figure);
        return Err(UsageError(words).into());
    };
    out.line(message!(
        "explain.figure_is",
        out.lang,
        figure = explained.figure,
        title = explained.title,
        value = explained.value,
        count = explained.parts.len()
    ));
    for part in &explained.parts {
        out.line(message!(
            "explain.figure_part",
            out.lang,
            value = part.value,
            department = part.department,
            file = part.file,
            sheet = part.sheet,
            cell = part.cell
        ));
    }
    out.json(&explained)?;
    Ok(Exit::Well)
}
