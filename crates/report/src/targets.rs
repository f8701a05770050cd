use crate::ReportError;
use crate::input::AnnualReport;
use crate::page::{Heading, Page};
use std::collections::BTreeMap;

/// One line a target: what the plan asks, what is reached, what is left, and the figure's id.
pub(crate) fn write(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let in_year = format!("Trong năm {}", report.year);
    let headings = [
        ("TT", 5),
        ("Mục tiêu", 52),
        ("Căn cứ", 9),
        ("Giai đoạn", 12),
        ("Chỉ tiêu", 14),
        (in_year.as_str(), 11),
        ("Lũy kế", 10),
        ("Còn thiếu", 10),
        ("Kết quả", 16),
        ("Mã số liệu", 34),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
    for (number, progress) in (1..).zip(&report.targets) {
        let target = progress.target;
        let value = progress.figures.total();
        page.number(0, number, &styles.center)?;
        page.text(1, &target.title.vi, &styles.text)?;
        page.text(2, &target.clause, &styles.center)?;
        page.text(3, &format!("{} - {}", target.from, target.to), &styles.center)?;
        let word = if target.about { "khoảng" } else { "ít nhất" };
        page.text(4, &format!("{word} {}", target.at_least), &styles.center)?;
        page.number(5, progress.in_year, &styles.number)?;
        page.number(6, value, &styles.number_bold)?;
        page.number(7, (target.at_least - value).max(0), &styles.number)?;
        let (words, format) = match () {
            () if value >= target.at_least => ("Đạt", &styles.good),
            () if report.year < target.to => ("Đang thực hiện", &styles.pending),
            () => ("Chưa đạt", &styles.pending),
        };
        page.text(8, words, format)?;
        page.text(9, &progress.figures.id(&BTreeMap::new()), &styles.text)?;
        page.end_row()?;
    }
    page.note("Doanh nghiệp, chuyên gia, câu lạc bộ được tính mỗi đơn vị một lần, qua tất cả cơ quan và các năm. Từng giá trị và ô gốc ở trang “Truy vết”.")
}
