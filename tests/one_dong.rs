//! One đồng counts once: the money of a contract over the years, amounts out of their kind, budgets beside one another.

use crate::ledger::lose_and_restore_records;
use crate::office::{Office, budget, codes, copy_folder, figure, read_json, sheet_text, tonghop};
use crate::review_sheet::{answer, let_replace, questions};
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
    assert!(lines.contains(&"2023; 2024; 2025"), "{listed}");
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

/// Support of so many million đồng each.
fn amounts(period: &str, amounts: &[&str]) -> String {
    let row = |(at, amount): (usize, &&str)| {
        format!(
            "Công ty TNHH Mẫu {at} | | 3a1 | {at}/HĐ | | 2023-03-01 | Đang thực hiện | {amount} | "
        )
    };
    let rows: Vec<String> = amounts.iter().enumerate().map(row).collect();
    support(period, &rows.join("\n"))
}

const AMOUNTS: &str = "Số tiền bất thường";

/// The state's money in the support of 2023, in million đồng.
fn state_money(office: &Office) -> i64 {
    cases(office, "2023", false)[1] / 1_000_000
}

/// An office with six cases of support, the last one of 45 tỷ; and what the run said.
fn with_a_slip() -> (Office, Value) {
    let office = Office::new();
    let report = amounts("Năm 2023", &["40", "60", "80", "100", "120", "45000"]);
    office.drop_workbook("lan-1.xlsx", &report);
    let run = office.run_at_ending("2023-11-20T00:00:00Z", 3);
    assert_eq!(told(&run, "V026"), ["lan-1.xlsx [H8]"]);
    assert_eq!(state_money(&office), 400);
    (office, run)
}

#[test]
fn an_amount_out_of_its_kind_waits_until_a_person_confirms_its_unit() {
    for (word, money, open) in [
        ("đúng đơn vị", 45_400, 0),
        ("sai", 400, 0),
        ("cần xác minh", 400, 1),
    ] {
        let (office, run) = with_a_slip();
        let asked = questions(&run, AMOUNTS);
        let subject = [
            "Sở Xây dựng",
            "Biểu 3 (Danh sách doanh nghiệp được hỗ trợ)",
            "NSNN › Công ty TNHH Mẫu 5",
        ];
        assert_eq!(asked[0][2..5], subject);
        answer(&office, AMOUNTS, &asked[0], "tra-loi.xlsx", word);
        let (_, run) = office.run_at("2023-11-21T00:00:00Z");
        assert_eq!(run["answered"][0]["answers"], 1, "{word}");
        assert_eq!(run["amounts"].as_array().unwrap().len(), open, "{word}");
        assert_eq!(state_money(&office), money, "{word}");
        // It is remembered for that amount, in whatever file of the department it stands.
        let report = amounts("Năm 2023", &["41", "60", "80", "100", "120", "45000"]);
        office.drop_workbook("lan-2.xlsx", &report);
        let (_, run) = office.run_at("2023-11-22T00:00:00Z");
        assert_eq!(run["amounts"].as_array().unwrap().len(), open, "{word}");
        assert_eq!(state_money(&office), money + 1, "{word}");
        lose_and_restore_records(&office);
        assert_eq!(state_money(&office), money + 1, "{word}");
    }
}

#[test]
fn a_sender_writes_the_unit_into_the_cell() {
    let (office, _) = with_a_slip();
    let report = amounts("Năm 2023", &["40", "60", "80", "100", "120", "45 tỷ đồng"]);
    office.drop_workbook("lan-2.xlsx", &report);
    office.run_at_ending("2023-11-21T00:00:00Z", 0);
    assert_eq!(state_money(&office), 45_400);
}

#[test]
fn a_column_in_another_unit_than_other_departments_have_is_one_question() {
    let office = Office::new();
    let usual = amounts("Năm 2023", &["40", "60", "80", "100", "120"]);
    office.drop_workbook("xd.xlsx", &usual.replace("Sở Xây dựng", "Sở Công Thương"));
    office.run_at_ending("2023-11-20T00:00:00Z", 0);
    let rows = ["41000", "62000", "85000", "103000"];
    office.drop_workbook(
        "ct.xlsx",
        &amounts("Năm 2023", &rows).replace("Mẫu ", "Khác "),
    );
    let run = office.run_at_ending("2023-11-21T00:00:00Z", 3);
    assert_eq!(told(&run, "V026"), ["ct.xlsx [H3,H4,H5,H6]"]);
    let asked = questions(&run, AMOUNTS);
    assert_eq!((asked.len(), &*asked[0][4]), (1, "NSNN"));
    assert_eq!(state_money(&office), 400);
}

#[test]
fn what_the_finance_department_allocates_stands_beside_the_budgets_of_others() {
    let office = Office::new();
    let row = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";
    office.drop_workbook("xd.xlsx", &budget(row));
    let allocated = budget("1 | IV.2.a | NSNN bảo đảm | 130 | 0 | 0");
    office.drop_workbook("tc.xlsx", &allocated.replace("Sở Xây dựng", "Sở Tài chính"));
    office.run_at_ending("2023-11-20T00:00:00Z", 0);
    let figures = office.figures("2023");
    let of = |id: &str| figure(&figures, id) / 1_000_000;
    assert_eq!(of("budget_planned/2023"), 100);
    assert_eq!(of("budget_allocated/2023/task=IV.2.a"), 130);
    assert_eq!(of("budget_spent/2023"), 80);
}

