//! One list in shards: each compares its share of the pairs, and what they found together resolves the list as if it had been
//! compared at once. And the file of how rare words are, which parts of a longer list are matched by.

use crate::error::PipelineError;
use crate::jobs::link_lists::{
    LinkSummary, ListedRow, WrittenPair, held_rows, mentions, part, reasons, write_clustering,
    write_pairs,
};
use csv::Writer;
use ledger::{file_id, write_whole};
use link::{Matcher, Rarity, Shard};
use model::inert_field;
use programme::Programme;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The columns of a file of rarity, and what stands in the first for the number of all names.
const RARITY_COLUMNS: [&str; 2] = ["token", "names"];
const ALL_NAMES: &str = "*";

/// Counts how rare words are among the names of a list, each name once, and writes it as `token,names`: hashes of words, not
/// the words, and in how many names each stands.
///
/// # Errors
/// When the list cannot be read, or the result not be written.
pub fn count_rarity(
    programme: &Programme,
    list: &Path,
    out: &Path,
) -> Result<LinkSummary, PipelineError> {
    let rows = held_rows(programme, list, &part(out, "list"))?;
    let rarity = Matcher::for_one_list(&programme.linkage).rarity_among(&mentions(&rows));
    let text = rarity_text(&rarity);
    match out.as_os_str() == "-" {
        true => std::io::Write::write_all(&mut std::io::stdout().lock(), text.as_bytes())
            .map_err(PipelineError::file(out))?,
        false => write_whole(out, text.as_bytes())?,
    }
    Ok(LinkSummary::of(rows.len(), &[], out))
}

fn rarity_text(rarity: &Rarity) -> String {
    let mut text = format!(
        "{}\n{ALL_NAMES},{}\n",
        RARITY_COLUMNS.join(","),
        rarity.names()
    );
    for (token, names) in rarity.counts() {
        text.push_str(&format!("{token:016x},{names}\n"));
    }
    text
}

/// How rare words are, as [`count_rarity`] wrote it.
///
/// # Errors
/// When the file cannot be read, or is none.
pub fn read_rarity(path: &Path) -> Result<Rarity, PipelineError> {
    let text = std::fs::read_to_string(path).map_err(PipelineError::file(path))?;
    let read = || {
        let mut lines = text.lines().map(|line| line.split_once(','));
        let head = lines.next()??;
        let (all, names) = lines.next()??;
        if [head.0, head.1] != RARITY_COLUMNS || all != ALL_NAMES {
            return None;
        }
        let count = |line: Option<(&str, &str)>| {
            let (token, names) = line?;
            Some((u64::from_str_radix(token, 16).ok()?, names.parse().ok()?))
        };
        let counts = lines.map(count).collect::<Option<Vec<(u64, u32)>>>()?;
        Some(Rarity::counted(names.parse().ok()?, counts))
    };
    read().ok_or_else(|| PipelineError::RarityFile(path.to_owned()))
}

/// Compares a shard's share of the pairs of one list, and writes those that are not different as
/// [`link_lists`](crate::link_lists) writes pairs; the last heading says which shard of what they are. A decision there is that
/// of the pair by itself.
///
/// All shards read the whole list and hold it; what is shared out is the comparing.
///
/// # Errors
/// As [`link_lists`](crate::link_lists), and when two rows have one id.
pub fn link_shard(
    programme: &Programme,
    (list, rarity): (&Path, Option<&Rarity>),
    shard: Shard,
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let rows = held_rows(programme, list, &part(out, "list"))?;
    places(&rows, list)?;
    let matcher = Matcher::for_one_list(&programme.linkage);
    let pairs = matcher.pairs_of_shard(&mentions(&rows), shard, rarity);
    let id = |at: usize| rows.get(at).and_then(|row| row.get(0)).unwrap_or_default();
    let told = pairs.iter().map(|pair| WrittenPair {
        ids: [id(pair.left), id(pair.right)],
        decision: pair.decision,
        score: pair.score,
        reasons: reasons(programme, &matcher.evidence(pair), is_explained),
    });
    let said = heading(shard, &digest(programme, &rows, rarity));
    write_pairs(told, Some(&said), out)?;
    Ok(LinkSummary::of(rows.len(), &pairs, out))
}

