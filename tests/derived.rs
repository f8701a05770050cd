//! What is kept to save work changes nothing, whether it is there, gone or damaged.

use crate::acceptance::folder;
use crate::ledger::{files_in, flip_a_byte, report, verify};
use crate::office::{Office, copy_folder};
use serde_json::Value;
use std::path::PathBuf;

fn derived(office: &Office) -> Vec<PathBuf> {
    files_in(&office.path("ledger/derived"))
}

/// What three inboxes came to, one after the other: what each run said, its questions, and the last report. Before
/// each run `disturb` may do what it likes.
fn run_through(disturb: impl Fn(&Office)) -> (Office, Vec<String>, Vec<Vec<u8>>) {
    let office = Office::new();
    let (mut said, mut written) = (Vec::new(), Vec::new());
    for (inbox, now) in [
        ("2022", "2022-12-10T00:00:00Z"),
        ("2023", "2023-12-10T00:00:00Z"),
        ("2024-Q4", "2024-12-10T00:00:00Z"),
    ] {
        copy_folder(&folder(inbox).join("inbox"), &office.path("inbox"));
        copy_folder(&folder(inbox).join("registers"), &office.path("registers"));
        disturb(&office);
        let run = office.run_at_ending(now, 4);
        said.push(without_paths(run, office.dir()));
        written.extend(
            files_in(&office.path("review"))
                .iter()
                .map(|path| std::fs::read(path).unwrap()),
        );
    }
    written.push(report(&office, &[]));
    (office, said, written)
}

fn without_paths(run: Value, folder: &str) -> String {
    run.to_string().replace(folder, "")
}

#[test]
fn what_is_kept_to_save_work_changes_nothing() {
    let (office, said, written) = run_through(|_| {});
    assert!(
        said.iter().any(|run| run.contains("\"class\"")),
        "nothing overlaps, which would try nothing"
    );
    // Two files a year, at least.
    assert!(derived(&office).len() >= 6, "{:?}", derived(&office));
    let forget = |office: &Office| {
        let _ = std::fs::remove_dir_all(office.path("ledger/derived"));
    };
    let (_, without, written_without) = run_through(forget);
    assert_eq!(without, said);
    assert!(written_without == written, "another review or report");
    let damage = |office: &Office| {
        if office.path("ledger/derived").exists() {
            derived(office).iter().for_each(|path| flip_a_byte(path));
        }
    };
    let (office, damaged, written_damaged) = run_through(damage);
    assert_eq!(damaged, said);
    assert!(written_damaged == written, "another review or report");

    // A damaged file is named, taken away, and made anew by the next run.
    flip_a_byte(&derived(&office)[0]);
    let (code, found) = verify(&office, None);
    assert_eq!(
        (
            code,
            &found["faults"][0]["what"],
            &found["faults"][0]["is_mended"]
        ),
        (0, &"derived".into(), &true.into())
    );
    assert_eq!(
        verify(&office, None).1["faults"].as_array().unwrap().len(),
        0
    );
}

/// What a run says and asks that nothing new came in for.
fn run_again(office: &Office, now: &str) -> (String, Vec<Vec<u8>>) {
    let (_, run) = office.run_at(now);
    let mut run = run;
    run["at"] = Value::Null;
    let review = files_in(&office.path("review"));
    let review = review.iter().map(|path| std::fs::read(path).unwrap());
    (without_paths(run, office.dir()), review.collect())
}

#[test]
fn a_run_that_changes_nothing_says_what_it_would_have_worked_out() {
    let (office, ..) = run_through(|_| {});
    let consequences = |office: &Office| {
        let files = derived(office).into_iter();
        let mut names = files.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        names.find(|name| name.starts_with("consequences-"))
    };
    // Everything that was sent is known by now.
    let now = "2024-12-10T01:00:00Z";
    let settled = run_again(&office, now);
    let kept = consequences(&office);
    assert!(kept.is_some(), "{:?}", derived(&office));
    let log = || std::fs::read(office.path("ledger/log.jsonl")).unwrap();
    let told = log();
    let from_kept = run_again(&office, now);
    assert_eq!(consequences(&office), kept);
    // Neither does a later one of the day leave anything behind.
    let later = run_again(&office, "2024-12-10T05:00:00Z");
    assert_eq!((later.0, log()), (from_kept.0.clone(), told));
    std::fs::remove_dir_all(office.path("ledger/derived")).unwrap();
    let worked_out = run_again(&office, now);
    assert_eq!(from_kept.0, settled.0);
    assert_eq!(worked_out.0, settled.0);
    assert!(
        from_kept.1 == settled.1 && worked_out.1 == settled.1,
        "another review"
    );
    assert_eq!(consequences(&office), kept);
    // A list that is taken away is an input like any other.
    std::fs::remove_dir_all(office.path("registers")).unwrap();
    std::fs::create_dir(office.path("registers")).unwrap();
    let without = run_again(&office, now);
    assert_ne!(consequences(&office), kept);
    assert_ne!(without.0, settled.0);
}
