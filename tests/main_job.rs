//! From workbooks to figures: every number is where it should be, to the đồng and to the cell.

use crate::office::{Office, TraceSheet, budget, codes, figure, tonghop};
use calamine::{Reader, Xlsx};
use serde_json::{Value, json};

const CONSTRUCTION: &str = "== Bìa
Đơn vị báo cáo: | Sở Xây dựng
Kỳ báo cáo | Năm 2023
== Biểu 3
UBND TỈNH ĐỒNG NAI
SỞ XÂY DỰNG
Biểu 3. DANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ
 | | | | | Đơn vị tính: triệu đồng
NSNN | TT | Tên DN | MST | Địa bàn | Nội dung | Ngày bắt đầu | Thời gian kết thúc | Tiến độ | Vốn DN | Là mô hình điểm
(1) | (2) | (3) | (4) | (5) | (6) | (7) | (8) | (9) | (10) | (11)
 | I | Doanh nghiệp nhỏ và vừa
60 | 1 | Công ty TNHH Mẫu Một | 3600265395 | TP. Biên Hòa | 3a1 | 2023-03-01 | '20/06/2023 | Đã xong | '62,5 | x
'1.250,5 | 2 | CTY TNHH MẪU MỘT | '3600 265 395 | Biên Hoà | Truy xuất nguồn gốc sản phẩm | '05/2023 | | đang triển khai | 0 |
 | II | Doanh nghiệp khác
45 | 3 | HTX Mẫu Hai | | H. Long Thành | 3b2; 3b3 | Quý II/2023 | | Đang thực hiện | 5
1355.5 | | TỔNG CỘNG | | | | | | | 67.5

 | | | | | | | Đồng Nai, ngày 25 tháng 11 năm 2023
 | | NGƯỜI LẬP BIỂU | | | | | GIÁM ĐỐC
 | | Văn phòng Sở
";

#[test]
fn figures_are_right_to_the_dong_and_trace_to_their_cells() {
    let office = Office::new();
    office.drop_workbook("SXD.xlsx", CONSTRUCTION);
    let (code, run) = office.run();
    assert_eq!(code, 0, "{run}");
    assert_eq!(codes(&run), Vec::<&str>::new(), "{}", run["findings"]);
    let file = &run["files"][0];
    assert_eq!(
        (file["department"].as_str(), file["period"].as_str()),
        (Some("SXD"), Some("2023"))
    );
    let support = &file["forms"]["support"];
    assert_eq!(
        support["rows"],
        json!({ "seen": 15, "accepted": 3, "held": 0, "not_data": 12 })
    );
    assert_eq!(
        support["sums"],
        json!({ "state_budget": 1_355_500_000_i64, "enterprise_budget": 67_500_000 })
    );

    let figures = office.figures("2023");
    assert_eq!(figure(&figures, "enterprises_supported/2023"), 2);
    assert_eq!(figure(&figures, "model_enterprises/2023"), 1);
    assert_eq!(
        figure(&figures, "case_money/2023/money_source=state"),
        1_355_500_000
    );
    assert_eq!(
        figure(
            &figures,
            "case_money/2023/task=IV.3.a/money_source=state/department=SXD"
        ),
        60_000_000
    );
    // A case with two contents stands once, under the task of the first.
    assert_eq!(
        figure(&figures, "case_money/2023/task=IV.3.b/money_source=state"),
        1_295_500_000
    );
    assert_eq!(
        figure(&figures, "enterprises_by_content/2023/content=3b3"),
        1
    );

    let traced = |figure: &str| -> Vec<String> {
        let parts = office.parts(figure).into_iter();
        let text = |part: &Value, key: &str| part[key].as_str().unwrap().to_owned();
        parts
            .map(|part| text(&part, "cell") + "=" + &text(&part, "value"))
            .collect()
    };
    let money = "case_money/2023/task=IV.3.b/money_source=state/department=SXD";
    assert_eq!(traced(money), ["A9=1250500000", "A11=45000000"]);
    assert_eq!(
        traced("model_enterprises/2023/department=SXD"),
        ["K8=T3600265395"]
    );
}

