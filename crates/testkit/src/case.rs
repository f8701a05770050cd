use crate::archive::archive;
use crate::workbook;
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};

const REPORT: &str = "== TT chung
Cơ quan báo cáo | Sở Xây dựng
Kỳ báo cáo | Năm 2023
== Biểu 9
Khó khăn, vướng mắc | Kiến nghị
Thiếu thông tin | Mở lớp tập huấn
";

/// Part what comes first in a rule's case from what comes after it has been taken in, or after the report on its year has
/// been issued as well.
const LATER: &str = "\n=== later ===\n";
const ISSUED: &str = "\n=== issued ===\n";

/// What comes in together in a rule's case.
pub struct CaseStep {
    /// Whether the report on the year of what came before is issued first.
    pub after_issue: bool,
    /// The files, name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// The steps of a rule's case.
///
/// The case is a workbook as text, or several with a line `=== later ===` or `=== issued ===` between them; `raw:` and the
/// text of a file; or `fixture:` and the name of one of [`fixture`].
pub fn case_steps(case: &str) -> Vec<CaseStep> {
    let at_once = |files| CaseStep {
        after_issue: false,
        files,
    };
    if let Some(text) = case.strip_prefix("raw:") {
        return vec![at_once(vec![named(
            "bao-cao.xlsx",
            text.as_bytes().to_vec(),
        )])];
    }
    if let Some(name) = case.strip_prefix("fixture:") {
        return vec![at_once(fixture(name))];
    }
    let parts = case.split(ISSUED).enumerate().flat_map(|(issues, part)| {
        let later = part.split(LATER).enumerate();
        later.map(move |(number, text)| (issues > 0 && number == 0, text))
    });
    (1..)
        .zip(parts)
        .map(|(number, (after_issue, text))| CaseStep {
            after_issue,
            files: vec![named(&format!("bao-cao-{number}.xlsx"), workbook(text))],
        })
        .collect()
}

fn named(name: &str, bytes: Vec<u8>) -> (String, Vec<u8>) {
    (name.to_owned(), bytes)
}

/// Files whose quirk is the point: `encrypted`, `too-large`, `sheet-cut`, `same-period-twice`, `year-and-quarter`,
/// `heading-answered`, `zipped`, `hidden`, `struck-through`, `own-output`,
/// `bomb`, `far-corner`.
///
/// # Panics
/// On another name.
pub fn fixture(name: &str) -> Vec<(String, Vec<u8>)> {
    match name {
        // What matters of a protected workbook: a compound file whose directory names an encrypted package.
        "encrypted" => {
            let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
            bytes.resize(1024, 0);
            bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
            vec![named("bao-cao.xlsx", bytes)]
        }
        "too-large" => {
            // Each sheet costs time even if it is empty.
            let sheets: String = (0..300).map(|number| format!("== {number}\nx\n")).collect();
            vec![named(
                "bao-cao.xlsx",
                workbook(&format!("{REPORT}{sheets}")),
            )]
        }
        // A row whose elements are closed in the wrong order: no reader knows what follows.
        "sheet-cut" => {
            let report = format!(
                "{REPORT}@@<row r=\"4\"><c r=\"A4\"><v>5</c></v></row>\nThiếu cán bộ | Bố trí thêm\n"
            );
            vec![named("bao-cao.xlsx", workbook(&report))]
        }
        "same-period-twice" => {
            let other = REPORT.replace("Mở lớp tập huấn", "Tổ chức hội thảo");
            vec![
                named("don-vi-1.xlsx", workbook(REPORT)),
                named("don-vi-2.xlsx", workbook(&other)),
            ]
        }
        // A year's report that says less than the quarter's before it: a task gone, an amount fallen.
        "year-and-quarter" => {
            let head = |period: &str| {
                format!(
                    "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | {period}\n== Biểu 8\nĐơn vị tính: đồng\n\
                     Nhiệm vụ | Nguồn kinh phí | Dự toán | Thực hiện\nIV.2.a | NSNN bảo đảm | 90 |"
                )
            };
            let quarter = format!(
                "{} 60\nIV.1.a | NSNN bảo đảm | 20 | 10\n",
                head("Quý III năm 2023")
            );
            let year = format!("{} 50\n", head("Năm 2023"));
            vec![
                named("quy-3.xlsx", workbook(&quarter)),
                named("nam.xlsx", workbook(&year)),
            ]
        }
        // A heading that does not say whose money it is, and the answer of a person: the review workbook comes back with its
        // hidden keys.
        "heading-answered" => {
            let report = "== TT chung\nCơ quan báo cáo | Sở Xây dựng\nKỳ báo cáo | Năm 2023\n== Biểu 3\n\
                          Đơn vị tính: triệu đồng\n\
                          Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Bắt đầu | Tình trạng | Kinh phí\n\
                          Công ty TNHH Mẫu Một | 3600265395 | 3a1 | 2023-03-01 | Đang thực hiện | 10\n";
            let answer = "== Tiêu đề cột\n\n\n\n\
                          TT | Câu hỏi | Cơ quan | Biểu | Tiêu đề cột | Tệp, trang, dòng | Bằng chứng | Đề xuất \
                          | Trả lời trước đây | Trả lời | Lý do | Người trả lời | Có hiệu lực đến\n\
                          1 | | | | | | | | | NSNN | Đã hỏi Sở | Phòng Quản lý | | SXD | support | kinh phi | - | - | -\n";
            vec![
                named("bao-cao.xlsx", workbook(report)),
                named("tra-loi.xlsx", workbook(answer)),
            ]
        }
        "zipped" => vec![named(
            "bao-cao.zip",
            archive(&[("bao-cao.xlsx".to_owned(), workbook(REPORT))]),
        )],
        // A hidden sheet with last year's figures.
        "hidden" => vec![named(
            "bao-cao.xlsx",
            workbook(&format!("{REPORT}==hidden Sheet1\nSố liệu năm trước | 5\n")),
        )],
        "struck-through" => vec![named(
            "bao-cao.xlsx",
            struck_through().unwrap_or_else(|e| panic!("{e}")),
        )],
        // A report that the program wrote, saved again by somebody.
        "own-output" => vec![named(
            "bao-cao-tong-hop.xlsx",
            with_keywords("tonghop:annual-report").unwrap_or_else(|e| panic!("{e}")),
        )],
        // Sixty megabytes of blanks in a few kilobytes.
        "bomb" => {
            let text = format!("{REPORT}{} | x\n", "'".to_owned() + &"0".repeat(60 << 20));
            vec![named("bao-cao.xlsx", workbook(&text))]
        }
        // A cell in the last row and column of a sheet.
        "far-corner" => vec![named(
            "bao-cao.xlsx",
            workbook(&format!("{REPORT}@XFD1048576 x\n")),
        )],
        other => panic!("no fixture '{other}'"),
    }
}

/// A workbook with keywords among its properties.
fn with_keywords(keywords: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_keywords(keywords));
    workbook.add_worksheet().write(0, 0, "BÁO CÁO")?;
    workbook.save_to_buffer()
}

/// A budget of which an amount is struck out.
fn struck_through() -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let general = workbook.add_worksheet().set_name("TT chung")?;
    general.write_row(0, 0, ["Cơ quan báo cáo", "Sở Xây dựng"])?;
    general.write_row(1, 0, ["Kỳ báo cáo", "Năm 2023"])?;
    let sheet = workbook.add_worksheet().set_name("Biểu 8")?;
    sheet.write(0, 0, "Đơn vị tính: triệu đồng")?;
    let heading = ["Nhiệm vụ", "Nguồn kinh phí", "Dự toán", "Thực hiện"];
    sheet.write_row(1, 0, heading)?;
    sheet.write_row(2, 0, ["IV.1", "NSNN bảo đảm"])?;
    sheet.write(2, 2, 10)?;
    sheet.write_with_format(2, 3, 8, &Format::new().set_font_strikethrough())?;
    workbook.save_to_buffer()
}