/// Resolves one list from what all its [shards](link_shard) found: gives what [`resolve_list`](crate::resolve_list) gives, byte
/// for byte, however many they are.
///
/// # Errors
/// As [`link_shard`], and when a shard is missing, is there twice, or is of another list, other rarity or another programme.
pub fn resolve_shards(
    programme: &Programme,
    (list, rarity): (&Path, Option<&Rarity>),
    shards: &[PathBuf],
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let rows = held_rows(programme, list, &part(out, "list"))?;
    let places = places(&rows, list)?;
    let digest = digest(programme, &rows, rarity);
    let mut found = Vec::new();
    let mut read: BTreeSet<Shard> = BTreeSet::new();
    for path in shards {
        let fault = |why: String| PipelineError::ShardFile {
            path: path.clone(),
            why,
        };
        let list = |source| PipelineError::List {
            path: path.clone(),
            source,
        };
        let mut reader = csv::Reader::from_path(path).map_err(list)?;
        let head = reader.headers().map_err(list)?;
        let (shard, of) = head
            .iter()
            .next_back()
            .and_then(told)
            .ok_or_else(|| fault("no file of `link --shard`".to_owned()))?;
        if of != digest {
            return Err(fault(
                "made of another list, with other rarity or by another programme".to_owned(),
            ));
        }
        if !read.insert(shard) {
            return Err(fault(format!("shard {shard} is there twice")));
        }
        for row in reader.records() {
            let row = row.map_err(list)?;
            let place = |at: usize| {
                let id = row.get(at).unwrap_or_default();
                let known = places.get(id).copied();
                known.ok_or_else(|| fault(format!("no row of the list has the id '{id}'")))
            };
            found.push((place(0)?, place(1)?));
        }
    }
    let all: BTreeSet<Shard> = read.iter().flat_map(|shard| shard.siblings()).collect();
    if let Some(missing) = all.difference(&read).next() {
        return Err(PipelineError::MissingShard(missing.to_string()));
    }
    let matcher = Matcher::for_one_list(&programme.linkage);
    let found = matcher.resolve_found(&mentions(&rows), &found, rarity);
    write_clustering(programme, &rows, &found, out, is_explained)
}

/// The rows of a list by their ids, as they are written.
fn places(rows: &[ListedRow], list: &Path) -> Result<BTreeMap<String, usize>, PipelineError> {
    let mut places = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let id = inert_field(row.get(0).unwrap_or_default()).into_owned();
        if places.insert(id.clone(), at).is_some() {
            return Err(PipelineError::SameId {
                path: list.to_owned(),
                id,
            });
        }
    }
    Ok(places)
}

/// The last heading of a shard's file.
fn heading(shard: Shard, digest: &str) -> String {
    format!("shard {shard} of {digest}")
}

/// What the last heading of a shard's file says: which shard, of what.
fn told(heading: &str) -> Option<(Shard, &str)> {
    let (shard, digest) = heading.strip_prefix("shard ")?.split_once(" of ")?;
    Some((shard.parse().ok()?, digest))
}

/// A hash over all that the pairs of a list depend on.
fn digest(programme: &Programme, rows: &[ListedRow], rarity: Option<&Rarity>) -> String {
    let mut writer = Writer::from_writer(Vec::new());
    for row in rows {
        // Into memory, which does not fail.
        let _ = writer.write_record((0..7).map(|column| row.get(column).unwrap_or_default()));
    }
    let mut bytes = writer.into_inner().unwrap_or_default();
    bytes.extend(programme.hash.to_string().into_bytes());
    bytes.extend(rarity.map(rarity_text).unwrap_or_default().into_bytes());
    file_id(&bytes).short().to_owned()
}
