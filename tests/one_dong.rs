//! One đồng counts once: the money of a contract over the years, amounts out of their kind, budgets beside one another.

use crate::office::{Office, codes, figure, read_json, sheet_text, tonghop};
use serde_json::Value;

/// A report of the construction department whose form 3 has these rows.
fn support(period: &str, rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | {period}\n\
         == Biểu 3\nĐơn vị tính: triệu đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Giá trị hợp đồng | Bắt đầu | Tình trạng | NSNN | DN đối ứng\n\
         {rows}\n"
    )
}

/// The findings of a code, each with its sheet and cells.
fn told(run: &Value, code: &str) -> Vec<String> {
    let findings = run["findings"].as_array().unwrap();
    let of_code = findings.iter().filter(|it| it["code"] == code);
    of_code
        .map(|it| format!("{} {}", it["file"], it["cells"]).replace('"', ""))
        .collect()
}

const WHOLE: &str =
    "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 5/HĐ | | 2023-03-01 | Đang thực hiện | 200 | 80";
const HONEST: &str =
    "Công ty TNHH Mẫu Hai | 3603295006 | 3a1 | 6/HĐ | 400 | 2023-03-01 | Đang thực hiện | 100 | 50";

#[test]
fn the_whole_value_of_a_contract_in_each_year_goes_back_to_the_sender_at_once() {
    let office = Office::new();
    let rows = format!("{WHOLE}\n{HONEST}");
    office.drop_workbook("nam-2023.xlsx", &support("Năm 2023", &rows));
    let run = office.run_at_ending("2023-11-20T00:00:00Z", 0);
    assert_eq!(codes(&run), [""; 0]);
    office.drop_workbook("nam-2024.xlsx", &support("Quý II năm 2024", &rows));
    let run = office.run_at_ending("2024-07-20T00:00:00Z", 0);
    assert_eq!(told(&run, "X006"), ["nam-2024.xlsx [H3,I3]"]);
    let feedback = std::fs::read(run["files"][1]["returned"].as_str().unwrap()).unwrap();
    let feedback = sheet_text(&feedback, "Phiếu phản hồi");
    assert!(
        feedback.contains("2023 (nam-2023.xlsx › Biểu 3 › H3)"),
        "{feedback}"
    );
}

#[test]
fn reports_on_two_years_that_come_at_once_are_compared_too() {
    let office = Office::new();
    office.drop_workbook("nam-2023.xlsx", &support("Năm 2023", WHOLE));
    office.drop_workbook("nam-2024.xlsx", &support("Năm 2024", WHOLE));
    let run = office.run_at_ending("2024-11-20T00:00:00Z", 0);
    assert_eq!(told(&run, "X006"), ["nam-2024.xlsx [H3,I3]"]);
    // Once: each of the three years is counted, and the third names both others.
    office.drop_workbook("nam-2025.xlsx", &support("Năm 2025", WHOLE));
    let run = office.run_at_ending("2025-11-20T00:00:00Z", 0);
    assert_eq!(told(&run, "X006"), ["nam-2025.xlsx [H3,I3]"]);
    let found = run["findings"][0]["message"].as_str().unwrap();
    assert!(
        found.contains("nam-2023.xlsx") && found.contains("nam-2024.xlsx"),
        "{found}"
    );
}

#[test]
fn a_blank_workbook_carries_the_contract_and_what_earlier_years_had() {
    let office = Office::new();
    office.drop_workbook("nam-2023.xlsx", &support("Năm 2023", HONEST));
    office.run_at_ending("2023-11-20T00:00:00Z", 0);
    tonghop(&["templates", "-w", office.dir(), "--period", "2024-Q1"]).ending(0);
    let path = office.path("templates/2024-Q1/SXD-2024-Q1-bieu-mau.xlsx");
    let form = sheet_text(&std::fs::read(path).unwrap(), "Biểu 3");
    let cells: Vec<&str> = form.lines().collect();
    assert!(cells.contains(&"400"), "{form}");
    let earlier = "2023: NSNN 100.000.000 đồng, DN đối ứng 50.000.000 đồng";
    assert!(cells.contains(&earlier), "{form}");
    assert!(
        !cells.contains(&"100"),
        "last year's money is not this year's"
    );
}

/// The cases of support, and the state's money in them, of a year or of the whole period.
fn cases(office: &Office, year: &str, is_final: bool) -> [i64; 2] {
    let mut args = vec!["report", "-w", office.dir(), "--year", year];
    args.extend(is_final.then_some("--final"));
    tonghop(&args).ending(0);
    let figures = read_json(&office.path("reports/figures.json"));
    let years = match is_final {
        true => format!("2021-{year}"),
        false => year.to_owned(),
    };
    let support = figure(&figures, &format!("support_cases/{years}"));
    let money = format!("support_money_by_content/{years}/money_source=state");
    [support, figure(&figures, &money)]
}

#[test]
fn a_contract_of_three_years_counts_in_each_and_once_in_the_whole_period() {
    let office = Office::new();
    for (year, money, other) in [
        (2023, "120 | 10", "3b1"),
        (2024, "100 | 20", "3a2"),
        (2025, "80 | 30", "3b4"),
    ] {
        let rows = format!(
            "Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 5/HĐ | 400 | 2023-03-01 | Đang thực hiện | {money}\n\
             Công ty TNHH Mẫu Hai | 3603295006 | {other} | | | {year}-05-01 | Đang thực hiện | 50 | 0"
        );
        let name = format!("nam-{year}.xlsx");
        office.drop_workbook(&name, &support(&format!("Năm {year}"), &rows));
        office.run_at_ending(&format!("{year}-11-20T00:00:00Z"), 0);
    }
    assert_eq!(cases(&office, "2023", false), [2, 170_000_000]);
    assert_eq!(cases(&office, "2025", false), [2, 130_000_000]);
    // One over three years, and three of one year each.
    assert_eq!(cases(&office, "2025", true), [4, 450_000_000]);
    let listed = sheet_text(&final_workbook(&office), "Biểu 02a");
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.contains(&"2023, 2024, 2025"), "{listed}");
    assert_eq!(lines.iter().filter(|cell| **cell == "5/HĐ").count(), 1);
    assert!(
        lines.contains(&"300000000"),
        "its money of all years: {listed}"
    );
}

/// The workbook of the report on the whole period.
fn final_workbook(office: &Office) -> Vec<u8> {
    let name = "reports/bao-cao-tong-ket-nang-suat-chat-luong-dong-nai-2025.xlsx";
    std::fs::read(office.path(name)).unwrap()
}
