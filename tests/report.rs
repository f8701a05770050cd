//! The annual workbook: the same bytes, totals that agree with their cells, every sheet there.

use crate::office::{
    NOW, Office, TraceSheet, figure, sheet_text, text_of, tonghop, tonghop_with, whole_number,
};
use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeSet;
use std::io::Cursor;

fn office_with_samples() -> Office {
    let office = Office::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/inbox");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        office.drop_file(
            path.file_name().unwrap().to_str().unwrap(),
            &std::fs::read(&path).unwrap(),
        );
    }
    office.run_ending(3);
    office
}

#[test]
fn the_same_ledger_gives_the_same_bytes_with_any_number_of_threads() {
    let office = office_with_samples();
    let report = ["report", "-w", office.dir(), "--year", "2023"];
    tonghop(&report).ending(0);
    let first = (
        office.workbook(),
        std::fs::read(office.path("reports/figures.json")).unwrap(),
    );
    let one_thread = [("RAYON_NUM_THREADS", "1"), ("POLARS_MAX_THREADS", "1")];
    tonghop_with(&report, &one_thread).ending(0);
    assert!(
        first
            == (
                office.workbook(),
                std::fs::read(office.path("reports/figures.json")).unwrap()
            )
    );

    // Another ledger of the same files, read on one thread.
    let other = Office::new();
    for entry in std::fs::read_dir(office.path("inbox")).unwrap() {
        let path = entry.unwrap().path();
        other.drop_file(
            path.file_name().unwrap().to_str().unwrap(),
            &std::fs::read(&path).unwrap(),
        );
    }
    tonghop_with(&["run", "-w", other.dir(), "--now", NOW], &one_thread).ending(3);
    tonghop(&["report", "-w", other.dir(), "--year", "2023"]).ending(0);
    assert!(first.0 == other.workbook());
}

#[test]
fn stored_totals_are_what_their_formulas_add_up_to() {
    let office = office_with_samples();
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    let mut workbook = Xlsx::new(Cursor::new(office.workbook())).unwrap();
    let (mut checked, mut shares) = (0, 0);
    for name in workbook.sheet_names() {
        let values = workbook.worksheet_range(&name).unwrap();
        let formulas = workbook.worksheet_formula(&name).unwrap();
        let (top, left) = formulas.start().unwrap_or_default();
        let place = |row: usize, col: usize| {
            let [row, col] = [row, col].map(|at| u32::try_from(at).unwrap());
            (top + row, left + col)
        };
        let parts: BTreeSet<(u32, u32)> = formulas
            .used_cells()
            .filter(|(_, _, formula)| formula.starts_with("SUBTOTAL(9,"))
            .map(|(row, col, _)| place(row, col))
            .collect();
        for (row, col, formula) in formulas.used_cells() {
            let at = place(row, col);
            if let Some((part, whole)) = formula.split_once('/') {
                let [part, whole] = [part, whole].map(|cell| {
                    let cell: model::CellRef = cell.parse().unwrap();
                    number(values.get_value((cell.row, cell.col)))
                });
                let Some(Data::Float(share)) = values.get_value(at) else {
                    panic!("{name} {at:?} {formula}")
                };
                assert!(
                    (share - part as f64 / whole as f64).abs() < 1e-12,
                    "{name} {at:?} {formula}"
                );
                shares += 1;
                continue;
            }
            let range = formula
                .trim_start_matches("SUM(")
                .trim_start_matches("SUBTOTAL(9,")
                .trim_start_matches("SUBTOTAL(109,");
            let range = range.trim_end_matches(')');
            let (from, to) = range.split_once(':').unwrap();
            let (from, to): (model::CellRef, model::CellRef) =
                (from.parse().unwrap(), to.parse().unwrap());
            let mut sum = 0;
            for row in from.row..=to.row {
                for col in from.col..=to.col {
                    // A sum of parts leaves out what is such a sum itself.
                    if !(formula.starts_with("SUBTOTAL(9,") && parts.contains(&(row, col))) {
                        sum += number(values.get_value((row, col)));
                    }
                }
            }
            assert_eq!(number(values.get_value(at)), sum, "{name} {at:?} {formula}");
            checked += 1;
        }
    }
    assert!(
        checked > 100 && shares > 10,
        "only {checked} sums and {shares} shares"
    );
}

