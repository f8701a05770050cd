//! Reports on a part of a year: by quarter, and on demand (VI.1.d 'hoặc đột xuất').

use crate::office::{NOW, Office, figure, sheet_text, tonghop};
use serde_json::Value;

/// A report of the department of industry and trade, with a row of training and of money.
fn sent(period: &str, people: u32, spent: u32) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Công Thương\nKỳ báo cáo | {period}\n\
         == Biểu 4a\nNhiệm vụ | Tên hoạt động | Bắt đầu | Số người\nIV.4.b | Lớp 5S | 01/02/2023 | {people}\n\
         == Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\nIV.4.b | NSNN hỗ trợ | 100 | {spent}\n"
    )
}

/// A department that grows from quarter to quarter, and then reports the year.
fn office() -> Office {
    let office = Office::new();
    for (name, period, people, spent, at) in [
        ("q1.xlsx", "Quý I/2023", 10, 11, "2023-04-10"),
        ("q2.xlsx", "Quý II/2023", 20, 22, "2023-07-10"),
        ("q3.xlsx", "Quý III/2023", 30, 33, "2023-09-20"),
        ("nam.xlsx", "Năm 2023", 40, 44, "2023-11-25"),
    ] {
        office.drop_workbook(name, &sent(period, people, spent));
        let _ = office.run_at_ending(&format!("{at}T09:00:00+07:00"), 0);
    }
    office
}

/// The figures of a report, its workbook, and what the program says of it.
fn report(office: &Office, more: &[&str]) -> (Value, Vec<u8>, Value) {
    let call = [
        "report",
        "-w",
        office.dir(),
        "--now",
        NOW,
        "--format",
        "json",
    ];
    let said = tonghop(&[&call, more].concat());
    let said = said.ending(0).json();
    let json = std::fs::read(said["figures"].as_str().unwrap()).unwrap();
    let workbook = std::fs::read(said["workbook"].as_str().unwrap()).unwrap();
    (serde_json::from_slice(&json).unwrap(), workbook, said)
}

#[test]
fn a_quarter_is_counted_from_the_first_day_up_to_its_own_reports() {
    let office = office();
    let (figures, workbook, said) = report(&office, &["--period", "2023-Q2"]);
    assert_eq!(figure(&figures, "people_trained/2023-Q2"), 20);
    assert_eq!(figure(&figures, "budget_spent/2023-Q2"), 22_000_000);
    assert!(figures["figures"]["people_trained/2023"].is_null());
    assert_eq!(said["period"], "2023-Q2");
    assert!(
        said["workbook"]
            .as_str()
            .unwrap()
            .ends_with("-2023-quy-2.xlsx")
    );
    let cover = sheet_text(&workbook, "Bìa");
    assert!(
        cover.contains("BÁO CÁO TỔNG HỢP QUÝ II NĂM 2023\n"),
        "{cover}"
    );
    assert!(cover.contains("Từ 01/01/2023 đến 30/06/2023\n"), "{cover}");
    // The department has reported what the quarter asks for.
    assert!(cover.contains("\n1/10\n"), "{cover}");
    let years = sheet_text(&workbook, "Biểu 09");
    assert!(years.contains("Quý II/2023 (lũy kế từ đầu năm)"), "{years}");

    // The year's own report tells of all of it, and stands beside.
    let (figures, ..) = report(&office, &["--year", "2023"]);
    assert_eq!(figure(&figures, "people_trained/2023"), 40);
    let (whole, _, said) = report(&office, &["--period", "2023"]);
    assert_eq!(figure(&whole, "people_trained/2023"), 40);
    assert!(
        said["workbook"]
            .as_str()
            .unwrap()
            .ends_with("dong-nai-2023.xlsx")
    );
    let (fourth, ..) = report(&office, &["--period", "2023-Q4"]);
    assert_eq!(figure(&fourth, "people_trained/2023-Q4"), 40);

    // A figure of a quarter is found by its id.
    let explained = tonghop(&[
        "explain",
        "-w",
        office.dir(),
        "people_trained/2023-Q2",
        "--format",
        "json",
    ]);
    let explained = explained.ending(0).json();
    assert_eq!(explained["value"], 20, "{explained}");
    assert_eq!(explained["parts"][0]["file"], "q2.xlsx", "{explained}");
}

#[test]
fn a_report_on_demand_counts_up_to_its_day() {
    let office = office();
    // The third quarter's report came on the 20th: on the 15th nobody could have counted it.
    let (figures, workbook, said) = report(&office, &["--until", "2023-09-15"]);
    assert_eq!(figure(&figures, "people_trained/2023-09-15"), 20);
    assert_eq!(said["period"], "2023-09-15");
    let cover = sheet_text(&workbook, "Bìa");
    assert!(
        cover.contains("BÁO CÁO ĐỘT XUẤT (SỐ LIỆU ĐẾN NGÀY 15/09/2023)"),
        "{cover}"
    );
    assert!(cover.contains("Từ 01/01/2023 đến 15/09/2023\n"), "{cover}");
    let (figures, ..) = report(&office, &["--until", "20/09/2023"]);
    assert_eq!(figure(&figures, "people_trained/2023-09-20"), 30);
    let letter = said["letter"].as_str().unwrap();
    assert!(std::fs::metadata(letter).unwrap().len() > 0);
}

#[test]
fn an_issued_quarter_is_restated_by_the_same_quarter_only_and_can_be_proved() {
    let office = office();
    let issue = [
        "--issue",
        "--number",
        "7/BC-SKHCN",
        "--signed-on",
        "2023-11-25",
    ];
    let (_, workbook, said) = report(&office, &[&["--period", "2023-Q2"][..], &issue].concat());
    assert!(!workbook.is_empty());
    let issued = said["workbook"].as_str().unwrap();
    let verified = tonghop(&["verify", "-w", office.dir(), issued]);
    verified.ending(0);
    let changes = |more: &[&str]| sheet_text(&report(&office, more).1, "Bìa");
    assert!(changes(&["--period", "2023-Q3"]).contains("Chưa có báo cáo phát hành để so sánh"));
    let same = changes(&["--period", "2023-Q2"]);
    assert!(same.contains("7/BC-SKHCN"), "{same}");
}

#[test]
fn a_quarter_of_the_whole_period_is_refused() {
    let office = Office::new();
    for more in [["--period", "2023-Q2"], ["--until", "2023-09-15"]] {
        let said = tonghop(&["report", "-w", office.dir(), more[0], more[1], "--final"]);
        said.ending(2);
    }
}
