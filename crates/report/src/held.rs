use crate::ReportError;
use crate::input::AnnualReport;
use crate::page::{Heading, Page, cell};
use model::Severity;

/// The rows that wait, beside what they could change.
pub(crate) fn write_held(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let headings = [
        ("TT", 5),
        ("Cơ quan", 16),
        ("Biểu", 10),
        ("Tệp", 36),
        ("Trang", 22),
        ("Dòng", 7),
        ("Nội dung", 40),
        ("Số tiền đọc được (đồng)", 18),
        ("Lý do tạm giữ", 60),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
    let first = page.row;
    let mut sum = 0;
    for (number, row) in (1..).zip(&report.held) {
        page.number(0, number, &styles.center)?;
        page.text(1, &row.department, &styles.text)?;
        page.text(2, &row.form, &styles.text)?;
        page.text(3, &row.file_name, &styles.text)?;
        page.text(4, &row.sheet, &styles.text)?;
        page.number(5, row.row, &styles.center)?;
        page.text(6, &row.subject, &styles.text)?;
        match row.amount {
            Some(amount) => {
                sum += amount;
                page.number(7, amount, &styles.number)?;
            }
            None => page.text(7, "", &styles.number)?,
        }
        page.text(8, &row.reasons, &styles.text)?;
        page.end_row()?;
    }
    if report.held.is_empty() {
        return page.note("Không có dòng nào bị tạm giữ.");
    }
    for col in 0..9 {
        page.text(col, if col == 6 { "TỔNG CỘNG" } else { "" }, &styles.total_text)?;
    }
    let over = format!("{}:{}", cell(first, 7), cell(page.row - 1, 7));
    page.sum(7, &over, sum, &styles.total)?;
    page.end_row()?;
    page.note("Các dòng này chưa nằm trong bất kỳ số liệu nào của báo cáo.")
}

/// What was found: what must be mended stands before what is only noticed.
pub(crate) fn write_findings(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let headings = [
        ("TT", 5),
        ("Cơ quan", 16),
        ("Mức", 12),
        ("Mã", 8),
        ("Tệp", 34),
        ("Trang", 20),
        ("Ô", 14),
        ("Phát hiện", 62),
        ("Cần làm", 44),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
    for (number, (department, finding)) in (1..).zip(&report.findings) {
        page.number(0, number, &styles.center)?;
        page.text(1, department, &styles.text)?;
        page.text(2, severity(finding.severity), &styles.center)?;
        page.text(3, &finding.code, &styles.center)?;
        page.text(4, &finding.file_name, &styles.text)?;
        page.text(5, finding.sheet.as_deref().unwrap_or_default(), &styles.text)?;
        page.text(6, &finding.cells.join(", "), &styles.text)?;
        page.text(7, &finding.message.vi, &styles.text)?;
        page.text(8, &finding.advice.vi, &styles.text)?;
        page.end_row()?;
    }
    if report.findings.is_empty() {
        return page.note("Không có điểm nào cần lưu ý.");
    }
    let last = page.row - 1;
    page.sheet.autofilter(3, 0, last, 8)?;
    let counts: Vec<String> = [Severity::Hold, Severity::Correct, Severity::Warn, Severity::Info]
        .into_iter()
        .map(|s| format!("{}: {}", severity(s), report.findings.iter().filter(|(_, f)| f.severity == s).count()))
        .collect();
    page.note(&counts.join(" · "))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Hold => "Tạm giữ",
        Severity::Correct => "Phải sửa",
        Severity::Warn => "Lưu ý",
        Severity::Info => "Ghi nhận",
    }
}
