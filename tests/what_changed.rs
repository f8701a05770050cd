//! Small changes, one at a time, after a report was issued: the new report and `diff` name the cells that changed and the
//! cause, and nothing else.

use crate::office::{Office, figure, read_json, sheet_text, sheets, tonghop};
use crate::review_sheet::let_replace;
use serde_json::Value;
use std::collections::BTreeSet;

const HEADING: &str = "Tên doanh nghiệp | Mã số thuế | Huyện/TP | Quy mô | Nội dung hỗ trợ | Hợp đồng | Bắt đầu | Tình trạng | NSNN | Doanh nghiệp";
const ROWS: [&str; 3] = [
    "Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Biên Hòa | Nhỏ | 3a1 | 01/HĐ | 01/03/2024 | Đang thực hiện | 50 | 10",
    "Công ty Cổ phần Gỗ Mẫu Hai | 3603295006 | Long Khánh | Vừa | 3b1 | 02/HĐ | 05/04/2024 | Đang thực hiện | 60 | 10",
    "Công ty TNHH Nhựa Mẫu Ba | 3601027587 | Biên Hòa | Nhỏ | 3a1 | 03/HĐ | 09/05/2024 | Đang thực hiện | 70 | 20",
];

fn support(department: &str, rows: &[&str]) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2024\n== Biểu 3\nĐơn vị tính: triệu đồng\n{HEADING}\n{}\n",
        rows.join("\n")
    )
}

/// The trade department's three cases and the construction department's one are reported and issued.
fn issued() -> Office {
    let office = Office::new();
    office.drop_workbook("sct.xlsx", &support("Sở Công Thương", &ROWS));
    let other = "HTX Rau Mẫu Bốn | 3600259465 | Biên Hòa | HTX-khác | 3b2 | 09/HĐ | 01/06/2024 | Đang thực hiện | 5 | 5";
    office.drop_workbook("sxd.xlsx", &support("Sở Xây dựng", &[other]));
    office.run_at_ending("2024-11-20T02:00:00Z", 0);
    office.issue("2024", "123/BC-SKHCN", "2024-11-28", "2024-11-28T02:00:00Z");
    office
}

/// What changed since the report was issued: each figure with 'cell file cause' of what it is laid to.
fn changes(office: &Office) -> Vec<(String, BTreeSet<String>)> {
    let from = "2024-11-28T02:00:00Z";
    let call = [
        "diff",
        "-w",
        office.dir(),
        "--year",
        "2024",
        "--from",
        from,
        "--format",
        "json",
    ];
    let found = tonghop(&call).ending(0).json();
    let told = |value: &Value| {
        let part = |name: &str| value[name].as_str().unwrap().to_owned();
        [part("cell"), part("file"), part("cause")]
            .join(" ")
            .trim()
            .to_owned()
    };
    let figures = found["figures"].as_array().unwrap().iter();
    figures
        .map(|change| {
            let values = change["values"].as_array().unwrap().iter();
            (
                change["figure"].as_str().unwrap().to_owned(),
                values.map(told).collect(),
            )
        })
        .collect()
}

/// The trade department sends its cases again with these rows; what is told of some figures, and that no figure is laid
/// to any other cell.
#[track_caller]
fn corrected(rows: &[&str], expected: &[(&str, &[&str])]) {
    let office = issued();
    office.drop_workbook("sct2.xlsx", &support("Sở Công Thương", rows));
    // What an issued report has counted is changed by an officer's word only.
    let run = office.run_at_ending("2024-12-10T02:00:00Z", 3);
    let_replace(&office, &run, "2024-12-10T03:00:00Z");
    let changes = changes(&office);
    for (id, cells) in expected {
        let told = changes.iter().find(|(figure, _)| figure == id);
        let told = told.map(|(_, cells)| cells.clone()).unwrap_or_default();
        let expected: BTreeSet<String> = cells
            .iter()
            .map(|cell| format!("{cell} correction"))
            .collect();
        assert_eq!(told, expected, "{id}");
    }
    let known: BTreeSet<String> = expected
        .iter()
        .flat_map(|(_, cells)| cells.iter().map(|cell| format!("{cell} correction")))
        .collect();
    for (figure, told) in &changes {
        assert!(told.is_subset(&known), "{figure}: {told:?}");
        assert!(!told.is_empty(), "{figure}");
    }
}

#[test]
fn a_mended_amount_names_its_cell_in_both_versions() {
    let mended = ROWS[1].replace("| 60 |", "| 50 |");
    let rows = [ROWS[0], &mended, ROWS[2]];
    corrected(
        &rows,
        &[
            ("case_money/2024", &["I4 sct.xlsx", "I4 sct2.xlsx"]),
            ("support_cases/2024", &[]),
        ],
    );
}

#[test]
fn a_row_that_went_names_its_cells_though_others_moved_up() {
    corrected(
        &[ROWS[0], ROWS[2]],
        &[
            ("case_money/2024", &["I4 sct.xlsx", "J4 sct.xlsx"]),
            ("support_cases/2024", &["E4 sct.xlsx"]),
            ("enterprises_supported/2024", &["A4 sct.xlsx"]),
        ],
    );
}

