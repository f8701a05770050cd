//! What the ledger keeps, and that no fault of the machine costs a row.

use crate::office::{Answer, LIST, Office, budget, sheet_text, sheets, tonghop};
use crate::review_sheet::let_replace;
use serde_json::Value;
use std::path::{Path, PathBuf};

const RESTATED: &str = "Điều chỉnh";
const ROW: &str = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";

fn office_with_a_report() -> Office {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    office.run_at_ending("2023-11-25T02:00:00Z", 0);
    report(&office, &[]);
    office
}

/// Calls for the report on 2023.
fn ask_report(office: &Office, more: &[&str]) -> Answer {
    let mut call = vec!["report", "-w", office.dir(), "--year", "2023"];
    call.extend(more);
    if !more.contains(&"--now") {
        call.extend(["--now", "2024-01-05T00:00:00Z"]);
    }
    tonghop(&call)
}

pub(crate) fn report(office: &Office, more: &[&str]) -> Vec<u8> {
    ask_report(office, more).ending(0);
    office.workbook()
}

/// Issues the report on 2023 at a moment, signed on 5 January 2024; its workbook.
fn issue(office: &Office, number: &str, now: &str) -> Vec<u8> {
    office.issue("2023", number, "2024-01-05", now)
}

fn withdraw(office: &Office, number: &str, now: &str) -> i32 {
    let call = [
        "report",
        "-w",
        office.dir(),
        "--withdraw",
        number,
        "--reason",
        "sai số",
        "--now",
        now,
    ];
    tonghop(&call).code
}

/// Loses all records that the ledger keeps, and finds that `verify` makes them again from the files they came from.
pub(crate) fn lose_and_restore_records(office: &Office) {
    for facts in files_in(&office.path("ledger/facts")) {
        std::fs::remove_file(facts).unwrap();
    }
    let (_, found) = verify(office, None);
    assert!(!found["faults"].as_array().unwrap().is_empty(), "{found}");
    assert_eq!(verify(office, None).0, 0);
}

/// What the first page of the newest draft says of what was issued before.
fn restated(office: &Office, now: &str) -> String {
    let made = ask_report(office, &["--now", now, "--format", "json"]);
    let made = made.ending(0).json();
    let workbook = std::fs::read(made["workbook"].as_str().unwrap()).unwrap();
    let cover = sheet_text(&workbook, "Bìa");
    let mut lines = cover.lines();
    lines
        .find(|line| line.starts_with("Điều chỉnh so với"))
        .unwrap();
    lines.next().unwrap().to_owned()
}

#[test]
fn a_draft_is_the_base_of_nothing_and_what_was_issued_is_until_it_is_withdrawn() {
    let office = office_with_a_report();
    let draft = office.workbook();
    let office_changes = |amount: &str, now: &str| {
        let row = ROW.replace("| 80 |", &format!("| {amount} |"));
        office.drop_workbook(&format!("{amount}.xlsx"), &budget(&row));
        office.run_at_ending(now, 0);
    };
    office_changes("85", "2024-01-10T00:00:00Z");
    assert_eq!(
        restated(&office, "2024-01-11T00:00:00Z"),
        "Chưa có báo cáo phát hành để so sánh"
    );
    let first = issue(&office, "12/BC-SKHCN", "2024-01-12T00:00:00Z");
    assert_eq!(
        restated(&office, "2024-01-13T00:00:00Z"),
        "Không có (báo cáo số 12/BC-SKHCN ngày 05/01/2024)"
    );
    let row = ROW.replace("| 80 |", "| 90 |");
    office.drop_workbook("90.xlsx", &budget(&row));
    let run = office.run_at_ending("2024-01-14T00:00:00Z", 3);
    let_replace(&office, &run, "2024-01-14T01:00:00Z");
    assert!(restated(&office, "2024-01-15T00:00:00Z").starts_with("1 số liệu"));
    // A number is used once, and only what was issued is taken back.
    let again = [
        "report",
        "-w",
        office.dir(),
        "--year",
        "2023",
        "--issue",
        "--number",
        "012/bc-skhcn",
        "--signed-on",
        "2024-01-15",
    ];
    tonghop(&again).ending(2);
    assert_eq!(withdraw(&office, "13/BC-SKHCN", "2024-01-16T00:00:00Z"), 2);
    assert_eq!(withdraw(&office, "12/BC-SKHCN", "2024-01-16T00:00:00Z"), 0);
    assert_eq!(withdraw(&office, "12/BC-SKHCN", "2024-01-17T00:00:00Z"), 2);
    assert_eq!(
        restated(&office, "2024-01-18T00:00:00Z"),
        "Chưa có báo cáo phát hành để so sánh"
    );
    // All of them are proved, and each says what it is.
    for (workbook, state) in [(draft, "draft"), (first, "withdrawn")] {
        let path = office.path("report.xlsx");
        std::fs::write(&path, workbook).unwrap();
        let (code, found) = verify(&office, Some(&path));
        assert_eq!(
            (code, &found["report"]["state"]),
            (0, &state.into()),
            "{found}"
        );
        assert_eq!(found["report"]["is_reproduced"], true);
    }
    let path = office.path("report.xlsx");
    let (_, found) = verify(&office, Some(&path));
    assert_eq!(found["report"]["issued"]["number"], "12/BC-SKHCN");
    assert_eq!(found["report"]["reason"], "sai số");
}

