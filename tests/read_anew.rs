//! Files that were read wrongly are read anew, and what changes counts only after a yes.

use crate::ledger::verify;
use crate::office::{Office, budget, figure, tonghop};
use crate::review_sheet::{answer, questions};
use serde_json::Value;

const FIRST: &str = "2023-11-25T09:00:00+07:00";
const SECOND: &str = "2023-11-26T09:00:00+07:00";
const THIRD: &str = "2023-11-27T09:00:00+07:00";

/// A workspace whose reader took the plan for what was spent, and the other way round; the reader is mended since.
fn misread() -> Office {
    let office = Office::new();
    let form = "forms/budget.toml";
    let swapped = [
        (form, "name = \"planned\"", "name = \"swapped\""),
        (form, "name = \"spent\"", "name = \"planned\""),
        (form, "name = \"swapped\"", "name = \"spent\""),
    ];
    office.change_programme("programme", &swapped);
    let settings = std::fs::read_to_string(office.path("tonghop.toml")).unwrap();
    office.set("programme = \"programme\"\n");
    let rows = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 70\n2 | IV.3 | NSNN hỗ trợ | 20 | 20 | 20";
    office.drop_workbook("a.xlsx", &budget(rows));
    let (_, run) = office.run_at(FIRST);
    assert_eq!(run["files"][0]["outcome"], "accepted", "{run}");
    office.set(&settings);
    office
}

fn run(office: &Office, now: &str, more: &[&str]) -> (i32, Value) {
    let call = ["run", "-w", office.dir(), "--now", now, "--format", "json"];
    let answer = tonghop(&[&call, more].concat());
    (answer.code, answer.json())
}

fn spent(office: &Office, more: &[&str]) -> i64 {
    let figures = office.figures_with("2023", more);
    figure(&figures, "budget_spent/2023")
}

#[test]
fn what_a_mended_reader_reads_is_shown_record_by_record_and_counts_after_a_yes() {
    let office = misread();
    assert_eq!(spent(&office, &[]), 110_000_000);
    // The reader of today read all that stands: nothing is read anew unless it is named.
    let (code, all) = run(&office, SECOND, &["--reread"]);
    assert_eq!((code, &all["replacements"]), (0, &Value::Array(Vec::new())));
    let (code, asked) = run(&office, SECOND, &["--reread", "a.xlsx"]);
    let question = &asked["replacements"][0];
    assert_eq!(
        (code, &question["is_read_anew"]),
        (4, &true.into()),
        "{asked}"
    );
    let changes = question["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "the other row reads the same: {question}");
    assert_eq!(
        changes[0]["columns"],
        serde_json::json!([
            ["planned", "80000000", "90000000"],
            ["spent", "90000000", "80000000"]
        ])
    );
    // Nothing counts of it yet, now or when it is asked again.
    assert_eq!(spent(&office, &[]), 110_000_000);
    let (code, again) = run(&office, SECOND, &["--reread", "a.xlsx"]);
    assert_eq!(
        (code, again["replacements"].as_array().unwrap().len()),
        (4, 1)
    );
    let question = &questions(&again, "Thay số liệu")[0];
    assert!(
        question
            .iter()
            .any(|cell| cell.contains("phiên bản chương trình"))
    );
    answer(
        &office,
        "Thay số liệu",
        question,
        "tra-loi.xlsx",
        "thay bằng tệp mới",
    );
    let (code, answered) = run(&office, THIRD, &[]);
    assert_eq!(
        (code, &answered["replacements"]),
        (0, &Value::Array(Vec::new())),
        "{answered}"
    );
    assert_eq!(spent(&office, &[]), 100_000_000);
    // An earlier day keeps its records, and the ledger is whole.
    assert_eq!(spent(&office, &["--as-of", FIRST]), 110_000_000);
    assert_eq!(verify(&office, None).0, 0);
    let (code, done) = run(&office, THIRD, &["--reread", "a.xlsx"]);
    assert_eq!(
        (code, &done["replacements"]),
        (0, &Value::Array(Vec::new()))
    );
}

#[test]
fn what_a_person_keeps_as_it_was_read_is_not_asked_again() {
    let office = misread();
    let (_, asked) = run(&office, SECOND, &["--reread", "a.xlsx"]);
    let question = &questions(&asked, "Thay số liệu")[0];
    answer(
        &office,
        "Thay số liệu",
        question,
        "tra-loi.xlsx",
        "giữ số đã nhận",
    );
    for now in [THIRD, "2023-11-28T09:00:00+07:00"] {
        let (code, run) = run(&office, now, &[]);
        assert_eq!(
            (code, &run["replacements"]),
            (0, &Value::Array(Vec::new())),
            "{run}"
        );
        assert_eq!(spent(&office, &[]), 110_000_000);
    }
}

#[test]
fn a_file_that_nobody_sent_cannot_be_read_anew() {
    let office = misread();
    let (code, _) = run(&office, SECOND, &["--reread", "b.xlsx"]);
    assert_eq!(code, 2);
}
