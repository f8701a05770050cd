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

/// A report whose form 3 has so many rows of 15 columns; `seed` varies the names. For measuring.
///
/// # Panics
/// When there are more rows than a sheet holds.
pub fn support_workbook(rows: u32, seed: u32) -> Vec<u8> {
    write(rows, seed).expect("a sheet holds the rows")
}

fn write(rows: u32, seed: u32) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let general = workbook.add_worksheet();
    general.set_name("TT chung")?;
    general.write(0, 0, "Cơ quan báo cáo")?.write(0, 1, "Sở Công Thương")?;
    general.write(1, 0, "Kỳ báo cáo")?.write(1, 1, "Năm 2023")?;
    let sheet = workbook.add_worksheet();
    sheet.set_name("Biểu 3")?.write(0, 0, "Đơn vị tính: triệu đồng")?;
    for (col, heading) in (0..).zip(HEADINGS) {
        sheet.write(1, col, heading)?;
    }
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for i in 0..rows {
        let (row, n) = (i + 2, i + seed * 7_919);
        let texts = [
            (1, format!("Công ty TNHH Mẫu số {n}")),
            (2, "3600265395".to_owned()),
            (3, format!("Số {} Đường mẫu, P. Long Bình", n % 400)),
            (4, "TP. Biên Hòa".to_owned()),
            (6, "Nhỏ".to_owned()),
            (7, ["3a1", "Truy xuất nguồn gốc sản phẩm", "3b3"][n as usize % 3].to_owned()),
            (8, "ISO 9001:2015".to_owned()),
            (9, format!("{n}/HĐ-2023")),
            (11, "Đang thực hiện".to_owned()),
        ];
        for (col, text) in texts {
            sheet.write(row, col, text)?;
        }
        for (col, number) in [(0, i + 1), (5, 10 + n % 80), (12, 30 + n % 90), (13, 40 + n % 70), (14, n % 5)] {
            sheet.write(row, col, number)?;
        }
        let month = u8::try_from(1 + n % 12).unwrap_or(1);
        sheet.write_datetime_with_format(row, 10, ExcelDateTime::from_ymd(2023, month, 5)?, &day)?;
    }
    workbook.save_to_buffer()
}
