use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use std::path::{Path, PathBuf};

/// What is matched.
pub(crate) enum LinkInput {
    /// A left and a right list.
    Two(PathBuf, PathBuf),
    /// One list with itself.
    One(PathBuf),
    /// Pairs of records.
    Pairs(PathBuf),
}

/// Matches lists of enterprises.
pub(crate) fn link(
    input: &LinkInput,
    to: &Path,
    explain: bool,
    programme: Option<&Path>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let programme = open::programme(programme, out)?;
    let summary = timed("link", || match input {
        LinkInput::Two(left, right) => pipeline::link_lists(&programme, left, right, to, explain),
        LinkInput::One(list) => pipeline::resolve_list(&programme, list, to, explain),
        LinkInput::Pairs(pairs) => pipeline::judge_pairs(&programme, pairs, to, explain),
    })?;
    // What goes to standard output is pairs and nothing else.
    if to.as_os_str() == "-" {
        return Ok(Exit::Well);
    }
    if explain {
        out.line(std::fs::read_to_string(to)?);
    }
    out.line(message!(
        "link.done",
        out.lang,
        left = summary.left,
        matched = summary.matched,
        review = summary.review,
        related = summary.related,
        out = summary.out.display()
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
