use crate::ReportError;
use crate::input::{AnnualReport, Standing};
use crate::page::{Heading, Page};
use chrono::{DateTime, FixedOffset};

/// Who reported, when and what came of it. A missing department and a nil return are different lines.
pub(crate) fn write(page: &mut Page<'_>, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        (words.get("no"), 5),
        (words.get("department"), 40),
        (words.get("period"), 10),
        (words.get("state"), 22),
        (words.get("received_at"), 17),
        (words.get("in_time"), 10),
        (words.get("rows_counted"), 10),
        (words.get("rows_held"), 10),
        (words.get("severity_correct"), 9),
        (words.get("severity_warn"), 9),
        (words.get("file"), 44),
        (words.get("file_code"), 15),
    ];
    page.head(&headings.map(|(text, width)| Heading { text, width }))?;
    let styles = page.styles;
    for (number, department) in (1..).zip(&report.departments) {
        page.number(0, number, &styles.center)?;
        page.text(1, &department.name, &styles.text)?;
        let mut lines = 0;
        for year in &department.missing {
            if lines > 0 {
                page.text(0, "", &styles.center)?;
                page.text(1, "", &styles.text)?;
            }
            lines += 1;
            page.text(2, &year.to_string(), &styles.center)?;
            page.text(3, words.get("state_missing"), &styles.pending)?;
            for col in 4..12 {
                page.text(col, "", &styles.text)?;
            }
            page.end_row()?;
        }
        for line in &department.submissions {
            if lines > 0 {
                page.text(0, "", &styles.center)?;
                page.text(1, "", &styles.text)?;
            }
            lines += 1;
            let aside = line.set_aside.as_deref().map(|reason| words.fill("state_set_aside", [("reason", reason)]));
            let (state, format) = match line.standing {
                Standing::Refused => (words.get("state_refused"), &styles.pending),
                Standing::SetAside => (aside.as_deref().unwrap_or_default(), &styles.pending),
                Standing::Superseded => (words.get("state_superseded"), &styles.center),
                Standing::Stands if line.nil_return => (words.get("state_nil"), &styles.good),
                Standing::Stands if line.held > 0 => (words.get("state_held"), &styles.pending),
                Standing::Stands => (words.get("state_received"), &styles.good),
            };
            page.text(2, &line.period.to_string(), &styles.center)?;
            page.text(3, state, format)?;
            page.text(4, &moment(line.at), &styles.center)?;
            page.text(5, if line.in_time { "x" } else { words.get("late") }, &styles.center)?;
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
    let date = deadline.format("%d/%m/%Y").to_string();
    let clause = &report.programme.deadline.clause;
    page.note(&words.fill("deadline_note", [("date", &date), ("clause", clause)]))
}

/// A moment as it is shown.
pub(crate) fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%d/%m/%Y %H:%M").to_string()
}
