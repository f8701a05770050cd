use crate::annual::build::check_year;
use crate::error::PipelineError;
use crate::jobs::load::LedgerView;
use crate::snapshot::effective::effective;
use crate::workspace::Workspace;
use ledger::{Ledger, write_whole};
use model::Period;
use polars::prelude::*;
use programme::tables::{self, Tables};
use report::TemplateInput;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Writes a blank workbook for each department that must report, below `templates/<period>/`; gives their paths.
///
/// The department's running cases that count, of the same year or of the year before, are carried over.
///
/// # Errors
/// When the year is outside the programme or a file cannot be written.
pub fn templates(workspace: &Workspace, period: Period) -> Result<Vec<PathBuf>, PipelineError> {
    let year = period.calendar_year();
    let programme = workspace.programme_of(year);
    check_year(programme, year)?;
    let ledger = Ledger::open(&workspace.ledger())?;
    let view = LedgerView::open(&ledger, None)?;
    // Cases were last reported this year if anybody has reported yet, else the year before.
    let has_this_year = !effective(programme, &view.submissions, year).is_empty();
    let from = if has_this_year { year } else { year - 1 };
    let snapshot = view
        .resolved_snapshot(programme, &[], from..=from)?
        .snapshot;
    let folder = workspace.templates().join(period.to_string());
    let mut written = Vec::new();
    for department in programme
        .departments
        .iter()
        .filter(|d| d.must_report(period.last_day()))
    {
        let bytes = report::template(&TemplateInput {
            programme,
            department,
            period,
            running: running(programme, &snapshot.accepted, &department.code)?,
            same_year: has_this_year,
        })?;
        let values = BTreeMap::from([
            ("department", department.code.clone()),
            ("period", period.to_string()),
        ]);
        let path = folder.join(format!(
            "{}.xlsx",
            model::render_template(&programme.report.template.file_name, &values)
        ));
        write_whole(&path, &bytes)?;
        written.push(path);
    }
    Ok(written)
}

/// The cases of a department that were not finished when they were last reported.
fn running(
    programme: &programme::Programme,
    accepted: &Tables,
    department: &str,
) -> PolarsResult<Tables> {
    let mut running = Tables::new();
    for (code, frame) in accepted {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let Some(goes_on) = &form.running else {
            continue;
        };
        let codes: Vec<String> = goes_on.codes.iter().map(|it| quoted(it)).collect();
        let sql = format!(
            "SELECT * FROM \"{code}\" WHERE department = {} AND \"{}\" IN ({}) ORDER BY record",
            quoted(department),
            goes_on.column,
            codes.join(", ")
        );
        let rows = tables::execute(&Tables::from([(code.clone(), frame.clone())]), &sql)?;
        if rows.height() > 0 {
            running.insert(code.clone(), rows);
        }
    }
    Ok(running)
}

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::running;
    use crate::testing::{column, programme, submission, tables};

    #[test]
    fn cases_of_the_department_that_were_not_finished_are_carried_over() {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let support = "file | enterprise | content | status
                       f1   | Mẫu Một    | 3a1     | ongoing
                       f1   | Mẫu Hai    | 3a1     | completed
                       f1   | Mẫu Ba     | 3a1     |
                       f2   | Mẫu Tư     | 3a1     | ongoing";
        let policy = "file | name | status\nf1 | Quy chế | drafting";
        let accepted = tables(&sent, &[("support", support), ("policy", policy)]);
        let carried = running(programme(), &accepted, "SCT").unwrap();
        assert_eq!(column(&carried["support"], "enterprise"), ["Mẫu Một"]);
        assert_eq!(carried.len(), 1, "a document is no case");
        assert!(running(programme(), &accepted, "SYT").unwrap().is_empty());
    }
}
