//! A heading that does not say which column of its form it is: asked about once, and the answer holds for the department.

use crate::ledger::lose_and_restore_records;
use crate::office::{Office, codes, figure, sheet_text, tonghop};
use crate::review_sheet::{answer, questions};
use serde_json::Value;

fn support(period: &str, heading: &str, rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | {period}\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | {heading}\n{rows}"
    )
}

const ROW: &str =
    "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 2023-02-01 | Đang thực hiện | 5000000\n";

const SHEET: &str = "Tiêu đề cột";

fn file<'r>(run: &'r Value, name: &str) -> &'r Value {
    let files = run["files"].as_array().unwrap();
    files
        .iter()
        .find(|file| file["file"] == name)
        .unwrap_or_else(|| panic!("{name}: {run}"))
}

fn state_budget(run: &Value, name: &str) -> Value {
    file(run, name)["forms"]["support"]["sums"]["state_budget"].clone()
}

#[test]
fn an_answer_counts_the_files_that_wait_and_those_that_come() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-04-05T00:00:00Z", 3);
    assert!(codes(&run).contains(&"S030"), "{}", run["findings"]);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "partly_held");
    let asked = questions(&run, SHEET);
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0][2..5],
        [
            "Sở Xây dựng",
            "Biểu 3 (Danh sách doanh nghiệp được hỗ trợ)",
            "Kinh phí"
        ]
    );
    assert!(asked[0][5].contains("q1.xlsx › Biểu 3 › F2"), "{asked:?}");
    assert!(asked[0][6].contains("5000000"), "{asked:?}");

    // To look into it keeps it waiting.
    answer(&office, SHEET, &asked[0], "xem.xlsx", "cần xác minh");
    let run = office.run_at_ending("2023-04-06T00:00:00Z", 3);
    assert_eq!(run["answered"][0]["answers"], 1);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "unchanged");
    assert_eq!(questions(&run, SHEET).len(), 1);

    // The file is counted in the run that takes the answer, without being sent again.
    answer(
        &office,
        SHEET,
        &questions(&run, SHEET)[0],
        "tra-loi.xlsx",
        "NSNN",
    );
    let run = office.run_at_ending("2023-04-07T00:00:00Z", 0);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "accepted");
    assert_eq!(state_budget(&run, "q1.xlsx"), 5_000_000);
    assert_eq!(run["headings"].as_array().map(Vec::len), Some(0));
    let run = office.run_at_ending("2023-04-08T00:00:00Z", 0);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "unchanged");

    // The same heading counts at once in the next quarter, and the report says why.
    let row = ROW.replace("5000000", "8000000");
    office.drop_workbook("q2.xlsx", &support("Quý II/2023", "Kinh phí", &row));
    let run = office.run_at_ending("2023-07-05T00:00:00Z", 0);
    assert_eq!(codes(&run), ["S050"]);
    assert_eq!(state_budget(&run, "q2.xlsx"), 8_000_000);
    let at = "2023-07-06T00:00:00Z";
    let report = tonghop(&["report", "-w", office.dir(), "--year", "2023", "--now", at]);
    report.ending(0);
    let findings = sheet_text(&office.workbook(), "Lưu ý");
    assert!(
        findings.contains("cột “Kinh phí”")
            && findings.contains("được hiểu là “NSNN” (Phòng Quản lý, 07/04/2023)"),
        "{findings}"
    );
    // Records that are lost are made again with the answers of their day.
    lose_and_restore_records(&office);
}

#[test]
fn a_heading_that_is_none_of_the_form_is_neither_counted_nor_asked_about() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-04-05T00:00:00Z", 3);
    answer(
        &office,
        SHEET,
        &questions(&run, SHEET)[0],
        "tra-loi.xlsx",
        "không thuộc biểu",
    );
    let run = office.run_at_ending("2023-04-06T00:00:00Z", 0);
    assert_eq!(state_budget(&run, "q1.xlsx"), Value::Null);
    assert!(codes(&run).contains(&"S011") && !codes(&run).contains(&"S030"));
    office.drop_workbook("q2.xlsx", &support("Quý II/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-07-05T00:00:00Z", 0);
    assert_eq!(file(&run, "q2.xlsx")["outcome"], "accepted");
    assert_eq!(run["headings"].as_array().map(Vec::len), Some(0));
    // Of another department it is asked about.
    let other = support("Quý II/2023", "Kinh phí", ROW).replace("Sở Xây dựng", "Sở Y tế");
    office.drop_workbook("khac.xlsx", &other);
    let run = office.run_at_ending("2023-07-06T00:00:00Z", 3);
    assert_eq!(questions(&run, SHEET).len(), 1);
}

