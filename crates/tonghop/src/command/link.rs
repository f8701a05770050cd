use crate::exit::Exit;
use crate::output::Output;
use rust_i18n::t;
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
    let programme = super::programme(programme, out)?;
    let summary = pipeline::link_lists(&programme, left, right, pairs)?;
    if explain {
        out.line(std::fs::read_to_string(pairs)?);
    }
    out.line(t!(
        "link.done",
        locale = out.lang,
        left = summary.left,
        matched = summary.matched,
        review = summary.review,
        related = summary.related,
        out = summary.out.display()
    ));
    out.json(&summary)?;
    Ok(Exit::Well)
}
