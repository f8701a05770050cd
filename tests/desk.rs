//! What the officer meets at his desk: help in Vietnamese, a run that is only tried, the page, the folder that is watched.

use crate::office::{Office, budget, program, tonghop, tonghop_with};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const ROW: &str = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40";

fn page(office: &Office) -> String {
    std::fs::read_to_string(office.path("tong-hop.html")).unwrap()
}

#[test]
fn errors_and_wrong_calls_are_told_in_the_operators_language() {
    let wrong = tonghop(&["rum"]);
    wrong.ending(2);
    assert!(
        wrong.stderr.contains("Không có lệnh này: rum"),
        "{}",
        wrong.stderr
    );
    let nowhere = tonghop(&["status", "-w", "khong-co"]);
    nowhere.ending(2);
    assert!(
        nowhere.stderr.contains("không phải thư mục làm việc"),
        "{}",
        nowhere.stderr
    );
    let english = tonghop_with(&["status", "-w", "khong-co"], &[("TONGHOP_LANG", "en")]);
    english.ending(2);
    assert!(
        english.stderr.contains("not a workspace"),
        "{}",
        english.stderr
    );
    let help = tonghop(&["help", "run"]);
    help.ending(0);
    assert!(
        help.stdout.contains("Cách dùng: tonghop run [TÙY_CHỌN]"),
        "{}",
        help.stdout
    );
}

#[test]
fn a_library_speaks_only_when_asked() {
    let office = Office::new();
    std::fs::write(office.path("tonghop.toml"), "khong_co = 1\n").unwrap();
    let quiet = tonghop(&["status", "-w", office.dir()]);
    quiet.ending(3);
    assert!(!quiet.stderr.contains("unknown"), "{}", quiet.stderr);
    let loud = tonghop(&["status", "-v", "-w", office.dir()]);
    assert!(
        loud.stderr.contains("Chi tiết: ") && loud.stderr.contains("khong_co"),
        "{}",
        loud.stderr
    );
}

#[test]
fn the_running_period_is_taken_and_told() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_ending(0);
    let status = tonghop(&["status", "-w", office.dir(), "--fail-on", "none"]);
    status.ending(0);
    assert!(status.stdout.starts_with("Kỳ: 2023 "), "{}", status.stdout);
    assert!(
        status.stdout.contains("Việc tiếp theo: "),
        "{}",
        status.stdout
    );
    let report = tonghop(&["report", "-w", office.dir(), "-q"]);
    report.ending(0);
    assert_eq!(report.stdout, "");
}

#[test]
fn a_run_that_is_tried_changes_nothing() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_ending(0);
    let before = page(&office);
    office.drop_workbook("b.xlsx", &budget(&ROW.replace("| 80 |", "| 70 |")));
    let call = [
        "run",
        "-w",
        office.dir(),
        "--now",
        "2023-11-26T09:00:00+07:00",
    ];
    let tried = tonghop(&[&call[..], &["--dry-run", "--format", "json"]].concat());
    let told = tried.json();
    let changed = told["figures"][0]["figures"].as_array().unwrap();
    let is_spent = |it: &&serde_json::Value| it["figure"] == "budget_spent/2023";
    let spent = changed.iter().find(is_spent).unwrap();
    assert!(
        spent["before"].as_i64() > spent["after"].as_i64(),
        "{spent}"
    );
    let log = tonghop(&["log", "-w", office.dir(), "--format", "json"]).json();
    assert_eq!(log["entries"].as_array().unwrap().len(), 1);
    assert_eq!(page(&office), before);
    assert!(!office.path(".chay-thu").exists());
}

