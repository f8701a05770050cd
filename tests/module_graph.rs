//! The arrows between the files of each crate: no circles, and from the jobs down to the nouns. And no name twice.

use crate::source_tree::{CrateTree, ModulePath, Taken, crates};
use std::collections::{BTreeMap, BTreeSet};

/// The rooms of a crate, the lowest first: a folder or a file below `src`. A file may use what lies in its own room
/// and in lower ones; `*` is all that has no room of its own. A crate that is not named here is one room.
const ROOMS: [(&str, &[&str]); 4] = [
    (
        "ingest",
        &[
            "limits",
            "legacy_encoding",
            "observe",
            "stored_value",
            "grid",
            "hidden",
            "formats",
            "*",
            "lib",
        ],
    ),
    (
        "report",
        &[
            "error",
            "display",
            "input",
            "paper",
            "formats",
            "sheets",
            "documents",
            "lib",
        ],
    ),
    (
        "pipeline",
        &[
            "error",
            "versions",
            "connected",
            "money",
            "signature",
            "text_column",
            "loaded_programme",
            "workspace",
            "identity",
            "snapshot",
            "support",
            "annual",
            "export",
            "intake",
            "jobs",
            "lib",
        ],
    ),
    (
        "tonghop",
        &[
            "catalogue",
            "exit",
            "error_words",
            "args",
            "help",
            "logging",
            "output",
            "panics",
            "progress",
            "open",
            "command",
            "main",
        ],
    ),
];

/// How many arrows of the whole workspace may run back up.
const MOST_BACK_ARROWS: usize = 8;

fn shown(module: &ModulePath) -> String {
    if module.is_empty() {
        "lib".to_owned()
    } else {
        module.join("/")
    }
}

/// The names that one file takes from another, in a line.
fn arrow(taken: &BTreeSet<Taken>, by: &ModulePath, from: &ModulePath) -> String {
    let names: Vec<&str> = taken
        .iter()
        .filter(|taken| taken.by == *by && taken.from == *from)
        .map(|taken| taken.name.as_str())
        .collect();
    format!("{} → {} ({})", shown(by), shown(from), names.join(", "))
}

/// The files that can be reached from each along arrows.
fn reached(taken: &BTreeSet<Taken>) -> BTreeMap<&ModulePath, BTreeSet<&ModulePath>> {
    let mut direct: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> = BTreeMap::new();
    for arrow in taken {
        direct.entry(&arrow.by).or_default().insert(&arrow.from);
    }
    let mut reached = BTreeMap::new();
    for &begin in direct.keys() {
        let (mut seen, mut open) = (BTreeSet::new(), vec![begin]);
        while let Some(at) = open.pop() {
            for &next in direct.get(at).into_iter().flatten() {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        reached.insert(begin, seen);
    }
    reached
}

/// Each circle of files, with the names that close it.
fn circles(tree: &CrateTree) -> Vec<String> {
    let taken = tree.taken();
    let reached = reached(&taken);
    let both_ways = |a: &ModulePath, b: &ModulePath| reached.get(a).is_some_and(|r| r.contains(b));
    let mut told: BTreeSet<&ModulePath> = BTreeSet::new();
    let mut circles = Vec::new();
    for module in tree.modules.keys() {
        if told.contains(module) || !both_ways(module, module) {
            continue;
        }
        let members: BTreeSet<&ModulePath> = tree
            .modules
            .keys()
            .filter(|other| both_ways(module, other) && both_ways(other, module))
            .collect();
        let mut lines = BTreeSet::new();
        for one in taken.iter().filter(|t| members.contains(&t.by)) {
            if members.contains(&one.from) {
                lines.insert(arrow(&taken, &one.by, &one.from));
            }
        }
        let names: Vec<String> = members.iter().map(|member| shown(member)).collect();
        circles.push(format!(
            "{}: {}\n    {}",
            tree.name,
            names.join(", "),
            Vec::from_iter(lines).join("\n    ")
        ));
        told.extend(members);
    }
    circles
}

/// The floor of a file, from its room's place in the list of its crate; an error if it has none.
fn floor(rooms: &[&str], tree: &CrateTree, module: &ModulePath) -> Result<usize, String> {
    let file = &tree.modules[module].file;
    let room = file.iter().next().unwrap().to_str().unwrap();
    let room = room.trim_end_matches(".rs");
    let of = |name| rooms.iter().position(|known| *known == name);
    of(room)
        .or_else(|| of("*"))
        .ok_or_else(|| format!("{}: src/{room} has no place in ROOMS", tree.name))
}

/// The arrows of a crate that run back up, and what has no room.
fn back_arrows(rooms: &[&str], tree: &CrateTree) -> (BTreeSet<String>, BTreeSet<String>) {
    let taken = tree.taken();
    let (mut back, mut homeless) = (BTreeSet::new(), BTreeSet::new());
    for one in &taken {
        match (floor(rooms, tree, &one.by), floor(rooms, tree, &one.from)) {
            (Ok(by), Ok(from)) if from > by => {
                let arrow = arrow(&taken, &one.by, &one.from);
                back.insert(format!("{}: {arrow}", tree.name));
            }
            (by, from) => homeless.extend(by.err().into_iter().chain(from.err())),
        }
    }
    (back, homeless)
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles: Vec<String> = crates().iter().flat_map(circles).collect();
    assert!(
        circles.is_empty(),
        "{} circles:\n{}",
        circles.len(),
        circles.join("\n")
    );
}

#[test]
fn arrows_run_from_higher_rooms_to_lower_ones() {
    let (mut back, mut homeless) = (BTreeSet::new(), BTreeSet::new());
    for tree in crates() {
        if let Some((_, rooms)) = ROOMS.iter().find(|(name, _)| *name == tree.name) {
            let (arrows, files) = back_arrows(rooms, &tree);
            back.extend(arrows);
            homeless.extend(files);
        }
    }
    assert!(
        homeless.is_empty(),
        "{}\n{}",
        Vec::from_iter(homeless).join("\n"),
        Vec::from_iter(back).join("\n")
    );
    assert!(
        back.len() <= MOST_BACK_ARROWS,
        "{} arrows run back up:\n{}",
        back.len(),
        Vec::from_iter(back).join("\n")
    );
}

#[test]
fn no_two_types_that_other_files_can_see_share_a_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tree in crates() {
        for module in tree.modules.values() {
            for name in &module.types {
                let place = format!("{}/{}", tree.name, module.file.display());
                places.entry(name.clone()).or_default().push(place);
            }
        }
    }
    let twice: Vec<String> = places
        .iter()
        .filter(|(_, places)| places.len() > 1)
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}
