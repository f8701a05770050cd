//! The same enterprise, the same support: what the run says of it.

use crate::office::{NOW, Office, sheet_text, tonghop};
use crate::review_sheet::answer_pair;
use serde_json::Value;

fn support(
    department: &str,
    name: &str,
    code: &str,
    content: &str,
    tool: &str,
    start: &str,
) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: đồng\n\
         Tên doanh nghiệp | Mã số thuế | Địa chỉ | Huyện/TP | Nội dung hỗ trợ | Công cụ/Tiêu chuẩn áp dụng | Bắt đầu | Tình trạng | NSNN\n\
         {name} | {code} | Số 12 Lê Lợi, X. Long Tân | Nhơn Trạch | {content} | {tool} | {start} | Đang thực hiện | 5000000\n"
    )
}

pub(crate) fn register(rows: &str) -> Vec<u8> {
    testkit::workbook(&format!(
        "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
         STT | Tên doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung hỗ trợ | Từ ngày | Đến ngày | Số tiền (đồng)\n{rows}"
    ))
}

fn classes(run: &Value) -> Vec<String> {
    let overlaps = run["overlaps"].as_array().unwrap();
    overlaps
        .iter()
        .map(|overlap| overlap["class"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn support_that_another_programme_gave_is_found() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &support(
            "Sở Y tế",
            "Công ty TNHH Gốm Mẫu Sơn",
            "3600265395",
            "3a1",
            "ISO 9001:2015",
            "2023-03-01",
        ),
    );
    let rows = "1 | Cty TNHH GỐM MẪU SƠN | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n\
                2 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 14001 | 2023-02-01 | 2023-06-01 | 100\n\
                3 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2021-02-01 | 2021-06-01 | 100\n\
                4 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Hỗ trợ khác | 2023-02-01 | 2023-06-01 | 100\n\
                5 | Cty TNHH Gốm Mẫu Sơn 2 | 3603295006 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n";
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(rows)).unwrap();
    let run = office.run_ending(4);
    assert_eq!(
        classes(&run),
        ["duplicate", "combined", "repeat", "unclear"]
    );
    let first = &run["overlaps"][0];
    assert_eq!(
        (&first["left"]["department"], &first["right"]["register"]),
        (&"SYT".into(), &"sme".into())
    );
    assert_eq!(
        (&first["right"]["file"], &first["right"]["row"]),
        (&"dnnvv.xlsx".into(), &3.into())
    );
}

#[test]
fn a_case_that_goes_on_is_no_second_support() {
    let office = Office::new();
    let said = |period: &str, name: &str| {
        let text = support(
            "Sở Y tế",
            name,
            "3600265395",
            "3a1",
            "ISO 9001:2015",
            "2023-03-01",
        );
        text.replace("Năm 2023", period)
    };
    // Of one case the quarters are year to date, and the next year may report it once more; under whatever name.
    office.drop_workbook("q1.xlsx", &said("Quý I/2023", "Công ty TNHH Gốm Mẫu Sơn"));
    office.drop_workbook("q2.xlsx", &said("Quý II/2023", "Công ty TNHH Gốm Mẫu Sơn"));
    office.drop_workbook("q3.xlsx", &said("Quý III/2023", "Cty TNHH GOM MAU SON"));
    office.drop_workbook("2024.xlsx", &said("Quý I/2024", "Gốm Mẫu Sơn Co., Ltd"));
    let run = office.run_at_ending("2024-04-05T00:00:00Z", 0);
    assert_eq!(
        run["overlaps"].as_array().map(Vec::len),
        Some(0),
        "{}",
        run["overlaps"]
    );
    // Another department's is.
    let other = said("Quý III/2023", "Công ty TNHH Gốm Mẫu Sơn").replace("Sở Y tế", "Sở Xây dựng");
    office.drop_workbook("khac.xlsx", &other);
    let run = office.run_at_ending("2024-04-06T00:00:00Z", 4);
    assert_eq!(classes(&run), ["duplicate"]);
    assert_eq!(run["overlaps"][0]["right"]["file"], "2024.xlsx");
}

