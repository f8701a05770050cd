//! A ledger that somebody rewrote who knows how it is written: rows, entries and files fit one another, and still it is not what
//! was sent, said and issued.

use crate::ledger::files_in;
use crate::office::{Office, budget, tonghop};
use crate::review_sheet::{answer, questions};
use ledger::file_id;
use serde_json::Value;
use std::path::PathBuf;

const ROW: &str = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";

/// A workspace of two departments with an answer, an issued report, and a stamp that another office keeps.
fn office() -> (Office, PathBuf) {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(ROW));
    let other = ROW.replace("| 80 |", "| 70 |");
    let other = budget(&other).replace("Xây dựng", "Công Thương");
    office.drop_workbook("b.xlsx", &other);
    office.run_at_ending("2023-11-20T02:00:00Z", 0);
    let heading = "== TT chung\nCơ quan báo cáo | Sở Y tế\nKỳ báo cáo | Quý I/2023\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | Kinh phí\n\
         Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 2023-02-01 | Đang thực hiện | 5000000\n";
    office.drop_workbook("c.xlsx", heading);
    let run = office.run_at_ending("2023-11-21T02:00:00Z", 3);
    let sheet = "Tiêu đề cột";
    answer(
        &office,
        sheet,
        &questions(&run, sheet)[0],
        "tra-loi.xlsx",
        "NSNN",
    );
    office.run_at_ending("2023-11-22T02:00:00Z", 0);
    office.issue("2023", "12/BC-SKHCN", "2023-12-01", "2023-12-01T02:00:00Z");
    let stamp = office.path("stamp.json");
    let call = [
        "stamp",
        "-w",
        office.dir(),
        "--out",
        stamp.to_str().unwrap(),
    ];
    tonghop(&[&call[..], &["--now", "2023-12-02T02:00:00Z"]].concat()).ending(0);
    (office, stamp)
}

/// The hash over rows as an entry has it.
fn digest(rows: &[Value]) -> String {
    let mut text = String::new();
    let mut add = |part: String| {
        text.push_str(&format!("{}:{part}", part.len()));
    };
    for row in rows {
        let values = row["values"].as_object().unwrap();
        add(row["table"].as_str().unwrap().to_owned());
        add(row["row"].to_string());
        add(values.len().to_string());
        for (column, value) in values {
            add(column.clone());
            add(value.to_string());
        }
    }
    file_id(text.as_bytes()).0
}

/// Writes the log anew with each row and each entry as `change` leaves it, every hash in it right, and lets the database be made
/// from it.
fn rewrite(office: &Office, change: impl Fn(&mut Value)) {
    let path = office.path("ledger/log.jsonl");
    let before = std::fs::read_to_string(&path).unwrap();
    let (mut text, mut rows, mut previous) = (String::new(), Vec::new(), String::new());
    for line in before.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        change(&mut line);
        if line.get("entry").is_none() {
            text.push_str(&format!("{line}\n"));
            rows.push(line);
            continue;
        }
        let entry = &mut line["entry"];
        entry["written"]["rows"] = digest(&rows).into();
        entry["previous"] = previous.as_str().into();
        let said = ["previous", "at", "operator", "action", "detail"];
        let said = said.map(|key| entry[key].as_str().unwrap().to_owned());
        let written = [
            entry["written"]["marks"].to_string(),
            entry["written"]["rows"].as_str().unwrap().to_owned(),
        ];
        let parts = said.iter().chain(&written);
        let hashed: String = parts
            .map(|part| format!("{}:{part}\n", part.len()))
            .collect();
        previous = file_id(hashed.as_bytes()).0;
        entry["hash"] = previous.as_str().into();
        text.push_str(&format!("{line}\n"));
        rows.clear();
    }
    std::fs::write(&path, text).unwrap();
    make_database(office);
}

/// Lets the database be made from the log.
fn make_database(office: &Office) {
    std::fs::remove_file(office.path("ledger/ledger.sqlite")).unwrap();
    tonghop(&["log", "-w", office.dir()]).ending(0);
}

