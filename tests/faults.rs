//! No fault of the machine costs a row: what was broken off is finished by the next run, and gives the same bytes.

use crate::ledger::{files_in, report, verify};
use crate::office::{LIST, NOW, Office, budget, copy_folder, figure, tonghop, tonghop_with};
use crate::overlap::office_with_a_duplicate;
use crate::persons_words::{LATER, MORNING, fill_in, is_kept, workbook};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const ROW: &str = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";

fn drop_samples(office: &Office) {
    for path in files_in(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../samples/inbox"
    ))) {
        office.drop_file(
            path.file_name().unwrap().to_str().unwrap(),
            &std::fs::read(&path).unwrap(),
        );
    }
}

#[test]
fn killed_at_any_instant_the_next_run_finishes_the_work() {
    let undisturbed = Office::new();
    drop_samples(&undisturbed);
    let begun = std::time::Instant::now();
    let expected = undisturbed.run_ending(3);
    let whole = begun.elapsed();
    let expected_report = report(&undisturbed, &[]);
    let times = std::env::var("TONGHOP_KILLS").map_or(8, |times| times.parse().unwrap());
    for n in 0..times {
        let office = Office::new();
        drop_samples(&office);
        for again in 0..2 {
            let mut child = Command::new(env!("CARGO_BIN_EXE_tonghop"))
                .args(["run", "-w", office.dir(), "--now", crate::office::NOW])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(whole * (2 * n + again) / (2 * times) + Duration::from_millis(1));
            // The system's own end of a process, with no chance to tidy up.
            child.kill().unwrap();
            child.wait().unwrap();
        }
        // A row is held, whether it was taken in before the end came or is only now.
        let (code, run) = office.run();
        assert_eq!(code, 3, "{run}");
        assert_eq!(
            run["files"].as_array().unwrap().len(),
            expected["files"].as_array().unwrap().len()
        );
        assert_eq!(
            report(&office, &[]),
            expected_report,
            "killed at {n} of {times}"
        );
        assert_eq!(verify(&office, None).0, 0);
    }
}

/// Two workbooks, one with something to mend, and a list of another programme: all that a run writes is written.
fn office_with_all_kinds() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.b | NSNN hỗ trợ | 30 | 40 | 0").replace("Xây dựng", "Y tế"),
    );
    std::fs::write(office.path("registers/khac.xlsx"), testkit::workbook(LIST)).unwrap();
    office
}

#[test]
fn stopped_between_any_two_writes_the_next_run_finishes_the_work() {
    let undisturbed = office_with_all_kinds();
    let expected = undisturbed.run_ending(0);
    let expected_report = report(&undisturbed, &[]);
    let call = |office: &Office, point: usize| {
        let call = ["run", "-w", office.dir(), "--now", NOW];
        tonghop_with(&call, &[("TONGHOP_STOP_AT", &point.to_string())]).code
    };
    // A process that was stopped has no exit code.
    let count = (1..)
        .find(|&point| call(&office_with_all_kinds(), point) != -1)
        .unwrap()
        - 1;
    assert!(count > 20, "{count}");
    let every = std::env::var("TONGHOP_POINTS").map_or(5, |every| every.parse().unwrap());
    for point in (1..=count).step_by(every).chain([count - 1, count]) {
        let office = office_with_all_kinds();
        assert_eq!(call(&office, point), -1, "point {point} of {count}");
        let run = office.run_ending(0);
        assert_eq!(
            run["files"].as_array().unwrap().len(),
            expected["files"].as_array().unwrap().len()
        );
        assert_eq!(
            report(&office, &[]),
            expected_report,
            "stopped at point {point} of {count}"
        );
        assert_eq!(verify(&office, None).0, 0);
        for folder in ["ledger/originals", "ledger/facts", "returned/2023"] {
            let names = |office: &Office| {
                let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_owned();
                files_in(&office.path(folder))
                    .iter()
                    .map(name)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                names(&office),
                names(&undisturbed),
                "{folder} after point {point}"
            );
        }
    }
}

