//! A year as departments really send it, from the first quarter to the year after: `year/year.md` tells each step and what every
//! figure must be, worked out by hand. This reads that page and does what it says. `year/2025.md` is the year of the mergers.

use crate::office::{Office, figure, read_json, sheet_text, tonghop};
use crate::review_sheet::answer_pair;
use serde_json::Value;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("year/year.md");
const PAGE_OF_2025: &str = include_str!("year/2025.md");

/// A step of the page.
struct Step<'p> {
    /// The day and what happens.
    title: &'p str,
    day: &'p str,
    /// The exit code of the run.
    code: i32,
    /// Texts of workbooks that come in, by their names.
    workbooks: Vec<(&'p str, String)>,
    /// The answer to the first question of the run before.
    answer: Option<&'p str>,
    /// The number under which the report of a year is issued after the run.
    issue: Option<(&'p str, &'p str)>,
    /// Codes of findings that the run must name.
    told: Vec<&'p str>,
    /// Ids of figures and what they must be.
    figures: Vec<(&'p str, i64)>,
}

/// What stands in backquotes in a line.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

fn steps(page: &'static str) -> Vec<Step<'static>> {
    let mut steps = Vec::new();
    for part in page.split("\n## ").skip(1) {
        let (title, rest) = part.split_once('\n').unwrap();
        let (day, _) = title.split_once(' ').unwrap();
        let mut step = Step {
            title,
            day,
            code: 0,
            workbooks: Vec::new(),
            answer: None,
            issue: None,
            told: Vec::new(),
            figures: Vec::new(),
        };
        let mut lines = rest.lines();
        while let Some(line) = lines.next() {
            let said = quoted(line);
            if let Some(name) = line.strip_prefix("```workbook ") {
                let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                step.workbooks.push((name, text.join("\n") + "\n"));
            } else if line.starts_with("The officer answers") {
                step.answer = Some(said[0]);
            } else if line.starts_with("The run ends with") {
                step.code = said[0].parse().unwrap();
                step.told = said[1..].to_vec();
            } else if line.starts_with("The report of") {
                step.issue = Some((said[0], said[1]));
            } else if line.starts_with("| `") {
                let cells: Vec<&str> = line.split('|').map(str::trim).collect();
                let value = cells[2].replace(' ', "").parse().unwrap();
                step.figures.push((said[0], value));
            }
        }
        assert!(!step.figures.is_empty(), "{title}: no figures");
        steps.push(step);
    }
    steps
}

/// The figures of the report whose years a figure's id names: `2023`, or `2021-2024` for the report on the whole period.
fn figures_of(office: &Office, years: &str) -> Value {
    let year = years.rsplit('-').next().unwrap();
    let mut args = vec!["report", "-w", office.dir(), "--year", year];
    if years.contains('-') {
        args.push("--final");
    }
    tonghop(&args).ending(0);
    read_json(&office.path("reports/figures.json"))
}

#[test]
fn a_year_is_counted_as_it_was_worked_out_by_hand() {
    let steps = steps(PAGE);
    assert!(steps.len() > 9, "the page was not read");
    go_through(&Office::new(), &steps);
}

/// Does what each step says, and compares each figure.
fn go_through(office: &Office, steps: &[Step<'_>]) {
    let mut last = Value::Null;
    for step in steps {
        for (name, text) in &step.workbooks {
            office.drop_workbook(name, text);
        }
        if let Some(said) = step.answer {
            let name = format!("tra-loi-{}.xlsx", step.day);
            answer_pair("Câu hỏi", office, &last, &name, said, "");
        }
        let (code, run) = office.run_at(&format!("{}T09:00:00+07:00", step.day));
        assert_eq!(code, step.code, "{}: {run}", step.title);
        let found = run["findings"].as_array().unwrap();
        for code in &step.told {
            let is_told = found.iter().any(|finding| finding["code"] == *code);
            assert!(is_told, "{}: {code} is not told: {found:?}", step.title);
        }
        let mut wrong = Vec::new();
        let mut reports: BTreeMap<&str, Value> = BTreeMap::new();
        for (id, expected) in &step.figures {
            let years = id.split('/').nth(1).unwrap();
            let report = reports.entry(years);
            let counted = figure(report.or_insert_with(|| figures_of(office, years)), id);
            if counted != *expected {
                wrong.push(format!("{id}: {counted}, by hand {expected}"));
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", step.title, wrong.join("\n"));
        if let Some((year, number)) = step.issue {
            let now = format!("{}T10:00:00+07:00", step.day);
            office.issue(year, number, step.day, &now);
        }
        last = run;
    }
}

/// The departments that a status lists, and those of them that are reminded.
fn listed(office: &Office, period: &str) -> (Vec<String>, Vec<String>) {
    let status = office.status(period).json();
    let all = status["departments"].as_array().unwrap();
    let code = |it: &Value| it["department"].as_str().unwrap().to_owned();
    let reminded = all.iter().filter(|it| !it["reminder"].is_null());
    (all.iter().map(code).collect(), reminded.map(code).collect())
}

fn report_2025(office: &Office) -> Vec<u8> {
    office.report("2025", &[]).ending(0);
    let name = "reports/bao-cao-nang-suat-chat-luong-dong-nai-2025.xlsx";
    std::fs::read(office.path(name)).unwrap()
}

#[test]
fn the_year_of_the_mergers_is_counted_as_it_was_worked_out_by_hand() {
    let office = Office::new();
    let steps = steps(PAGE_OF_2025);
    let (before, after) = steps.split_at(3);
    go_through(&office, before);
    // Of the first quarter of the merged departments, those that exist on its last day are asked.
    let now = [
        "SKHCN", "SCT", "SYT", "SXD", "SVHTTDL", "SGDDT", "SNNMT", "SNV",
    ];
    let (listed_then, reminded) = listed(&office, "2025-Q1");
    assert_eq!(
        listed_then,
        [
            "SKHCN", "SCT", "SYT", "SXD", "SGTVT", "SVHTTDL", "SGDDT", "SNNMT", "SNV"
        ]
    );
    assert_eq!(
        reminded,
        ["SKHCN", "SCT", "SYT", "SVHTTDL", "SGDDT", "SNNMT", "SNV"]
    );
    // What the transport department sent is a part of the year of who took it over.
    let (of_year, reminded) = listed(&office, "2025");
    assert_eq!(
        (of_year.as_slice(), reminded.as_slice()),
        (&now.map(String::from)[..], &now.map(String::from)[..])
    );
    // Its case goes on in the blank workbook of its successor.
    let call = ["templates", "-w", office.dir(), "--period", "2025"];
    tonghop(&call).ending(0);
    let blank = std::fs::read(office.path("templates/2025/SXD-2025-bieu-mau.xlsx")).unwrap();
    let sheet = sheet_text(&blank, "Biểu 3");
    assert!(
        sheet.contains("Cơ khí Mẫu Một") && sheet.contains("Gạch Mẫu Ba"),
        "{sheet}"
    );
    assert!(sheet.contains("2024: NSNN 40.000.000 đồng"), "{sheet}");
    assert!(
        sheet.contains("Xã, phường") && !sheet.contains("Huyện/TP"),
        "{sheet}"
    );
    assert!(
        !office
            .path("templates/2025/SGTVT-2025-bieu-mau.xlsx")
            .exists()
    );
    let places = sheet_text(&blank, "Danh mục");
    assert!(places.contains("Phường Trấn Biên") && !places.contains("Huyện Trảng Bom"));

    go_through(&office, after);
    let workbook = report_2025(&office);
    let by_place = sheet_text(&workbook, "Biểu 05d");
    for shown in [
        "Phường Trấn Biên",
        "Xã Long Thành",
        "Phường Bình Phước",
        "Chưa ghi xã, phường (chỉ ghi huyện, thành phố cũ)",
    ] {
        assert!(by_place.contains(shown), "{shown}: {by_place}");
    }
    for gone in [
        "Trảng Bom",
        "Biên Hòa",
        "Bình Long",
        "Huyện",
        "Phường Hố Nai",
    ] {
        assert!(!by_place.contains(gone), "{gone}: {by_place}");
    }
    // A list of rows keeps what the sender wrote.
    assert!(sheet_text(&workbook, "Biểu 02").contains("Huyện Trảng Bom"));
    let sent = sheet_text(&workbook, "Biểu 08");
    assert!(sent.contains("Đã sáp nhập vào Sở Xây dựng"), "{sent}");
    assert!(
        !sent.contains("Chưa có báo cáo năm (mới đến Quý I/2025)"),
        "{sent}"
    );
    assert!(
        sent.contains("Danh sách cơ quan báo cáo: theo Kế hoạch số 12015/KH-UBND"),
        "{sent}"
    );
    assert!(sent.contains("Cần xác nhận với cơ quan có thẩm quyền (Sở NN&PTNT, Sở GTVT, Sở NN&MT, Sở Nội vụ): sắp xếp theo mô hình chung"), "{sent}");
    let cover = sheet_text(&workbook, "Bìa");
    assert!(cover.contains("3/8"), "{cover}");
}

#[test]
fn an_office_lays_its_own_departments_and_places_over_the_programmes() {
    let office = Office::new();
    let own = "[[department]]\ncode = \"SGTVT\"\nname = \"Sở Giao thông vận tải\"\nshort = \"Sở GTVT\"\nrole = \"reporter\"\n\
        clause = \"VI.2\"\nvalid_from = 2021-01-01\nvalid_to = 2025-04-30\nsuccessor = \"SXD\"\n\n\
        [[department]]\ncode = \"BQL\"\nname = \"Ban Quản lý các khu công nghiệp\"\nshort = \"Ban QL KCN\"\nrole = \"reporter\"\n\
        clause = \"cần xác nhận\"\nvalid_from = 2025-05-01\n";
    std::fs::write(office.path("departments.toml"), own).unwrap();
    let places = "[[list]]\nname = \"district\"\n[[list.entry]]\ncode = \"xa-moi\"\nclause = \"cần xác nhận\"\n\
        title = { vi = \"Xã Mới\", en = \"Xã Mới\" }\nvalid_from = 2025-07-01\nonly_counted = true\n";
    std::fs::write(office.path("catalogue.toml"), places).unwrap();
    // The transport department is there a month longer, and another one reports.
    assert!(listed(&office, "2025-Q1").1.contains(&"SGTVT".to_owned()));
    let (_, reminded) = listed(&office, "2025");
    assert!(reminded.contains(&"BQL".to_owned()) && !reminded.contains(&"SGTVT".to_owned()));
    office.drop_workbook(
        "a.xlsx",
        "== TT chung\nCơ quan báo cáo | Ban Quản lý các khu công nghiệp\nKỳ báo cáo | Năm 2025\n\
         == Biểu 3\nĐơn vị tính: triệu đồng\nTên doanh nghiệp | Mã số thuế | Địa bàn | Nội dung hỗ trợ | Bắt đầu | Tình trạng | NSNN\n\
         Công ty TNHH Gốm Mẫu Sơn | 3600265395 | Xã Mới | 3a1 | 05/03/2025 | Đang thực hiện | 30\n",
    );
    office.run_at_ending("2025-11-20T09:00:00+07:00", 0);
    let figures = office.figures("2025");
    assert_eq!(
        figure(&figures, "enterprises_by_district/2025/district=xa-moi"),
        1
    );
    let list = figures["office_files"]["departments.toml"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(list, ledger::file_id(own.as_bytes()).0);
    let sent = sheet_text(&report_2025(&office), "Biểu 08");
    assert!(
        sent.contains("có bổ sung theo tệp departments.toml của cơ quan tổng hợp"),
        "{sent}"
    );
    assert!(sent.contains(&list[..12]), "{sent}");
    // The report of that day stays what it was, whatever the office writes later.
    std::fs::remove_file(office.path("departments.toml")).unwrap();
    std::fs::remove_file(office.path("catalogue.toml")).unwrap();
    office.run_at_ending("2025-12-20T09:00:00+07:00", 0);
    let then = office.figures_with("2025", &["--as-of", "2025-12-01T00:00:00Z"]);
    assert_eq!(then["figures"], figures["figures"]);
    assert_eq!(then["office_files"], figures["office_files"]);
    // What does not fit is named with its file and line.
    std::fs::write(
        office.path("departments.toml"),
        own.replace("\"SXD\"", "\"SX\""),
    )
    .unwrap();
    let answer = office.status("2025");
    assert_eq!(answer.code, 3);
    assert!(
        answer
            .stderr
            .contains("office/departments.toml:9: department 'SX' is not defined"),
        "{}",
        answer.stderr
    );
}
