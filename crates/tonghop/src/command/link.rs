use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use pipeline::Shard;
use std::path::{Path, PathBuf};

/// What is matched.
pub(crate) enum LinkInput {
    /// A left and a right list.
    Two(PathBuf, PathBuf),
    /// One list with itself.
    One(PathBuf),
    /// A share of the pairs of one list.
    Shard(PathBuf, Shard),
    /// One list, from what all its shards found.
    Shards(PathBuf, Vec<PathBuf>),
    /// The names of a list, whose words are counted.
    Rarity(PathBuf),
    /// Pairs of records.
    Pairs(PathBuf),
}

/// Matches lists of enterprises.
pub(crate) fn link(
    input: &LinkInput,
    rarity: Option<&Path>,
    (to, explain): (&Path, bool),
    programme: Option<&Path>,
    out: &Output,
) -> anyhow::Result<Exit> {
    let programme = open::programme(programme, out)?;
    let rarity = rarity.map(pipeline::read_rarity).transpose()?;
    let rarity = rarity.as_ref();
    let programme = &programme;
    let summary = timed("link", || match input {
        LinkInput::Two(left, right) => pipeline::link_lists(programme, left, right, to, explain),
        LinkInput::One(list) => pipeline::resolve_list(programme, list, rarity, to, explain),
        LinkInput::Shard(list, shard) => {
            pipeline::link_shard(programme, (list, rarity), *shard, to, explain)
        }
        LinkInput::Shards(list, shards) => {
            pipeline::resolve_shards(programme, (list, rarity), shards, to, explain)
        }
        LinkInput::Pairs(pairs) => pipeline::judge_pairs(programme, pairs, rarity, to, explain),
        LinkInput::Rarity(list) => pipeline::count_rarity(programme, list, to),
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
