//! What is read and counted today against what was stored when the versions were last raised.
//!
//! A change that reads another record raises [`READER_VERSION`], one that makes another figure raises
//! [`COUNTING_VERSION`]; then the results are stored again with
//! `TONGHOP_STORE_RESULTS=1 cargo test --workspace --test versions`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

use chrono::{DateTime, Utc};
use pipeline::{
    COUNTING_VERSION, Progress, READER_VERSION, ReportOrder, Variant, Workspace, report, run,
};
use polars::prelude::DataFrame;
use programme::{Form, Programme, Source};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const INBOXES: [&str; 3] = ["2022", "2023", "2024-Q4"];

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The name under which a column was first stored: one that is renamed holds no other values.
fn first_name(form: &Form, name: &str) -> String {
    for column in &form.columns {
        let beside = name.strip_prefix(&column.name);
        if let (Some(first), Some(beside)) = (column.formerly.first(), beside)
            && ["", "_last", "_words"].contains(&beside)
        {
            return format!("{first}{beside}");
        }
    }
    name.to_owned()
}

/// Every record of a frame, in one hash: the row's values, column by column, without those that name the file.
fn records_hash(form: &Form, frame: &DataFrame) -> String {
    let mut text = String::new();
    for column in frame
        .columns()
        .iter()
        .filter(|c| !["file", "record"].contains(&c.name().as_str()))
    {
        let values: Vec<String> = (0..frame.height())
            .map(|row| column.get(row).unwrap().to_string())
            .collect();
        let name = first_name(form, column.name());
        writeln!(text, "{name}: {}", values.join("\u{1f}")).unwrap();
    }
    ledger::file_id(text.as_bytes()).short().to_owned()
}

/// What is read from each workbook: its department and period, and of each table the rows, a hash of all records, and
/// the observations.
fn read_results() -> String {
    let programme = Programme::load(&Source::default_programme()).unwrap();
    let mut text = String::new();
    for inbox in INBOXES {
        for path in files(&root("tests/submissions").join(inbox).join("inbox")) {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let reading = ingest::read(&ledger::file_id(&bytes), &name, &bytes, &programme);
            let period = reading.period.map(|period| period.to_string());
            writeln!(text, "{name}: {:?} {period:?}", reading.department).unwrap();
            for table in &reading.tables {
                let hash = records_hash(programme.form(&table.form).unwrap(), &table.frame);
                writeln!(text, "  {} {} {hash}", table.form, table.frame.height()).unwrap();
            }
            let found: Vec<String> = reading
                .observations
                .iter()
                .map(|o| format!("{:?} {:?} {:?}", o.check, o.sheet, o.cells))
                .collect();
            let hash = ledger::file_id(found.join("\n").as_bytes());
            writeln!(text, "  observations {} {}", found.len(), hash.short()).unwrap();
        }
    }
    text
}

struct Silent;

impl Progress for Silent {
    fn begin(&self, _files: usize) {}
    fn read(&self, _name: &str) {}
    fn finish(&self) {}
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Every figure of the reports of some years, after one run over all inboxes.
fn figures() -> String {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::create(&folder.path().join("w"), None).unwrap();
    for inbox in INBOXES {
        let from = root("tests/submissions").join(inbox);
        for (from, to) in [
            ("inbox", workspace.inbox()),
            ("registers", workspace.registers()),
        ]
        .map(|(name, to)| (from.join(name), to))
        {
            for path in files(&from) {
                std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    run(&workspace, moment("2025-01-20T00:00:00Z"), &Silent).unwrap();
    let mut text = String::new();
    for (year, is_final) in [(2022, false), (2023, false), (2024, false), (2024, true)] {
        let variant = Variant {
            is_final,
            ..Variant::default()
        };
        let now = moment("2025-02-01T00:00:00Z");
        let order = ReportOrder {
            year,
            variant,
            as_of: None,
            stamp: None,
        };
        let made = report(&workspace, &order, now).unwrap();
        let json = std::fs::read(made.paths.figures).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        writeln!(text, "{year}{}", if is_final { " final" } else { "" }).unwrap();
        for (id, figure) in json["figures"].as_object().unwrap() {
            writeln!(text, "  {id} {}", figure["value"]).unwrap();
        }
    }
    text
}

/// Fails if results differ from those that are stored, and tells what to do.
fn compare(what: &str, version: u32, results: &str) {
    let path = root("tests/stored").join(format!("{what}.txt"));
    let current = format!("version {version}\n{results}");
    let stored = std::fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    let (stored_version, stored_results) = stored.split_once('\n').unwrap_or_default();
    let is_raised = stored_version != format!("version {version}");
    if stored == current {
        return;
    }
    if std::env::var_os("TONGHOP_STORE_RESULTS").is_some() && (is_raised || stored.is_empty()) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, current).unwrap();
        return;
    }
    let different = results
        .lines()
        .zip(stored_results.lines())
        .find(|(new, old)| new != old);
    let advice = match is_raised {
        false => format!("raise the {what} version (it is {version}), and store the results"),
        true => format!("the {what} version was raised to {version}: store the results"),
    };
    panic!("{what}: the results are not those stored; {advice}. First difference: {different:?}");
}

#[test]
fn records_are_those_of_the_reader_version() {
    compare("reader", READER_VERSION, &read_results());
}

#[test]
fn figures_are_those_of_the_counting_version() {
    compare("counting", COUNTING_VERSION, &figures());
}
