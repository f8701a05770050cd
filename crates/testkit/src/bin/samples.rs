//! Writes the sample workbooks: `cargo run -p testkit --bin samples -- samples/inbox`.
//!
//! Ten departments over two years, with names and codes that belong to nobody, and one of each common fault, so
//! that a newcomer sees findings, a held row and a department that has not reported. The same bytes every time.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use std::path::PathBuf;

struct Department {
    name: &'static str,
    file: &'static str,
    /// Enterprises supported, by the numbers of their names.
    enterprises: std::ops::Range<u32>,
}

const DEPARTMENTS: [Department; 10] = [
    Department {
        name: "Sở Khoa học và Công nghệ",
        file: "SKHCN",
        enterprises: 1..6,
    },
    Department {
        name: "Sở Công Thương",
        file: "SCT",
        enterprises: 5..10,
    },
    Department {
        name: "Sở Nông nghiệp và Phát triển nông thôn",
        file: "SNNPTNT",
        enterprises: 10..14,
    },
    Department {
        name: "Sở Y tế",
        file: "SYT",
        enterprises: 14..16,
    },
    Department {
        name: "Sở Xây dựng",
        file: "SXD",
        enterprises: 16..18,
    },
    Department {
        name: "Sở Giao thông vận tải",
        file: "SGTVT",
        enterprises: 18..20,
    },
    Department {
        name: "Sở Thông tin và Truyền thông",
        file: "STTTT",
        enterprises: 20..22,
    },
    Department {
        name: "Sở Văn hóa, Thể thao và Du lịch",
        file: "SVHTTDL",
        enterprises: 22..23,
    },
    Department {
        name: "Sở Giáo dục và Đào tạo",
        file: "SGDDT",
        enterprises: 23..24,
    },
    Department {
        name: "Sở Lao động - Thương binh và Xã hội",
        file: "SLDTBXH",
        enterprises: 24..26,
    },
];

/// Samples that other software opened and saved again: LibreOffice the first, openpyxl the second.
const SAVED_ELSEWHERE: [&str; 2] = ["SYT_2023.xlsx", "SLDTBXH_2022.xlsx"];

const CONTENTS: [(&str, &str); 8] = [
    ("3a1", "ISO 9001:2015"),
    ("Áp dụng hệ thống truy xuất nguồn gốc", "TCVN 12850:2019"),
    ("3b3", "ERP"),
    ("Thử nghiệm tiết kiệm nguyên vật liệu", "MFCA"),
    ("3b2", "VietGAP"),
    ("Thử nghiệm công nghệ sản xuất thông minh", "IoT"),
    ("3a1", "5S"),
    ("Tham gia Giải thưởng Chất lượng Quốc gia", "GTCLQG"),
];

const DISTRICTS: [&str; 5] = [
    "TP. Biên Hòa",
    "TP. Long Khánh",
    "Huyện Long Thành",
    "Huyện Trảng Bom",
    "Huyện Xuân Lộc",
];

