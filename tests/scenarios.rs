//! The acceptance scenarios, by their names.

use crate::office::{Office, budget, codes, figure, tonghop};
use calamine::Reader;

const GOOD: &str = "1 | IV.2 | NSNN bảo đảm | 90 | 80 | 40";

fn cells(run: &serde_json::Value) -> Vec<&str> {
    run["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["cell"].as_str().unwrap())
        .collect()
}

#[test]
fn s01_a_blank_line_above_an_error_leaves_the_cell_exact() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget(&format!("{GOOD}\n\n2 | IV.2.b | NSNN hỗ trợ | 30 | 30 | 0")),
    );
    let run = office.run_ending(0);
    assert_eq!((codes(&run), cells(&run)), (vec!["C004"], vec!["B6"]));
}

#[test]
fn s02_two_columns_with_the_same_heading_are_both_addressed() {
    let office = Office::new();
    let text =
        budget("1 | IV.2 | NSNN bảo đảm | 90 | 80 | 85").replace("Đã giải ngân", "Thực hiện");
    office.drop_workbook("a.xlsx", &text);
    let run = office.run_ending(0);
    assert_eq!(codes(&run), ["S010"]);
    assert_eq!(run["findings"][0]["cells"], serde_json::json!(["E3", "F3"]));
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
}

#[test]
fn s03_the_sheet_stands_in_every_message_about_a_cell() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget("1 | IV.2.b | NSNN hỗ trợ | 30 | 40 | 0"));
    let answer = tonghop(&["run", "-w", office.dir(), "--now", crate::office::NOW]);
    let lines: Vec<&str> = answer
        .stdout
        .lines()
        .filter(|line| line.contains("C00"))
        .collect();
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line.contains("a.xlsx › Biểu 8 › ")),
        "{}",
        answer.stdout
    );
}

#[test]
fn s04_the_same_file_twice_changes_nothing_and_says_so() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(GOOD));
    office.run_ending(0);
    let before = office.figures("2023");
    office.drop_workbook("copy of a.xlsx", &budget(GOOD));
    let (code, run) = office.run_at("2023-12-25T09:00:00+07:00");
    assert_eq!(code, 0);
    let outcomes: Vec<&str> = run["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["unchanged", "unchanged"]);
    assert_eq!(office.figures("2023"), before);
}

#[test]
fn s05_a_corrected_file_supersedes_the_earlier_one() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(GOOD));
    office.run_ending(0);
    office.drop_workbook("a.xlsx", &budget("1 | IV.2 | NSNN bảo đảm | 90 | 70 | 40"));
    office.run_at_ending("2023-11-26T09:00:00+07:00", 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        70_000_000
    );
    assert_eq!(
        std::fs::read_dir(office.path("ledger/originals"))
            .unwrap()
            .count(),
        2
    );
}

#[test]
fn s06_two_units_of_one_department_never_overwrite_each_other_silently() {
    let office = Office::new();
    office.drop_workbook("unit 1.xlsx", &budget(GOOD));
    office.drop_workbook(
        "unit 2.xlsx",
        &budget("1 | IV.3 | NSNN hỗ trợ | 50 | 20 | 0"),
    );
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["S022", "S022"]));
    // One is taken out of the inbox; the other counts.
    std::fs::remove_file(office.path("inbox/unit 2.xlsx")).unwrap();
    let (code, _) = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!(code, 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
}

