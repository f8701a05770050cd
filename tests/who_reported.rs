//! Who has reported a year: status, reminders and the report say the same.

use crate::office::{Office, sheet_text, tonghop};
use serde_json::Value;

fn report_on(department: &str, period: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | {period}\n\
         == Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n\
         IV.1.a | NSNN bảo đảm | 10 | 8\n"
    )
}

/// Two departments' reports: a fourth quarter, and a first quarter only.
fn reported() -> Office {
    let office = Office::new();
    office.drop_workbook("sxd.xlsx", &report_on("Sở Xây dựng", "Quý IV/2023"));
    office.drop_workbook("syt.xlsx", &report_on("Sở Y tế", "Quý I/2023"));
    office.run_ending(0);
    office
}

fn status(office: &Office, period: &str) -> Value {
    let args = ["status", "-w", office.dir(), "--period", period];
    tonghop(&[&args[..], &["--format", "json"]].concat())
        .ending(5)
        .json()
}

/// How a department stands: state, whether it is late, whether it is reminded.
fn of(status: &Value, code: &str) -> (String, bool, bool) {
    let all = status["departments"].as_array().unwrap();
    let found = all.iter().find(|it| it["department"] == code).unwrap();
    let state = found["state"].as_str().unwrap().to_owned();
    (state, found["late"] == true, !found["reminder"].is_null())
}

fn state(state: &str, is_reminded: bool) -> (String, bool, bool) {
    (state.to_owned(), false, is_reminded)
}

#[test]
fn a_fourth_quarter_reports_the_year_and_a_first_quarter_does_not() {
    let office = reported();
    let year = status(&office, "2023");
    assert_eq!(of(&year, "SXD"), state("received", false));
    assert_eq!(of(&year, "SYT"), state("partial", true));
    let reminders = tonghop(&["status", "-w", office.dir(), "--period", "2023", "--remind"]).stdout;
    assert!(
        reminders.contains("mới có báo cáo đến kỳ 2023-Q1"),
        "{reminders}"
    );
    assert_eq!(of(&year, "SCT"), state("missing", true));
    let quarter = status(&office, "2023-Q1");
    assert_eq!(of(&quarter, "SYT"), state("received", false));
    assert_eq!(of(&quarter, "SXD"), state("missing", true));
    assert_eq!(
        of(&status(&office, "2023-Q4"), "SXD"),
        state("received", false)
    );
    let text = tonghop(&["status", "-w", office.dir(), "--period", "2023"]).stdout;
    assert!(text.contains("mới gửi đến 2023-Q1"), "{text}");
    assert!(text.contains("báo cáo kỳ 2023-Q4"), "{text}");
}

#[test]
fn the_report_says_who_has_reported_and_until_when_it_counts() {
    let office = reported();
    let args = ["report", "-w", office.dir(), "--year", "2023"];
    let report = tonghop(&[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!(report["reported"], 1);
    assert_eq!(report["partial"], serde_json::json!(["SYT"]));
    assert_eq!(report["missing"].as_array().unwrap().len(), 8);
    let book = office.workbook();
    let cover = sheet_text(&book, "Bìa");
    for words in [
        "1/10 (mới báo cáo một phần năm: Sở Y tế)",
        "Từ 01/01/2023 đến 25/11/2023 (chưa hết năm)",
    ] {
        assert!(cover.contains(words), "{cover}");
    }
    for sheet in ["Biểu 01", "Biểu 04"] {
        let text = sheet_text(&book, sheet);
        assert!(
            text.contains("Mới báo cáo một phần năm: Sở Y tế."),
            "{text}"
        );
        assert!(text.contains("Chưa có báo cáo được tính của: "), "{text}");
    }
    let sent = sheet_text(&book, "Biểu 08");
    assert!(
        sent.contains("Chưa có báo cáo năm (mới đến Quý I/2023)"),
        "{sent}"
    );
}

#[test]
fn a_period_with_years_of_which_nothing_is_held_is_not_said_to_be_reported_or_missed() {
    let office = reported();
    tonghop(&["report", "-w", office.dir(), "--year", "2023", "--final"]).ending(0);
    let book = office.workbook();
    let cover = sheet_text(&book, "Bìa");
    assert!(cover.contains("0/10 (1/30 báo cáo năm; "), "{cover}");
    let years = sheet_text(&book, "Biểu 09");
    assert!(years.contains("Chưa có số liệu"), "{years}");
    // Nothing is held of 2021 and 2022.
    let summary = sheet_text(&book, "Tổng hợp");
    assert!(summary.contains("Chưa có số liệu"), "{summary}");
    assert!(!summary.contains("Chưa đạt"), "{summary}");
}

#[test]
fn a_column_that_a_department_does_not_have_is_not_zero_in_a_share() {
    let office = Office::new();
    office.drop_workbook("sxd.xlsx", &report_on("Sở Xây dựng", "Năm 2023"));
    let with_disbursed = report_on("Sở Y tế", "Năm 2023")
        .replace("Thực hiện\n", "Thực hiện | Đã giải ngân\n")
        .replace("| 10 | 8", "| 10 | 8 | 6");
    office.drop_workbook("syt.xlsx", &with_disbursed);
    let _ = office.run();
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    let page = std::fs::read_dir(office.path("reports")).unwrap();
    let page = page
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "html"))
        .unwrap();
    let page = std::fs::read_to_string(page).unwrap();
    // 6 of 8 million, not of the 16 that two departments spent.
    assert!(page.contains("75,0%"), "{page}");
    assert!(!page.contains("37,5%"), "{page}");
    let sheet = sheet_text(&office.workbook(), "Biểu 03");
    assert!(
        sheet.contains("chưa có “Đã giải ngân”: Sở Xây dựng."),
        "{sheet}"
    );
}
