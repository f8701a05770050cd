use crate::lists::{Dice, Enterprise, WordSet};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

const HEADINGS: [&str; 15] = [
    "STT",
    "Tên doanh nghiệp",
    "Mã số thuế",
    "Địa chỉ",
    "Huyện/TP",
    "Số lao động",
    "Quy mô",
    "Nội dung hỗ trợ",
    "Công cụ/Tiêu chuẩn áp dụng",
    "Số hợp đồng",
    "Bắt đầu",
    "Tình trạng",
    "NSNN",
    "DN đối ứng",
    "Nguồn khác",
];

/// The heading of the last column where it says when a case ended.
const ENDED: &str = "Kết thúc";

const CONTENTS: [&str; 8] = ["3a1", "3a2", "3a3", "3b1", "3b2", "3b3", "3b4", "3b5"];

/// A report whose form 3 has so many rows of 15 columns; `seed` varies the names. For measuring.
///
/// # Panics
/// When there are more rows than a sheet holds.
pub fn support_workbook(rows: u32, seed: u32) -> Vec<u8> {
    write(
        "Sở Công Thương",
        "Năm 2023",
        HEADINGS[14],
        (0..rows).map(|i| mass(i + seed * 7_919)),
    )
    .expect("a sheet holds the rows")
}

/// A quarter's report of a department, whose form 3 has so many rows; most stood in the quarter before too. Most
/// enterprises had other support in the years before, which has ended; some had the same. For measuring.
///
/// # Panics
/// When there are more rows than a sheet holds.
pub fn quarter_workbook(department: &str, year: u32, quarter: u32, rows: u32) -> Vec<u8> {
    write(
        department,
        &format!("Quý {quarter} năm {year}"),
        ENDED,
        cases(department, year, quarter, rows),
    )
    .expect("a sheet holds the rows")
}

/// A list of another programme about so many of the enterprises that a department reports on in a quarter: most had
/// other support there. For measuring.
///
/// # Panics
/// When there are more rows than a sheet holds.
pub fn register_workbook(department: &str, year: u32, quarter: u32, rows: u32) -> Vec<u8> {
    let mut text = "== DNNVV\nDANH SÁCH DOANH NGHIỆP ĐƯỢC HỖ TRỢ THEO ĐỀ ÁN HỖ TRỢ DNNVV\n\
                    STT | Tên doanh nghiệp | Mã số thuế | Địa chỉ | Nội dung hỗ trợ | Từ ngày | Đến ngày | Số tiền (đồng)\n"
        .to_owned();
    for (n, case) in (1..).zip(cases(department, year, quarter, rows)) {
        let [(_, name), (_, code), (_, address), ..] = &case.texts;
        text.push_str(&format!(
            "{n} | {name} | {code} | {address} | 3a{} | {year}-02-01 | {year}-06-01 | 100\n",
            1 + n % 3
        ));
    }
    crate::workbook(&text)
}

/// A case of support: texts by column, numbers by column, the month it began in, the month it ended in.
struct Case {
    texts: [(u16, String); 9],
    numbers: Vec<(u16, u32)>,
    began: (u16, u8),
    ended: Option<(u16, u8)>,
}

fn cases(department: &str, year: u32, quarter: u32, rows: u32) -> impl Iterator<Item = Case> {
    let first = (quarter - 1) * (rows / 10);
    let of = department.bytes().fold(7u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    (first..first + rows).map(move |i| {
        // Two in three come back every year.
        let own = u64::from(i * 3 / 4) + if i % 3 == 0 { u64::from(year) << 32 } else { 0 };
        case(of.wrapping_mul(1_000_003).wrapping_add(own), year, i)
    })
}

/// The same enterprise again and again, under as many names.
fn mass(n: u32) -> Case {
    let names = [
        format!("Công ty TNHH Mẫu số {n}"),
        "3600265395".to_owned(),
        format!("Số {} Đường mẫu, P. Long Bình", n % 400),
        "TP. Biên Hòa".to_owned(),
    ];
    of(names, n, (2023, u8::try_from(1 + n % 12).unwrap_or(1)))
}

fn case(seed: u64, year: u32, n: u32) -> Case {
    let enterprise = Enterprise::new(&mut Dice(seed), WordSet::Common);
    let names = [
        enterprise.full_name(n.is_multiple_of(4)),
        enterprise.tax_code.clone(),
        enterprise.address(),
        enterprise.district().to_owned(),
    ];
    let year = u16::try_from(year).unwrap_or(2021);
    let mut case = of(names, n, (year, u8::try_from(1 + n % 3).unwrap_or(1)));
    case.numbers.pop();
    case.texts[5].1 = CONTENTS[(n as usize * 3 + usize::from(year)) % CONTENTS.len()].to_owned();
    if !n.is_multiple_of(5) {
        case.ended = Some((year, u8::try_from(6 + n % 6).unwrap_or(6)));
        case.texts[8].1 = "Hoàn thành".to_owned();
    }
    case
}

fn of([name, tax_code, address, district]: [String; 4], n: u32, began: (u16, u8)) -> Case {
    Case {
        texts: [
            (1, name),
            (2, tax_code),
            (3, address),
            (4, district),
            (6, "Nhỏ".to_owned()),
            (
                7,
                ["3a1", "Truy xuất nguồn gốc sản phẩm", "3b3"][n as usize % 3].to_owned(),
            ),
            (8, "ISO 9001:2015".to_owned()),
            (9, format!("{n}/HĐ-{}", began.0)),
            (11, "Đang thực hiện".to_owned()),
        ],
        numbers: vec![
            (5, 10 + n % 80),
            (12, 30 + n % 90),
            (13, 40 + n % 70),
            (14, n % 5),
        ],
        began,
        ended: None,
    }
}

fn write(
    department: &str,
    period: &str,
    last: &str,
    cases: impl Iterator<Item = Case>,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let general = workbook.add_worksheet();
    general.set_name("TT chung")?;
    general
        .write(0, 0, "Cơ quan báo cáo")?
        .write(0, 1, department)?;
    general.write(1, 0, "Kỳ báo cáo")?.write(1, 1, period)?;
    let sheet = workbook.add_worksheet();
    sheet
        .set_name("Biểu 3")?
        .write(0, 0, "Đơn vị tính: triệu đồng")?;
    for (col, heading) in (0..).zip(HEADINGS.into_iter().take(14).chain([last])) {
        sheet.write(1, col, heading)?;
    }
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (row, case) in (2..).zip(cases) {
        sheet.write(row, 0, row - 1)?;
        for (col, text) in case.texts {
            sheet.write(row, col, text)?;
        }
        for (col, number) in case.numbers {
            sheet.write(row, col, number)?;
        }
        let days = [(10, Some(case.began)), (14, case.ended)];
        for (col, (year, month)) in days
            .into_iter()
            .filter_map(|(col, month)| Some((col, month?)))
        {
            sheet.write_datetime_with_format(
                row,
                col,
                ExcelDateTime::from_ymd(year, month, 5)?,
                &day,
            )?;
        }
    }
    workbook.save_to_buffer()
}