/// What a cell of a sample holds.
enum Cell {
    Blank,
    Text(String),
    Number(f64),
    Day(u16, u8, u8),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

fn main() -> Result<(), XlsxError> {
    let folder = PathBuf::from(
        std::env::args()
            .nth(1)
            .unwrap_or_else(|| "samples/inbox".to_owned()),
    );
    std::fs::create_dir_all(&folder)?;
    for year in [2022, 2023] {
        for (place, department) in (0..).zip(&DEPARTMENTS) {
            // One department has not reported yet, so that the status has something to say.
            if year == 2023 && department.file == "SVHTTDL" {
                continue;
            }
            let name = format!("{}_{year}.xlsx", department.file);
            if SAVED_ELSEWHERE.contains(&name.as_str()) {
                continue;
            }
            let path = folder.join(name);
            std::fs::write(path, workbook(department, place, year)?)?;
        }
    }
    Ok(())
}

fn workbook(department: &Department, place: u32, year: u16) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(year, 11, 20)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let general = workbook.add_worksheet();
    general
        .set_name("TT chung")?
        .set_column_width(0, 20)?
        .set_column_width(1, 44)?;
    let label = Format::new().set_bold();
    for (row, (name, value)) in (0..).zip([
        ("Cơ quan báo cáo", department.name.to_owned()),
        ("Kỳ báo cáo", format!("Năm {year}")),
        ("Người lập", "Văn phòng Sở".to_owned()),
        ("Ngày lập", format!("20/11/{year}")),
    ]) {
        general.write_with_format(row, 0, name, &label)?;
        general.write(row, 1, value)?;
    }
    let support = support(department, place, year);
    table(
        workbook.add_worksheet(),
        department,
        year,
        "Biểu 3",
        "DANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ",
        &support,
        true,
    )?;
    let training = vec![
        heads(&[
            "STT",
            "Tên hoạt động",
            "Nhiệm vụ",
            "Bắt đầu",
            "Địa điểm",
            "Số người",
            "Trong đó: từ doanh nghiệp",
            "NSNN",
            "DN đối ứng",
            "Nguồn khác",
        ]),
        vec![
            1.into(),
            "Tập huấn công cụ cải tiến năng suất".into(),
            "IV.4.b".into(),
            Cell::Day(year, 5, 10),
            DISTRICTS[place as usize % 5].into(),
            (30 + place).into(),
            (20 + place).into(),
            (40 + place).into(),
            0.into(),
            0.into(),
        ],
    ];
    table(
        workbook.add_worksheet(),
        department,
        year,
        "Biểu 4a",
        "ĐÀO TẠO, TẬP HUẤN, BỒI DƯỠNG",
        &training,
        true,
    )?;
    let communication = vec![
        heads(&[
            "STT",
            "Tên hoạt động",
            "Hình thức",
            "Nhiệm vụ",
            "Thời gian",
            "Số lượng",
            "Số người",
        ]),
        vec![
            1.into(),
            "Hội thảo năng suất chất lượng".into(),
            "Hội thảo".into(),
            "IV.2.b".into(),
            Cell::Day(year, 6, 15),
            1.into(),
            (80 + place).into(),
        ],
    ];
    table(
        workbook.add_worksheet(),
        department,
        year,
        "Biểu 2",
        "THÔNG TIN, TUYÊN TRUYỀN",
        &communication,
        false,
    )?;
    match department.file {
        "SKHCN" => {
            let policy = vec![
                heads(&[
                    "STT",
                    "Tên văn bản",
                    "Số, ký hiệu",
                    "Ngày ban hành",
                    "Nhiệm vụ",
                    "Tình trạng",
                ]),
                vec![
                    1.into(),
                    "Kế hoạch năng suất chất lượng hằng năm".into(),
                    format!("01/KH-{year}").into(),
                    Cell::Day(year, 1, 15),
                    "IV.1.a".into(),
                    "Đã ban hành".into(),
                ],
            ];
            table(
                workbook.add_worksheet(),
                department,
                year,
                "Biểu 1",
                "XÂY DỰNG VĂN BẢN, CƠ CHẾ",
                &policy,
                false,
            )?;
            let expert = vec![
                heads(&[
                    "STT",
                    "Họ và tên",
                    "Đơn vị công tác",
                    "Số chứng nhận",
                    "Ngày cấp",
                ]),
                vec![
                    1.into(),
                    format!("Chuyên gia mẫu {year}-1").into(),
                    enterprise(1).into(),
                    format!("CG{year}-001").into(),
                    Cell::Day(year, 9, 20),
                ],
                vec![
                    2.into(),
                    format!("Chuyên gia mẫu {year}-2").into(),
                    enterprise(2).into(),
                    format!("CG{year}-002").into(),
                    Cell::Day(year, 9, 20),
                ],
            ];
            table(
                workbook.add_worksheet(),
                department,
                year,
                "Biểu 4b",
                "DANH SÁCH CHUYÊN GIA",
                &expert,
                false,
            )?;
        }
        "SGDDT" if year == 2022 => {
            let club = vec![
                heads(&[
                    "STT",
                    "Tên CLB",
                    "Trường",
                    "Ngày thành lập",
                    "Số thành viên",
                ]),
                vec![
                    1.into(),
                    "Câu lạc bộ năng suất mẫu".into(),
                    "Trường mẫu".into(),
                    Cell::Day(year, 4, 20),
                    45.into(),
                ],
            ];
            table(
                workbook.add_worksheet(),
                department,
                year,
                "Biểu 5",
                "CÂU LẠC BỘ NĂNG SUẤT CHẤT LƯỢNG",
                &club,
                false,
            )?;
        }
        _ => {}
    }
    table(
        workbook.add_worksheet(),
        department,
        year,
        "Biểu 8",
        "KINH PHÍ THỰC HIỆN",
        &budget(department, place, year),
        true,
    )?;
    let proposal = vec![
        heads(&["STT", "Khó khăn, vướng mắc", "Kiến nghị"]),
        vec![
            1.into(),
            "Doanh nghiệp nhỏ thiếu cán bộ chuyên trách".into(),
            "Mở thêm lớp tập huấn tại doanh nghiệp".into(),
        ],
    ];
    table(
        workbook.add_worksheet(),
        department,
        year,
        "Biểu 9",
        "KHÓ KHĂN, KIẾN NGHỊ",
        &proposal,
        false,
    )?;
    workbook.save_to_buffer()
}

