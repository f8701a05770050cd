use crate::display::{severity, severity_counts};
use crate::error::ReportError;
use crate::input::annual::AnnualReport;
use crate::paper::Paper;
use crate::paper::cell::CellValue;
use crate::paper::column::{ColumnList, ColumnSpec};
use model::Finding;
use programme::Words;

/// A finding behind its number and its department.
type NumberedFinding<'a> = (i64, &'a str, &'a Finding);
type FindingColumn<'a> = ColumnSpec<'a, NumberedFinding<'a>>;

/// What was found: what must be mended stands before what is only noticed.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let columns = columns(words);
    columns.begin(page, 0)?;
    for (number, (department, finding)) in (1..).zip(&report.findings) {
        columns.row(page, &(number, department, finding))?;
    }
    if report.findings.is_empty() {
        return page.note(words.get("no_findings"));
    }
    page.filter()?;
    let all = report.findings.iter().map(|(_, finding)| finding);
    page.note(&severity_counts(words, all))
}

fn columns<'a>(words: &'a Words) -> ColumnList<'a, NumberedFinding<'a>> {
    ColumnList(vec![
        FindingColumn::new(words.get("no"), 5, |(number, ..)| {
            CellValue::ordinal(*number)
        }),
        FindingColumn::new(words.get("department"), 16, |(_, department, _)| {
            CellValue::text(*department)
        }),
        FindingColumn::new(words.get("severity"), 12, |(.., finding)| {
            CellValue::centered(severity(words, finding.severity))
        }),
        FindingColumn::new(words.get("code"), 8, |(.., finding)| {
            CellValue::centered(&finding.code)
        }),
        FindingColumn::new(words.get("file"), 34, |(.., finding)| {
            CellValue::text(&finding.file_name)
        }),
        FindingColumn::new(words.get("sheet"), 20, |(.., finding)| {
            CellValue::text(finding.sheet.as_deref().unwrap_or_default())
        }),
        FindingColumn::new(words.get("cell"), 14, |(.., finding)| {
            CellValue::text(finding.cells.join(", "))
        }),
        FindingColumn::new(words.get("finding"), 62, |(.., finding)| {
            CellValue::text(&finding.message.vi)
        }),
        FindingColumn::new(words.get("advice"), 44, |(.., finding)| {
            CellValue::text(&finding.advice.vi)
        }),
    ])
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::testing::{finding, on_text, programme, report};
    use model::Severity;

    #[test]
    fn findings_say_where_and_what_to_do() {
        let mut report = report(programme());
        let found = |code, severity, cells: &[&str]| {
            let finding = finding(code, severity, "Biểu 3", cells);
            ("Sở Công Thương".to_owned(), finding)
        };
        report.findings = vec![
            found("C001", Severity::Correct, &["C12", "D12"]),
            found("D002", Severity::Info, &[]),
        ];
        report.findings[1].1.sheet = None;
        insta::assert_snapshot!(on_text(|page| write(page, &report)), @r"
        [TT | Cơ quan | Mức | Mã | Tệp | Trang | Ô | Phát hiện | Cần làm] kept 0
        #1 | Sở Công Thương | Phải sửa | C001 | sct.xlsx | Biểu 3 | C12, D12 | Ngày kết thúc trước ngày bắt đầu | Sửa ngày
        #2 | Sở Công Thương | Ghi nhận | D002 | sct.xlsx |  |  | Ngày kết thúc trước ngày bắt đầu | Sửa ngày
        filter
        note: Tạm giữ: 0 · Phải sửa: 1 · Lưu ý: 0 · Ghi nhận: 1
        ");
    }
}
