use crate::ReportError;
use crate::input::{AnnualReport, SubmissionLine, SubmissionState};
use crate::paper::{Heading, Look, Paper};
use chrono::{DateTime, FixedOffset};

/// Who reported, when and what came of it. A missing department and a nil return are different lines.
pub(crate) fn write(page: &mut dyn Paper, report: &AnnualReport<'_>) -> Result<(), ReportError> {
    let words = &report.programme.words;
    let headings = [
        (words.get("no"), 5),
        (words.get("department"), 36),
        (words.get("unit_head"), 18),
        (words.get("period"), 10),
        (words.get("state"), 22),
        (words.get("received_at"), 17),
        (words.get("in_time"), 10),
        (words.get("rows_counted"), 10),
        (words.get("rows_held"), 10),
        (words.get("severity_correct"), 9),
        (words.get("severity_warn"), 9),
        (words.get("times_returned"), 9),
        (words.get("file"), 44),
        (words.get("file_code"), 15),
    ];
    page.head(&headings.map(|(text, width)| Heading::new(text, width)), 0)?;
    for (number, department) in (1..).zip(&report.departments) {
        let mut is_first = true;
        let mut begin = |page: &mut dyn Paper| {
            if std::mem::take(&mut is_first) {
                page.number(0, number, Look::Center)?;
                page.text(1, &department.name, Look::Text)
            } else {
                page.blanks(0..=1, Look::Text)
            }
        };
        for year in &department.missing {
            begin(page)?;
            page.text(2, "", Look::Text)?;
            page.text(3, &year.to_string(), Look::Center)?;
            page.text(4, words.get("state_missing"), Look::Pending)?;
            page.blanks(5..=13, Look::Text)?;
            page.end_row()?;
        }
        for line in &department.submissions {
            begin(page)?;
            let aside = line
                .set_aside
                .as_deref()
                .map(|reason| words.render_template("state_set_aside", [("reason", reason)]));
            let (state, look) = match line.standing {
                SubmissionState::Refused => (words.get("state_refused"), Look::Pending),
                SubmissionState::SetAside => (aside.as_deref().unwrap_or_default(), Look::Pending),
                SubmissionState::Superseded => (words.get("state_superseded"), Look::Center),
                SubmissionState::Stands if line.nil_return => (words.get("state_nil"), Look::Good),
                SubmissionState::Stands if line.held > 0 => {
                    (words.get("state_held"), Look::Pending)
                }
                SubmissionState::Stands => (words.get("state_received"), Look::Good),
            };
            page.text(2, line.unit.as_deref().unwrap_or_default(), Look::Text)?;
            page.text(3, &line.period.to_string(), Look::Center)?;
            page.text(4, state, look)?;
            page.text(5, &moment(line.at), Look::Center)?;
            page.text(
                6,
                if line.in_time { "x" } else { words.get("late") },
                Look::Center,
            )?;
            // How often what this sender sent for this period had something to mend, up to this one.
            let same =
                |other: &&SubmissionLine| (other.period, &other.unit) == (line.period, &line.unit);
            let until = department
                .submissions
                .iter()
                .filter(same)
                .take_while(|other| other.file != line.file);
            let returned = until
                .chain([line])
                .filter(|other| other.to_mend > 0)
                .count();
            let counts = [line.to_mend, line.noticed, returned]
                .map(|count| i64::try_from(count).unwrap_or(i64::MAX));
            let rows = [i64::from(line.accepted), i64::from(line.held)];
            for (col, count) in (7..).zip(rows.into_iter().chain(counts)) {
                page.number(col, count, Look::Number)?;
            }
            page.text(12, &line.file_name, Look::Text)?;
            page.text(13, &line.file, Look::Text)?;
            page.end_row()?;
        }
    }
    let deadline = report.programme.deadline.in_year(report.year);
    let date = deadline.format("%d/%m/%Y").to_string();
    let clause = &report.programme.deadline.clause;
    page.note(&words.render_template("deadline_note", [("date", &date), ("clause", clause)]))
}

/// A moment as it is shown.
pub(crate) fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%d/%m/%Y %H:%M").to_string()
}