#[test]
fn every_page_of_a_draft_says_so_and_of_what_is_issued_its_number() {
    let office = office_with_a_report();
    let draft = office.workbook();
    let issued = issue(&office, "12/BC-SKHCN", "2024-01-12T00:00:00Z");
    for (workbook, mark, not) in [
        (draft, "DỰ THẢO", "12/BC-SKHCN"),
        (issued, "12/BC-SKHCN", "DỰ THẢO"),
    ] {
        for sheet in sheets(&workbook) {
            let text = sheet_text(&workbook, &sheet);
            assert!(text.contains(mark), "{sheet}: {text}");
            assert!(!text.contains(not), "{sheet}: {text}");
        }
    }
    // The draft beside it is not written over.
    let names = files_in(&office.path("reports")).len();
    assert_eq!(
        names, 11,
        "workbook, page, two letters and figures twice, and figures.json"
    );
}

pub(crate) fn verify(office: &Office, report: Option<&Path>) -> (i32, Value) {
    let mut call = vec![
        "verify",
        "-w",
        office.dir(),
        "--now",
        "2024-02-01T00:00:00Z",
        "--format",
        "json",
    ];
    call.extend(report.and_then(Path::to_str));
    let answer = tonghop(&call);
    (answer.code, answer.json())
}

pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

pub(crate) fn flip_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_report_that_was_made_is_proved_and_another_is_not() {
    let office = office_with_a_report();
    let issued = office
        .path("reports")
        .join("bao-cao-nang-suat-chat-luong-dong-nai-2023.xlsx");
    let (code, found) = verify(&office, Some(&issued));
    assert_eq!(
        (code, &found["report"]["is_reproduced"]),
        (0, &true.into()),
        "{found}"
    );
    let report_found = &found["report"];
    assert_eq!(report_found["made_at"], "2024-01-05T00:00:00Z");
    assert_eq!(report_found["state"], "draft");
    // Written once more later, it is still the one that was made then.
    report(&office, &["--as-of", "2023-11-25T02:00:00Z"]);
    assert_eq!(
        verify(&office, Some(&issued)).1["report"]["made_at"],
        "2024-01-05T00:00:00Z"
    );
    flip_a_byte(&issued);
    let (code, found) = verify(&office, Some(&issued));
    assert_eq!((code, &found["report"]["made_at"]), (3, &Value::Null));
    assert_eq!(found["report"]["state"], "unknown");
}

#[test]
fn a_flipped_byte_is_found_and_what_can_be_rebuilt_is_rebuilt() {
    let office = office_with_a_report();
    let then = office.workbook();
    let (code, found) = verify(&office, None);
    assert_eq!(
        (code, found["faults"].as_array().unwrap().len()),
        (0, 0),
        "{found}"
    );
    let (facts, originals) = (
        files_in(&office.path("ledger/facts")),
        files_in(&office.path("ledger/originals")),
    );
    assert!(!facts.is_empty() && originals.len() == 1);
    for path in facts.iter().chain(&originals) {
        flip_a_byte(path);
        let (code, found) = verify(&office, None);
        let faults = found["faults"].as_array().unwrap();
        assert_eq!(
            (code, faults.len(), &faults[0]["is_mended"]),
            (0, 1, &true.into()),
            "{found}"
        );
        assert_eq!(faults[0]["path"], path.to_str().unwrap());
        std::fs::remove_file(path).unwrap();
        assert_eq!(verify(&office, None).1["faults"][0]["damage"], "missing");
        assert_eq!(verify(&office, None).0, 0);
    }
    assert_eq!(then, report(&office, &[]));
    // Nothing else has the original: it is named, and stays a fault.
    std::fs::remove_file(office.path("inbox/a.xlsx")).unwrap();
    flip_a_byte(&originals[0]);
    let (code, found) = verify(&office, None);
    assert_eq!(
        (
            code,
            &found["faults"][0]["is_mended"],
            &found["faults"][0]["what"]
        ),
        (3, &false.into(), &"original".into())
    );
}