#[test]
fn a_later_answer_takes_the_place_of_an_earlier_one() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-04-05T00:00:00Z", 3);
    let asked = questions(&run, SHEET);
    answer(&office, SHEET, &asked[0], "mot.xlsx", "không thuộc biểu");
    office.run_at_ending("2023-04-06T00:00:00Z", 0);
    answer(&office, SHEET, &asked[0], "hai.xlsx", "NSNN");
    let run = office.run_at_ending("2023-04-07T00:00:00Z", 0);
    assert_eq!(state_budget(&run, "q1.xlsx"), 5_000_000);
    // What is said in the same run as the file comes counts as well.
    let other = Office::new();
    other.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    answer(&other, SHEET, &asked[0], "tra-loi.xlsx", "NSNN");
    let run = other.run_at_ending("2023-04-07T00:00:00Z", 0);
    assert_eq!(state_budget(&run, "q1.xlsx"), 5_000_000);
}

#[test]
fn a_correction_that_comes_with_the_answer_is_what_counts() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-04-05T00:00:00Z", 3);
    answer(
        &office,
        SHEET,
        &questions(&run, SHEET)[0],
        "tra-loi.xlsx",
        "NSNN",
    );
    let row = ROW.replace("5000000", "6000000");
    office.drop_workbook("q1-sua.xlsx", &support("Quý I/2023", "Kinh phí", &row));
    let run = office.run_at_ending("2023-04-06T00:00:00Z", 0);
    assert_eq!(state_budget(&run, "q1-sua.xlsx"), 6_000_000);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "unchanged");
    let figures = office.figures("2023");
    assert_eq!(figure(&figures, "support_cases/2023"), 1);
    // What was replaced stays as it was in the runs that follow.
    let run = office.run_at_ending("2023-04-07T00:00:00Z", 0);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "unchanged");
}

/// Who is not sure where his answers belong leaves them in both folders.
#[test]
fn the_same_answers_may_lie_there_more_than_once() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    let run = office.run_at_ending("2023-04-05T00:00:00Z", 3);
    answer(&office, SHEET, &questions(&run, SHEET)[0], "a.xlsx", "NSNN");
    let answers = std::fs::read(office.path("inbox/a.xlsx")).unwrap();
    for place in ["inbox/b.xlsx", "review/c.xlsx", "review/d.xlsx"] {
        std::fs::write(office.path(place), &answers).unwrap();
    }
    let run = office.run_at_ending("2023-04-06T00:00:00Z", 0);
    assert_eq!(file(&run, "q1.xlsx")["outcome"], "accepted");
    assert_eq!(state_budget(&run, "q1.xlsx"), 5_000_000);
    // Only among those to be answered.
    std::fs::remove_file(office.path("inbox/a.xlsx")).unwrap();
    office.run_at_ending("2023-04-07T00:00:00Z", 0);
}

#[test]
fn an_answer_that_libreoffice_saved_waits_for_its_lock_and_is_taken() {
    let office = Office::new();
    office.drop_workbook("q1.xlsx", &support("Quý I/2023", "Kinh phí", ROW));
    office.run_at_ending("2023-04-05T00:00:00Z", 3);
    // The review workbook of this question, filled in and saved by LibreOffice: its own styles, dates and names of parts.
    let saved = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/saved_by/libreoffice-review.xlsx"
    );
    std::fs::copy(saved, office.path("review/2023-04-05.xlsx")).unwrap();
    let lock = office.path("review/.~lock.2023-04-05.xlsx#");
    std::fs::write(&lock, ",an,may-1,05.04.2023 10:00,file:///home/an;").unwrap();
    let (code, run) = office.run_at("2023-04-05T03:00:00Z");
    assert_eq!(code, 75, "{run}");
    assert_eq!(run["locked"][0], "review/2023-04-05.xlsx");
    std::fs::remove_file(&lock).unwrap();
    let run = office.run_at_ending("2023-04-05T04:00:00Z", 0);
    assert_eq!(run["answered"][0]["answers"], 1);
    assert_eq!(state_budget(&run, "q1.xlsx"), 5_000_000);
    // What is kept of it is what stands in it.
    assert_eq!(crate::ledger::verify(&office, None).0, 0);
}