/// Files may not grow beyond some kilobytes, as where the disk is full: what is written fails.
#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_nothing_counts_until_there_is_room() {
    let office = office_with_all_kinds();
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec \"{}\" run -w \"{}\" --now {NOW}",
        env!("CARGO_BIN_EXE_tonghop"),
        office.dir()
    );
    let answer = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(
        answer.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&answer.stdout)
    );
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(
        said.contains("ledger") && !said.contains("panicked"),
        "{said}"
    );
    let undisturbed = office_with_all_kinds();
    undisturbed.run_ending(0);
    office.run_ending(0);
    assert_eq!(report(&office, &[]), report(&undisturbed, &[]));
    assert_eq!(verify(&office, None).0, 0);
}

/// Every so many places are tried, or every one that `TONGHOP_POINTS` says.
fn every(usual: usize) -> usize {
    std::env::var("TONGHOP_POINTS").map_or(usual, |every| every.parse().unwrap())
}

/// How many places a call passes, of those at which the machine may fail: the first number with which it ends as it should.
fn places(variable: &str, call: impl Fn(&[(&str, &str)]) -> bool) -> usize {
    let (mut passed, mut at_most) = (0, 128);
    while passed + 1 < at_most {
        let middle = (passed + at_most) / 2;
        match call(&[(variable, &middle.to_string())]) {
            true => at_most = middle,
            false => passed = middle,
        }
    }
    passed
}

const STOP: &str = "TONGHOP_STOP_AT";
const FULL: &str = "TONGHOP_FULL_AT";

/// A run that takes a person's answer out of the review workbook of the day, stopped between any two writes, or with a disk
/// that is full from any write on: the words are in the workbook or in the ledger, and the next run takes them.
#[test]
fn a_persons_words_outlive_any_fault_of_the_machine() {
    let prepared = office_with_a_duplicate();
    prepared.run_at_ending(MORNING, 4);
    let words = ["hai hỗ trợ khác nhau", "Hồ sơ số 5", "Nguyễn Văn An"];
    let written = fill_in(&prepared, words);
    prepared.drop_workbook("b.xlsx", &budget(ROW));
    let run = |office: &Office, env: &[(&str, &str)]| {
        tonghop_with(&["run", "-w", office.dir(), "--now", LATER], env)
    };
    let undisturbed = prepared.copy();
    run(&undisturbed, &[]).ending(0);
    let expected = report(&undisturbed, &[]);
    for variable in [STOP, FULL] {
        let count = places(variable, |env| run(&prepared.copy(), env).code == 0);
        assert!(count > 12, "{variable} {count}");
        for at in (1..=count).step_by(every(7)).chain([count]) {
            let office = prepared.copy();
            let ended = run(&office, &[(variable, &at.to_string())]);
            let of = format!("{variable} {at} of {count}");
            match variable {
                STOP => assert_eq!(ended.code, -1, "{of}"),
                _ => {
                    assert!([1, 75].contains(&ended.code), "{of}: {}", ended.stderr);
                    assert!(!ended.stderr.contains("panicked"), "{of}: {}", ended.stderr);
                }
            }
            let in_workbook = std::fs::read(workbook(&office)).is_ok_and(|it| it == written);
            assert!(in_workbook || is_kept(&office, &written), "{of}");
            let again = run(&office, &[]);
            again.ending(0);
            assert!(is_kept(&office, &written), "{of}");
            assert_eq!(report(&office, &[]), expected, "{of}");
            assert_eq!(verify(&office, None).0, 0, "{of}");
            let left = files_in(&office.path("review"));
            assert_eq!(left, [] as [std::path::PathBuf; 0], "{of}");
        }
    }
}

