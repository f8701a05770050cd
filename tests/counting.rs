//! What the plan leaves open of what counts: chosen in the programme, printed, and told of each row.

use crate::office::{Office, codes, figure, sheet_text, tonghop};
use crate::review_sheet::answer_pair;
use serde_json::Value;

/// Rows 5 to 11 of form 3: one that counts, and one of each kind that is chosen on.
const REPORT: &str = "== TT chung
Cơ quan báo cáo | Sở Xây dựng
Kỳ báo cáo | Năm 2023
== Biểu 3
Biểu 3. DANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ

Đơn vị tính: triệu đồng
Tên doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | NSNN
Công ty TNHH Mẫu Một | 3600265395 | P. An Bình, Biên Hòa | 3a1 | 01/HĐ | 2023-03-01 | Đang thực hiện | 10
Công ty TNHH Mẫu Hai | 3600265396 | | 3a1 | 02/HĐ | 2024-03-01 | Chưa thực hiện | 20
Công ty TNHH Mẫu Ba | 3600265397 | | 3a2 | 03/HĐ | 2023-03-01 | Chưa triển khai | 
Công ty TNHH Mẫu Bốn | 3600265398 | | 3a3 | 04/HĐ | 2023-03-01 | Đã dừng | 0
Công ty TNHH Mẫu Năm | 3600265399 | | 3b1 | 05/HĐ | 2023-03-01 | Đã dừng | 4
Công ty TNHH Mẫu Sáu | 3600265400 | | 3b2 | 06/HĐ | 2019-03-01 | Đang thực hiện | 5
Công ty TNHH Mẫu Bảy | 3600265401 | KCN Sóng Thần, TP. Dĩ An, tỉnh Bình Dương | 3b3 | 07/HĐ | 2023-03-01 | Đang thực hiện | 6
";

fn reported() -> (Office, Value) {
    let office = Office::new();
    office.drop_workbook("sxd.xlsx", REPORT);
    let (_, run) = office.run();
    (office, run)
}

#[test]
fn what_has_begun_and_was_not_stopped_without_payment_counts_and_the_report_says_so() {
    let (office, run) = reported();
    for code in ["T001", "T003", "T004", "T005", "C030"] {
        assert!(codes(&run).contains(&code), "{code}: {:?}", codes(&run));
    }
    let figures = office.figures("2023");
    assert_eq!(figure(&figures, "support_cases/2023"), 4);
    assert_eq!(figure(&figures, "enterprises_supported/2023"), 4);
    assert_eq!(figure(&figures, "case_money/2023"), 25_000_000);
    let choice = |id: &str| {
        let all = figures["counting"].as_array().unwrap();
        let found = all.iter().find(|line| line["choice"] == id).unwrap();
        (
            found["effect"].as_str().unwrap().to_owned(),
            found["records"].as_i64().unwrap(),
            found["money"].as_i64(),
        )
    };
    let left_out = |records, money| ("left_out".to_owned(), records, money);
    assert_eq!(choice("begins_after_period"), left_out(1, Some(20_000_000)));
    assert_eq!(choice("not_started"), left_out(1, None));
    assert_eq!(choice("stopped_unpaid"), left_out(1, Some(0)));
    let asked = ("asked".to_owned(), 1, Some(5_000_000));
    assert_eq!(choice("begun_before_programme"), asked);
    let sheet = sheet_text(&office.workbook(), "Cách tính");
    for words in ["Không tính", "Tính, cần xác minh", "Công ty TNHH Mẫu Bốn"] {
        assert!(sheet.contains(words), "{sheet}");
    }
    // Another choice would make it 1 or 7 enterprises: 5 to 7 are in question.
    let summary = sheet_text(&office.workbook(), "Tổng hợp");
    assert!(summary.contains("1 – 7"), "{summary}");
}

#[test]
fn another_choice_is_a_line_of_the_programme() {
    let office = Office::new();
    let change = (
        "counts_when.toml",
        "effect = \"left_out\"",
        "effect = \"counts\"",
    );
    office.change_programme("programme", &[change]);
    office.set("programme = \"programme\"\n");
    office.drop_workbook("sxd.xlsx", REPORT);
    let (_, _run) = office.run();
    assert_eq!(figure(&office.figures("2023"), "support_cases/2023"), 7);
}

/// What is said of a row of form 3: whether it counts, and why.
fn explained(office: &Office, file: &str, row: &str) -> (bool, Vec<String>) {
    let args = [
        "explain",
        "-w",
        office.dir(),
        file,
        "Biểu 3",
        row,
        "--format",
        "json",
    ];
    let answer = tonghop(&args).ending(0).json();
    let record = &answer["records"][0];
    let reasons = record["reasons"].as_array().unwrap();
    let why = |reason: &Value| match &reason["choice"] {
        Value::Null => reason["why"].as_str().unwrap().to_owned(),
        choice => choice.as_str().unwrap().to_owned(),
    };
    (record["counts"] == true, reasons.iter().map(why).collect())
}

