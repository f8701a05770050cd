//! A person's words are never overwritten: what was written into a review workbook is read first, and kept.

use crate::ledger::verify;
use crate::office::{Office, tonghop};
use crate::overlap::{DUPLICATE, office_with_a_duplicate, register, waiting};
use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::io::Cursor;
use std::path::PathBuf;

pub(crate) const MORNING: &str = "2023-12-01T01:00:00Z";
pub(crate) const LATER: &str = "2023-12-01T02:00:00Z";
pub(crate) const EVENING: &str = "2023-12-01T10:00:00Z";

const ANSWER: usize = 19;
const REASON: usize = 20;
const BY: usize = 21;

/// The review workbook of the day.
pub(crate) fn workbook(office: &Office) -> PathBuf {
    office.path("review/2023-12-01.xlsx")
}

/// The cells of its first sheet, row by row.
fn cells(path: &PathBuf) -> Vec<Vec<String>> {
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let range = workbook.worksheet_range("Câu hỏi").unwrap();
    let (last, width) = range.end().unwrap();
    let text = |row, col| range.get_value((row, col)).map(ToString::to_string);
    let row = |row| (0..=width).map(move |col| text(row, col).unwrap_or_default());
    (0..=last).map(|at| row(at).collect()).collect()
}

/// Saves the workbook again, by another program, with these words in its first question.
fn write(path: &PathBuf, to: &PathBuf, words: [&str; 3]) {
    let mut rows = cells(path);
    for (at, word) in [ANSWER, REASON, BY].into_iter().zip(words) {
        rows[4][at] = word.to_owned();
    }
    let lines = rows.iter().map(|row| {
        let cells = row
            .iter()
            .map(|cell| cell.replace('|', "/").replace('\n', " "));
        cells.collect::<Vec<_>>().join(" | ")
    });
    let text = format!("== Câu hỏi\n{}\n", lines.collect::<Vec<_>>().join("\n"));
    std::fs::write(to, testkit::workbook(&text)).unwrap();
}

pub(crate) fn fill_in(office: &Office, words: [&str; 3]) -> Vec<u8> {
    write(&workbook(office), &workbook(office), words);
    std::fs::read(workbook(office)).unwrap()
}

/// Whether these bytes are kept in the ledger as they came.
pub(crate) fn is_kept(office: &Office, bytes: &[u8]) -> bool {
    let mut originals = std::fs::read_dir(office.path("ledger/originals")).unwrap();
    originals.any(|entry| std::fs::read(entry.unwrap().path()).unwrap() == bytes)
}

fn notices(run: &Value) -> Vec<&str> {
    let all = run["answer_notices"].as_array().unwrap().iter();
    let name = |it: &'_ Value| match it["fault"].as_str() {
        Some(fault) => fault.to_owned(),
        None => it["matter"].as_str().unwrap().to_owned(),
    };
    all.map(|it| &*name(it).leak()).collect()
}

#[test]
fn an_answer_that_is_not_understood_stands_in_the_next_workbook_marked_until_somebody_answers() {
    let office = office_with_a_duplicate();
    office.run_at_ending(MORNING, 4);
    let words = ["trùng rồi", "Hồ sơ số 5", "Nguyễn Văn An"];
    let written = fill_in(&office, words);
    let run = office.run_at_ending(LATER, 4);
    assert_eq!((waiting(&run), notices(&run)), (1, vec!["not_offered"]));
    assert_eq!(run["answered"][0]["unknown"], 1);
    assert!(is_kept(&office, &written));
    for _ in 0..2 {
        let row = cells(&workbook(&office)).remove(4);
        assert_eq!([&row[ANSWER], &row[REASON], &row[BY]], words);
        assert!(row[18].contains("CHƯA NHẬN CÂU TRẢ LỜI"), "{row:?}");
        // Each run tells the whole state, and nothing is written for what is known.
        let run = office.run_at_ending(EVENING, 4);
        assert_eq!(run["answers_waiting"][0]["by"], "Nguyễn Văn An");
        assert_eq!(notices(&run), [""; 0]);
    }
    // Saved by another program as it is, it says nothing new.
    fill_in(&office, words);
    let run = office.run_at_ending(EVENING, 4);
    assert_eq!(notices(&run), [""; 0]);
    // By its number; the words of before are gone with it.
    let answered = fill_in(&office, ["1", "Hồ sơ số 5", "Nguyễn Văn An"]);
    let run = office.run_at_ending(EVENING, 0);
    assert_eq!(
        (waiting(&run), &run["answers_waiting"]),
        (0, &serde_json::json!([]))
    );
    assert_eq!(run["overlaps"][0]["decision"], "duplicate");
    assert!(is_kept(&office, &answered) && is_kept(&office, &written));
    assert!(!workbook(&office).exists());
    assert_eq!(verify(&office, None).0, 0);
}

