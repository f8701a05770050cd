//! The arrows between the crates, and the one home of each library.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// For each crate, which of ours it may use. A new arrow is a decision, made here.
const ARROWS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("vietext", &[]),
    ("programme", &["model", "vietext"]),
    ("ingest", &["model", "vietext", "programme"]),
    ("validate", &["model", "programme"]),
    ("link", &["model", "vietext"]),
    ("ledger", &["model"]),
    ("aggregate", &["model", "programme"]),
    ("report", &["model", "programme", "aggregate"]),
    (
        "pipeline",
        &[
            "model",
            "vietext",
            "programme",
            "ingest",
            "validate",
            "link",
            "ledger",
            "aggregate",
            "report",
        ],
    ),
    ("tonghop", &["model", "programme", "pipeline", "ledger"]),
    ("testkit", &[]),
];

/// Libraries with one home; the kit for tests and samples has its own ways of making workbooks.
const HOMES: [(&str, &[&str]); 10] = [
    ("calamine", &["ingest"]),
    ("rust_xlsxwriter", &["report", "testkit"]),
    ("rusqlite", &["ledger"]),
    ("toml", &["programme"]),
    ("sqlparser", &["programme"]),
    ("clap", &["tonghop"]),
    ("anyhow", &["tonghop"]),
    ("landlock", &["ingest"]),
    ("seccompiler", &["ingest"]),
    ("postcard", &["ingest"]),
];

fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let used = package["dependencies"].as_array().unwrap().iter();
            let used = used
                .filter(|d| d["kind"].is_null())
                .map(|d| d["name"].as_str().unwrap().to_owned());
            (package["name"].as_str().unwrap().to_owned(), used.collect())
        })
        .collect()
}

#[test]
fn crates_use_only_what_the_design_says() {
    let uses = uses();
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        uses.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        ours,
        "a crate is not in the design"
    );
    for (name, allowed) in ARROWS {
        for used in uses[name]
            .iter()
            .filter(|used| ours.contains(used.as_str()))
        {
            assert!(allowed.contains(&used.as_str()), "{name} uses {used}");
        }
    }
}

#[test]
fn libraries_have_one_home() {
    for (library, homes) in HOMES {
        for (name, used) in uses() {
            assert!(
                !used.contains(library) || homes.contains(&name.as_str()),
                "{name} uses {library}"
            );
        }
    }
}
