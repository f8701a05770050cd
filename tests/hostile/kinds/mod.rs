//! Files that are made to stop, mislead or reach whoever opens them, by their kinds: each is drawn anew for a number.
//!
//! Nothing of them lies in the repository: they are made from a small report, which is changed in one place.

mod archives;
mod binary;
mod markup;
mod open_document;
mod others;
mod sheets;

/// A kind of hostile file.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub name: &'static str,
    /// What its name ends in.
    pub ending: &'static str,
    /// The file for a number; two numbers give different bytes.
    pub make: fn(u32) -> Vec<u8>,
}

/// All kinds, in turn from each family, so that the first few are of many.
pub(crate) fn kinds() -> Vec<Kind> {
    let families = [
        archives::KINDS,
        sheets::KINDS,
        binary::KINDS,
        markup::KINDS,
        open_document::KINDS,
        others::KINDS,
    ];
    let most = families.iter().map(|kinds| kinds.len()).max();
    (0..most.unwrap_or_default())
        .flat_map(|at| families.iter().filter_map(move |kinds| kinds.get(at)))
        .copied()
        .collect()
}

/// The report that is changed: of another year than the good ones, with a tax code that is to be mended, so that something
/// goes back to its sender.
pub(crate) fn report(number: u32) -> String {
    report_of(number, &row(number, ""))
}

/// A report with these rows of support.
pub(crate) fn report_of(number: u32, rows: &str) -> String {
    format!(
        "== TT chung\nCơ quan báo cáo | Sở Y tế\nKỳ báo cáo | Năm 2022\nNgười lập | Trần {number}\n\
         == Biểu 3\nĐơn vị tính: triệu đồng\n\
         Tên doanh nghiệp | Mã số thuế | Nội dung hỗ trợ | Số hợp đồng | Bắt đầu | Tình trạng | Kết quả | NSNN\n{rows}"
    )
}

/// A row of support with something at the end of its result.
pub(crate) fn row(number: u32, result: &str) -> String {
    format!(
        "Công ty TNHH Thử {number} | 3600000001 | 3a1 | {number}/HĐ | 2022-05-01 | dừng | Tốt {result} | 5\n"
    )
}
