//! A newer file takes the place of an older one form by form, and never takes much away before a person says so.

use crate::ledger::lose_and_restore_records;
use crate::office::{Office, codes, figure, tonghop};
use crate::review_sheet::{answer, let_replace, questions};
use serde_json::Value;

const SHEET: &str = "Thay số liệu";

/// The first rows of a report's cover.
fn cover(period: &str) -> String {
    format!("== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | {period}\n")
}

const BUDGET: &str =
    "== Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n";
const TRAINING: &str = "== Biểu 4a\nNhiệm vụ | Tên lớp | Từ ngày | Đến ngày | Số người\n";

/// Spending of 8, 15 and 25 million.
const SPENT: [&str; 3] = [
    "IV.1.a | NSNN bảo đảm | 10 | 8\n",
    "IV.2.a | NSNN bảo đảm | 20 | 15\n",
    "IV.3.a | NSNN bảo đảm | 30 | 25\n",
];

fn budget(rows: &[&str]) -> String {
    format!("{BUDGET}{}", rows.concat())
}

fn training(people: u32) -> String {
    format!("{TRAINING}IV.2.a | Lớp 5S | 2023-03-01 | 2023-03-03 | {people}\n")
}

/// The money spent and the people trained in 2023.
fn figures(office: &Office) -> [i64; 2] {
    let figures = office.figures("2023");
    ["budget_spent/2023", "people_trained/2023"].map(|id| figure(&figures, id))
}

/// An office that has a whole report on 2023: 48 million spent, 50 people trained.
fn reported() -> Office {
    let office = Office::new();
    let report = cover("Năm 2023") + &budget(&SPENT) + &training(50);
    office.drop_workbook("lan-1.xlsx", &report);
    office.run_at_ending("2023-11-20T00:00:00Z", 0);
    assert_eq!(figures(&office), [48_000_000, 50]);
    office
}

/// Drops the second report and runs.
fn second(office: &Office, name: &str, report: &str, code: i32) -> Value {
    office.drop_workbook(name, report);
    office.run_at_ending("2023-11-21T00:00:00Z", code)
}

#[test]
fn a_form_that_the_new_file_lacks_stays() {
    let office = reported();
    let report =
        cover("Năm 2023") + &budget(&[SPENT[0], SPENT[1], "IV.3.a | NSNN bảo đảm | 30 | 26\n"]);
    let run = second(&office, "lan-2.xlsx", &report, 0);
    assert!(codes(&run).contains(&"S045"), "{}", run["findings"]);
    assert_eq!(figures(&office), [49_000_000, 50]);
    // With the first file set aside only the second counts, and both stand when it is taken back.
    let set_aside = |args: &[&str]| {
        let all = [&["set-aside", "-w", office.dir(), "lan-1.xlsx"], args].concat();
        tonghop(&all).ending(0);
    };
    set_aside(&["--reason", "gửi nhầm"]);
    assert_eq!(figures(&office), [49_000_000, 0]);
    set_aside(&["--undo"]);
    assert_eq!(figures(&office), [49_000_000, 50]);
}

#[test]
fn what_would_take_much_away_waits_until_a_person_says_so() {
    for (rows, code) in [
        (vec![], "S041"),
        (
            vec![
                "IV.1.a | NSNN bảo đảm | 10 |\n",
                "IV.2.a | NSNN bảo đảm | 20 |\n",
                "IV.3.a | NSNN bảo đảm | 30 |\n",
            ],
            "S042",
        ),
        (vec![SPENT[0]], "S043"),
        (
            vec![
                "IV.4.a | NSNN bảo đảm | 30 | 30\n",
                "IV.4.b | NSNN bảo đảm | 40 | 35\n",
            ],
            "S044",
        ),
    ] {
        let office = reported();
        let report = cover("Năm 2023") + &budget(&rows) + &training(60);
        let run = second(&office, "lan-2.xlsx", &report, 3);
        assert!(codes(&run).contains(&code), "{code}: {}", run["findings"]);
        // The other form is replaced, this one is not.
        assert_eq!(figures(&office), [48_000_000, 60], "{code}");
        let asked = questions(&run, SHEET);
        assert_eq!(asked.len(), 1, "{code}");
        assert_eq!(
            asked[0][2..6],
            [
                "Sở Xây dựng",
                "Biểu 8 (Kinh phí thực hiện)",
                "lan-2.xlsx",
                "lan-1.xlsx"
            ]
        );
        // A second run changes nothing and asks again.
        let run = office.run_at_ending("2023-11-22T00:00:00Z", 4);
        assert_eq!(questions(&run, SHEET).len(), 1, "{code}");
        assert_eq!(figures(&office), [48_000_000, 60], "{code}");
    }
}