/// Writes something of the same length into a file of the ledger; what stood there must be there.
fn replace_bytes(path: &Path, from: &str, to: &str) {
    let bytes = std::fs::read(path).unwrap();
    let mut changed = bytes.clone();
    for at in 0..=bytes.len() - from.len() {
        if bytes[at..].starts_with(from.as_bytes()) {
            changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        }
    }
    assert_ne!(bytes, changed, "{from}");
    std::fs::write(path, changed).unwrap();
}

#[test]
fn what_is_not_as_it_was_written_stops_the_report_and_the_run_until_it_is_mended() {
    let office = office_with_a_report();
    let register = office.path("registers/khac.xlsx");
    std::fs::write(&register, testkit::workbook(LIST)).unwrap();
    office.run_at_ending("2023-11-26T02:00:00Z", 0);
    let then = report(&office, &[]);
    let database = office.path("ledger/ledger.sqlite");
    let facts = files_in(&office.path("ledger/facts")).remove(0);
    let original = office
        .path("ledger/originals")
        .join(ledger::file_id(&std::fs::read(&register).unwrap()).0);
    let damages: [(&Path, &dyn Fn()); 4] = [
        (&database, &|| replace_bytes(&database, "a.xlsx", "b.xlsx")),
        (&database, &|| {
            replace_bytes(&database, "2023-11-26T02", "2022-11-26T02")
        }),
        (&facts, &|| flip_a_byte(&facts)),
        (&original, &|| flip_a_byte(&original)),
    ];
    for (path, damage) in damages {
        damage();
        let answer = ask_report(&office, &[]);
        let name = path.file_name().unwrap().to_str().unwrap();
        assert_eq!(answer.code, 1, "{name}: {}{}", answer.stdout, answer.stderr);
        assert!(answer.stderr.contains(name), "{}", answer.stderr);
        assert!(
            answer.stderr.contains("không còn như lúc ghi"),
            "{}",
            answer.stderr
        );
        let (code, found) = verify(&office, None);
        assert_eq!(code, 0, "{found}");
        assert_eq!(found["faults"][0]["is_mended"], true, "{found}");
        assert_eq!(report(&office, &[]), then, "{name}");
    }
}

#[test]
fn a_lost_database_is_made_again_from_the_log_and_a_lost_log_from_the_database() {
    let office = office_with_a_report();
    issue(&office, "12/BC-SKHCN", "2024-01-12T00:00:00Z");
    let (then, log) = (report(&office, &[]), office.path("ledger/log.jsonl"));
    let text = std::fs::read(&log).unwrap();
    std::fs::remove_file(office.path("ledger/ledger.sqlite")).unwrap();
    assert_eq!(report(&office, &[]), then);
    assert_eq!(verify(&office, None).1["faults"], serde_json::json!([]));
    std::fs::remove_file(&log).unwrap();
    let answer = tonghop(&["run", "-w", office.dir(), "--now", "2024-01-20T00:00:00Z"]);
    assert_eq!(answer.code, 1, "{}", answer.stdout);
    let (code, found) = verify(&office, None);
    assert_eq!(
        (code, &found["faults"][0]["is_mended"]),
        (0, &true.into()),
        "{found}"
    );
    // The repair is one entry more.
    assert!(std::fs::read(&log).unwrap().starts_with(&text));
    assert_eq!(report(&office, &[]), then);
}

#[test]
fn a_day_is_meant_up_to_its_end_and_nobody_reports_what_will_be_known() {
    let office = office_with_a_report();
    let then = report(&office, &["--as-of", "2023-11-25T16:59:59Z"]);
    // The clock in Việt Nam is seven hours ahead.
    for day in ["25/11/2023", "2023-11-25"] {
        assert_eq!(report(&office, &["--as-of", day]), then);
    }
    let ahead = |as_of: &str| ask_report(&office, &["--as-of", as_of, "--now", "2024-01-05"]).code;
    assert_eq!(
        [ahead("2024-01-05"), ahead("06/01/2024"), ahead("5/1")],
        [0, 2, 2]
    );
}

