//! Workbooks with what is right for each, as data: `tests/cases/README.md` says how they read.

mod domain;
mod reading;
mod written;

use crate::office::{Answer, Office};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What does not hold of a case; an error where the program could not be asked.
type Misses = Result<Vec<String>, String>;

/// A case: a name by which it is found, and what it is about.
trait Case: DeserializeOwned + Sync {
    /// The folder of its kind in `tests/cases`.
    const FOLDER: &str;

    fn id(&self) -> &str;

    fn what(&self) -> &str;

    /// Tries it in a new workspace.
    fn misses(&self, office: Office) -> Misses;
}

/// A file of a kind of cases.
fn file_of<C: Case>(within: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/cases")
        .join(C::FOLDER)
        .join(within)
}

fn cases<C: Case>() -> Vec<C> {
    let text = std::fs::read_to_string(file_of::<C>("expected.json")).unwrap();
    let cases: Vec<C> = serde_json::from_str(&text).unwrap();
    let ids: BTreeSet<&str> = cases.iter().map(C::id).collect();
    assert_eq!(ids.len(), cases.len(), "two cases have one id");
    cases
}

/// Tries all cases and names every one that fails, with why.
fn try_all<C: Case>() {
    let new = Office::new();
    let cases = cases::<C>();
    let failing: Vec<String> = cases
        .par_iter()
        .filter_map(|case| {
            let why = match case.misses(new.copy()) {
                Ok(misses) if misses.is_empty() => return None,
                Ok(misses) => misses.join("; "),
                Err(fault) => fault,
            };
            Some(format!("{} ({}): {why}", case.id(), case.what()))
        })
        .collect();
    assert!(
        failing.is_empty(),
        "{} of {} cases fail:\n{}",
        failing.len(),
        cases.len(),
        failing.join("\n")
    );
}

#[test]
fn workbooks_of_every_making_are_read_as_a_person_reads_them() {
    try_all::<reading::Case>();
}

#[test]
fn what_people_send_and_do_comes_to_what_was_worked_out_by_hand() {
    try_all::<domain::Case>();
}

/// A copy of a file in the inbox of a workspace, under a path of its own.
fn put(office: &Office, file: &Path, under: &str) -> Result<(), String> {
    let target = office.path("inbox").join(under);
    let folder = target.parent().unwrap_or(&target);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::copy(file, &target))
        .map(|_| ())
        .map_err(|fault| format!("{}: {fault}", file.display()))
}

/// What an answer says, if it is JSON that holds `entry`.
fn said(answer: &Answer, entry: &str) -> Result<Value, String> {
    serde_json::from_str::<Value>(&answer.stdout)
        .ok()
        .filter(|said| said.get(entry).is_some())
        .ok_or_else(|| {
            format!(
                "the program ended with {} and said no {entry}: {} {}",
                answer.code, answer.stdout, answer.stderr
            )
        })
}

/// The entries of a list; none of one that is missing.
fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A text; blank where there is none.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Makes the report of a year, and gives its figures.
fn figures(office: &Office, year: &str, now: &str) -> Result<Value, String> {
    let call = ["report", "-w", office.dir(), "--year", year, "--now", now];
    let answer = crate::office::tonghop(&call);
    let path = office.path("reports/figures.json");
    let text = std::fs::read_to_string(path).map_err(|fault| {
        format!(
            "no figures of {year}: {fault}: {}{}",
            answer.stdout, answer.stderr
        )
    })?;
    serde_json::from_str(&text).map_err(|fault| format!("figures of {year}: {fault}"))
}
