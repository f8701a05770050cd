//! The annual workbook: the same bytes, totals that agree with their cells, every sheet there.

use crate::office::{NOW, Office, sheet_text, tonghop, tonghop_with};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

fn office_with_samples() -> Office {
    let office = Office::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/inbox");
    for entry in std::fs::read_dir(samples).unwrap() {
        let path = entry.unwrap().path();
        office.drop_file(path.file_name().unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
    }
    office.run();
    office
}

#[test]
fn the_same_ledger_gives_the_same_bytes_with_any_number_of_threads() {
    let office = office_with_samples();
    let report = ["report", "-w", office.dir(), "--year", "2023"];
    tonghop(&report);
    let first = (office.workbook(), std::fs::read(office.path("reports/figures.json")).unwrap());
    let one_thread = [("RAYON_NUM_THREADS", "1"), ("POLARS_MAX_THREADS", "1")];
    tonghop_with(&report, &one_thread);
    assert!(first == (office.workbook(), std::fs::read(office.path("reports/figures.json")).unwrap()));

    // Another ledger of the same files, read on one thread.
    let other = Office::new();
    for entry in std::fs::read_dir(office.path("inbox")).unwrap() {
        let path = entry.unwrap().path();
        other.drop_file(path.file_name().unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
    }
    tonghop_with(&["run", "-w", other.dir(), "--now", NOW], &one_thread);
    tonghop(&["report", "-w", other.dir(), "--year", "2023"]);
    assert!(first.0 == other.workbook());
}

#[test]
fn stored_totals_are_what_their_formulas_add_up_to() {
    let office = office_with_samples();
    tonghop(&["report", "-w", office.dir(), "--year", "2023"]);
    let mut workbook = Xlsx::new(Cursor::new(office.workbook())).unwrap();
    let mut checked = 0;
    for name in workbook.sheet_names() {
        let values = workbook.worksheet_range(&name).unwrap();
        let formulas = workbook.worksheet_formula(&name).unwrap();
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, col, formula) in formulas.used_cells() {
            let at = (top + u32::try_from(row).unwrap(), left + u32::try_from(col).unwrap());
            let range = formula.trim_start_matches("SUM(").trim_end_matches(')');
            let (from, to) = range.split_once(':').unwrap();
            let (from, to): (model::CellRef, model::CellRef) = (from.parse().unwrap(), to.parse().unwrap());
            let mut sum = 0;
            for row in from.row..=to.row {
                for col in from.col..=to.col {
                    sum += number(values.get_value((row, col)));
                }
            }
            assert_eq!(number(values.get_value(at)), sum, "{name} {at:?} {formula}");
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} formulas");
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
    let answer = tonghop(&["report", "-w", office.dir(), "--year", "2023", "--format", "json"]);
    let summary = answer.json();
    assert_eq!((answer.code, summary["held"].as_u64()), (0, Some(1)));
    assert_eq!(summary["missing"], serde_json::json!(["SVHTTDL"]));
    let workbook = office.workbook();
    let text = |sheet: &str| sheet_text(&workbook, sheet);
    assert!(text("Dòng tạm giữ").contains("V004: “khoảng 40”"));
    assert!(text("Tình hình báo cáo").contains("Chưa gửi báo cáo"));
    assert!(text("Điểm cần lưu ý").contains("Kết thúc 09/12/2022 trước khi bắt đầu"));
    assert!(text("Truy vết").contains("budget_spent/2023/task=IV.2/source=ensured/department=SKHCN"));

    // A final report is refused while a row is held or a department is missing.
    let last = tonghop(&["report", "-w", office.dir(), "--year", "2023", "--final"]);
    assert_eq!(last.code, 3, "{}", last.stdout);
}

#[test]
fn a_year_outside_the_programme_is_a_wrong_call() {
    let office = office_with_samples();
    assert_eq!(tonghop(&["report", "-w", office.dir(), "--year", "2019"]).code, 2);
    assert_eq!(tonghop(&["report", "-w", office.dir(), "--year", "2023", "--as-of", "yesterday"]).code, 2);
}