#[test]
fn scenario_16_near_names_are_not_joined_silently() {
    // Words in another order and another number at one address are asked about (4); a branch is another enterprise.
    for (one, other, code) in [
        ("Công ty TNHH Minh Anh", "Công ty TNHH Anh Minh", 4),
        ("Công ty TNHH Tân Phú 1", "Công ty TNHH Tân Phú 2", 4),
        (
            "Công ty TNHH Gốm Mẫu Sơn",
            "Chi nhánh Công ty TNHH Gốm Mẫu Sơn",
            0,
        ),
    ] {
        let office = Office::new();
        office.drop_workbook(
            "a.xlsx",
            &support("Sở Y tế", one, "", "3a1", "5S", "2023-03-01"),
        );
        office.drop_workbook(
            "b.xlsx",
            &support("Sở Xây dựng", other, "", "3a1", "5S", "2023-03-01"),
        );
        let run = office.run_ending(code);
        assert!(classes(&run).is_empty(), "{one}: {}", run["overlaps"]);
    }
}

fn overlap_sheet(report: &[u8]) -> String {
    sheet_text(report, "Biểu 07")
}

#[test]
fn a_report_says_which_registers_it_was_compared_with_and_keeps_to_those_of_its_day() {
    let office = office_with_a_duplicate();
    office.run_at_ending("2023-12-01T00:00:00Z", 4);
    let report = |as_of: &str| {
        let answer = tonghop(&[
            "report",
            "-w",
            office.dir(),
            "--year",
            "2023",
            "--as-of",
            as_of,
        ]);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        office.workbook()
    };
    let then = report("2023-12-02T00:00:00Z");
    let sheet = overlap_sheet(&then);
    assert!(
        sheet.contains("Trùng lặp") && sheet.contains("dnnvv.xlsx › DNNVV › 3"),
        "{sheet}"
    );
    assert!(sheet.contains("Đã đối chiếu với dnnvv.xlsx"), "{sheet}");

    // A newer version without the entry: a report of the earlier day stays as it was.
    let other = "1 | Cty TNHH Bánh Kẹo Lá Sen | 3603295006 | Long Tân, Nhơn Trạch | Khác | 2023-02-01 | 2023-06-01 | 100\n";
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(other)).unwrap();
    let run = office.run_at_ending("2024-02-01T00:00:00Z", 0);
    assert!(classes(&run).is_empty(), "{}", run["overlaps"]);
    assert_eq!(run["registers"][0]["entries"]["sme"], 1);
    assert_eq!(then, report("2023-12-02T00:00:00Z"));
    assert!(!overlap_sheet(&report("2024-02-02T00:00:00Z")).contains("Trùng lặp"));
}

/// Writes a person's answer into the first question of the review workbook, as a copy of the sheet in the inbox.
fn answer(office: &Office, run: &Value, name: &str, answer: &str, until: &str) {
    answer_pair("Câu hỏi", office, run, name, answer, until);
}

pub(crate) fn waiting(run: &Value) -> usize {
    let overlaps = run["overlaps"].as_array().unwrap();
    overlaps
        .iter()
        .filter(|overlap| overlap["waits"].as_bool().unwrap())
        .count()
}

pub(crate) const DUPLICATE: &str = "1 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Áp dụng hệ thống quản lý ISO 9001:2015 | 2023-02-01 | 2023-06-01 | 100\n";

pub(crate) fn office_with_a_duplicate() -> Office {
    let office = Office::new();
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    let text = support(
        "Sở Y tế",
        name,
        "3600265395",
        "3a1",
        "ISO 9001:2015",
        "2023-03-01",
    );
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
        tonghop(&[
            "report",
            "-w",
            office.dir(),
            "--year",
            "2023",
            "--as-of",
            as_of,
        ])
        .ending(0);
        overlap_sheet(&office.workbook())
    };
    assert!(
        sheet("2023-12-03T00:00:00Z")
            .contains("hai hỗ trợ khác nhau: Đã kiểm tra hồ sơ (Phòng Quản lý)")
    );
    assert!(sheet("2023-12-01T12:00:00Z").contains("Chờ quyết định"));
    let (code, run) = office.run_at("2024-01-05T00:00:00Z");
    assert_eq!((code, waiting(&run)), (4, 1));
    let asked = std::fs::read(run["review"].as_str().unwrap()).unwrap();
    assert!(
        sheet_text(&asked, "Câu hỏi")
            .contains("hai hỗ trợ khác nhau: Đã kiểm tra hồ sơ (Phòng Quản lý)")
    );
}