#[test]
fn every_figure_is_the_sum_of_what_it_traces_to() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", CONSTRUCTION);
    office.drop_workbook(
        "b.xlsx",
        &budget("1 | IV.2 | NSNN bảo đảm | 90 | 80,5 | 40").replace("Xây dựng", "Y tế"),
    );
    office.run_ending(0);
    let figures = office.figures("2023");
    let trace = TraceSheet::of(&office.workbook());
    let mut checked = 0;
    for (id, entry) in figures["figures"].as_object().unwrap() {
        let value = entry["value"].as_i64().unwrap();
        checked += usize::from(value != 0);
        assert_eq!(trace.sum(entry), value, "{id}");
    }
    assert!(checked > 20, "only {checked}");
}

#[test]
fn a_year_stands_in_place_of_its_quarters_and_a_newer_quarter_of_an_older() {
    let office = Office::new();
    let quarter = |number: &str, spent: &str| {
        budget(&format!("1 | IV.2 | NSNN bảo đảm | 90 | {spent} | 0"))
            .replace("Năm 2023", &format!("Quý {number}/2023"))
    };
    office.drop_workbook("q1.xlsx", &quarter("I", "10"));
    office.run_at_ending("2023-04-05T09:00:00+07:00", 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        10_000_000
    );
    // Year to date: the second quarter holds the first.
    office.drop_workbook("q2.xlsx", &quarter("II", "25"));
    office.run_at_ending("2023-07-05T09:00:00+07:00", 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        25_000_000
    );
    office.drop_workbook(
        "year.xlsx",
        &budget("1 | IV.2 | NSNN bảo đảm | 90 | 70 | 0"),
    );
    office.run_at_ending(super::office::NOW, 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        70_000_000
    );
    // As of a past day, what was known then.
    let past = [
        "report",
        "-w",
        office.dir(),
        "--year",
        "2023",
        "--as-of",
        "2023-07-06T00:00:00+07:00",
        "--format",
        "json",
    ];
    assert_eq!(
        tonghop(&past).json()["totals"]["budget_spent/2023"],
        25_000_000
    );
}

#[test]
fn an_enterprise_counts_once_over_departments_and_years() {
    let office = Office::new();
    let report = |department: &str, year: &str, name: &str| {
        format!(
            "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm {year}\n== Biểu 3\nĐơn vị tính: đồng\n\
             Tên doanh nghiệp | Mã số thuế | Huyện/TP | Nội dung hỗ trợ | Bắt đầu | Tình trạng | NSNN\n\
             {name} | 3600265395 | Long Thành | 3a1 | {year}-03-01 | Hoàn thành | 5000000\n"
        )
    };
    office.drop_workbook("a.xlsx", &report("Sở Y tế", "2022", "Công ty TNHH Mẫu"));
    office.drop_workbook("b.xlsx", &report("Sở Công Thương", "2023", "Cty TNHH Mẫu"));
    office.drop_workbook(
        "c.xlsx",
        &report("Sở Xây dựng", "2023", "CÔNG TY TNHH MẪU").replace("3600265395", ""),
    );
    office.run_ending(4);
    let figures = office.figures("2023");
    assert_eq!(figure(&figures, "enterprises_supported/2023"), 1);
    assert_eq!(figure(&figures, "enterprises_supported/2021-2023"), 1);
}

#[test]
fn words_that_decided_are_kept_and_columns_of_the_senders_own_stay_in_the_original() {
    let office = Office::new();
    let rows = CONSTRUCTION
        .replace("Là mô hình điểm\n", "Là mô hình điểm | Cán bộ theo dõi\n")
        .replace(" | x\n", " | x | Phòng A\n");
    office.drop_workbook("SXD.xlsx", &rows);
    office.run_ending(0);
    office.figures("2023");
    let mut workbook = Xlsx::new(std::io::Cursor::new(office.workbook())).unwrap();
    let listing = workbook.worksheet_range("Biểu 02a").unwrap();
    let text: String = listing
        .used_cells()
        .map(|(_, _, cell)| cell.to_string() + "\n")
        .collect();
    assert!(text.contains("3b1: truy xuat nguon goc"), "{text}");
    let holds = |path: std::path::PathBuf, text: &str| {
        let bytes = std::fs::read(path).unwrap();
        bytes
            .windows(text.len())
            .any(|found| found == text.as_bytes())
    };
    let facts = || office.path("ledger/facts/000001-support.parquet");
    assert!(holds(facts(), "truy xuat nguon goc") || holds(facts(), "truy xuất nguồn gốc"));
    assert!(!holds(facts(), "Phòng A"));
}