/// Changes a column of some rows of a table.
fn set(line: &mut Value, table: &str, column: &str, is_meant: impl Fn(&Value) -> bool, to: &str) {
    if line["table"] == table && is_meant(&line["values"]) {
        line["values"][column] = to.into();
    }
}

/// What an entry says, with a text replaced.
fn say(line: &mut Value, from: &str, to: &str) {
    if let Some(detail) = line["entry"]["detail"].as_str() {
        line["entry"]["detail"] = detail.replace(from, to).into();
    }
}

/// What `verify` ends with and names, each by what is wrong and what it is.
fn verify(office: &Office, more: &[&str]) -> (i32, Vec<String>) {
    let call = [
        "verify",
        "-w",
        office.dir(),
        "--now",
        "2024-02-01T00:00:00Z",
        "--format",
        "json",
    ];
    let answer = tonghop(&[&call[..], more].concat());
    let found = answer.json();
    let line = |fault: &Value| format!("{} {}", fault["damage"], fault["what"]).replace('"', "");
    let faults = found["faults"]
        .as_array()
        .unwrap_or_else(|| panic!("{found}"));
    (answer.code, faults.iter().map(line).collect())
}

#[test]
fn what_is_rewritten_as_a_whole_is_still_not_what_was_sent_said_and_issued() {
    let (office, stamp) = office();
    let stamp = ["--stamp", stamp.to_str().unwrap()];
    assert_eq!(verify(&office, &stamp), (0, Vec::new()));
    // A log that is written anew with nothing changed is the same.
    let same = office.copy();
    rewrite(&same, |_| ());
    assert_eq!(verify(&same, &stamp), (0, Vec::new()));
    let log = |office: &Office| std::fs::read(office.path("ledger/log.jsonl")).unwrap();
    assert_eq!(log(&same), log(&office));

    let is_one = |values: &Value| values["submission"] == 1;
    let records = std::fs::read(office.path("ledger/facts/000002-budget.parquet")).unwrap();
    let other_records = file_id(&records).0;
    type Change<'c> = &'c dyn Fn(&mut Value);
    let ways: [(Change<'_>, &[&str]); 9] = [
        // The records of another department under the hash of this one's: the file says otherwise.
        (
            &|line| {
                set(
                    line,
                    "facts_file",
                    "sha256",
                    |it| is_one(it) && it["form"] == "budget",
                    &other_records,
                )
            },
            &["unfounded facts", "unfounded report 12/BC-SKHCN"],
        ),
        (
            &|line| {
                set(line, "form_rows", "sums", is_one, "{}");
            },
            &["unfounded facts"],
        ),
        (
            &|line| {
                set(
                    line,
                    "submission",
                    "department",
                    |it| it["file_name"] == "b.xlsx",
                    "SYT",
                );
                say(line, "\"department\":\"SCT\"", "\"department\":\"SYT\"");
            },
            &["unfounded submission 2"],
        ),
        // The row alone, or what the entry says of it alone.
        (
            &|line| {
                set(
                    line,
                    "submission",
                    "period",
                    |it| it["file_name"] == "b.xlsx",
                    "2022",
                )
            },
            &["unfounded submission 2", "changed submission 2: period"],
        ),
        (
            &|line| {
                set(
                    line,
                    "run",
                    "at",
                    |it| it["id"] == 1,
                    "2023-11-19T02:00:00Z",
                )
            },
            &["changed run 1: at"],
        ),
        // Who answered, and what.
        (
            &|line| {
                for table in ["heading_answer", "written_answer"] {
                    set(line, table, "answered_by", |_| true, "Người khác");
                }
            },
            &["unfounded answers"],
        ),
        (
            &|line| {
                set(
                    line,
                    "heading_answer",
                    "meaning",
                    |_| true,
                    "\"not_of_form\"",
                )
            },
            &["unfounded answers"],
        ),
        // What means nothing is told, and stops nothing that is still to be told.
        (
            &|line| set(line, "heading_answer", "meaning", |_| true, "?"),
            &["unfounded"],
        ),
        (
            &|line| {
                if line["table"] == "programme" {
                    let files = line["values"]["files"].as_str().unwrap();
                    line["values"]["files"] =
                        files.replace("BÁO CÁO TỔNG HỢP NĂM", "BÁO CÁO NĂM").into();
                }
            },
            &["unfounded programme"],
        ),
    ];
    for (change, named) in ways {
        let office = office.copy();
        rewrite(&office, change);
        if named[0] == "unfounded facts" && named.len() == 2 {
            std::fs::write(office.path("ledger/facts/000001-budget.parquet"), &records).unwrap();
        }
        let (code, found) = verify(&office, &[]);
        assert_eq!(code, 3, "{named:?}: {found:?}");
        for named in named {
            assert!(
                found.iter().any(|found| found.starts_with(named)),
                "{named}: {found:?}"
            );
        }
    }
}

#[test]
fn what_the_ledger_alone_cannot_know_the_codes_and_the_stamp_do() {
    let (office, stamp) = office();
    let stamp = ["--stamp", stamp.to_str().unwrap()];
    let head = |office: &Office| {
        let call = ["verify", "-w", office.dir(), "--format", "json"];
        tonghop(&call).json()["head"]["hash"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let paper = head(&office)[..32].to_owned();
    // Another operator in every entry.
    let one = office.copy();
    rewrite(&one, |line| {
        if line.get("entry").is_some() {
            line["entry"]["operator"] = "Người khác".into();
        }
    });
    // The end of the log cut off, in text and database: the issued report was never issued.
    let two = office.copy();
    let path = two.path("ledger/log.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let entries = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.starts_with("{\"entry\""));
    let ends: Vec<usize> = entries.map(|(at, _)| at).collect();
    let issue = ends
        .iter()
        .rposition(|at| lines[*at].contains("12/BC-SKHCN"))
        .unwrap();
    let kept: String = lines[..=ends[issue - 1]]
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&path, kept).unwrap();
    make_database(&two);
    for changed in [one, two] {
        assert_eq!(verify(&changed, &[]), (0, Vec::new()));
        assert_eq!(verify(&changed, &stamp).0, 3);
        assert_eq!(verify(&changed, &["--code", &paper]).0, 3);
    }
    assert_eq!(verify(&office, &["--code", &paper]).0, 0);
}

#[test]
fn a_kept_review_workbook_and_an_issued_file_are_not_exchanged_unseen() {
    let (office, _) = office();
    // The workbook of the answers in which another name stands, under its own hash.
    let originals = files_in(&office.path("ledger/originals"));
    let inbox = std::fs::read(office.path("inbox/tra-loi.xlsx")).unwrap();
    let old = file_id(&inbox).0;
    assert!(originals.contains(&office.path("ledger/originals").join(&old)));
    let copy = office.copy();
    let text = "== Tiêu đề cột\n\n\n\nTT | Câu hỏi\n1 | x | | | | | | | | NSNN | Đã hỏi Sở | Người khác | | SYT | support | kinh phi\n";
    let new = testkit::workbook(text);
    let hash = file_id(&new).0;
    std::fs::remove_file(copy.path("ledger/originals").join(&old)).unwrap();
    std::fs::write(copy.path("ledger/originals").join(&hash), new).unwrap();
    rewrite(&copy, |line| {
        set(line, "answer_file", "file", |_| true, &hash);
        say(line, &old, &hash);
    });
    assert_eq!(
        verify(&copy, &[]),
        (3, vec!["unfounded answers".to_owned()])
    );

    let issued = files_in(&office.path("reports")).into_iter();
    let is_issued = |path: &PathBuf| path.to_string_lossy().ends_with("so-12-bc-skhcn.xlsx");
    let path = issued.into_iter().find(is_issued).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(b'x');
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(
        verify(&office, &[]),
        (3, vec!["another report 12/BC-SKHCN".to_owned()])
    );
    // It may be kept elsewhere.
    std::fs::remove_file(&path).unwrap();
    assert_eq!(verify(&office, &[]), (0, Vec::new()));
}