#[test]
fn a_past_day_is_shown_by_the_programme_of_that_day() {
    let office = office_with_a_report();
    let then = report(&office, &["--as-of", "2023-11-26T00:00:00Z"]);
    office.change_programme(
        "programme",
        &[("report.toml", "BÁO CÁO TỔNG HỢP NĂM", "BÁO CÁO NĂM")],
    );
    office.set("programme = \"programme\"\n");
    assert_ne!(then, report(&office, &[]));
    assert_eq!(then, report(&office, &["--as-of", "2023-11-26T00:00:00Z"]));
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 90 | 60"),
    );
    office.run_at_ending("2023-12-25T02:00:00Z", 0);
    assert_eq!(then, report(&office, &["--as-of", "2023-11-26T00:00:00Z"]));
    let issued = office.path("issued.xlsx");
    std::fs::write(&issued, &then).unwrap();
    assert_eq!(verify(&office, Some(&issued)).0, 0);
}

fn diff(office: &Office, call: &[&str]) -> Value {
    let mut all = vec!["diff", "-w", office.dir(), "--format", "json"];
    all.extend(call);
    let answer = tonghop(&all);
    assert_eq!(answer.code, 0, "{}{}", answer.stdout, answer.stderr);
    answer.json()
}

#[test]
fn scenario_5_what_a_corrected_file_changes_is_shown_case_by_case() {
    let office = Office::new();
    let rows = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60\n2 | IV.1.a | NSNN bảo đảm | 10 | 10 | 10\n3 | IV.1.b | NSNN bảo đảm | 7 | 7 | 7";
    office.drop_workbook("a.xlsx", &budget(rows));
    office.run_at_ending("2023-11-25T02:00:00Z", 0);
    // Other order, one amount corrected, one task taken out and one put in.
    let rows = "1 | IV.2.b | NSNN bảo đảm | 5 | 5 | 5\n2 | IV.1.a | NSNN bảo đảm | 10 | 10 | 10\n3 | IV.2.a | NSNN bảo đảm | 100 | 90 | 60";
    office.drop_workbook("b.xlsx", &budget(rows));
    office.run_at_ending("2023-11-26T02:00:00Z", 0);
    let found = diff(&office, &["a.xlsx", "b.xlsx"]);
    let cases = found["cases"].as_array().unwrap();
    let budget: Vec<&Value> = cases
        .iter()
        .filter(|case| case["form"] == "budget")
        .collect();
    let changes: Vec<&str> = budget
        .iter()
        .map(|case| case["change"].as_str().unwrap())
        .collect();
    assert_eq!(changes, ["added", "changed", "removed"], "{found}");
    assert_eq!(
        budget[1]["columns"],
        serde_json::json!([["spent", "80000000", "90000000"]])
    );
    assert_ne!(budget[1]["row_before"], budget[1]["row_after"]);
    assert_eq!(
        tonghop(&["diff", "-w", office.dir(), "a.xlsx", "c.xlsx"]).code,
        2
    );
}