fn number(value: Option<&Data>) -> i64 {
    match value {
        Some(Data::Float(number)) => format!("{number}").parse().unwrap(),
        Some(Data::Int(number)) => *number,
        Some(Data::String(text)) => text.parse().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn held_rows_missing_departments_and_findings_are_shown() {
    let office = office_with_samples();
    let answer = office.report("2023", &[]);
    let summary = answer.json();
    assert_eq!((answer.code, summary["held"].as_u64()), (0, Some(1)));
    assert_eq!(summary["missing"], serde_json::json!(["SVHTTDL"]));
    let workbook = office.workbook();
    let text = |sheet: &str| sheet_text(&workbook, sheet);
    assert!(text("Tổng hợp").contains("Chưa chắc chắn: 1 dòng tạm giữ, 0 câu hỏi chờ trả lời"));
    assert!(text("Tạm giữ").contains("V004: “khoảng 40”"));
    assert!(text("Biểu 08").contains("Chưa gửi báo cáo"));
    assert!(text("Lưu ý").contains("Kết thúc 09/12/2022 trước khi bắt đầu"));
    let trace = TraceSheet::of(&workbook);
    let task = trace.column("Nhiệm vụ");
    assert!(trace.rows.iter().any(|row| text_of(&row[task]) == "IV.2"));

    // What counts as a fault is the operator's to say.
    let strict = [
        "report",
        "-w",
        office.dir(),
        "--year",
        "2023",
        "--fail-on",
        "held,missing",
    ];
    assert_eq!(tonghop(&strict).code, 3);
}

#[test]
fn a_year_outside_the_programme_is_a_wrong_call() {
    let office = office_with_samples();
    assert_eq!(
        tonghop(&["report", "-w", office.dir(), "--year", "2019"]).code,
        2
    );
    assert_eq!(
        tonghop(&[
            "report",
            "-w",
            office.dir(),
            "--year",
            "2023",
            "--as-of",
            "yesterday"
        ])
        .code,
        2
    );
}

/// A report on support for 2023 whose form 3 has these rows: number, enterprise, tax code, content, model enterprise.
fn support(department: &str, rows: &[[&str; 4]]) -> String {
    let mut text = format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | Năm 2023\n\
         == Biểu 3\nBiểu 3. HỖ TRỢ DOANH NGHIỆP\nĐơn vị tính: triệu đồng\n\
         STT | Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | NSNN\n"
    );
    for (number, [name, code, content, money]) in (1..).zip(rows) {
        text.push_str(&format!(
            "{number} | {name} | {code} | {content} | 05/03/2023 | Đang thực hiện | {money}\n"
        ));
    }
    text
}

#[test]
fn what_waits_is_shown_as_what_it_could_change() {
    let office = Office::new();
    let held = ["Công ty TNHH Gốm Mẫu Sơn", "3600265395", "3a1", "khoảng 40"];
    let counted = ["HTX Bưởi Tân Triều", "3603295006", "3a1", "30"];
    office.drop_workbook("a.xlsx", &support("Sở Công Thương", &[held, counted]));
    office.run_ending(3);
    assert_eq!(
        figure(&office.figures("2023"), "enterprises_supported/2021-2023"),
        1
    );
    let text = sheet_text(&office.workbook(), "Tổng hợp");
    assert!(
        text.contains("1 – 2") && text.contains("1 dòng tạm giữ"),
        "{text}"
    );
    assert!(
        text.contains("không làm thay đổi việc đạt hay chưa đạt"),
        "{text}"
    );
}

#[test]
fn each_enterprise_stands_once_with_all_it_was_given() {
    let office = Office::new();
    let [name, code] = ["Công ty TNHH Gốm Mẫu Sơn", "3600265395"];
    office.drop_workbook(
        "a.xlsx",
        &support(
            "Sở Công Thương",
            &[[name, code, "3a1", "30"], [name, code, "3b3", "20"]],
        ),
    );
    office.drop_workbook("b.xlsx", &support("Sở Y tế", &[[name, code, "3b1", "10"]]));
    office.run_ending(0);
    office.figures("2023");
    let mut workbook = Xlsx::new(Cursor::new(office.workbook())).unwrap();
    let sheet = workbook.worksheet_range("Biểu 02").unwrap();
    let rows: Vec<String> = sheet
        .rows()
        .map(|row| row.iter().map(|c| format!("{c}|")).collect())
        .collect();
    let own: Vec<&String> = rows.iter().filter(|row| row.contains(name)).collect();
    assert_eq!(own.len(), 1, "{rows:?}");
    for told in [
        "3a1; 3b1; 3b3",
        "Sở Công Thương; Sở Y tế",
        "|3|",
        "60000000",
    ] {
        assert!(own[0].contains(told), "{told}: {}", own[0]);
    }
    let years = sheet_text(&office.workbook(), "Biểu 09");
    assert!(
        years.contains("Năm 2025") && years.contains("KẾ HOẠCH NĂM VÀ THỰC HIỆN"),
        "{years}"
    );
}

#[test]
fn a_figure_leads_to_its_rows_and_says_their_filter() {
    let office = office_with_samples();
    let figures = office.figures("2023");
    let bytes = office.workbook();
    let trace = TraceSheet::of(&bytes);
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut followed = 0;
    for sheet in ["Biểu 01", "Biểu 03", "Tổng hợp"] {
        let values = workbook.worksheet_range(sheet).unwrap();
        for link in workbook.hyperlinks_by_sheet_name(sheet).unwrap() {
            let (place, cell) = link.location.as_deref().unwrap().split_once('!').unwrap();
            assert_eq!(place, "'Truy vết'");
            let cell: model::CellRef = cell.parse().unwrap();
            // The first of the amounts that it is added up from.
            let row = &trace.rows[usize::try_from(cell.row).unwrap() - 4];
            let column = usize::try_from(cell.col).unwrap();
            assert_ne!(whole_number(&row[column]), 0, "{sheet} {cell}");
            assert_ne!(
                number(values.get_value(link.range.start)),
                0,
                "{sheet} {cell}"
            );
            let tip = link.tooltip.as_deref().unwrap();
            assert!(tip.contains(" → tổng cột "), "{tip}");
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
    let figures = figures["figures"].as_object().unwrap();
    for (id, entry) in figures {
        assert_eq!(Some(trace.sum(entry)), entry["value"].as_i64(), "{id}");
    }
    // The cells that a figure is explained by come to it too.
    for (id, entry) in figures.iter().step_by(120) {
        let parts = office.parts(id);
        let values = parts.iter().map(|part| part["value"].as_str().unwrap());
        let sum: Option<i64> = values.clone().map(|it| it.parse::<i64>().ok()).sum();
        let distinct = values.collect::<BTreeSet<_>>().len();
        let value = entry["value"].as_i64();
        assert!(
            sum == value || i64::try_from(distinct).ok() == value,
            "{id}"
        );
    }
}

#[test]
fn what_a_hostile_workbook_says_stays_text() {
    let office = Office::new();
    let long = "dài ".repeat(10_000);
    let word = "x".repeat(5_000);
    let names = [
        "'=HYPERLINK(\"http://example.com\",\"Bấm\")",
        "'+cmd\u{2024} /C calc'!A0",
        "'@SUM(1+1)*cmd",
        "<b>đậm</b></script><script>alert(1)</script>",
        "Công ty \u{202e}HNNT\u{202c} Mẫu\u{1}",
        &long,
        &word,
    ];
    let rows: Vec<[&str; 4]> = names.iter().map(|name| [*name, "", "3a1", "10"]).collect();
    office.drop_workbook("a.xlsx", &support("Sở Công Thương", &rows));
    office.run_ending(0);
    assert_eq!(figure(&office.figures("2023"), "support_cases/2023"), 7);
    let mut workbook = Xlsx::new(Cursor::new(office.workbook())).unwrap();
    let mut seen = 0;
    for sheet in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&sheet).unwrap();
        for (_, _, formula) in formulas.used_cells() {
            assert!(
                formula.is_empty()
                    || ["SUM(", "SUBTOTAL(9,", "SUBTOTAL(109,"]
                        .iter()
                        .any(|it| formula.starts_with(it))
                    || formula.contains('/'),
                "{sheet} {formula}"
            );
            assert!(
                !formula.contains("HYPERLINK") && !formula.contains("cmd"),
                "{sheet} {formula}"
            );
        }
        for (_, _, cell) in workbook.worksheet_range(&sheet).unwrap().used_cells() {
            let text = cell.to_string();
            assert!(text.encode_utf16().count() <= 32_767, "{sheet}");
            seen += usize::from(
                text.starts_with("=HYPERLINK") || text.starts_with("+cmd") || text.ends_with('…'),
            );
        }
    }
    assert!(seen >= 3, "{seen}");
    // Nor does it become a part of the page.
    let page = std::fs::read_to_string(
        office.path("reports/bao-cao-nang-suat-chat-luong-dong-nai-2023.html"),
    )
    .unwrap();
    assert!(!page.contains("<b>đậm") && page.contains("&lt;b&gt;đậm"));
    assert_eq!(page.matches("</script>").count(), 2);
}

/// What stands between two signs.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .map(|rest| rest.split(close).next().unwrap())
        .collect()
}