#[test]
fn scenario_14_an_answer_holds_until_what_decided_changes() {
    let office = office_with_a_duplicate();
    let run = office.run_at_ending("2023-12-01T00:00:00Z", 4);
    answer(&office, &run, "tra-loi.xlsx", "không trùng", "");
    office.run_at_ending("2023-12-02T00:00:00Z", 0);
    // Sent again with another amount: nothing that decided has changed.
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    let again = support(
        "Sở Y tế",
        name,
        "3600265395",
        "3a1",
        "ISO 9001:2015",
        "2023-03-01",
    );
    office.drop_workbook("b.xlsx", &again.replace("5000000", "6000000"));
    let (code, run) = office.run_at("2023-12-03T00:00:00Z");
    assert_eq!((code, waiting(&run)), (0, 0));
    // Another beginning: asked again, and the old answer is shown.
    office.drop_workbook("c.xlsx", &again.replace("2023-03-01", "2023-04-01"));
    let (code, run) = office.run_at("2023-12-04T00:00:00Z");
    assert_eq!((code, waiting(&run)), (4, 1));
    let asked = sheet_text(
        &std::fs::read(run["review"].as_str().unwrap()).unwrap(),
        "Câu hỏi",
    );
    assert!(
        asked.contains("hai hỗ trợ khác nhau: Đã kiểm tra hồ sơ"),
        "{asked}"
    );
}

#[test]
fn scenario_15_one_taken_out_stays_out() {
    let office = office_with_a_duplicate();
    let run = office.run_at_ending("2023-12-01T00:00:00Z", 4);
    answer(&office, &run, "tra-loi.xlsx", "khác doanh nghiệp", "");
    for day in ["2023-12-02T00:00:00Z", "2024-03-02T00:00:00Z"] {
        let (code, run) = office.run_at(day);
        assert_eq!((code, classes(&run).len()), (0, 0), "{run}");
    }
}

#[test]
fn one_taken_out_of_those_joined_without_a_question_stays_out() {
    let office = Office::new();
    let name = "Công ty TNHH Gốm sứ Mẫu Sơn Hưng";
    office.drop_workbook(
        "a.xlsx",
        &support("Sở Y tế", name, "3600265395", "3a1", "5S", "2023-03-01"),
    );
    let other = "CTY TNHH GOM SU MAU SON HUNG";
    office.drop_workbook(
        "b.xlsx",
        &support("Sở Xây dựng", other, "", "3b3", "ERP", "2023-03-01"),
    );
    let (code, run) = office.run_at("2023-12-01T00:00:00Z");
    assert_eq!(
        (code, run["joined"].as_array().unwrap().len()),
        (0, 1),
        "{run}"
    );
    assert_eq!(classes(&run), ["combined"]);
    answer_pair(
        "Đã ghép",
        &office,
        &run,
        "tra-loi.xlsx",
        "khác doanh nghiệp",
        "",
    );
    for day in ["2023-12-02T00:00:00Z", "2024-03-02T00:00:00Z"] {
        let run = office.run_at_ending(day, 0);
        assert_eq!(
            (run["joined"].as_array().unwrap().len(), classes(&run).len()),
            (0, 0),
            "{run}"
        );
        assert!(run["questions"].as_array().unwrap().is_empty());
    }
}

