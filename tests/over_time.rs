//! What changes over the years: units, departments, districts, the programme itself.

use crate::office::{Office, budget, codes, figure, read_json, tonghop};
use serde_json::Value;

const ROW: &str = "1 | IV.2.a | NSNN bảo đảm | 100 | 80 | 60";

/// A report on the budget by a unit of the department.
fn of_unit(unit: &str, row: &str) -> String {
    budget(row).replace(
        "Kỳ báo cáo",
        &format!("Đơn vị trực thuộc | {unit}\nKỳ báo cáo"),
    )
}

#[test]
fn scenario_6_units_that_report_by_themselves_stand_side_by_side() {
    let office = Office::new();
    let short = "short = \"Sở Xây dựng\"";
    office.change_programme(
        "programme",
        &[(
            "departments.toml",
            short,
            "short = \"Sở Xây dựng\"\nreports_by_unit = true",
        )],
    );
    office.set("programme = \"programme\"\n");
    office.drop_workbook("a.xlsx", &of_unit("Chi cục Giám định", ROW));
    office.drop_workbook(
        "b.xlsx",
        &of_unit(
            "Trung tâm Quy hoạch",
            "1 | IV.2.a | NSNN bảo đảm | 50 | 20 | 0",
        ),
    );
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (0, vec![]));
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        100_000_000
    );
    // A correction stands in the place of its own unit's only, also as the report on a quarter came before.
    office.drop_workbook(
        "a2.xlsx",
        &of_unit(
            "CHI CỤC GIÁM ĐỊNH",
            "1 | IV.2.a | NSNN bảo đảm | 100 | 90 | 60",
        ),
    );
    assert_eq!(office.run_at("2023-11-26T09:00:00+07:00").0, 0);
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        110_000_000
    );
}

#[test]
fn scenario_6_a_unit_never_replaces_another_unasked() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &of_unit("Chi cục Giám định", ROW));
    assert_eq!(office.run().0, 0);
    office.drop_workbook(
        "b.xlsx",
        &of_unit(
            "Trung tâm Quy hoạch",
            "1 | IV.2.a | NSNN bảo đảm | 50 | 20 | 0",
        ),
    );
    let (code, run) = office.run_at("2023-11-26T09:00:00+07:00");
    assert_eq!((code, codes(&run)), (3, vec!["S022"]));
    assert!(
        run["findings"][0]["message"]
            .as_str()
            .unwrap()
            .contains("a.xlsx")
    );
    assert_eq!(
        figure(&office.figures("2023"), "budget_spent/2023"),
        80_000_000
    );
}

#[test]
fn what_a_quarter_held_and_the_year_has_not_is_said() {
    let office = Office::new();
    for (name, bytes) in testkit::fixture("year-and-quarter") {
        office.drop_file(&name, &bytes);
    }
    let (code, run) = office.run();
    assert_eq!(code, 0, "{run}");
    let said: Vec<(&str, &str, &str)> = run["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["code"].as_str().unwrap(),
                f["file"].as_str().unwrap(),
                f["cell"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [("X003", "quy-3.xlsx", "A4"), ("X004", "quy-3.xlsx", "D3")]
    );
    // The year's report counts, and the finding stands in the report.
    assert_eq!(figure(&office.figures("2023"), "budget_spent/2023"), 50);
    assert!(crate::office::sheet_text(&office.workbook(), "Lưu ý").contains("X003"));
}

fn support(department: &str, period: &str, district: &str, start: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | {period}\n\
         == Biểu 3\nĐơn vị tính: triệu đồng\n\
         STT | Tên doanh nghiệp | Mã số thuế | Huyện/TP | Nội dung hỗ trợ | Bắt đầu | Tình trạng | NSNN\n\
         1 | Công ty TNHH Gốm Mẫu Sơn | 3600265395 | {district} | 3a1 | '{start} | Đang thực hiện | 30\n"
    )
}

fn report(office: &Office, more: &[&str]) -> Value {
    let mut call = vec!["report", "-w", office.dir(), "--format", "json"];
    call.extend(more);
    let answer = tonghop(&call);
    assert_eq!(answer.code, 0, "{}{}", answer.stdout, answer.stderr);
    read_json(&office.path("reports/figures.json"))
}

