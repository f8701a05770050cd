//! Time runs forwards, and what is printed or signed is held against the ledger.

use crate::ledger::files_in;
use crate::office::{Answer, NOW, Office, budget, sheet_text, tonghop, tonghop_with};
use serde_json::Value;
use std::path::{Path, PathBuf};

const LATER: &str = "2023-12-05T09:00:00+07:00";

fn office_with_a_run() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget("1 | IV.2 | NSNN bảo đảm | 90 | 80 | 80"));
    office.run_ending(0);
    office
}

fn run(office: &Office, now: &str, more: &[&str]) -> Answer {
    tonghop(&[&["run", "-w", office.dir(), "--now", now], more].concat())
}

/// A draft of the report on 2023.
fn draft(office: &Office, more: &[&str]) -> Vec<u8> {
    let made = office.report("2023", more);
    std::fs::read(made.ending(0).json()["workbook"].as_str().unwrap()).unwrap()
}

/// The issued report of a workspace: its path and its bytes.
fn issued(office: &Office) -> (PathBuf, Vec<u8>) {
    let bytes = office.issue("2023", "12/BC-SKHCN", "2023-12-01", LATER);
    let mut files = files_in(&office.path("reports")).into_iter();
    let is_it = |path: &PathBuf| path.to_string_lossy().ends_with("so-12-bc-skhcn.xlsx");
    (files.find(is_it).unwrap(), bytes)
}

fn verify(office: &Office, more: &[&str]) -> (i32, Value) {
    let call = [&["verify", "-w", office.dir(), "--format", "json"], more].concat();
    let answer = tonghop(&call);
    (answer.code, answer.json())
}