#[test]
fn of_each_row_it_is_told_why_it_counts_or_not() {
    let (office, _) = reported();
    let told = |row: &str| explained(&office, "sxd.xlsx", row);
    assert_eq!(told("C5"), (true, vec![]));
    assert_eq!(told("A6"), (false, vec!["begins_after_period".to_owned()]));
    assert_eq!(told("7"), (false, vec!["not_started".to_owned()]));
    assert_eq!(told("H8"), (false, vec!["stopped_unpaid".to_owned()]));
    assert_eq!(told("H9"), (true, vec!["stopped_paid".to_owned()]));
    let args = ["explain", "-w", office.dir(), "sxd.xlsx", "Biểu 3", "C4"];
    let heading = tonghop(&args);
    assert!(
        heading.stdout.contains("Không có số liệu nào"),
        "{}",
        heading.stdout
    );
    assert_eq!(tonghop(&["explain", "sxd.xlsx", "Biểu 3"]).code, 2);
    let later = REPORT.replace("| 4\n", "| 9\n");
    office.drop_workbook("sxd-2.xlsx", &later);
    let _ = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!(told("C5"), (false, vec!["replaced".to_owned()]));
    assert_eq!(explained(&office, "sxd-2.xlsx", "C5"), (true, vec![]));
    tonghop(&[
        "set-aside",
        "-w",
        office.dir(),
        "sxd-2.xlsx",
        "--reason",
        "nhầm",
    ])
    .ending(0);
    assert_eq!(explained(&office, "sxd-2.xlsx", "C5").1, ["set_aside"]);
    assert_eq!(told("C5"), (true, vec![]));
}

/// A model enterprise with one content, in two years' reports, and what the second run asks.
fn model() -> (Office, Value) {
    let office = Office::new();
    let report = |year: i32| {
        format!(
            "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm {year}\n== Biểu 3\nĐơn vị tính: triệu đồng\n\
             Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | NSNN | Mô hình điểm\n\
             Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 01/HĐ | 2022-03-01 | Đang thực hiện | {} | x\n",
            year - 2000
        )
    };
    office.drop_workbook("2022.xlsx", &report(2022));
    office.drop_workbook("2023.xlsx", &report(2023));
    let run = office.run_ending(4);
    (office, run)
}

#[test]
fn what_a_choice_leaves_to_a_person_is_asked_once_and_the_answer_has_its_effect() {
    for (word, models, range) in [
        ("được tính", 1, false),
        ("không tính", 0, false),
        ("cần xác minh", 1, true),
    ] {
        let (office, run) = model();
        let asked = run["single_cases"].as_array().unwrap();
        assert_eq!(asked.len(), 1, "{run}");
        assert_eq!(asked[0]["choice"], "model_with_one_content");
        answer_pair("Câu hỏi", &office, &run, "tra-loi.xlsx", word, "");
        let code = if word == "cần xác minh" { 4 } else { 0 };
        let run = office.run_ending(code);
        let open = run["single_cases"].as_array().unwrap().len();
        assert_eq!(open == 0, code == 0, "{run}");
        for year in ["2022", "2023"] {
            let figures = office.figures(year);
            let id = format!("model_enterprises/{year}");
            let found = figures["figures"][&id]["value"].as_i64().unwrap_or(0);
            assert_eq!(found, models, "{word} {year}");
        }
        let summary = sheet_text(&office.workbook(), "Tổng hợp");
        assert_eq!(summary.contains("0 – 1"), range, "{word}: {summary}");
    }
}

#[test]
fn a_model_whose_contents_come_in_two_years_is_neither_told_nor_asked_about() {
    let office = Office::new();
    let report = |year: i32, content: &str| {
        format!(
            "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm {year}\n== Biểu 3\nĐơn vị tính: triệu đồng\n\
             Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | NSNN | Mô hình điểm\n\
             Công ty TNHH Mẫu Một | 3600265395 | {content} | {content}/HĐ | {year}-03-01 | Đang thực hiện | 20 | x\n"
        )
    };
    office.drop_workbook("2022.xlsx", &report(2022, "3a1"));
    let run = office.run_at_ending("2022-11-20T00:00:00Z", 4);
    assert!(codes(&run).contains(&"X030"), "{run}");
    office.drop_workbook("2023.xlsx", &report(2023, "3b1"));
    let run = office.run_at_ending("2023-11-20T00:00:00Z", 0);
    assert!(!codes(&run).contains(&"X030"), "{run}");
    for year in ["2022", "2023"] {
        office.figures(year);
    }
    // The report on 2022 counts what is known of 2022.
    assert!(!sheet_text(&office.workbook(), "Lưu ý").contains("X030"));
}