#[test]
fn the_page_says_where_each_figure_is_found_and_needs_no_network() {
    let office = office_with_samples();
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    let page = std::fs::read_to_string(
        office.path("reports/bao-cao-nang-suat-chat-luong-dong-nai-2023.html"),
    )
    .unwrap();
    for outside in ["src=", "http://", "https://", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    let figures = crate::office::read_json(&office.path("reports/figures.json"));
    let shown = between(&page, "data-f=\"", "</button>");
    assert!(shown.len() > 100, "{}", shown.len());
    for button in shown {
        let (id, rest) = button
            .split_once("\" data-t=\"Lọc ")
            .or_else(|| button.split_once("\" data-t=\"Không lọc "))
            .unwrap();
        let (_, number) = rest.split_once("\">").unwrap();
        let value: i64 = number.replace('.', "").parse().unwrap();
        assert_eq!(value, figure(&figures, id), "{id}");
    }
    // The same again gives the same bytes.
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    let again = std::fs::read_to_string(
        office.path("reports/bao-cao-nang-suat-chat-luong-dong-nai-2023.html"),
    )
    .unwrap();
    assert_eq!(page, again);
}

#[test]
fn the_covering_report_is_a_draft_with_the_figures_filled_in() {
    let office = office_with_samples();
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    let path = office.path("reports/bao-cao-nang-suat-chat-luong-dong-nai-2023.docx");
    let bytes = std::fs::read(&path).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let mut document = String::new();
    std::io::Read::read_to_string(
        &mut archive.by_name("word/document.xml").unwrap(),
        &mut document,
    )
    .unwrap();
    let figures = crate::office::read_json(&office.path("reports/figures.json"));
    // In millions, as such letters are written.
    let spent = figure(&figures, "budget_spent/2023");
    assert_eq!(spent % 1_000_000, 0);
    let spent = model::Vnd(spent / 1_000_000).to_string();
    let supported = figure(&figures, "enterprises_supported/2023");
    for told in [
        &format!("thực hiện {spent},0 triệu đồng"),
        &format!("Có {supported} doanh nghiệp"),
        "Nơi nhận:",
        "GIÁM ĐỐC",
    ] {
        assert!(document.contains(told), "{told}");
    }
    assert!(!document.contains('{'), "a place that was not filled");
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]).ending(0);
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}