/// The spending after a second report with 30 and 35 million for other tasks has been answered on.
fn answered(word: &str) -> (Office, Value) {
    let office = reported();
    let rows = [
        "IV.4.a | NSNN bảo đảm | 30 | 30\n",
        "IV.4.b | NSNN bảo đảm | 40 | 35\n",
    ];
    let report = cover("Năm 2023") + &budget(&rows) + &training(60);
    let run = second(&office, "lan-2.xlsx", &report, 3);
    answer(
        &office,
        SHEET,
        &questions(&run, SHEET)[0],
        "tra-loi.xlsx",
        word,
    );
    let (_, run) = office.run_at("2023-11-22T00:00:00Z");
    assert_eq!(run["answered"][0]["answers"], 1, "{word}");
    (office, run)
}

#[test]
fn a_person_says_whether_it_replaces_what_stands_or_counts_beside_it() {
    for (word, spent, open) in [
        ("thay bằng tệp mới", 65_000_000, 0),
        ("giữ số đã nhận", 48_000_000, 0),
        ("cộng cả hai", 113_000_000, 0),
        ("cần xác minh", 48_000_000, 1),
    ] {
        let (office, run) = answered(word);
        assert_eq!(figures(&office), [spent, 60], "{word}");
        let waiting = run["replacements"].as_array().map(Vec::len);
        assert_eq!(waiting, Some(open), "{word}");
        // Nothing is taken in again by the next run.
        let (_, next) = office.run_at("2023-11-23T00:00:00Z");
        let files = next["files"].as_array().unwrap();
        assert!(
            files.iter().all(|file| file["outcome"] == "unchanged"),
            "{word}: {next}"
        );
        assert_eq!(figures(&office), [spent, 60], "{word}");
        // Records that are lost are made again as they were.
        lose_and_restore_records(&office);
        assert_eq!(figures(&office), [spent, 60], "{word}");
    }
}

#[test]
fn a_file_that_came_later_settles_the_question() {
    let office = reported();
    let emptied = cover("Năm 2023") + BUDGET + &training(60);
    let run = second(&office, "lan-2.xlsx", &emptied, 3);
    let asked = questions(&run, SHEET);
    let whole = cover("Năm 2023") + &budget(&SPENT).replace("| 25", "| 26");
    office.drop_workbook("lan-3.xlsx", &whole);
    let run = office.run_at_ending("2023-11-22T00:00:00Z", 0);
    assert_eq!(run["replacements"].as_array().map(Vec::len), Some(0));
    // An answer that comes too late changes nothing.
    answer(
        &office,
        SHEET,
        &asked[0],
        "tra-loi.xlsx",
        "thay bằng tệp mới",
    );
    office.run_at_ending("2023-11-23T00:00:00Z", 0);
    assert_eq!(figures(&office), [49_000_000, 60]);
}

#[test]
fn the_cover_says_what_is_unchanged_and_what_is_whole() {
    let office = reported();
    let report = cover("Năm 2023") + "Biểu 8 | thay toàn bộ\nBiểu 4a | không thay đổi\n" + BUDGET;
    let run = second(&office, "lan-2.xlsx", &report, 0);
    assert_eq!(codes(&run), [""; 0]);
    assert_eq!(figures(&office), [0, 50]);
}