#[test]
fn an_old_year_stands_under_the_departments_of_its_day_or_of_today() {
    let office = Office::new();
    let gone = "valid_to = 2025-02-28\nsuccessor = \"SXD\"";
    let merged = "valid_to = 2024-06-30\nsuccessor = \"SXD\"";
    let district = "\"TP Biên Hòa\"]\nvalid_to = 2025-06-30\nsuccessor = \"no-commune\"";
    let renamed = "\"TP Biên Hòa\"]\nvalid_to = 2024-06-30\nsuccessor = \"long-khanh\"";
    office.change_programme(
        "programme",
        &[
            ("departments.toml", gone, merged),
            ("catalogue.toml", district, renamed),
        ],
    );
    office.set("programme = \"programme\"\n");
    office.drop_workbook(
        "a.xlsx",
        &support(
            "Sở Giao thông vận tải",
            "Năm 2023",
            "Biên Hòa",
            "05/03/2023",
        ),
    );
    office.drop_workbook("b.xlsx", &budget(ROW));
    office.run_at_ending("2024-09-01T00:00:00Z", 0);
    let cases = |figures: &Value, department: &str| {
        figures["figures"][format!("support_cases/2023/department={department}")]["value"].as_i64()
    };
    let place = |figures: &Value, district: &str| {
        figures["figures"][format!("enterprises_by_district/2023/district={district}")]["value"]
            .as_i64()
    };
    let then = report(&office, &["--year", "2023"]);
    assert_eq!(
        (cases(&then, "SGTVT"), cases(&then, "SXD")),
        (Some(1), None)
    );
    assert_eq!(
        (place(&then, "bien-hoa"), place(&then, "long-khanh")),
        (Some(1), None)
    );
    let today = report(&office, &["--year", "2023", "--under-today"]);
    assert_eq!(
        (cases(&today, "SGTVT"), cases(&today, "SXD")),
        (None, Some(1))
    );
    assert_eq!(
        (place(&today, "bien-hoa"), place(&today, "long-khanh")),
        (None, Some(1))
    );
    // Both are kept side by side, and each is proved.
    let files: Vec<String> = std::fs::read_dir(office.path("reports"))
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .filter(|path| path.ends_with(".xlsx"))
        .collect();
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!(
            tonghop(&["verify", "-w", office.dir(), &file]).code,
            0,
            "{file}"
        );
    }
    // From its last day on it is not missed any more.
    let status = office.status("2024").json();
    let missed: Vec<&str> = status["departments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["department"].as_str().unwrap())
        .collect();
    assert!(
        missed.contains(&"SXD") && !missed.contains(&"SGTVT"),
        "{missed:?}"
    );
}

#[test]
fn a_programme_of_the_next_period_sits_beside_the_first() {
    let office = Office::new();
    office.drop_workbook(
        "a.xlsx",
        &support("Sở Công Thương", "Năm 2025", "Biên Hòa", "05/03/2025"),
    );
    office.run_at_ending("2025-11-25T00:00:00Z", 0);
    let before = report(
        &office,
        &["--year", "2025", "--as-of", "2025-12-01T00:00:00Z"],
    );
    office.change_programme(
        "next",
        &[
            ("programme.toml", "dong-nai-2021-2025", "dong-nai-2026-2030"),
            ("programme.toml", "first_year = 2021", "first_year = 2026"),
            ("programme.toml", "last_year = 2025", "last_year = 2030"),
            ("programme.toml", "from = 2021", "from = 2026"),
            ("programme.toml", "to = 2022", "to = 2027"),
            ("programme.toml", "to = 2025", "to = 2030"),
        ],
    );
    office.set("other_programmes = [\"next\"]\n");
    office.drop_workbook(
        "b.xlsx",
        &support("Sở Y tế", "Năm 2027", "Biên Hòa", "05/03/2027"),
    );
    let (code, run) = office.run_at("2027-11-25T00:00:00Z");
    assert_eq!(run["files"][1]["outcome"], "accepted", "{run}");
    // The same support under the programme before, still going on: a person must decide.
    let overlaps = run["overlaps"].as_array().unwrap();
    assert_eq!(
        (code, overlaps.len(), &overlaps[0]["class"]),
        (4, 1, &"duplicate".into()),
        "{run}"
    );
    let value = |figure: &str| office.parts(figure)[0]["value"].clone();
    let next = report(&office, &["--year", "2027"]);
    assert_eq!(next["programme"], "dong-nai-2026-2030");
    assert_eq!(figure(&next, "enterprises_supported/2026-2027"), 1);
    assert_eq!(
        value("enterprises_supported/2027"),
        value("enterprises_supported/2025"),
        "an enterprise keeps its identity"
    );
    assert!(crate::office::sheet_text(&newest(&office), "Biểu 07").contains("Sở Công Thương"));
    // The first programme's report of its day is what it was.
    assert_eq!(
        before,
        report(
            &office,
            &["--year", "2025", "--as-of", "2025-12-01T00:00:00Z"]
        )
    );
    // Two programmes of one year are refused with words.
    office.set("other_programmes = [\"next\", \"next\"]\n");
    let answer = tonghop(&["status", "-w", office.dir(), "--period", "2025"]);
    assert!(
        answer.stderr.contains("có chung một năm"),
        "{}",
        answer.stderr
    );
}

/// The workbook of the report that was written last.
fn newest(office: &Office) -> Vec<u8> {
    std::fs::read(office.path("reports/bao-cao-nang-suat-chat-luong-dong-nai-2027.xlsx")).unwrap()
}
