use crate::ReportError;
use crate::input::AnnualReport;
use crate::paper::{Heading, Look, Paper};
use model::Severity;
use programme::Words;

/// The rows that wait, beside what they could change.
pub(crate) fn write_held(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        (words.get("no"), 5),
        (words.get("department"), 16),
        (words.get("form"), 10),
        (words.get("file"), 36),
        (words.get("sheet"), 22),
        (words.get("row"), 7),
        (words.get("subject"), 40),
        (words.get("amount_read"), 18),
        (words.get("reasons"), 60),
    ];
    page.head(&headings.map(|(text, width)| Heading::new(text, width)), 0)?;
    let mut sum = 0;
    for (number, row) in (1..).zip(&report.held) {
        page.number(0, number, Look::Center)?;
        page.text(1, &row.department, Look::Text)?;
        page.text(2, &row.form, Look::Text)?;
        page.text(3, &row.file_name, Look::Text)?;
        page.text(4, &row.sheet, Look::Text)?;
        page.number(5, row.row, Look::Center)?;
        page.text(6, &row.subject, Look::Text)?;
        sum += row.amount.unwrap_or_default();
        page.money(7, row.amount)?;
        page.text(8, &row.reasons, Look::Text)?;
        page.end_row()?;
    }
    if report.held.is_empty() {
        return page.note(words.get("no_held"));
    }
    page.blanks(0..=5, Look::TotalText)?;
    page.text(6, words.get("total"), Look::TotalText)?;
    page.total(7, sum, Look::Total)?;
    page.text(8, "", Look::TotalText)?;
    page.end_row()?;
    page.note(words.get("held_note"))
}

/// What was found: what must be mended stands before what is only noticed.
pub(crate) fn write_findings(
    page: &mut dyn Paper,
    report: &AnnualReport<'_>,
) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        (words.get("no"), 5),
        (words.get("department"), 16),
        (words.get("severity"), 12),
        (words.get("code"), 8),
        (words.get("file"), 34),
        (words.get("sheet"), 20),
        (words.get("cell"), 14),
        (words.get("finding"), 62),
        (words.get("advice"), 44),
    ];
    page.head(&headings.map(|(text, width)| Heading::new(text, width)), 0)?;
    for (number, (department, finding)) in (1..).zip(&report.findings) {
        page.number(0, number, Look::Center)?;
        page.text(1, department, Look::Text)?;
        page.text(2, severity(words, finding.severity), Look::Center)?;
        page.text(3, &finding.code, Look::Center)?;
        page.text(4, &finding.file_name, Look::Text)?;
        page.text(5, finding.sheet.as_deref().unwrap_or_default(), Look::Text)?;
        page.text(6, &finding.cells.join(", "), Look::Text)?;
        page.text(7, &finding.message.vi, Look::Text)?;
        page.text(8, &finding.advice.vi, Look::Text)?;
        page.end_row()?;
    }
    if report.findings.is_empty() {
        return page.note(words.get("no_findings"));
    }
    page.filter(8)?;
    let counts: Vec<String> = [
        Severity::Hold,
        Severity::Correct,
        Severity::Warn,
        Severity::Info,
    ]
    .into_iter()
    .map(|s| {
        format!(
            "{}: {}",
            severity(words, s),
            report
                .findings
                .iter()
                .filter(|(_, f)| f.severity == s)
                .count()
        )
    })
    .collect();
    page.note(&counts.join(" · "))
}

/// What a severity is called.
pub(crate) fn severity(words: &Words, severity: Severity) -> &str {
    words.get(match severity {
        Severity::Hold => "severity_hold",
        Severity::Correct => "severity_correct",
        Severity::Warn => "severity_warn",
        Severity::Info => "severity_info",
    })
}
