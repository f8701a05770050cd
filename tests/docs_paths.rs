//! What the pages for newcomers name exists: files and folders in code marks, and the targets of links.

use std::path::{Path, PathBuf};

const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"];

/// Folders whose names in code marks are paths of the tree; other paths are an operator's.
const FOLDERS: [&str; 6] = [
    "crates/",
    "docs/",
    "pipelines/",
    "samples/",
    "tests/",
    ".ci/",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The parts of a page in which a path is a path: outside of fenced blocks.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// Paths in code marks. `P/` is the folder of the programme (docs/architecture.md says so); of a pattern such as
/// `forms/FORM.toml` or `rules/*.toml` only the folder can be looked up.
fn named(prose: &str) -> Vec<String> {
    prose
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|text| match text.strip_prefix("P/") {
            Some(rest) => format!("pipelines/dong-nai-2021-2025/{rest}"),
            None => text.to_owned(),
        })
        .filter(|text| FOLDERS.iter().any(|folder| text.starts_with(folder)))
        .filter(|text| !text.contains([' ', '<', '…']))
        .map(|text| {
            let is_pattern =
                |part: &&str| part.contains('*') || part.starts_with(|c: char| c.is_uppercase());
            let parts: Vec<&str> = text
                .split('/')
                .take_while(|part| !is_pattern(part))
                .collect();
            parts.join("/")
        })
        .collect()
}

/// Targets of links within the tree.
fn linked(prose: &str) -> Vec<String> {
    prose
        .split("](")
        .skip(1)
        .map(|rest| rest.split([')', '#']).next().unwrap())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_the_pages_name_exists() {
    let mut missing = Vec::new();
    for page in PAGES {
        let path = root().join(page);
        let prose = prose(&std::fs::read_to_string(&path).unwrap());
        let named = named(&prose).into_iter().map(|name| root().join(name));
        let linked = linked(&prose).into_iter();
        let linked = linked.map(|target| path.parent().unwrap().join(target));
        for wanted in named.chain(linked) {
            if !wanted.exists() {
                missing.push(format!("{page}: {}", wanted.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn paths_are_told_from_other_code() {
    let page = "See `crates/model`, `P/forms/FORM.toml`, `pipelines/_base/rules/*.toml`, `ledger/facts`, `cargo test`,\n\
                [this](docs/rules.md#top) and [that](https://example.org/x).\n```text\n`crates/no`\n```\nEnd.";
    assert_eq!(
        named(&prose(page)),
        [
            "crates/model",
            "pipelines/dong-nai-2021-2025/forms",
            "pipelines/_base/rules"
        ]
    );
    assert_eq!(linked(&prose(page)), ["docs/rules.md"]);
}
