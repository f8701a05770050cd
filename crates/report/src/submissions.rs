use crate::ReportError;
use crate::input::{AnnualReport, Standing};
use crate::page::{Heading, Page};

/// Who reported, when and what came of it. A missing department and a nil return are different lines.
pub(crate) fn write(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let headings = [
        ("TT", 5),
        ("Cơ quan", 40),
        ("Kỳ", 10),
        ("Tình trạng", 22),
        ("Nhận lúc", 17),
        ("Đúng hạn", 10),
        ("Dòng được tính", 10),
        ("Dòng tạm giữ", 10),
        ("Phải sửa", 9),
        ("Lưu ý", 9),
        ("Tệp", 44),
        ("Mã tệp", 15),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
    for (number, department) in (1..).zip(&report.departments) {
        page.number(0, number, &styles.center)?;
        page.text(1, &department.name, &styles.text)?;
        if department.submissions.is_empty() {
            page.text(2, report.year.to_string().as_str(), &styles.center)?;
            page.text(3, "Chưa gửi báo cáo", &styles.pending)?;
            for col in 4..12 {
                page.text(col, "", &styles.text)?;
            }
            page.end_row()?;
        }
        for (i, line) in department.submissions.iter().enumerate() {
            if i > 0 {
                page.text(0, "", &styles.center)?;
                page.text(1, "", &styles.text)?;
            }
            let (words, format) = match line.standing {
                Standing::Refused => ("Không đọc được, trả lại", &styles.pending),
                Standing::Superseded => ("Đã có báo cáo thay thế", &styles.center),
                Standing::Stands if line.nil_return => ("Không phát sinh", &styles.good),
                Standing::Stands if line.held > 0 => ("Có dòng tạm giữ", &styles.pending),
                Standing::Stands => ("Đã nhận", &styles.good),
            };
            page.text(2, &line.period.to_string(), &styles.center)?;
            page.text(3, words, format)?;
            page.text(4, &line.at.format("%d/%m/%Y %H:%M").to_string(), &styles.center)?;
            page.text(5, if line.in_time { "x" } else { "Sau hạn" }, &styles.center)?;
            page.number(6, i64::from(line.accepted), &styles.number)?;
            page.number(7, i64::from(line.held), &styles.number)?;
            page.number(8, i64::try_from(line.to_mend).unwrap_or(i64::MAX), &styles.number)?;
            page.number(9, i64::try_from(line.noticed).unwrap_or(i64::MAX), &styles.number)?;
            page.text(10, &line.file_name, &styles.text)?;
            page.text(11, &line.file, &styles.text)?;
            page.end_row()?;
        }
    }
    let deadline = report.programme.deadline.of(report.year);
    page.note(&format!(
        "Hạn gửi: trước ngày {} (Mục {}).",
        deadline.format("%d/%m/%Y"),
        report.programme.deadline.clause
    ))
}
