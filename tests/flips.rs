//! Bits that flip in the ledger: no command gives other figures or tells another state without a word, `verify` names the file
//! unless nothing reads the byte, and what it mended is what was there.
//!
//! `TONGHOP_FLIPS` says how many are tried in each kind of file, `TONGHOP_FLIPS_FROM` the number of the first; each is drawn from
//! its number alone.

use crate::ledger::{files_in, verify};
use crate::office::{Office, budget, read_json};
use crate::overlap::office_with_a_duplicate;
use crate::review_sheet::answer_pair;
use fastrand::Rng;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A workspace with a file of each kind, and what it tells.
static WHOLE: LazyLock<(Office, Told)> = LazyLock::new(|| {
    let office = office();
    let told = Told::by(&office.copy(), true);
    assert_eq!((told.reported.0, told.ran.0), (0, 0));
    (office, told)
});

/// What a workspace tells: of a report, and of a run that nothing new came in for, each with how it ended.
#[derive(Debug, PartialEq)]
struct Told {
    reported: (i32, Value),
    ran: (i32, Value),
}

impl Told {
    /// Whichever comes first may be what reads the changed byte, and the other what reads what followed from it.
    fn by(office: &Office, is_report_first: bool) -> Self {
        let before = is_report_first.then(|| reported(office));
        let (code, run) = office.run_at("2024-02-02T02:00:00Z");
        let told = ["state", "overlaps", "questions", "registers"];
        let told = told.map(|part| run[part].clone()).to_vec();
        Self {
            reported: before.unwrap_or_else(|| reported(office)),
            ran: (code, told.into()),
        }
    }

    /// Whether each command that ended as it would have tells what it would have told, and each other failed in words.
    fn is_no_other_than(&self, whole: &Self) -> bool {
        let is_told = |told: &(i32, Value), whole| told == whole || told.0 == 1;
        is_told(&self.reported, &whole.reported) && is_told(&self.ran, &whole.ran)
    }
}

/// How a report ends, and its figures.
fn reported(office: &Office) -> (i32, Value) {
    let answer = office.report("2023", &["--now", "2024-02-01T02:00:00Z"]);
    let figures = match answer.code {
        0 => read_json(&office.path("reports/figures.json"))["figures"].clone(),
        _ => Value::Null,
    };
    (answer.code, figures)
}

fn office() -> Office {
    let office = office_with_a_duplicate();
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60"),
    );
    let run = office.run_at_ending("2023-11-20T02:00:00Z", 4);
    let title = "Câu hỏi";
    answer_pair(
        title,
        &office,
        &run,
        "tra-loi.xlsx",
        "hai hỗ trợ khác nhau",
        "",
    );
    office.run_at_ending("2023-11-22T02:00:00Z", 0);
    office.issue("2023", "12/BC-SKHCN", "2023-12-01", "2023-12-01T02:00:00Z");
    office
}

/// The files of a kind, by the folder below the ledger that they are in.
fn files_of(office: &Office, kind: &str) -> Vec<PathBuf> {
    let path = office.path("ledger").join(kind);
    match path.is_dir() {
        true => files_in(&path),
        false => vec![path],
    }
}

/// Flips a bit of some file; the file and the place of the byte.
fn flip(files: &[PathBuf], random: &mut Rng) -> (PathBuf, usize) {
    let path = random.choice(files).unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let at = random.usize(..bytes.len());
    bytes[at] ^= 1 << random.u32(..8);
    std::fs::write(path, bytes).unwrap();
    (path.clone(), at)
}

fn is_named(found: &Value, path: &Path) -> bool {
    let faults = found["faults"].as_array().unwrap();
    faults.iter().any(|it| it["path"] == path.to_str().unwrap())
}

/// Tries flips in files of a kind; of how many `verify` said nothing.
fn try_flips(kind: &str) -> usize {
    let (whole, told) = &*WHOLE;
    let number = |name: &str| std::env::var(name).map(|it| it.parse().unwrap());
    let (first, times): (u64, u64) = (
        number("TONGHOP_FLIPS_FROM").unwrap_or(0),
        number("TONGHOP_FLIPS").unwrap_or(1),
    );
    let mut unread = 0;
    for number in first..first + times {
        let used = whole.copy();
        let place = flip(&files_of(&used, kind), &mut Rng::with_seed(number));
        let found = Told::by(&used, number.is_multiple_of(2));
        assert!(
            found.is_no_other_than(told),
            "{kind} {number} {place:?}: {found:?}"
        );
        let checked = whole.copy();
        let (path, at) = flip(&files_of(&checked, kind), &mut Rng::with_seed(number));
        let (code, found) = verify(&checked, None);
        let said = format!("{kind} {number}, byte {at} of {}: {found}", path.display());
        match is_named(&found, &path) {
            // An original is only in the ledger once it left the inbox.
            true => assert!(code == 0 || code == 3, "{said}"),
            false => {
                assert_eq!(code, 0, "{said}");
                unread += 1;
            }
        }
        if code == 0 {
            assert_eq!(reported(&checked), told.reported, "{said}");
        }
    }
    unread
}

#[test]
fn flips_in_the_database_change_nothing_unsaid() {
    // Free space of the database's pages holds nothing.
    let unread = try_flips("ledger.sqlite");
    println!("{unread} flips in bytes that nothing reads");
}

#[test]
fn flips_in_the_log_are_named() {
    assert_eq!(try_flips("log.jsonl"), 0);
}

#[test]
fn flips_in_originals_are_named() {
    assert_eq!(try_flips("originals"), 0);
}

#[test]
fn flips_in_records_are_named() {
    assert_eq!(try_flips("facts"), 0);
}

#[test]
fn flips_in_derived_data_are_named() {
    assert_eq!(try_flips("derived"), 0);
}
