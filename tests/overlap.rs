//! The same enterprise, the same support: what the run says of it.

use crate::office::{Office, tonghop};
use calamine::{Reader, Xlsx};
use serde_json::Value;
use std::io::Cursor;

fn support(department: &str, name: &str, code: &str, content: &str, tool: &str, start: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Địa chỉ | Huyện/TP | Nội dung hỗ trợ | Công cụ/Tiêu chuẩn áp dụng | Bắt đầu | Tình trạng | NSNN\n\
         {name} | {code} | Số 12 Lê Lợi, X. Long Tân | Nhơn Trạch | {content} | {tool} | {start} | Đang thực hiện | 5000000\n"
    )
}

fn register(rows: &str) -> Vec<u8> {
    testkit::workbook(&format!(
        "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
         STT | Tên doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung hỗ trợ | Từ ngày | Đến ngày | Số tiền (đồng)\n{rows}"
    ))
}

fn classes(run: &Value) -> Vec<String> {
    let overlaps = run["overlaps"].as_array().unwrap();
    overlaps.iter().map(|overlap| overlap["class"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn support_that_another_programme_gave_is_found() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &support("Sở Y tế", "Công ty TNHH Gốm Mẫu Sơn", "3600265395", "3a1", "ISO 9001:2015", "2023-03-01"),
    );
    let rows = "1 | Cty TNHH GỐM MẪU SƠN | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n\
                2 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 14001 | 2023-02-01 | 2023-06-01 | 100\n\
                3 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2021-02-01 | 2021-06-01 | 100\n\
                4 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Hỗ trợ khác | 2023-02-01 | 2023-06-01 | 100\n\
                5 | Cty TNHH Gốm Mẫu Sơn 2 | 3603295006 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n";
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(rows)).unwrap();
    let (_, run) = office.run();
    assert_eq!(classes(&run), ["duplicate", "combined", "repeat", "unclear"]);
    let first = &run["overlaps"][0];
    assert_eq!((&first["left"]["department"], &first["right"]["register"]), (&"SYT".into(), &"sme".into()));
    assert_eq!((&first["right"]["file"], &first["right"]["row"]), (&"dnnvv.xlsx".into(), &3.into()));
}

#[test]
fn scenario_16_near_names_are_not_joined_silently() {
    for (one, other) in [
        ("Công ty TNHH Minh Anh", "Công ty TNHH Anh Minh"),
        ("Công ty TNHH Tân Phú 1", "Công ty TNHH Tân Phú 2"),
        ("Công ty TNHH Gốm Mẫu Sơn", "Chi nhánh Công ty TNHH Gốm Mẫu Sơn"),
    ] {
        let office = Office::new();
        office.drop_workbook("a.xlsx", &support("Sở Y tế", one, "", "3a1", "5S", "2023-03-01"));
        office.drop_workbook("b.xlsx", &support("Sở Xây dựng", other, "", "3a1", "5S", "2023-03-01"));
        let (_, run) = office.run();
        assert!(classes(&run).is_empty(), "{one}: {}", run["overlaps"]);
    }
}

fn overlap_sheet(report: &[u8]) -> String {
    let mut workbook = Xlsx::new(Cursor::new(report.to_vec())).unwrap();
    let range = workbook.worksheet_range("Trùng, lặp, lồng ghép").unwrap();
    range.used_cells().map(|(_, _, cell)| cell.to_string() + "\n").collect()
}

#[test]
fn a_report_says_which_registers_it_was_compared_with_and_keeps_to_those_of_its_day() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &support("Sở Y tế", "Công ty TNHH Gốm Mẫu Sơn", "3600265395", "3a1", "ISO 9001:2015", "2023-03-01"),
    );
    let rows = "1 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n";
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(rows)).unwrap();
    office.run_at("2023-12-01T00:00:00Z");
    let report = |as_of: &str| {
        let answer = tonghop(&["report", "-w", office.dir(), "--year", "2023", "--as-of", as_of]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        office.workbook()
    };
    let then = report("2023-12-02T00:00:00Z");
    let sheet = overlap_sheet(&then);
    assert!(sheet.contains("Trùng lặp") && sheet.contains("dnnvv.xlsx › DNNVV › 3"), "{sheet}");
    assert!(sheet.contains("Đã đối chiếu với dnnvv.xlsx"), "{sheet}");

    // A newer version without the entry: a report of the earlier day stays as it was.
    let other =
        "1 | Cty TNHH Bánh Kẹo Lá Sen | 3603295006 | Long Tân, Nhơn Trạch | Khác | 2023-02-01 | 2023-06-01 | 100\n";
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(other)).unwrap();
    let (_, run) = office.run_at("2024-02-01T00:00:00Z");
    assert!(classes(&run).is_empty(), "{}", run["overlaps"]);
    assert_eq!(run["registers"][0]["entries"]["sme"], 1);
    assert_eq!(then, report("2023-12-02T00:00:00Z"));
    assert!(!overlap_sheet(&report("2024-02-02T00:00:00Z")).contains("Trùng lặp"));
}

