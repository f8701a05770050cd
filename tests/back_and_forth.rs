//! What goes out comes back: feedback that is mended is clean, a template that is filled in has no structural fault.

use crate::office::{Office, budget, codes, tonghop};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// A workbook as the text it would be written from, so that a test can change a cell and write it again.
pub(crate) fn as_text(bytes: &[u8]) -> String {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    for name in workbook.sheet_names() {
        text.push_str(&format!("== {name}\n"));
        let range = workbook.worksheet_range(&name).unwrap();
        let (_, last) = range.end().map_or(((), 0), |(row, _)| ((), row));
        let width = range.end().map_or(0, |(_, col)| col);
        for row in 0..=last {
            let cells: Vec<String> = (0..=width)
                .map(|col| match range.get_value((row, col)) {
                    None | Some(Data::Empty) => String::new(),
                    Some(Data::Float(number)) => number.to_string(),
                    Some(Data::DateTime(day)) => {
                        let (year, month, day, ..) = day.to_ymd_hms_milli();
                        format!("{year:04}-{month:02}-{day:02}")
                    }
                    Some(value) => format!("'{}", value.to_string().replace(['\n', '|'], " ")),
                })
                .collect();
            text.push_str(&(cells.join(" | ") + "\n"));
        }
    }
    text
}

const FAULTY: &str =
    "1 | IV.2.b | NSNN hỗ trợ | 30 | 20 | 0\n2 | IV.3 | Doanh nghiệp | mười | 5 | 0";

#[test]
fn feedback_lists_what_to_mend_and_mended_it_is_clean() {
    let office = Office::new();
    office.drop_workbook("a.xlsx", &budget(FAULTY));
    let (code, run) = office.run();
    assert_eq!((code, codes(&run)), (3, vec!["V004", "C004"]));
    let path = office.path("returned/2023/SXD-2023-phan-hoi.xlsx");
    assert_eq!(run["files"][0]["returned"], path.to_str().unwrap());
    let feedback = std::fs::read(&path).unwrap();
    let letter = std::fs::read_to_string(path.with_extension("txt")).unwrap();
    assert!(
        letter.contains("Sở Xây dựng") && letter.contains("2 điểm phải sửa"),
        "{letter}"
    );

    let text = as_text(&feedback);
    assert!(text.starts_with("== Phiếu phản hồi"), "{text}");
    let place = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    // What must be mended stands in the order of the sheet, the counts last.
    let counts = place("Tạm giữ: 1 · Phải sửa: 1");
    assert!(place("V004") < counts && place("C004") < counts);

    // Sent back as it is, it says the same of the same cells.
    std::fs::remove_file(office.path("inbox/a.xlsx")).unwrap();
    office.drop_file("b.xlsx", &feedback);
    let again = office.run_at_ending("2023-11-26T09:00:00+07:00", 3);
    let cells = |run: &serde_json::Value| -> Vec<String> {
        run["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["cells"].to_string())
            .collect()
    };
    assert_eq!((codes(&again), cells(&again)), (codes(&run), cells(&run)));

    // Mended, it is clean, and nothing is left to send.
    std::fs::remove_file(office.path("inbox/b.xlsx")).unwrap();
    let mended = text
        .replace("'mười", "12")
        .replace("'NSNN hỗ trợ", "'NSNN bảo đảm");
    office.drop_workbook("c.xlsx", &mended);
    let (code, clean) = office.run_at("2023-11-27T09:00:00+07:00");
    assert_eq!((code, codes(&clean)), (0, vec![]), "{}", clean["findings"]);
    assert!(!path.exists());
}

#[test]
fn many_that_say_the_same_are_one_finding_with_its_cells() {
    let office = Office::new();
    let rows: Vec<String> = (1..=6)
        .map(|n| format!("{n} | IV.3 | Doanh nghiệp | 1{n} | | 0"))
        .collect();
    office.drop_workbook("a.xlsx", &budget(&rows.join("\n")));
    let run = office.run_ending(0);
    assert_eq!(codes(&run), ["V001"]);
    assert_eq!(run["findings"][0]["cells"].as_array().unwrap().len(), 6);
}

#[test]
fn a_filled_template_has_no_fault() {
    let office = Office::new();
    let support = "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n== Biểu 3\nĐơn vị tính: triệu đồng\n\
        STT | Tên doanh nghiệp | Mã số thuế | Huyện/TP | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | NSNN\n\
        1 | Công ty TNHH Mẫu Một | 3600265395 | Long Thành | 3a1; 3b2 | 7/HĐ | 2023-03-01 | Đang thực hiện | 60,5\n\
        2 | HTX Mẫu Hai | | Long Thành | 3b1 | 8/HĐ | 2023-03-01 | Hoàn thành | 10\n";
    office.drop_workbook("a.xlsx", support);
    office.run_ending(0);
    let answer = tonghop(&[
        "templates",
        "-w",
        office.dir(),
        "--period",
        "2024-Q1",
        "--format",
        "json",
    ]);
    assert_eq!(answer.json()["templates"].as_array().unwrap().len(), 10);
    let template =
        std::fs::read(office.path("templates/2024-Q1/SXD-2024-Q1-bieu-mau.xlsx")).unwrap();

    let other = Office::new();
    other.drop_file("blank.xlsx", &template);
    let (code, run) = other.run_at("2024-04-05T09:00:00+07:00");
    assert_eq!((code, codes(&run)), (0, vec![]), "{}", run["findings"]);
    let file = &run["files"][0];
    assert_eq!(
        (file["department"].as_str(), file["period"].as_str()),
        (Some("SXD"), Some("2024-Q1"))
    );
    // The running case came along, the finished one and the example row did not.
    assert_eq!(file["forms"]["support"]["rows"]["accepted"], 1);

    // Rows are filled in below.
    let text = as_text(&template);
    assert!(text.contains("7/HĐ") && !text.contains("8/HĐ"));
    let budget = text.find("== Biểu 8").unwrap();
    let example = budget + text[budget..].find("'VD").unwrap();
    let end = example + text[example..].find('\n').unwrap() + 1;
    let filled = format!(
        "{}1 | 'IV.3 | 'Doanh nghiệp | 90 | 63.5 | 10\n{}",
        &text[..end],
        &text[end..]
    );
    other.drop_workbook("filled.xlsx", &filled);
    std::fs::remove_file(other.path("inbox/blank.xlsx")).unwrap();
    let (code, run) = other.run_at("2024-04-06T09:00:00+07:00");
    assert_eq!((code, codes(&run)), (0, vec![]), "{}", run["findings"]);
    assert_eq!(
        run["files"][0]["forms"]["budget"]["sums"]["spent"],
        63_500_000
    );
}