#[test]
fn senseless_answers_are_told_and_decide_nothing() {
    for (words, fault) in [
        (["hai hỗ trợ khác nhau", "đã xem", ""], "no_person"),
        (["", "đã xem", "An"], "no_answer"),
        (["được tính", "đã xem", "An"], "not_offered"),
    ] {
        let office = office_with_a_duplicate();
        office.run_at_ending(MORNING, 4);
        fill_in(&office, words);
        let run = office.run_at_ending(LATER, 4);
        assert_eq!((waiting(&run), notices(&run)), (1, vec![fault]));
    }
    // Two persons, two workbooks.
    let office = office_with_a_duplicate();
    office.run_at_ending(MORNING, 4);
    let of_day = workbook(&office);
    let others = office.path("inbox/binh.xlsx");
    write(&of_day, &others, ["hai hỗ trợ khác nhau", "đã gọi", "Bình"]);
    fill_in(&office, ["cùng tài trợ", "đã xem", "An"]);
    let run = office.run_at_ending(LATER, 4);
    assert_eq!(notices(&run), ["contradicted", "contradicted"]);
    let row = cells(&of_day).remove(4);
    assert!(
        row[BY].contains("An") && row[BY].contains("Bình"),
        "{row:?}"
    );
    fill_in(&office, ["Cung tai tro", "đã xem", "An"]);
    let run = office.run_at_ending(EVENING, 0);
    assert_eq!(run["overlaps"][0]["decision"], "joint");
    // An old copy of another person says otherwise: it counts, and is told.
    write(
        &others,
        &others,
        ["Hai hỗ trợ khác nhau.", "đã gọi lại", "Bình"],
    );
    let run = office.run_at_ending(EVENING, 0);
    assert_eq!(notices(&run), ["overrules"]);
    assert_eq!(run["overlaps"][0]["decision"], "not_duplicate");
}

#[test]
fn an_answer_to_what_is_no_longer_asked_is_told() {
    let office = office_with_a_duplicate();
    office.run_at_ending(MORNING, 4);
    let old = office.path("old.xlsx");
    write(&workbook(&office), &old, ["cùng tài trợ", "đã xem", "An"]);
    // The list was wrong: the grant began later.
    let list = office.path("registers/dnnvv.xlsx");
    let grant = DUPLICATE.replace("2023-02-01", "2023-04-01");
    std::fs::write(list, register(&grant)).unwrap();
    office.run_at_ending(LATER, 4);
    std::fs::rename(&old, office.path("inbox/old.xlsx")).unwrap();
    let run = office.run_at_ending(EVENING, 4);
    assert_eq!((waiting(&run), notices(&run)), (1, vec!["gone"]), "{run}");
}

#[test]
fn what_somebody_holds_open_or_saves_meanwhile_is_left_as_it_is() {
    let office = office_with_a_duplicate();
    office.run_at_ending(MORNING, 4);
    let before = std::fs::read(workbook(&office)).unwrap();
    for mark in [
        "~$2023-12-01.xlsx",
        "~$23-12-01.xlsx",
        ".~lock.2023-12-01.xlsx#",
    ] {
        let mark = office.path("review").join(mark);
        std::fs::write(&mark, "An").unwrap();
        let run = office.run_at_ending(LATER, 75);
        assert_eq!(run["waiting"][0]["file"], "review/2023-12-01.xlsx");
        assert_eq!(run["waiting"][0]["why"], "open");
        std::fs::remove_file(&mark).unwrap();
        assert!(std::fs::read(workbook(&office)).unwrap() == before);
    }
    // What cannot be read as a review workbook may be the half of one.
    std::fs::write(workbook(&office), &before[..before.len() / 2]).unwrap();
    let run = office.run_at_ending(LATER, 75);
    assert_eq!(run["waiting"][0]["why"], "no_review");
    assert_eq!(
        std::fs::read(workbook(&office)).unwrap().len(),
        before.len() / 2
    );
    std::fs::write(workbook(&office), "").unwrap();
    let run = office.run_at_ending(LATER, 75);
    assert_eq!(run["waiting"][0]["why"], "empty");
    let said = tonghop(&["run", "-w", office.dir(), "--now", LATER]);
    assert!(
        said.ending(75)
            .stdout
            .contains("review/2023-12-01.xlsx: tệp rỗng")
    );
}

#[test]
fn what_was_changed_elsewhere_than_in_the_answers_is_kept_too() {
    let office = office_with_a_duplicate();
    office.run_at_ending(MORNING, 4);
    // Somebody saved it and wrote nothing into the columns that are read.
    let noted = fill_in(&office, ["", "", ""]);
    let run = office.run_at_ending(LATER, 4);
    assert_eq!(run["answered"][0]["answers"], 0);
    assert!(is_kept(&office, &noted));
    assert_eq!(verify(&office, None).0, 0);
}