#[test]
fn support_is_beside_the_budget_of_its_file() {
    let report = |amount: &str| {
        let rows = format!(
            "Công ty TNHH Mẫu | | 3a1 | 1/HĐ | | 2023-03-01 | Đang thực hiện | {amount} | "
        );
        support("Năm 2023", &rows)
            + "== Biểu 8\nĐơn vị tính: triệu đồng\nNhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\n\
               IV.3.a | NSNN hỗ trợ | 300 | 295\n"
    };
    for (amount, expected) in [
        ("290", None),
        ("310", Some("C010")),
        ("85000", Some("C011")),
    ] {
        let office = Office::new();
        office.drop_workbook("xd.xlsx", &report(amount));
        let run = office.run_at_ending("2023-11-20T00:00:00Z", 0);
        assert_eq!(
            codes(&run),
            expected.into_iter().collect::<Vec<_>>(),
            "{amount}"
        );
    }
}

#[test]
fn a_report_that_stands_is_judged_again_when_an_earlier_year_is_corrected() {
    let office = Office::new();
    let row = |amount: &str| format!("1 | IV.2.a | NSNN bảo đảm | {amount} | {amount} | {amount}");
    let of = |year: &str, amount: &str| budget(&row(amount)).replace("Năm 2023", year);
    office.drop_workbook("2022.xlsx", &of("Năm 2022", "70"));
    office.run_at_ending("2022-11-20T00:00:00Z", 0);
    office.drop_workbook("2023.xlsx", &of("Năm 2023", "80"));
    let run = office.run_at_ending("2023-11-20T00:00:00Z", 0);
    assert!(!codes(&run).contains(&"X009"), "{run}");
    office.drop_workbook("2022 sua.xlsx", &of("Năm 2022", "6"));
    let run = office.run_at_ending("2023-11-21T00:00:00Z", 3);
    assert!(!codes(&run).contains(&"X009"), "it waits: {run}");
    let_replace(&office, &run, "2023-11-22T00:00:00Z");
    office.figures("2023");
    let told = sheet_text(&office.workbook(), "Lưu ý");
    assert!(
        told.contains("X009") && told.contains("2023.xlsx"),
        "{told}"
    );
}

#[test]
fn run_status_and_report_count_the_same_questions_on_files_as_known_on_their_day() {
    let (office, _) = with_a_slip();
    let support = "== TT chung\nCơ quan báo cáo | Sở Y tế\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | Kinh phí\n\
         Công ty TNHH Mẫu Mười | 9900010004 | 3a1 | 2023-02-01 | Đang thực hiện | 5000000\n";
    office.drop_workbook("tieu-de.xlsx", support);
    let row = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";
    let of_industry = |rows: &str| budget(rows).replace("Xây dựng", "Công Thương");
    office.drop_workbook(
        "mot.xlsx",
        &of_industry(&format!(
            "{row}\n2 | IV.1.a | NSNN bảo đảm | 900 | 900 | 900"
        )),
    );
    office.run_at_ending("2023-11-21T00:00:00Z", 3);
    office.drop_workbook("hai.xlsx", &of_industry(row));
    let all = office.run_at_ending("2023-11-22T00:00:00Z", 3);
    let count = |of: &Value, key: &str| of[key].as_array().unwrap().len();
    let kinds = ["amounts", "headings", "replacements"].map(|key| count(&all, key));
    assert_eq!(kinds, [1, 1, 1], "{all}");
    let of_report =
        |more: &[&str]| office.report("2023", more).ending(0).json()["questions"].clone();
    let status = office.status("2023");
    let status = status.json()["state"]["questions"].clone();
    let waiting = all["state"]["questions"].clone();
    assert_eq!((&waiting, &of_report(&[])), (&status, &status));
    // The day before there was one question less, and the day before that only the amount's.
    for (day, left) in [("2023-11-21T12:00:00Z", 2), ("2023-11-20T12:00:00Z", 1)] {
        assert_eq!(of_report(&["--as-of", day]), left, "{day}");
    }
    // An answer that is given later changes nothing of an earlier day.
    let asked = questions(&all, AMOUNTS);
    answer(&office, AMOUNTS, &asked[0], "tra-loi.xlsx", "đúng đơn vị");
    let (_, after) = office.run_at("2023-11-23T00:00:00Z");
    assert_eq!(after["state"]["questions"], of_report(&[]));
    assert_eq!(of_report(&["--as-of", "2023-11-22T12:00:00Z"]), waiting);
    assert_ne!(of_report(&[]), waiting);
}

#[test]
fn rows_that_wait_for_what_another_year_says_are_read_again_as_they_were() {
    let office = Office::new();
    office.change_programme("programme", &[]);
    let base = office.path("programme/_base");
    let pipelines = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pipelines/_base");
    copy_folder(pipelines.as_ref(), &base);
    // An office that lets the money of a contract wait which stands in two years.
    let rules = base.join("rules/structure.toml");
    let text = std::fs::read_to_string(&rules).unwrap();
    let (before, rule) = text.split_once("code = \"X006\"").unwrap();
    let rule = rule.replacen("severity = \"correct\"", "severity = \"hold\"", 1);
    std::fs::write(&rules, format!("{before}code = \"X006\"{rule}")).unwrap();
    office.set("programme = \"programme\"\n");
    for (year, now, code) in [
        ("2023", "2023-11-20T00:00:00Z", 0),
        ("2024", "2024-11-20T00:00:00Z", 3),
    ] {
        let report = support(&format!("Năm {year}"), WHOLE);
        office.drop_workbook(&format!("nam-{year}.xlsx"), &report);
        let run = office.run_at_ending(now, code);
        assert_eq!(
            run["files"].as_array().unwrap().last().unwrap()["rows"]["held"],
            code / 3
        );
    }
    lose_and_restore_records(&office);
}