#[test]
fn scenario_17_a_figure_that_changed_names_the_cells_and_the_cause() {
    let office = office_with_a_report();
    let then = report(&office, &["--as-of", "2023-11-25T12:00:00Z"]);
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 90 | 60"),
    );
    office.run_at_ending("2023-12-25T02:00:00Z", 0);
    assert_eq!(then, report(&office, &["--as-of", "2023-11-25T12:00:00Z"]));
    let found = diff(
        &office,
        &["--year", "2023", "--from", "2023-11-25T12:00:00Z"],
    );
    let figures = found["figures"].as_array().unwrap();
    let of = |id: &str| {
        figures
            .iter()
            .find(|change| change["figure"] == id)
            .unwrap_or_else(|| panic!("{id}: {found}"))
    };
    let total = of("budget_spent/2023");
    assert_eq!(
        (&total["before"], &total["after"]),
        (&80_000_000.into(), &90_000_000.into())
    );
    let values = total["values"].as_array().unwrap();
    assert_eq!(values.len(), 2);
    for (value, file, is_added) in [(&values[0], "a.xlsx", false), (&values[1], "b.xlsx", true)] {
        assert_eq!(
            (&value["file"], &value["is_added"], &value["cause"]),
            (&file.into(), &is_added.into(), &"correction".into())
        );
    }
    assert!(figures.iter().all(|change| {
        !change["figure"]
            .as_str()
            .unwrap()
            .starts_with("budget_planned")
    }));

    // Set aside: gone for that reason.
    tonghop(&[
        "set-aside",
        "-w",
        office.dir(),
        "b.xlsx",
        "--reason",
        "nhầm",
        "--now",
        "2024-01-02T00:00:00Z",
    ])
    .ending(0);
    let found = diff(
        &office,
        &["--year", "2023", "--from", "2023-12-26T00:00:00Z"],
    );
    let causes: Vec<&Value> = found["figures"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| &value["cause"])
        .collect();
    assert!(causes.contains(&&"set_aside".into()), "{found}");
    assert_eq!(
        diff(
            &office,
            &["--year", "2023", "--from", "2024-02-01T00:00:00Z"]
        )["figures"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn scenario_17_a_new_report_restates_the_one_that_was_issued() {
    let office = office_with_a_report();
    let first = issue(&office, "12/BC-SKHCN", "2024-01-08T00:00:00Z");
    assert!(!sheets(&first).contains(&RESTATED.to_owned()));
    // A correction after the report was issued: the cells of both versions, the cause, the issued report's hash.
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2.a | NSNN bảo đảm | 100 | 95 | 60"),
    );
    let run = office.run_at_ending("2024-03-01T02:00:00Z", 3);
    let_replace(&office, &run, "2024-03-01T03:00:00Z");
    let second = report(&office, &["--now", "2024-03-02T00:00:00Z"]);
    let text = sheet_text(&second, RESTATED);
    for told in [
        "budget_spent/2023",
        "80000000",
        "95000000",
        "15000000",
        "a.xlsx",
        "b.xlsx",
        "E4",
        "Báo cáo sửa lại",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("budget_planned"), "{text}");
    assert!(
        sheet_text(&second, "Bìa")
            .contains("1 số liệu, so với báo cáo số liệu đến 25/11/2023 09:00 (báo cáo số 12/BC-SKHCN ngày 05/01/2024)")
    );
    // Both are proved, and neither is changed by what is issued after it.
    report(
        &office,
        &[
            "--now",
            "2024-03-03T00:00:00Z",
            "--as-of",
            "2024-02-01T00:00:00Z",
        ],
    );
    for issued in [first, second] {
        let path = office.path("issued.xlsx");
        std::fs::write(&path, issued).unwrap();
        assert_eq!(
            verify(&office, Some(&path)).1["report"]["is_reproduced"],
            true
        );
    }
}

#[test]
fn a_department_of_which_nothing_stands_gets_a_reminder() {
    let office = office_with_a_report();
    let status = || office.status("2023").json();
    let of = |status: &Value, code: &str| {
        let all = status["departments"].as_array().unwrap();
        all.iter()
            .find(|department| department["department"] == code)
            .unwrap()
            .clone()
    };
    let found = status();
    assert_eq!(
        (&of(&found, "SXD")["state"], &of(&found, "SXD")["reminder"]),
        (&"received".into(), &Value::Null)
    );
    let reminder = of(&found, "SYT")["reminder"].as_str().unwrap().to_owned();
    assert!(
        reminder.contains("Sở Y tế") && reminder.contains("trước ngày 30/11/2023"),
        "{reminder}"
    );
    tonghop(&[
        "set-aside",
        "-w",
        office.dir(),
        "a.xlsx",
        "--reason",
        "nhầm",
        "--now",
        "2024-01-02T00:00:00Z",
    ])
    .ending(0);
    assert_eq!(of(&status(), "SXD")["state"], "set_aside");
    // A quarter's day is the office's own.
    let quarter = |office: &Office| office.status("2023-Q1").json()["deadline"].clone();
    assert_eq!(quarter(&office), Value::Null);
    std::fs::write(office.path("tonghop.toml"), "quarter_deadline_days = 15\n").unwrap();
    assert_eq!(quarter(&office), "2023-04-15");
}

#[test]
fn a_column_that_came_later_leaves_what_was_kept_before_readable() {
    let office = office_with_a_report();
    let then = report(&office, &["--as-of", "2023-11-26T00:00:00Z"]);
    let spent = "{ name = \"spent\",";
    let later =
        "{ name = \"approved\", heading = \"Đã duyệt\", type = \"money\" },\n  { name = \"spent\",";
    office.change_programme("programme", &[("forms/budget.toml", spent, later)]);
    office.set("programme = \"programme\"\n");
    // Figures and cells of what was read before the column came are what they were.
    assert_eq!(
        crate::office::figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
    let parts = office.parts("budget_spent/2023");
    let cells: Vec<&str> = parts.iter().filter_map(|it| it["cell"].as_str()).collect();
    assert!(cells.contains(&"E4"), "{cells:?}");
    assert_eq!(then, report(&office, &["--as-of", "2023-11-26T00:00:00Z"]));
}