fn heads(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|&text| text.into()).collect()
}

fn enterprise(number: u32) -> String {
    let form = [
        "Công ty TNHH",
        "Công ty Cổ phần",
        "Doanh nghiệp tư nhân",
        "Hợp tác xã",
    ][number as usize % 4];
    format!("{form} Mẫu số {number:02}")
}

/// A code with a right check digit in a range that is not issued.
fn tax_code(number: u32) -> String {
    let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    // Some stems have no check digit; the next one is taken.
    (0..)
        .find_map(|skip| {
            let stem = format!("99{:07}", number * 100 + skip);
            let sum: u32 = stem
                .bytes()
                .zip(weights)
                .map(|(b, weight)| u32::from(b - b'0') * weight)
                .sum();
            (!sum.is_multiple_of(11)).then(|| format!("{stem}{}", 10 - sum % 11))
        })
        .unwrap_or_default()
}

fn support(department: &Department, place: u32, year: u16) -> Vec<Vec<Cell>> {
    let mut rows = vec![heads(&[
        "STT",
        "Tên doanh nghiệp",
        "Mã số thuế",
        "Địa chỉ",
        "Huyện/TP",
        "Số lao động",
        "Quy mô",
        "Sản phẩm chủ lực",
        "Nhóm ưu tiên",
        "Nội dung hỗ trợ",
        "Công cụ/Tiêu chuẩn áp dụng",
        "Số hợp đồng",
        "Bắt đầu",
        "Kết thúc",
        "Tình trạng",
        "Mô hình điểm",
        "NSNN",
        "DN đối ứng",
        "Nguồn khác",
        "Kết quả",
    ])];
    // Half of the enterprises of a year are helped again the next, under another contract.
    let shift = u32::from(year - 2022) * 13;
    for (number, n) in (1u32..).zip(department.enterprises.clone()) {
        let (content, tool) = CONTENTS[(n + shift) as usize % CONTENTS.len()];
        let n = if year == 2022 || n % 2 == 0 {
            n
        } else {
            n + 30
        };
        let month = u8::try_from(1 + n % 6).unwrap_or(1);
        let done = n % 3 != 0;
        let mut row: Vec<Cell> = vec![
            number.into(),
            enterprise(n).into(),
            tax_code(n).into(),
            format!("Số {n} Đường mẫu").into(),
            DISTRICTS[n as usize % 5].into(),
            (10 + n * 3).into(),
            "Nhỏ".into(),
            "Sản phẩm mẫu".into(),
            (1 + n % 6).into(),
            content.into(),
            tool.into(),
            format!("{n:02}/HĐ-{year}-{}", department.file).into(),
            Cell::Day(year, month, 5),
            if done {
                Cell::Day(year, month + 4, 25)
            } else {
                Cell::Blank
            },
            if done {
                "Hoàn thành"
            } else {
                "Đang thực hiện"
            }
            .into(),
            if n == 1 { "x" } else { "" }.into(),
            (30 + n).into(),
            (40 + n).into(),
            (n % 2 * 5).into(),
            "Đang đánh giá".into(),
        ];
        if year == 2023 && number == 1 {
            match place {
                1 => row[13] = Cell::Day(year - 1, 12, 9),
                2 => row[2] = format!("{}0", &tax_code(n)[..9]).into(),
                3 => row[9] = "Hỗ trợ khác".into(),
                4 => row[16] = "khoảng 40".into(),
                _ => {}
            }
        }
        rows.push(row);
    }
    rows
}

