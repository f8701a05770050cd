//! What leaders read first: the covering reports in words, and the year beside the one before.

use crate::office::{NOW, Office, sheet_text, tonghop};
use std::io::{Cursor, Read};

fn sent(department: &str, period: &str, rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | {department}\nKỳ báo cáo | {period}\n\
         == Biểu 4a\nNhiệm vụ | Tên hoạt động | Bắt đầu | Số người\n{rows}"
    )
}

/// The text of a Word document.
fn text_of(path: &str) -> String {
    let bytes = std::fs::read(path).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    let mut part = archive.by_name("word/document.xml").unwrap();
    part.read_to_string(&mut xml).unwrap();
    let texts = xml.split("<w:t").skip(1).filter_map(|it| {
        let (_, rest) = it.split_once('>')?;
        Some(rest.split_once("</w:t>")?.0)
    });
    texts.collect()
}

#[test]
fn sentences_follow_the_figures_and_the_ministry_gets_a_draft() {
    let office = Office::new();
    let before = "IV.4.b | Lớp A | 01/02/2022 | 10\n";
    office.drop_workbook("2022.xlsx", &sent("Sở Công Thương", "Năm 2022", before));
    // One row names no point of the task.
    let rows = "IV.4.b | Lớp B | 01/02/2023 | 25\nIV.4 | Lớp C | 01/03/2023 | 5\n";
    let proposal = "== Biểu 9\nKhó khăn | Kiến nghị | Kiến nghị tới\nThiếu vốn | Bố trí vốn | Ủy ban nhân dân tỉnh\n";
    for (file, department) in [("sct.xlsx", "Sở Công Thương"), ("syt.xlsx", "Sở Y tế")] {
        let own = if file == "sct.xlsx" { rows } else { "" };
        office.drop_workbook(file, &(sent(department, "Năm 2023", own) + proposal));
    }
    let _ = office.run();
    let call = [
        "report",
        "-w",
        office.dir(),
        "--year",
        "2023",
        "--now",
        NOW,
        "--format",
        "json",
    ];
    let said = tonghop(&call).ending(0).json();
    let letter = text_of(said["letter"].as_str().unwrap());
    // What is there, what is not, and that not all have reported.
    assert!(letter.contains("2/10 cơ quan đã báo cáo"), "{letter}");
    assert!(
        letter.contains("Đã tổ chức 2 hoạt động với 30 lượt người tham gia"),
        "{letter}"
    );
    assert!(
        letter.contains("chưa đủ báo cáo của các cơ quan"),
        "{letter}"
    );
    assert!(
        letter.contains("lượt người được đào tạo 30 (năm trước: 10)"),
        "{letter}"
    );
    assert!(
        letter.contains("- Thiếu vốn (Sở Công Thương, Sở Y tế)."),
        "{letter}"
    );
    assert!(letter.contains("[Cán bộ bổ sung: thuận lợi"), "{letter}");
    assert!(!letter.contains("dòng số liệu đang tạm giữ"), "{letter}");
    let further = said["further_letters"][0].as_str().unwrap();
    assert!(further.ends_with("-bo-khcn.docx"), "{further}");
    let ministry = text_of(further);
    assert!(
        ministry.contains("Kính gửi: Bộ Khoa học và Công nghệ")
            && ministry.contains("TM. ỦY BAN NHÂN DÂN")
            && ministry.contains("Đã tổ chức 2 hoạt động"),
        "{ministry}"
    );

    let workbook = office.workbook();
    let tasks = sheet_text(&workbook, "Biểu 01");
    assert!(tasks.contains("Không nêu điểm cụ thể"), "{tasks}");
    let overview = sheet_text(&workbook, "Biểu 00");
    assert!(overview.contains("BA THAY ĐỔI LỚN NHẤT"), "{overview}");
    assert!(overview.contains("+20"), "{overview}");
    let departments = sheet_text(&workbook, "Biểu 04");
    assert!(
        departments.contains("Đúng hạn") && departments.contains("Không gửi"),
        "{departments}"
    );
}
