//! Another programme, with forms and tables of its own, needs no change in Rust.

use crate::office::{
    Office, TraceSheet, copy_folder, figure, read_json, sheet_text, sheets, tonghop,
};
use std::path::{Path, PathBuf};

fn root(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).join(path)
}

/// The small programme in a folder: all that it does not say itself is the base's, by one line.
fn small_programme(folder: &Path) {
    copy_folder(&root("tests/programmes/sang-kien"), folder);
    for shared in ["words.toml", "linkage.toml", "units.tsv", "rules"] {
        assert!(!folder.join(shared).exists(), "{shared} is copied");
    }
}

#[test]
fn a_small_programme_of_its_own_makes_its_report() {
    let office = Office::new();
    let folder = office.path("sang-kien");
    small_programme(&folder);
    let checked = tonghop(&["check", folder.to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    office.set("programme = \"sang-kien\"\n");
    office.drop_workbook(
        "a.xlsx",
        "== Chung\nPhòng | Phòng Kỹ thuật\nNăm | 2024\n== Sáng kiến\nĐơn vị tính: nghìn đồng\n\
         TT | Tên sáng kiến | Lĩnh vực | Số người áp dụng | Số tiền tiết kiệm\n\
         1 | Đèn cảm biến | Tiết kiệm điện | 12 | 1500\n2 | Rào chắn | An toàn | 5 | 250\n | Cộng | | 17 | 1750\n",
    );
    office.drop_workbook(
        "b.xlsx",
        "== Chung\nPhòng | Tổng hợp\nNăm | 2024\n== Sáng kiến\nĐơn vị tính: đồng\n\
         Tên sáng kiến | Lĩnh vực | Số tiền tiết kiệm\nHẹn giờ máy lạnh | Năng lượng | 400000\n",
    );
    // Tried first, where its folder is named from the workspace.
    let now = "2024-12-10T00:00:00Z";
    let tried = tonghop(&["run", "-w", office.dir(), "--now", now, "--dry-run"]);
    assert_eq!(tried.code, 0, "{}{}", tried.stdout, tried.stderr);
    let (code, run) = office.run_at("2024-12-10T00:00:00Z");
    assert_eq!(code, 0, "{run}");
    let now = "2024-12-11T00:00:00Z";
    let report = tonghop(&["report", "-w", office.dir(), "--year", "2024", "--now", now]);
    assert_eq!(report.code, 0, "{}{}", report.stdout, report.stderr);
    let figures = read_json(&office.path("reports/figures.json"));
    assert_eq!(
        (
            figure(&figures, "ideas/2024"),
            figure(&figures, "saved/2024")
        ),
        (3, 2_150_000)
    );
    assert_eq!(
        figure(&figures, "saved/2024/kind=energy/department=PKT"),
        1_500_000
    );
    let workbook = std::fs::read(office.path("reports/sang-kien-2024.xlsx")).unwrap();
    assert_eq!(
        sheets(&workbook),
        ["Bìa", "Chung", "Theo lĩnh vực", "Danh sách", "Truy vết"]
    );
    let table = sheet_text(&workbook, "Theo lĩnh vực");
    for told in [
        "Tiết kiệm năng lượng",
        "P. Kỹ thuật",
        "P. Tổng hợp",
        "1900000",
        "2150000",
    ] {
        assert!(table.contains(told), "{told}: {table}");
    }
    // Three of four ideas, in the target's last year.
    let targets = sheet_text(&workbook, "Chung");
    assert!(
        targets.contains("Chưa đạt") && !targets.contains("Đang thực hiện"),
        "{targets}"
    );
    let page = std::fs::read_to_string(office.path("reports/sang-kien-2024.html")).unwrap();
    assert!(page.contains("SÁNG KIẾN THEO LĨNH VỰC VÀ PHÒNG") && page.contains("2.150.000"));
    assert!(
        !office.path("reports/sang-kien-2024.docx").exists(),
        "this programme has no letter"
    );
    // Three ideas, counted for the year and for the target, and what each saved.
    let trace = TraceSheet::of(&workbook);
    assert_eq!(trace.rows.len(), 3);
    for (id, entry) in figures["figures"].as_object().unwrap() {
        assert_eq!(trace.sum(entry), figure(&figures, id), "{id}");
    }
    let templates = tonghop(&["templates", "-w", office.dir(), "--period", "2024"]);
    assert_eq!(templates.code, 0, "{}", templates.stderr);
}