/// A report is issued whole or not at all: after any fault the same call issues it, or says that its number is in use, and the
/// workbook is the one that would have been issued without.
#[test]
fn a_report_is_issued_whole_or_not_at_all() {
    let prepared = Office::new();
    prepared.drop_workbook("a.xlsx", &budget(ROW));
    prepared.run_ending(0);
    let issue = |office: &Office, env: &[(&str, &str)]| {
        let call = [
            "report",
            "-w",
            office.dir(),
            "--year",
            "2023",
            "--issue",
            "--number",
            "7/BC",
            "--signed-on",
            "2023-11-26",
            "--now",
            NOW,
        ];
        tonghop_with(&call, env)
    };
    let undisturbed = prepared.copy();
    issue(&undisturbed, &[]).ending(0);
    let expected = undisturbed.workbook();
    for variable in [STOP, FULL] {
        let count = places(variable, |env| issue(&prepared.copy(), env).code == 0);
        assert!(count > 12, "{variable} {count}");
        for at in (1..=count).step_by(every(5)).chain([count - 1, count]) {
            let office = prepared.copy();
            let ended = issue(&office, &[(variable, &at.to_string())]);
            let of = format!("{variable} {at} of {count}: {}", ended.stderr);
            match variable {
                STOP => assert_eq!(ended.code, -1, "{of}"),
                _ => assert!(
                    ended.code == 1 && !ended.stderr.contains("panicked"),
                    "{of}"
                ),
            }
            assert!([0, 2].contains(&issue(&office, &[]).code), "{of}");
            assert_eq!(office.workbook(), expected, "{of}");
            let log = std::fs::read_to_string(office.path("ledger/log.jsonl")).unwrap();
            assert_eq!(log.matches("\"action\":\"issue\"").count(), 1, "{of}");
            let workbook = files_in(&office.path("reports"));
            let of_report = workbook
                .iter()
                .find(|path| path.extension().unwrap() == "xlsx");
            let (code, proof) = verify(&office, Some(of_report.unwrap()));
            assert_eq!(
                (code, &proof["report"]["state"]),
                (0, &"issued".into()),
                "{of}"
            );
        }
    }
}

#[test]
fn a_temporary_folder_that_takes_nothing_is_named() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_ending(0);
    let file = office.path("no-folder");
    std::fs::write(&file, "").unwrap();
    let gone = office.path("gone");
    for folder in [&file, &gone] {
        let folder = folder.to_str().unwrap();
        let env = ["TMPDIR", "TEMP", "TMP"].map(|name| (name, folder));
        let call = ["report", "-w", office.dir(), "--year", "2023"];
        let answer = tonghop_with(&call, &env);
        answer.ending(1);
        let said = &answer.stderr;
        assert!(
            said.contains(folder) && said.contains("Thư mục tạm"),
            "{said}"
        );
        // Nothing else that an operator does every day needs it.
        let call = ["run", "-w", office.dir(), "--now", NOW];
        tonghop_with(&call, &env).ending(0);
        let call = ["verify", "-w", office.dir()];
        tonghop_with(&call, &env).ending(0);
    }
    report(&office, &[]);
}