#[test]
fn the_page_tells_the_state_and_is_the_same_for_the_same() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget("1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40\n2 | IV.2 | NSNN bảo đảm | 1 | ? | 1"),
    );
    let _ = office.run();
    let first = page(&office);
    for said in [
        "Việc cần làm tiếp",
        "Sở Công Thương",
        "a.xlsx",
        "Kỳ báo cáo: 2023",
        "dòng tạm giữ",
        "returned/2023/",
    ] {
        assert!(first.contains(said), "{said}");
    }
    // It asks nothing of a network, and runs nothing.
    for sign in ["http://", "https://", "<script", "%{", "{count}"] {
        assert!(!first.contains(sign), "{sign}");
    }
    let _ = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!(page(&office), first);
    // Each link leads to a file.
    let links = first
        .split("href=\"")
        .skip(1)
        .filter_map(|it| it.split('"').next());
    for link in links.filter(|it| !it.starts_with('#')) {
        assert!(office.path(link).is_file(), "{link}");
    }
    office.issue("2023", "1/BC", "2023-11-26", "2023-11-26T10:00:00+07:00");
    office.drop_workbook("b.xlsx", &budget(ROW));
    let _ = office.run_at("2023-11-27T09:00:00+07:00");
    let later = page(&office);
    assert!(
        later.contains("b.xlsx")
            && later.contains("reports/")
            && later.contains("phát hành số 1/BC"),
        "{later}"
    );
}

/// The program, watching; ended if a test fails.
struct Watching(Child);

impl Watching {
    fn begin(office: &Office) -> Self {
        let call = [
            "watch",
            "-w",
            office.dir(),
            "--every",
            "0.05",
            "--settle",
            "0.2",
        ];
        let child = Command::new(program())
            .args(call)
            .env_remove("TONGHOP_LANG")
            .stdout(Stdio::piped())
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Files come, come again, come under other names, are open and locked, and go; the program is killed and begins again. What counts in
/// the end is what was dropped, once.
#[cfg(unix)]
#[test]
fn a_watched_folder_loses_nothing_and_doubles_nothing() {
    let office = Office::new();
    let held = |name: &str| {
        let log = tonghop(&["log", "-w", office.dir(), "--format", "json"]);
        log.code == 0 && log.stdout.matches(name).count() >= 1
    };
    let mut watching = Watching::begin(&office);
    office.drop_workbook("a.xlsx", &budget(ROW));
    wait_until("a file is taken", || held("\"a.xlsx\""));
    // The same under another name, and one that goes before it lies still.
    std::fs::copy(office.path("inbox/a.xlsx"), office.path("inbox/a (1).xlsx")).unwrap();
    office.drop_file("di.xlsx", b"PK");
    std::fs::remove_file(office.path("inbox/di.xlsx")).unwrap();
    // The folder goes and comes back, as a share does.
    std::fs::rename(office.path("inbox"), office.path("inbox-xa")).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let _ = std::fs::remove_dir(office.path("inbox"));
    std::fs::rename(office.path("inbox-xa"), office.path("inbox")).unwrap();
    // Killed while it may be at work, and begun again.
    office.drop_workbook("b.xlsx", &budget(&ROW.replace("| 80 |", "| 70 |")));
    std::thread::sleep(Duration::from_millis(300));
    watching.0.kill().unwrap();
    watching.0.wait().unwrap();
    let mut watching = Watching::begin(&office);
    wait_until("the other file is taken", || held("\"b.xlsx\""));
    wait_until("the page is fresh", || page(&office).contains("b.xlsx"));
    let pid = watching.0.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    let ended = watching.0.wait().unwrap();
    assert!(ended.success(), "{ended}");
    let log = tonghop(&["log", "-w", office.dir(), "--format", "json"]).json();
    let entries = log["entries"].as_array().unwrap();
    let taken: Vec<&serde_json::Value> = entries
        .iter()
        .flat_map(|entry| entry["files"].as_array().unwrap())
        .map(|file| &file["file"])
        .collect();
    assert_eq!(taken, ["a.xlsx", "b.xlsx"]);
    tonghop(&["verify", "-w", office.dir()]).ending(0);
}
