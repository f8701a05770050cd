use crate::ReportError;
use crate::input::AnnualReport;
use crate::paper::{Heading, Look, Paper};

/// Support that overlaps, what needs a decision first, with both sides and their cells; then the registers.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let mut headings = vec![
        (words.get("no"), 5),
        (words.get("overlap_class"), 13),
        (words.get("enterprise"), 30),
    ];
    for _ in 0..2 {
        headings.extend([
            (words.get("overlap_source"), 14),
            (words.get("overlap_what"), 16),
            (words.get("overlap_span"), 13),
            (words.get("overlap_money"), 15),
            (words.get("overlap_place"), 26),
        ]);
    }
    headings.extend([
        (words.get("overlap_decision"), 22),
        (words.get("clause"), 12),
    ]);
    let headings: Vec<Heading<'_>> = headings
        .into_iter()
        .map(|(text, width)| Heading::new(text, width))
        .collect();
    page.head(&headings, 0)?;
    for (number, overlap) in (1..).zip(&report.overlaps) {
        page.number(0, number, Look::Center)?;
        let look = if overlap.waits {
            Look::Pending
        } else {
            Look::Center
        };
        page.text(1, words.get(&format!("class_{}", overlap.class)), look)?;
        page.text(2, &overlap.enterprise, Look::Text)?;
        for (first, side) in [3, 8].into_iter().zip(&overlap.sides) {
            page.text(first, &side.source, Look::Text)?;
            page.text(first + 1, &side.what, Look::Text)?;
            page.text(first + 2, &side.span, Look::Center)?;
            page.money(first + 3, side.state_budget)?;
            page.text(first + 4, &side.place, Look::Text)?;
        }
        let decision = if overlap.waits {
            words.get("decision_waits")
        } else {
            &overlap.decision
        };
        page.text(13, decision, look)?;
        page.text(14, &overlap.clause, Look::Text)?;
        page.end_row()?;
    }
    if report.overlaps.is_empty() {
        page.note(words.get("no_overlaps"))?;
    }
    if report.registers.is_empty() {
        page.note(words.get("no_registers"))?;
    }
    for register in &report.registers {
        let entries = register.entries.to_string();
        let values = [
            ("file", register.file_name.as_str()),
            ("hash", &register.file),
            ("entries", &entries),
        ];
        page.note(&words.render_template("register_line", values))?;
    }
    Ok(())
}