/// A disk that takes nothing more while the rows of a long sheet are written.
#[cfg(target_os = "linux")]
#[test]
fn a_temporary_folder_that_is_full_is_no_panic() {
    let office = Office::new();
    let rows: String = (1..900)
        .map(|at| format!("{at} | IV.2.a | NSNN bảo đảm | {at} | {at} | {at}\n"))
        .collect();
    office.drop_workbook("a.xlsx", &budget(&rows));
    let _ = office.run();
    // The temporary file is the first to reach such a size: the database and the log are there already.
    let script = format!(
        "trap '' XFSZ; ulimit -f 60; exec \"{}\" report -w \"{}\" --year 2023",
        env!("CARGO_BIN_EXE_tonghop"),
        office.dir()
    );
    let answer = Command::new("sh").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8(answer.stderr).unwrap();
    assert_eq!(answer.status.code(), Some(1), "{said}");
    assert!(
        said.starts_with("Lỗi: ") && !said.contains("panicked"),
        "{said}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_ending(0);
    // A file in the folder's place: what holds for every user, the superuser too.
    std::fs::remove_dir(office.path("reports")).unwrap();
    std::fs::write(office.path("reports"), "").unwrap();
    let answer = tonghop(&["report", "-w", office.dir(), "--year", "2023"]);
    assert_eq!(answer.code, 1);
    assert!(
        answer.stderr.contains("reports") && answer.stderr.contains("không ghi được"),
        "{}",
        answer.stderr
    );
    std::fs::remove_file(office.path("reports")).unwrap();
    report(&office, &[]);
}

#[test]
fn of_two_programs_on_one_workspace_one_says_so() {
    let office = Office::new();
    drop_samples(&office);
    let start = || {
        Command::new(env!("CARGO_BIN_EXE_tonghop"))
            .args(["run", "-w", office.dir(), "--now", NOW])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    };
    let codes = [start(), start(), start()].map(|mut child| child.wait().unwrap().code().unwrap());
    // The first to take the lock does the work (3: the samples hold a row back). The others find it locked, or come
    // after it and find nothing new: the row is held still.
    assert!(
        codes.contains(&3) && codes.iter().all(|code| [3, 75].contains(code)),
        "{codes:?}"
    );
    let log = std::fs::read_to_string(office.path("ledger/log.jsonl")).unwrap();
    assert_eq!(log.matches("\"action\":\"run\"").count(), 1);
    let undisturbed = Office::new();
    drop_samples(&undisturbed);
    undisturbed.run_ending(3);
    office.run_ending(3);
    assert_eq!(report(&office, &[]), report(&undisturbed, &[]));

    let lock = std::fs::File::options()
        .append(true)
        .open(office.path("ledger/lock"))
        .unwrap();
    lock.lock().unwrap();
    let answer = tonghop(&["run", "-w", office.dir(), "--lang", "en"]);
    assert_eq!(answer.code, 75);
    assert!(
        answer.stderr.contains("nother program"),
        "{}",
        answer.stderr
    );
    drop(lock);
    assert_eq!(tonghop(&["run", "-w", office.dir()]).code, 3);
}

#[test]
fn a_file_that_is_still_being_copied_waits() {
    let office = Office::new();
    let bytes = testkit::workbook(&budget(ROW));
    let path = office.path("inbox/a.xlsx");
    office.drop_file("b.xlsx.crdownload", &bytes);
    std::fs::write(&path, &bytes[..200]).unwrap();
    let (code, run) = std::thread::scope(|scope| {
        let copying = scope.spawn(|| {
            let mut file = std::fs::File::options().append(true).open(&path).unwrap();
            // As long as the program takes to start and look at the folder, and longer.
            for byte in bytes[200..].chunks(8).take(100) {
                file.write_all(byte).unwrap();
                std::thread::sleep(Duration::from_millis(60));
            }
        });
        let answer = office.run();
        copying.join().unwrap();
        answer
    });
    assert_eq!(
        (code, &run["locked"]),
        (75, &serde_json::json!(["a.xlsx", "b.xlsx.crdownload"]))
    );
    std::fs::write(&path, &bytes).unwrap();
    std::fs::rename(
        office.path("inbox/b.xlsx.crdownload"),
        office.path("inbox/b.xlsx"),
    )
    .unwrap();
    let (code, _) = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!(
        (code, figure(&office.figures("2023"), "budget_spent/2023")),
        (0, 80_000_000)
    );
}

#[test]
fn a_backup_is_a_copy_of_the_folder() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_ending(0);
    let then = report(&office, &[]);
    let copy = Office::new();
    copy_folder(Path::new(office.dir()), Path::new(copy.dir()));
    assert_eq!(report(&copy, &[]), then);
    assert_eq!(verify(&copy, None).0, 0);
}
