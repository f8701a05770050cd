use crate::standing::{Moment, Standing};
use crate::stands::stand;
use crate::{PipelineError, Workspace};
use ledger::{Ledger, write_whole};
use model::Period;
use polars::prelude::*;
use programme::tables::{self, Tables};
use report::TemplateInput;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Writes a blank workbook for each department that must report, below `templates/<period>/`; gives their paths.
///
/// The running cases that stand for the department, of the same year or of the year before, are carried over.
///
/// # Errors
/// When the year is outside the programme or a file cannot be written.
pub fn templates(workspace: &Workspace, period: Period) -> Result<Vec<PathBuf>, PipelineError> {
    let year = period.calendar_year();
    let programme = workspace.programme_of(year);
    let (first, last) = (programme.first_year, programme.last_year);
    if !(first..=last).contains(&year) {
        return Err(PipelineError::Year { year, first, last });
    }
    let ledger = Ledger::open(&workspace.ledger())?;
    let all = ledger.submissions(None)?;
    // What was last reported: of this year where it was, else of the year before.
    let from = if stand(programme, &all, year).is_empty() {
        year - 1
    } else {
        year
    };
    let (standing, _) = Standing::of_years(
        &Moment {
            ledger: &ledger,
            programme,
            others: &[],
            as_of: None,
        },
        from..=from,
    )?;
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
            running: running(programme, &standing.accepted, &department.code)?,
            same_year: from == year,
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