#[test]
fn a_row_that_came_names_its_cells() {
    let new = "Công ty TNHH May Mẫu Năm | 3600334303 | Biên Hòa | Nhỏ | 3b3 | 04/HĐ | 10/06/2024 | Đang thực hiện | 50 | 10";
    corrected(
        &[new, ROWS[0], ROWS[1], ROWS[2]],
        &[
            ("case_money/2024", &["I3 sct2.xlsx", "J3 sct2.xlsx"]),
            ("support_cases/2024", &["E3 sct2.xlsx"]),
            ("enterprises_supported/2024", &["A3 sct2.xlsx"]),
        ],
    );
}

#[test]
fn an_emptied_cell_names_itself() {
    let emptied = ROWS[2].strip_suffix("| 20").unwrap();
    corrected(
        &[ROWS[0], ROWS[1], emptied],
        &[("case_money/2024", &["J5 sct.xlsx"])],
    );
}

#[test]
fn a_case_under_another_content_names_the_cell_of_its_content() {
    let recoded = ROWS[0].replace("| 3a1 |", "| 3b3 |");
    corrected(
        &[&recoded, ROWS[1], ROWS[2]],
        &[
            ("support_cases/2024", &[]),
            ("support_cases/2024/content=3a1", &["E3 sct.xlsx"]),
            ("support_cases/2024/content=3b3", &["E3 sct2.xlsx"]),
            (
                "support_money_by_content/2024/content=3a1",
                &["E3 sct.xlsx"],
            ),
        ],
    );
}

#[test]
fn rows_in_another_order_and_a_contract_that_was_written_otherwise_are_no_changes() {
    let other = ROWS[1].replace("02/HĐ", "02/2024/HĐ-SCT");
    corrected(&[ROWS[2], &other, ROWS[0]], &[]);
}

#[test]
fn what_came_late_and_what_was_set_aside_are_not_laid_to_others() {
    let office = issued();
    let late = "Công ty TNHH May Mẫu Năm | 3600334303 | Biên Hòa | Nhỏ | 3b3 | 04/HĐ | 10/06/2024 | Đang thực hiện | 50 | 10";
    office.drop_workbook("syt.xlsx", &support("Sở Y tế", &[late]));
    let (_, _) = office.run_at("2024-12-10T02:00:00Z");
    for (figure, told) in changes(&office) {
        assert!(
            told.iter().all(|line| line.ends_with("syt.xlsx late")),
            "{figure}: {told:?}"
        );
    }
    let call = [
        "set-aside",
        "-w",
        office.dir(),
        "sxd.xlsx",
        "--reason",
        "gửi nhầm",
        "--now",
        "2024-12-11T02:00:00Z",
    ];
    tonghop(&call).ending(0);
    let money = changes(&office)
        .into_iter()
        .find(|(figure, _)| figure == "case_money/2024")
        .unwrap()
        .1;
    let expected = [
        "I3 sxd.xlsx set_aside",
        "I3 syt.xlsx late",
        "J3 sxd.xlsx set_aside",
        "J3 syt.xlsx late",
    ];
    assert_eq!(money, expected.map(str::to_owned).into());
}

#[test]
fn an_edited_indicator_is_told_as_a_change_of_rules() {
    let office = issued();
    let from = "SELECT s.record, 'content' AS field, f.content, s.department, 1 AS value";
    let to = "SELECT s.record, 'content' AS field, f.content, s.department, 2 AS value";
    office.change_programme("programme", &[("indicators/support_cases.sql", from, to)]);
    office.set("programme = \"programme\"\n");
    let changes = changes(&office);
    let files: BTreeSet<String> = ["indicators/support_cases.sql rule".to_owned()].into();
    assert!(!changes.is_empty());
    for (figure, told) in &changes {
        assert!(figure.starts_with("support_cases/2024"), "{figure}");
        assert_eq!(told, &files, "{figure}");
    }
    // The new report says so of what was issued.
    let answer = tonghop(&[
        "report",
        "-w",
        office.dir(),
        "--year",
        "2024",
        "--now",
        "2024-12-20T02:00:00Z",
        "--format",
        "json",
    ]);
    let made = answer.ending(0).json();
    let workbook = std::fs::read(made["workbook"].as_str().unwrap()).unwrap();
    assert!(sheets(&workbook).contains(&"Điều chỉnh".to_owned()));
    let restated = sheet_text(&workbook, "Điều chỉnh");
    for told in [
        "support_cases/2024",
        "Quy tắc, chỉ tiêu, danh mục thay đổi",
        "indicators/support_cases.sql",
    ] {
        assert!(restated.contains(told), "{told}: {restated}");
    }
    let figures = read_json(&office.path("reports/figures.json"));
    assert_eq!(figure(&figures, "support_cases/2024"), 8);
}

#[test]
fn a_register_that_came_is_told_with_its_row() {
    let office = issued();
    let register = testkit::workbook(
        "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
         STT | Tên doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung hỗ trợ | Từ ngày | Đến ngày | Số tiền (đồng)\n\
         1 | Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Biên Hòa | Áp dụng hệ thống quản lý ISO 9001:2015 | 2024-02-01 | 2024-09-01 | 100\n",
    );
    std::fs::write(office.path("registers/dnnvv.xlsx"), register).unwrap();
    let (_, _) = office.run_at("2024-12-10T02:00:00Z");
    let changes = changes(&office);
    assert!(!changes.is_empty());
    for (figure, told) in changes {
        assert!(figure.starts_with("duplicate_state_budget"), "{figure}");
        assert_eq!(
            told,
            ["A3 dnnvv.xlsx register".to_owned()].into(),
            "{figure}"
        );
    }
}