/// What stands on the first page of a report behind a label.
fn on_cover(workbook: &[u8], label: &str) -> String {
    let text = sheet_text(workbook, "Bìa");
    let mut lines = text.lines().skip_while(|line| !line.starts_with(label));
    lines.nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_run_dated_before_the_last_is_refused_unless_it_is_said_why() {
    let office = office_with_a_run();
    let before = "2023-11-20T09:00:00+07:00";
    let more = budget("1 | IV.2 | NSNN bảo đảm | 50 | 40 | 40").replace("Xây dựng", "Công Thương");
    office.drop_workbook("b.xlsx", &more);
    let signed = {
        let (path, bytes) = issued(&office);
        assert!(!sheet_text(&bytes, "Bìa").contains("ngày lùi"));
        path
    };
    let refused = run(&office, before, &[]);
    refused.ending(2);
    assert!(refused.stderr.contains("--backdate"), "{}", refused.stderr);
    // Nothing of it was taken in.
    assert_eq!(verify(&office, &[]).1["originals"], 1);
    run(&office, before, &["--backdate", " "]).ending(2);
    run(&office, before, &["--backdate", "đồng hồ chạy sai"]).ending(0);
    let made = draft(&office, &[]);
    assert!(
        sheet_text(&made, "Bìa").contains("đồng hồ chạy sai"),
        "the report says so"
    );
    // What was signed is made again as it was.
    let (code, proved) = verify(&office, &[signed.to_str().unwrap()]);
    assert_eq!(
        (code, &proved["report"]["is_reproduced"]),
        (0, &true.into())
    );
}

#[test]
fn two_runs_of_one_second_are_two_moments() {
    let office = office_with_a_run();
    let first = draft(&office, &["--as-of", NOW]);
    let more = budget("1 | IV.2 | NSNN bảo đảm | 50 | 40 | 40").replace("Xây dựng", "Công Thương");
    office.drop_workbook("b.xlsx", &more);
    let second = office.run_ending(0);
    assert_eq!(second["at"], "2023-11-25T02:00:01Z");
    let then = |workbook: &[u8]| on_cover(workbook, "Số liệu tính đến");
    assert_eq!(then(&draft(&office, &["--as-of", NOW])), then(&first));
    assert_eq!(draft(&office, &["--as-of", NOW]), first);
    assert_ne!(draft(&office, &[]), first);
}

#[test]
fn the_codes_on_the_first_page_are_found_in_this_ledger_and_in_no_other() {
    let (office, other) = (office_with_a_run(), Office::new());
    other.drop_workbook("c.xlsx", &budget("1 | IV.2 | NSNN bảo đảm | 70 | 60 | 60"));
    other.run_ending(0);
    let (_, workbook) = issued(&office);
    let figures = on_cover(&workbook, "Mã đối chiếu số liệu");
    let log = on_cover(&workbook, "Mã đối chiếu sổ nhật ký");
    let (entry, head) = log.split_once(" · ").unwrap();
    assert_eq!((entry, figures.len(), head.len()), ("1", 39, 39));
    let found = |office: &Office, code: &str| {
        let (ended, found) = verify(office, &["--code", code]);
        let found = &found["code"];
        (
            ended,
            found["entry"]["id"].as_i64(),
            found["reports"].as_array().unwrap().len(),
        )
    };
    assert_eq!(found(&office, head), (0, Some(1), 0));
    assert_eq!(found(&office, &figures.to_uppercase()), (0, None, 1));
    assert_eq!(found(&other, head), (3, None, 0));
    assert_eq!(found(&other, &figures), (3, None, 0));
    tonghop(&["verify", "-w", office.dir(), "--code", "xyz"]).ending(2);
}

/// Makes a pair of keys without a password in a folder; gives the secret and the public one.
fn keys(folder: &Path) -> [String; 2] {
    let dir = folder.to_str().unwrap();
    tonghop(&["key", "--out", dir, "--no-password"]).ending(0);
    ["tonghop.key", "tonghop.pub"].map(|name| format!("{dir}/{name}"))
}

fn sign(office: &Office, report: &Path, key: &str) -> Answer {
    let report = report.to_str().unwrap();
    tonghop(&[
        "sign",
        "-w",
        office.dir(),
        report,
        "--key",
        key,
        "--now",
        LATER,
    ])
}

#[test]
fn an_issued_report_is_signed_and_each_change_of_it_or_its_signature_is_noticed() {
    let office = office_with_a_run();
    let outside = tempfile::tempdir().unwrap();
    let [secret, public] = keys(outside.path());
    let (path, bytes) = issued(&office);
    sign(&office, &path, &secret).ending(0);
    let report = path.to_str().unwrap();
    let signature = PathBuf::from(format!("{report}.minisig"));
    let proved = |more: &[&str]| {
        let (code, found) = verify(&office, &[&[report], more].concat());
        (code, found["report"]["signature"]["is_right"].as_bool())
    };
    let by_key = ["--public-key", &*public];
    assert_eq!(proved(&[]), (0, Some(true)));
    assert_eq!(proved(&by_key), (0, Some(true)));
    // Another's key.
    let [_, other] = keys(&outside.path().join("other"));
    assert_eq!(proved(&["--public-key", &other]), (3, Some(false)));
    // The signature is gone, or of something else.
    let kept = std::fs::read(&signature).unwrap();
    std::fs::remove_file(&signature).unwrap();
    assert_eq!(proved(&by_key), (3, None));
    std::fs::write(
        &signature,
        String::from_utf8(kept.clone())
            .unwrap()
            .replace("12/BC", "13/BC"),
    )
    .unwrap();
    assert_eq!(proved(&by_key), (3, Some(false)));
    std::fs::write(&signature, kept).unwrap();
    std::fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
    assert_eq!(proved(&by_key), (3, Some(false)));
}

#[test]
fn only_what_was_issued_is_signed_and_by_a_key_outside_the_workspace() {
    let office = office_with_a_run();
    let outside = tempfile::tempdir().unwrap();
    let [secret, _] = keys(outside.path());
    let trial = office.path("reports/draft.xlsx");
    std::fs::write(&trial, draft(&office, &[])).unwrap();
    sign(&office, &trial, &secret).ending(2);
    let (path, _) = issued(&office);
    let [inside, _] = keys(&office.path("keys"));
    let refused = sign(&office, &path, &inside);
    refused.ending(2);
    tonghop(&[
        "key",
        "--out",
        outside.path().to_str().unwrap(),
        "--no-password",
    ])
    .ending(2);
    // One with a password asks for it, and a wrong one does not do.
    let dir = outside.path().join("safe");
    let (dir, password) = (dir.to_str().unwrap(), "TONGHOP_KEY_PASSWORD");
    tonghop_with(&["key", "--out", dir], &[(password, "mật khẩu")]).ending(0);
    let key = format!("{dir}/tonghop.key");
    let call = [
        "sign",
        "-w",
        office.dir(),
        path.to_str().unwrap(),
        "--key",
        &key,
        "--now",
        LATER,
    ];
    tonghop_with(&call, &[(password, "khác")]).ending(2);
    tonghop_with(&call, &[(password, "mật khẩu")]).ending(0);
}

#[test]
fn a_ledger_that_was_written_anew_is_not_the_one_that_was_stamped() {
    let office = office_with_a_run();
    issued(&office);
    let outside = tempfile::tempdir().unwrap();
    let [secret, public] = keys(outside.path());
    let [_, other] = keys(&outside.path().join("other"));
    let stamp = outside.path().join("stamp.json");
    let stamp = stamp.to_str().unwrap();
    let made = tonghop(&[
        "stamp",
        "-w",
        office.dir(),
        "--out",
        stamp,
        "--key",
        &secret,
        "--now",
        LATER,
    ]);
    made.ending(0);
    assert!(Path::new(&format!("{stamp}.minisig")).exists());
    let kept = office.copy();
    // It may go on.
    let more = budget("1 | IV.2 | NSNN bảo đảm | 50 | 40 | 40").replace("Xây dựng", "Công Thương");
    office.drop_workbook("b.xlsx", &more);
    office.run_at_ending("2023-12-20T09:00:00+07:00", 0);
    let proved = |office: &Office| {
        let (code, found) = verify(office, &["--stamp", stamp]);
        (
            code,
            found["stamp"]["is_continued"].as_bool(),
            found["faults"].as_array().unwrap().len(),
        )
    };
    assert_eq!(proved(&office), (0, Some(true), 0));
    for (key, code) in [(public, 0), (other, 3)] {
        let (ended, found) = verify(&office, &["--stamp", stamp, "--public-key", &key]);
        let is_right = found["stamp"]["signature"]["is_right"].as_bool();
        assert_eq!((ended, is_right), (code, Some(code == 0)));
    }
    // One that was made anew from the same files, whole in itself, with another figure.
    std::fs::remove_dir_all(kept.path("ledger")).unwrap();
    kept.drop_workbook("a.xlsx", &budget("1 | IV.2 | NSNN bảo đảm | 90 | 80 | 70"));
    kept.run_ending(0);
    issued(&kept);
    assert_eq!(verify(&kept, &[]).0, 0);
    assert_eq!(proved(&kept), (3, Some(false), 0));
}
