use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use std::path::Path;

/// Matches two lists of enterprises.
pub(crate) fn link(
    left: &Path,
    right: &Path,
    pairs: &Path,
    explain: bool,
    programme: Option<&Path>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let programme = open::programme(programme, out)?;
    let summary = timed("link", || {
        pipeline::link_lists(&programme, left, right, pairs, explain)
    })?;
    if explain {
        out.line(std::fs::read_to_string(pairs)?);
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