#[test]
fn what_an_issued_report_counted_is_changed_only_by_a_person() {
    let office = reported();
    office.issue(
        "2023",
        "45/BC-SKHCN",
        "2023-11-20",
        "2023-11-20T10:00:00+07:00",
    );
    let corrected = budget(&SPENT).replace("| 25", "| 26");
    let report = cover("Năm 2023") + &corrected + &training(50);
    let run = second(&office, "lan-2.xlsx", &report, 3);
    assert!(codes(&run).contains(&"S046"), "{}", run["findings"]);
    assert_eq!(figures(&office), [48_000_000, 50]);
    let asked = questions(&run, SHEET);
    assert_eq!(asked.len(), 1, "the course is as it was");
    let_replace(&office, &run, "2023-11-22T00:00:00Z");
    assert_eq!(figures(&office), [49_000_000, 50]);
}

#[test]
fn a_report_that_has_nothing_takes_nothing_away_unasked() {
    let office = reported();
    let report = cover("Năm 2023") + "Không phát sinh | x\n";
    let run = second(&office, "lan-2.xlsx", &report, 3);
    assert_eq!(
        codes(&run).iter().filter(|code| **code == "S041").count(),
        2
    );
    assert_eq!(figures(&office), [48_000_000, 50]);
}

#[test]
fn a_year_takes_the_place_of_its_quarters_form_by_form() {
    let office = Office::new();
    let quarter = cover("Quý III/2023") + &budget(&SPENT) + &training(50);
    office.drop_workbook("quy-3.xlsx", &quarter);
    office.run_at_ending("2023-10-05T00:00:00Z", 0);
    let year = cover("Năm 2023") + &budget(&SPENT).replace("| 25", "| 28");
    let run = second(&office, "nam.xlsx", &year, 0);
    assert!(codes(&run).contains(&"S045"), "{}", run["findings"]);
    assert_eq!(figures(&office), [51_000_000, 50]);
    // A year's report that lacks most of what the quarter had waits.
    let year = cover("Năm 2023") + &budget(&[]) + &training(55);
    let run = second(&office, "nam-lan-2.xlsx", &year, 3);
    assert!(codes(&run).contains(&"S041"));
    assert_eq!(figures(&office), [51_000_000, 55]);
}

#[test]
fn what_counts_again_since_a_file_was_set_aside_is_named_and_asked_about() {
    let office = reported();
    let report =
        cover("Năm 2023") + &budget(&["IV.1.a | NSNN bảo đảm | 10 | 9\n", SPENT[1], SPENT[2]]);
    second(&office, "lan-2.xlsx", &report, 0);
    assert_eq!(figures(&office), [49_000_000, 50]);
    let args = [
        "set-aside",
        "-w",
        office.dir(),
        "lan-2.xlsx",
        "--reason",
        "nhầm tệp",
    ];
    tonghop(&args).ending(0);
    assert_eq!(figures(&office), [48_000_000, 50]);
    let run = office.run_at_ending("2023-11-22T00:00:00Z", 4);
    assert_eq!(run["replacements"][0]["standing"][0], "lan-1.xlsx");
    let text = tonghop(&["run", "-w", office.dir(), "--now", "2023-11-22T01:00:00Z"]).stdout;
    assert!(
        text.contains("Lại được tính vì lan-2.xlsx đã bị loại khỏi số liệu: lan-1.xlsx"),
        "{text}"
    );
    let asked = questions(&run, SHEET);
    assert_eq!(asked.len(), 1, "{asked:?}");
    answer(&office, SHEET, &asked[0], "tra-loi.xlsx", "giữ số đã nhận");
    office.run_at_ending("2023-11-23T00:00:00Z", 0);
    assert_eq!(figures(&office), [48_000_000, 50]);
}