/// Writes a person's answer into the first question of the review workbook, as a copy of the sheet in the inbox.
fn answer(office: &Office, run: &Value, name: &str, answer: &str, until: &str) {
    let path = run["review"].as_str().unwrap_or_else(|| panic!("nothing is asked: {run}"));
    let mut workbook = Xlsx::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let range = workbook.worksheet_range("Câu hỏi").unwrap();
    let mut sheet = String::from("== Câu hỏi\n");
    for row in 0..=range.end().unwrap().0 {
        let text = |col: u32| range.get_value((row, col)).map(ToString::to_string).unwrap_or_default();
        let cell = |col: u32| text(col).replace('|', "/");
        let mut cells: Vec<String> = (0..29).map(cell).collect();
        if row == 4 {
            cells[19] = answer.to_owned();
            cells[20] = "Đã kiểm tra hồ sơ".to_owned();
            cells[21] = "Phòng Quản lý".to_owned();
            cells[22] = until.to_owned();
        }
        sheet.push_str(&cells.join(" | "));
        sheet.push('\n');
    }
    office.drop_workbook(name, &sheet);
}

fn waiting(run: &Value) -> usize {
    let overlaps = run["overlaps"].as_array().unwrap();
    overlaps.iter().filter(|overlap| overlap["waits"].as_bool().unwrap()).count()
}

const DUPLICATE: &str = "1 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n";

fn office_with_a_duplicate() -> Office {
    let office = Office::new();
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    let text = support("Sở Y tế", name, "3600265395", "3a1", "ISO 9001:2015", "2023-03-01");
    office.drop_workbook("a.xlsx", &text);
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(DUPLICATE)).unwrap();
    office
}

#[test]
fn scenario_13_a_waiver_that_has_ended_the_rule_speaks_again() {
    let office = office_with_a_duplicate();
    let (code, run) = office.run_at("2023-12-01T00:00:00Z");
    assert_eq!((code, waiting(&run)), (4, 1));
    answer(&office, &run, "tra-loi.xlsx", "không trùng", "31/12/2023");
    let (code, run) = office.run_at("2023-12-02T00:00:00Z");
    assert_eq!((code, waiting(&run)), (0, 0), "{run}");
    assert_eq!(run["answered"][0]["answers"], 1);
    assert_eq!(run["overlaps"][0]["decision"], "not_duplicate");
    let sheet = |as_of: &str| {
        tonghop(&["report", "-w", office.dir(), "--year", "2023", "--as-of", as_of]);
        overlap_sheet(&office.workbook())
    };
    assert!(sheet("2023-12-03T00:00:00Z").contains("không trùng: Đã kiểm tra hồ sơ (Phòng Quản lý)"));
    assert!(sheet("2023-12-01T12:00:00Z").contains("Chờ quyết định"));
    let (code, run) = office.run_at("2024-01-05T00:00:00Z");
    assert_eq!((code, waiting(&run)), (4, 1));
    let asked = std::fs::read(run["review"].as_str().unwrap()).unwrap();
    assert!(review_text(&asked).contains("không trùng: Đã kiểm tra hồ sơ (Phòng Quản lý)"));
}

fn review_text(workbook: &[u8]) -> String {
    let mut workbook = Xlsx::new(Cursor::new(workbook.to_vec())).unwrap();
    let range = workbook.worksheet_range("Câu hỏi").unwrap();
    range.used_cells().map(|(_, _, cell)| cell.to_string() + "\n").collect()
}

#[test]
fn scenario_14_an_answer_holds_until_what_decided_changes() {
    let office = office_with_a_duplicate();
    let (_, run) = office.run_at("2023-12-01T00:00:00Z");
    answer(&office, &run, "tra-loi.xlsx", "không trùng", "");
    office.run_at("2023-12-02T00:00:00Z");
    // Sent again with another amount: nothing that decided has changed.
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    let again = support("Sở Y tế", name, "3600265395", "3a1", "ISO 9001:2015", "2023-03-01");
    office.drop_workbook("b.xlsx", &again.replace("5000000", "6000000"));
    let (code, run) = office.run_at("2023-12-03T00:00:00Z");
    assert_eq!((code, waiting(&run)), (0, 0));
    // Another beginning: asked again, and the old answer is shown.
    office.drop_workbook("c.xlsx", &again.replace("2023-03-01", "2023-04-01"));
    let (code, run) = office.run_at("2023-12-04T00:00:00Z");
    assert_eq!((code, waiting(&run)), (4, 1));
    let asked = std::fs::read(run["review"].as_str().unwrap()).unwrap();
    let asked = review_text(&asked);
    assert!(asked.contains("không trùng: Đã kiểm tra hồ sơ"), "{asked}");
}

#[test]
fn scenario_15_one_taken_out_stays_out() {
    let office = office_with_a_duplicate();
    let (_, run) = office.run_at("2023-12-01T00:00:00Z");
    answer(&office, &run, "tra-loi.xlsx", "khác doanh nghiệp", "");
    for day in ["2023-12-02T00:00:00Z", "2024-03-02T00:00:00Z"] {
        let (code, run) = office.run_at(day);
        assert_eq!((code, classes(&run).len()), (0, 0), "{run}");
    }
}