#[test]
fn s07_a_file_set_aside_is_out_of_the_totals_and_visible_with_the_reason() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(GOOD));
    office.drop_workbook("b.xlsx", &budget(GOOD).replace("Xây dựng", "Y tế"));
    office.run_ending(0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        160_000_000
    );
    let aside = |more: &[&str]| {
        tonghop(
            &[
                &[
                    "set-aside",
                    "-w",
                    office.dir(),
                    "--now",
                    "2023-11-26T00:00:00Z",
                ],
                more,
            ]
            .concat(),
        )
    };
    assert_eq!(aside(&["a.xlsx", "--reason", "chờ xác minh"]).code, 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
    let mut workbook = calamine::Xlsx::new(std::io::Cursor::new(office.workbook())).unwrap();
    let sheet = workbook.worksheet_range("Biểu 08").unwrap();
    let aside_line = calamine::Data::String("Để riêng: chờ xác minh".to_owned());
    assert!(sheet.used_cells().any(|(_, _, cell)| *cell == aside_line));
    // What was known before stays as it was; and it can be taken back.
    let past = [
        "report",
        "-w",
        office.dir(),
        "--year",
        "2023",
        "--as-of",
        "2023-11-25T12:00:00Z",
        "--format",
        "json",
    ];
    assert_eq!(
        tonghop(&past).json()["totals"]["budget_spent/2023"],
        160_000_000
    );
    assert_eq!(aside(&["a.xlsx", "--undo"]).code, 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        160_000_000
    );
    assert_eq!(aside(&["none.xlsx", "--reason", "x"]).code, 2);
}

#[test]
fn s08_a_refused_file_leaves_nothing_behind() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget(GOOD).replace("Sở Xây dựng", "Sở Không Có Thật"),
    );
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["S012"]));
    assert_eq!(run["files"][0]["outcome"], "refused");
    let figures = office.figures("2023");
    let figures = figures["figures"].as_object().unwrap();
    assert!(!figures.is_empty());
    assert!(figures.values().all(|entry| entry["value"] == 0));
    assert_eq!(
        std::fs::read_dir(office.path("ledger/facts"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn s09_a_workbook_of_another_period_is_named_in_one_finding() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(GOOD).replace("2023", "2019"));
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["S016"]));
}

#[test]
fn s10_a_file_that_is_not_accepted_has_a_finding() {
    let whole = testkit::workbook(&budget(GOOD));
    let compound = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), vec![7; 3_000]].concat();
    let mut files = vec![
        ("so 0.xls".to_owned(), compound),
        ("trong.xlsx".to_owned(), testkit::workbook("== A\n")),
    ];
    // Cut, or with a piece of it overwritten, at many places.
    for (number, at) in (0..whole.len()).step_by(whole.len() / 24).enumerate() {
        files.push((format!("cut {number}.xlsx"), whole[..at].to_vec()));
        let mut changed = whole.clone();
        changed[at..(at + 8).min(whole.len())].fill(0xA5);
        files.push((format!("changed {number}.xlsx"), changed));
    }
    let mut unharmed = 0;
    for (name, bytes) in files {
        let office = Office::new();
        office.drop_file(&name, &bytes);
        let (code, run) = office.run();
        let file = &run["files"][0];
        if codes(&run).is_empty() {
            // Only if the change hit bytes that say nothing: then all is read, and read right.
            assert!(name.starts_with("changed"), "{name}: {run}");
            let sums = serde_json::json!({
                "planned": 90_000_000, "spent": 80_000_000, "disbursed": 40_000_000
            });
            assert_eq!(
                (code, &file["outcome"], &file["forms"]["budget"]["sums"]),
                (0, &"accepted".into(), &sums),
                "{name}: {run}"
            );
            unharmed += 1;
        } else {
            // Refused as a whole, or a sheet that could not be read to its end counts nothing and is held (S018).
            let is_held = codes(&run) == ["S018"] && file["forms"]["budget"].is_null();
            // The first is empty, and may still be on its way.
            let ended = if name == "cut 0.xlsx" { 75 } else { 3 };
            assert_eq!(
                (code, file["outcome"] == "refused" || is_held),
                (ended, true),
                "{name}: {run}"
            );
        }
    }
    assert!(
        unharmed > 0,
        "each change was noticed, so none tried that all is read right"
    );
}

#[test]
fn s11_cells_with_only_blanks_are_blank() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget(&format!(
            "{GOOD}\n'\u{a0}\u{200b} | ' \u{feff} | '\u{a0} | '\u{200b}"
        )),
    );
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (0, vec![]));
    assert_eq!(run["files"][0]["forms"]["budget"]["rows"]["accepted"], 1);
}