fn budget(department: &Department, place: u32, year: u16) -> Vec<Vec<Cell>> {
    let mut rows = vec![heads(&[
        "STT",
        "Nhiệm vụ",
        "Nguồn kinh phí",
        "Dự toán",
        "Thực hiện",
        "Đã giải ngân",
        "Ghi chú",
    ])];
    let lines = [
        ("IV.2", "NSNN bảo đảm", 90),
        ("IV.3", "NSNN hỗ trợ", 250),
        ("IV.3", "Doanh nghiệp", 300),
        ("IV.4.b", "NSNN hỗ trợ", 60),
    ];
    for (number, (task, source, planned)) in (1u32..).zip(lines) {
        let planned = planned + place * 7;
        let wrong_list = year == 2023 && department.file == "SGTVT" && number == 1;
        rows.push(vec![
            number.into(),
            task.into(),
            if wrong_list {
                "NSNN hỗ trợ"
            } else {
                source
            }
            .into(),
            planned.into(),
            (planned - 5).into(),
            (planned / 2).into(),
            Cell::Blank,
        ]);
    }
    rows
}

/// A form as departments lay it out: head of the office, title, unit, table, total, signatures.
fn table(
    sheet: &mut Worksheet,
    department: &Department,
    year: u16,
    name: &str,
    title: &str,
    rows: &[Vec<Cell>],
    money: bool,
) -> Result<(), XlsxError> {
    let font = Format::new().set_font_name("Times New Roman");
    let bold = font.clone().set_bold();
    let cell = font.clone().set_border(FormatBorder::Thin);
    let head = cell
        .clone()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter);
    let day = cell.clone().set_num_format("dd/mm/yyyy");
    sheet
        .set_name(name)?
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.write_with_format(0, 0, "UBND TỈNH ĐỒNG NAI", &font)?;
    sheet.write_with_format(1, 0, department.name.to_uppercase(), &bold)?;
    sheet.write_with_format(3, 0, format!("{name}. {title}"), &bold)?;
    sheet.write_with_format(4, 0, format!("Kỳ báo cáo: Năm {year}"), &font)?;
    let width = u16::try_from(rows[0].len()).unwrap_or(u16::MAX);
    if money {
        sheet.write_with_format(5, width - 3, "Đơn vị tính: triệu đồng", &font)?;
    }
    let top = 6;
    for (row, values) in (top..).zip(rows) {
        for (col, value) in (0..).zip(values) {
            let format = if row == top { &head } else { &cell };
            match value {
                Cell::Blank => sheet.write_blank(row, col, format)?,
                Cell::Text(text) => sheet.write_with_format(row, col, text.as_str(), format)?,
                Cell::Number(number) => sheet.write_with_format(row, col, *number, format)?,
                Cell::Day(y, m, d) => sheet.write_datetime_with_format(
                    row,
                    col,
                    ExcelDateTime::from_ymd(*y, *m, *d)?,
                    &day,
                )?,
            };
        }
    }
    for col in 0..width {
        let wide = rows
            .iter()
            .filter_map(|r| {
                if let Cell::Text(text) = &r[usize::from(col)] {
                    Some(text.chars().count())
                } else {
                    None
                }
            })
            .max();
        let wide = u32::try_from(wide.unwrap_or(8).clamp(6, 36)).unwrap_or(10);
        sheet.set_column_width(col, f64::from(wide))?;
    }
    let mut row = top + u32::try_from(rows.len()).unwrap_or(0);
    if money {
        total(sheet, row, rows, &cell.clone().set_bold())?;
        row += 1;
    }
    sheet.write_with_format(
        row + 2,
        width - 2,
        format!("Đồng Nai, ngày 20 tháng 11 năm {year}"),
        &font,
    )?;
    sheet.write_with_format(row + 3, 1, "NGƯỜI LẬP BIỂU", &bold)?;
    sheet.write_with_format(row + 3, width - 2, "GIÁM ĐỐC", &bold)?;
    Ok(())
}

/// The sums of the money columns; the last columns of their forms, known by their headings.
fn total(
    sheet: &mut Worksheet,
    row: u32,
    rows: &[Vec<Cell>],
    format: &Format,
) -> Result<(), XlsxError> {
    const MONEY: [&str; 6] = [
        "NSNN",
        "DN đối ứng",
        "Nguồn khác",
        "Dự toán",
        "Thực hiện",
        "Đã giải ngân",
    ];
    sheet.write_with_format(row, 1, "Tổng cộng", format)?;
    for (col, heading) in (0u16..).zip(&rows[0]) {
        let Cell::Text(heading) = heading else {
            continue;
        };
        if MONEY.contains(&heading.as_str()) {
            let amounts = rows[1..].iter().filter_map(|r| {
                if let Cell::Number(n) = r[usize::from(col)] {
                    Some(n)
                } else {
                    None
                }
            });
            sheet.write_with_format(row, col, amounts.sum::<f64>(), format)?;
        }
    }
    Ok(())
}