#[test]
fn a_register_may_be_text_in_columns_and_says_what_was_found_in_it() {
    let office = office_with_a_duplicate();
    std::fs::remove_file(office.path("registers/dnnvv.xlsx")).unwrap();
    let text = "DANH SÁCH HỖ TRỢ DNNVV;;;;;;\nSTT;Tên doanh nghiệp;MST;Nội dung hỗ trợ;Từ ngày;Đến ngày;Số tiền (đồng)\n\
                1;Cty TNHH Gốm Mẫu Sơn;3600265395;Áp dụng ISO 9001:2015;01/02/2023;01/06/2023;1.000.000\n\
                2;Cty TNHH Lá Sen;3603295006;Áp dụng ISO 9001:2015;31/02/2023;;1.000.000\n";
    std::fs::write(office.path("registers/dnnvv.csv"), text).unwrap();
    let (code, run) = office.run();
    assert_eq!((code, waiting(&run)), (4, 1), "{run}");
    assert_eq!(run["registers"][0]["entries"]["sme"], 2);
    let right = &run["overlaps"][0]["right"];
    assert_eq!(
        (&right["row"], &right["state_budget"]),
        (&3.into(), &1_000_000.into())
    );
    assert!(
        !run["registers"][0]["findings"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    // One that cannot be read is no sign that nothing overlaps.
    std::fs::write(office.path("registers/khac.csv"), "Xin chào\n").unwrap();
    assert_eq!(office.run_at("2023-12-02T00:00:00Z").0, 3);
}

const NOMINEES: &str = "== Đề xuất DN\nĐơn vị tính: triệu đồng\n\
    Tên doanh nghiệp | Mã số thuế | Địa chỉ | Huyện/TP | Nội dung hỗ trợ | Công cụ/Tiêu chuẩn áp dụng | Dự kiến bắt đầu | NSNN đề nghị | Đơn vị đề xuất\n\
    Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân | Nhơn Trạch | 3a1 | ISO 9001:2015 | 2023-05-01 | 20 | Hội Gốm\n\
    Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân | Nhơn Trạch | 3b3 | ERP | 2024-05-01 | 20 | Hội Gốm\n\
    Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân | Nhơn Trạch | 3b1 | | 2024-05-01 | 20 | Hội Gốm\n\
    Công ty CP Lá Sen | 3603295006 | Xuân Lộc | Xuân Lộc | 3a1 | ISO 9001:2015 | 2024-05-01 | 20 | Hội Gốm\n";

#[test]
fn nominees_are_looked_up_and_nothing_is_kept() {
    let office = office_with_a_duplicate();
    office.run_ending(4);
    let list = office.path("de-xuat.xlsx");
    std::fs::write(&list, testkit::workbook(NOMINEES)).unwrap();
    let before = std::fs::read(office.path("ledger/ledger.sqlite")).unwrap();
    let call = [
        "screen",
        "-w",
        office.dir(),
        list.to_str().unwrap(),
        "--now",
        NOW,
        "--format",
        "json",
    ];
    let answer = tonghop(&call);
    assert_eq!(answer.code, 4, "{}{}", answer.stdout, answer.stderr);
    let found = answer.json();
    let nominees = found["nominees"].as_array().unwrap();
    let results: Vec<&str> = nominees
        .iter()
        .map(|nominee| nominee["result"].as_str().unwrap())
        .collect();
    assert_eq!(results, ["duplicate", "combined", "combined", "clear"]);
    // From whom, when, and where that stands: the department's own case and the other programme's entry.
    let right = |at: usize| &nominees[0]["overlaps"][at]["right"];
    assert_eq!(
        (&right(0)["department"], &right(1)["register"]),
        (&"SYT".into(), &"sme".into())
    );
    assert_eq!(
        (&right(1)["from"], &right(1)["row"]),
        (&"2023-02-01".into(), &3.into())
    );
    assert_eq!(
        before,
        std::fs::read(office.path("ledger/ledger.sqlite")).unwrap()
    );

    let result = std::fs::read(found["out"].as_str().unwrap()).unwrap();
    let sheet = sheet_text(&result, "Kết quả rà soát");
    assert!(
        sheet.contains("1 chưa từng được hỗ trợ, 2 có thể lồng ghép, 0 cần xem xét, 1 trùng lặp"),
        "{sheet}"
    );
    assert!(sheet_text(&result, "Đã được hỗ trợ").contains("dnnvv.xlsx › DNNVV › 3"));
    tonghop(&call).ending(4);
    assert_eq!(
        result,
        std::fs::read(found["out"].as_str().unwrap()).unwrap()
    );
}

#[test]
fn any_list_of_enterprises_can_be_looked_up() {
    let office = office_with_a_duplicate();
    office.run_ending(4);
    for (name, text, results, code) in [
        (
            "a.csv",
            "Tên DN,MST\nGốm Mẫu Sơn,3600265395\nLá Sen,3603295006\n",
            vec!["ask", "clear"],
            4,
        ),
        (
            "b.csv",
            "Tên công ty;Mã số thuế;Nội dung\nCTY GỐM MẪU SƠN;3600265395;Truy xuất nguồn gốc\n",
            vec!["combined"],
            0,
        ),
        ("c.csv", "Xin chào\n", vec![], 3),
    ] {
        let list = office.path(name);
        std::fs::write(&list, text).unwrap();
        let answer = tonghop(&[
            "screen",
            "-w",
            office.dir(),
            list.to_str().unwrap(),
            "--now",
            NOW,
            "--format",
            "json",
        ]);
        let found = answer.json();
        let nominees = found["nominees"].as_array().unwrap().iter();
        assert_eq!(
            nominees
                .map(|n| n["result"].as_str().unwrap())
                .collect::<Vec<_>>(),
            results,
            "{name}: {found}"
        );
        assert_eq!(answer.code, code, "{name}: {found}");
        assert_eq!(
            found["findings"].as_array().unwrap().is_empty(),
            code != 3,
            "{name}: {found}"
        );
    }
}

#[test]
fn what_two_departments_report_counts_as_a_person_says_and_its_money_is_shown_from_the_start() {
    let office = Office::new();
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    for (file, department, start) in [
        ("a.xlsx", "Sở Y tế", "2023-03-01"),
        ("b.xlsx", "Sở Xây dựng", "2023-04-01"),
    ] {
        office.drop_workbook(
            file,
            &support(
                department,
                name,
                "3600265395",
                "3a1",
                "ISO 9001:2015",
                start,
            ),
        );
    }
    let run = office.run_at_ending("2023-12-01T00:00:00Z", 4);
    let counts = || {
        let figures = office.figures("2023");
        let of = |id: &str| figures["figures"][id]["value"].as_i64().unwrap_or(0);
        [
            of("support_cases/2023"),
            of("support_cases/2023/department=SXD"),
            of("case_money/2023"),
            of("duplicate_state_budget/2023"),
            of("enterprises_supported/2023"),
        ]
    };
    assert_eq!(counts(), [2, 1, 10_000_000, 5_000_000, 1]);
    // The later one is the second: in no figure if it was reported twice, in the money if both paid, a case if it is another.
    let answers = [
        ("trùng", [1, 0, 5_000_000, 0, 1]),
        ("cùng tài trợ", [1, 0, 10_000_000, 0, 1]),
        ("không trùng", [2, 1, 10_000_000, 0, 1]),
        ("cùng một hỗ trợ, báo cáo hai lần", [1, 0, 5_000_000, 0, 1]),
        ("hai hỗ trợ khác nhau", [2, 1, 10_000_000, 0, 1]),
    ];
    for (nth, (said, expected)) in (2..).zip(answers) {
        answer(&office, &run, &format!("tra-loi-{nth}.xlsx"), said, "");
        office.run_at_ending(&format!("2023-12-0{nth}T00:00:00Z"), 0);
        assert_eq!(counts(), expected, "{said}");
    }
}

#[test]
fn a_report_of_a_past_day_stays_byte_for_byte_whatever_comes_later() {
    let office = office_with_a_duplicate();
    let run = office.run_at_ending("2023-12-01T00:00:00Z", 4);
    let report = || {
        let call = [
            "report",
            "-w",
            office.dir(),
            "--year",
            "2023",
            "--as-of",
            "2023-12-01T12:00:00Z",
        ];
        let answer = tonghop(&call);
        assert_eq!(answer.code, 0, "{}", answer.stderr);
        let read = |ending: &str| {
            std::fs::read(office.path(&format!(
                "reports/bao-cao-nang-suat-chat-luong-dong-nai-2023.{ending}"
            )))
            .unwrap()
        };
        ["xlsx", "html", "docx", "figures.json"].map(read)
    };
    let then = report();
    answer(&office, &run, "tra-loi.xlsx", "trùng", "");
    office.run_at_ending("2023-12-02T00:00:00Z", 0);
    assert!(report() == then, "after an answer");
    let other = DUPLICATE
        .replace("Gốm Mẫu Sơn", "Lá Sen")
        .replace("3600265395", "3603295006");
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(&other)).unwrap();
    office.run_at_ending("2023-12-03T00:00:00Z", 0);
    assert!(report() == then, "after another version of a register");
    let name = "Công ty TNHH Gốm Mẫu Sơn";
    office.drop_workbook(
        "a2.xlsx",
        &support("Sở Y tế", name, "3600265395", "3b1", "QR", "2023-03-02"),
    );
    office.drop_workbook(
        "b.xlsx",
        &support(
            "Sở Công Thương",
            name,
            "3600265395",
            "3a1",
            "ISO 9001:2015",
            "2023-03-01",
        ),
    );
    office.run_at_ending("2023-12-04T00:00:00Z", 0);
    assert!(report() == then, "after a correction and a late report");
    tonghop(&[
        "set-aside",
        "-w",
        office.dir(),
        "a2.xlsx",
        "--reason",
        "nhầm",
        "--now",
        "2023-12-05T00:00:00Z",
    ])
    .ending(0);
    assert!(report() == then, "after a file was set aside");
    office.change_programme(
        "programme",
        &[
            ("report.toml", "BÁO CÁO TỔNG HỢP NĂM", "BÁO CÁO NĂM"),
            ("departments.toml", "Sở Y tế", "Sở Y tế và Sức khỏe"),
            ("catalogue.toml", "Nhiệm vụ", "Việc"),
            (
                "rules/cross.toml",
                "severity = \"warn\"",
                "severity = \"hold\"",
            ),
        ],
    );
    office.set("programme = \"programme\"\n");
    assert!(report() == then, "after the programme changed");
    office.drop_workbook(
        "c.xlsx",
        &support(
            "Sở Xây dựng",
            name,
            "3600265395",
            "3a2",
            "IoT",
            "2023-03-01",
        ),
    );
    office.run_at_ending("2023-12-06T00:00:00Z", 4);
    assert!(report() == then, "after a run of the changed programme");
}

#[test]
fn a_register_that_has_become_much_shorter_waits_for_a_person() {
    use crate::review_sheet::{answer, questions};
    let office = Office::new();
    let rows = |count: usize| -> String {
        (1..=count)
            .map(|row| {
                format!("{row} | Công ty TNHH Mẫu Số {row} | | Trảng Bom | Hỗ trợ {row} | 2023-02-01 | 2023-06-01 | 100\n")
            })
            .collect()
    };
    let put = |count| std::fs::write(office.path("registers/dnnvv.xlsx"), register(&rows(count)));
    let entries = |run: &Value| run["registers"][0]["entries"]["sme"].clone();
    put(10).unwrap();
    assert_eq!(
        entries(&office.run_at_ending("2023-11-01T00:00:00Z", 0)),
        10
    );
    // A fifth may go.
    put(8).unwrap();
    assert_eq!(entries(&office.run_at_ending("2023-11-02T00:00:00Z", 0)), 8);

    put(6).unwrap();
    let run = office.run_at_ending("2023-11-03T00:00:00Z", 4);
    assert_eq!(
        entries(&run),
        8,
        "nothing is committed before a person says so"
    );
    let waiting = &run["registers_waiting"][0];
    assert_eq!(
        (&waiting["before"], &waiting["now"]),
        (&8.into(), &6.into())
    );
    let sheet = "Thay số liệu";
    let question = questions(&run, sheet).remove(0);
    assert!(question[6].contains("chỉ có 6 dòng"), "{question:?}");
    answer(&office, sheet, &question, "giu.xlsx", "giữ số đã nhận");
    let run = office.run_at_ending("2023-11-04T00:00:00Z", 0);
    assert_eq!((entries(&run), &run["review"]), (8.into(), &Value::Null));

    // Who knows better says so later.
    answer(&office, sheet, &question, "thay.xlsx", "thay bằng tệp mới");
    let run = office.run_at_ending("2023-11-05T00:00:00Z", 0);
    assert_eq!(
        (entries(&run), &run["registers_waiting"]),
        (6.into(), &serde_json::json!([]))
    );
    // One that grows is taken at once.
    put(9).unwrap();
    assert_eq!(entries(&office.run_at_ending("2023-11-06T00:00:00Z", 0)), 9);
}

#[test]
fn the_office_of_another_programme_is_told_which_of_its_enterprises_are_supported_here() {
    let office = office_with_a_duplicate();
    let more = format!(
        "{DUPLICATE}2 | Cty TNHH Gốm Mẫu Sơn | 3600265395 | Long Tân, Nhơn Trạch | Chuyển đổi số | 2022-02-01 | 2022-06-01 | 100\n\
         3 | Công ty CP Đá Bạc | 3603295006 | Long Tân, Nhơn Trạch | Chuyển đổi số | 2022-02-01 | 2022-06-01 | 100\n"
    );
    std::fs::write(office.path("registers/dnnvv.xlsx"), register(&more)).unwrap();
    office.run_at_ending("2023-12-01T00:00:00Z", 4);
    let now = "2023-12-02T00:00:00Z";
    let told = tonghop(&[
        "screen",
        "-w",
        office.dir(),
        "--register",
        "sme",
        "--now",
        now,
        "--format",
        "json",
    ]);
    let told: Value = told.json();
    let results: Vec<(&str, &str)> = told["nominees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["wording"].as_str().unwrap(),
                it["result"].as_str().unwrap(),
            )
        })
        .collect();
    // Those that this programme does not support are not named.
    let expected = [
        ("Áp dụng hệ thống quản lý ISO 9001:2015", "duplicate"),
        ("Chuyển đổi số", "combined"),
    ];
    assert_eq!(results, expected);
    assert_eq!(
        told["nominees"][0]["overlaps"][0]["right"]["department"],
        "SYT"
    );
    let unknown = tonghop(&[
        "screen",
        "-w",
        office.dir(),
        "--register",
        "xyz",
        "--now",
        now,
    ]);
    assert!(
        unknown.code == 1 && unknown.stderr.contains("sme"),
        "{}",
        unknown.stderr
    );
}