#[test]
fn s12_all_independent_faults_in_one_pass() {
    let office = Office::new();
    let rows = "1 | IV.2.b | NSNN hỗ trợ | 30 | 40 | 0\n2 | IX | NSNN hỗ trợ | mười | 1 | 0\n3 | IV.4.đ | NSNN hỗ trợ | 5 | 5 | 0";
    office.drop_workbook(
        "a.xlsx",
        &budget(&format!("{rows}\n | Tổng cộng | | 99 | 50 | 0")),
    );
    let run = office.run_ending(3);
    let mut found = codes(&run);
    found.sort_unstable();
    // One total differs; what the other says stands beside the number that cannot be read.
    assert_eq!(found, ["C003", "C004", "C006", "S019", "V004", "V009"]);
    let unread = run["findings"].as_array().unwrap();
    let unread = unread.iter().find(|it| it["code"] == "V004").unwrap();
    let message = unread["message"].as_str().unwrap();
    assert!(
        message.contains("Theo dòng cộng, ô này phải là 64.000.000"),
        "{message}"
    );
}

#[test]
fn s19_rows_seen_are_rows_accounted_for() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &budget("1 | IV.2 | NSNN bảo đảm | x | 80 | 40\n2 | IV.3 | DN | 1 | 1 | 1\n | Cộng | | | 81 | 41"),
    );
    let run = office.run_ending(3);
    let sheets = run["files"][0]["sheets"].as_array().unwrap();
    assert_eq!(sheets.len(), 2);
    for sheet in sheets {
        let rows = |name: &str| sheet[name].as_u64().unwrap();
        assert_eq!(
            rows("seen"),
            rows("accepted") + rows("held") + rows("not_data"),
            "{sheet}"
        );
    }
    assert_eq!(run["files"][0]["forms"]["budget"]["rows"]["held"], 1);
}

#[test]
fn s20_bad_data_a_fault_and_a_locked_file_have_three_codes() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget("1 | IV.2 | NSNN bảo đảm | x | 80 | 40"));
    assert_eq!(office.run().0, 3);
    office.drop_workbook("b.xlsx", &budget(GOOD).replace("Xây dựng", "Y tế"));
    office.drop_file("~$b.xlsx", b"");
    let (code, run) = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!((code, &run["locked"]), (75, &serde_json::json!(["b.xlsx"])));
    std::fs::write(office.path("ledger/ledger.sqlite"), "not a database").unwrap();
    assert_eq!(tonghop(&["run", "-w", office.dir()]).code, 1);
}

#[test]
fn s21_counts_stand_last_and_what_must_be_mended_before_what_is_noticed() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget("1 | IV.2.b | NSNN hỗ trợ | 30 | 40 | 0"));
    let answer = tonghop(&["run", "-w", office.dir(), "--now", crate::office::NOW]);
    let place = |words: &str| {
        answer
            .stdout
            .find(words)
            .unwrap_or_else(|| panic!("{words}: {}", answer.stdout))
    };
    assert!(
        place("PHẢI SỬA (1)") < place("LƯU Ý (1)")
            && place("LƯU Ý (1)") < place("Tạm giữ: 0 · Phải sửa: 1")
    );
    // The counts of this run, and behind them the whole state.
    // The step to take next is the last line of all.
    let counts = answer.stdout.trim_end().lines().rev().nth(2).unwrap();
    assert!(counts.starts_with("1 tệp"), "{}", answer.stdout);
}

#[test]
fn s22_a_missing_department_and_a_nil_return_are_different_lines() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        "== TT chung\nCơ quan báo cáo | Sở Y tế\nKỳ báo cáo | Năm 2023\nKhông phát sinh | x\n",
    );
    let (code, _) = office.run();
    assert_eq!(code, 0);
    let answer = office.status("2023");
    assert_eq!(answer.code, 5);
    let status = answer.json();
    let state = |code: &str| {
        let lines = status["departments"].as_array().unwrap();
        lines.iter().find(|d| d["department"] == code).unwrap()["state"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (state("SYT").as_str(), state("SXD").as_str()),
        ("nil", "missing")
    );
}
