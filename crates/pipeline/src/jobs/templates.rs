use crate::annual::build::check_year;
use crate::error::PipelineError;
use crate::jobs::load::LedgerView;
use crate::money::add;
use crate::snapshot::case_mark::{CaseMark, MarkIndex};
use crate::snapshot::effective::effective;
use crate::snapshot::rows::year_of;
use crate::text_column::texts;
use crate::workspace::Workspace;
use ledger::{AsOf, Ledger, write_whole};
use model::{Period, Vnd};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{Form, Programme};
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
    let view = LedgerView::open(&ledger, AsOf::NOW)?;
    // Cases were last reported this year if anybody has reported yet, else the year before.
    let has_this_year = !effective(programme, &view.submissions, year).is_empty();
    let from = if has_this_year { year } else { year - 1 };
    let first = programme.first_year.min(from);
    let snapshot = view
        .resolved_snapshot(programme, &[], first..=from)?
        .snapshot;
    let latest = snapshot.accepted_in(from..=from)?;
    let before = snapshot.accepted_in(first..=year - 1)?;
    let folder = workspace.templates().join(period.to_string());
    let mut written = Vec::new();
    let day = period.last_day();
    let by_now = |code: &str| programme.code_on("department", code, day).to_owned();
    for department in programme.departments.iter().filter(|d| d.must_report(day)) {
        // The cases of whom it succeeded are its own.
        let codes = programme.departments.iter().map(|known| &known.code);
        let codes: Vec<&str> = codes
            .filter(|code| by_now(code) == department.code)
            .map(String::as_str)
            .collect();
        let bytes = report::template(&TemplateInput {
            programme,
            department,
            period,
            running: with_earlier_amounts(
                programme,
                running(programme, &latest, &codes)?,
                &before,
                &codes,
            )?,
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

/// The cases of a department, and of those it succeeded, that were not finished when they were last reported.
fn running(programme: &Programme, accepted: &Tables, departments: &[&str]) -> PolarsResult<Tables> {
    let departments: Vec<String> = departments.iter().map(|it| quoted(it)).collect();
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
            "SELECT * FROM \"{code}\" WHERE department IN ({}) AND \"{}\" IN ({}) ORDER BY record",
            departments.join(", "),
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

/// The same with what earlier years' reports of the department hold of each case, in the form's column for it.
fn with_earlier_amounts(
    programme: &Programme,
    mut running: Tables,
    before: &Tables,
    departments: &[&str],
) -> Result<Tables, PipelineError> {
    for (code, frame) in &mut running {
        let (Some(form), Some(earlier)) = (programme.form(code), before.get(code)) else {
            continue;
        };
        if let Some(name) = form.grant.as_ref().and_then(|grant| grant.earlier.as_ref()) {
            let amounts = earlier_amounts(programme, form, (frame, earlier), departments)?;
            frame.with_column(Column::new(name.as_str().into(), amounts))?;
        }
    }
    Ok(running)
}

/// Of each case what its department, or one it succeeded, reported for earlier years: '2023: NSNN 120.000.000 đồng'.
fn earlier_amounts(
    programme: &Programme,
    form: &Form,
    (cases, earlier): (&DataFrame, &DataFrame),
    departments: &[&str],
) -> Result<Vec<Option<String>>, PipelineError> {
    let known = CaseMark::read_all(form, earlier)?;
    let known = MarkIndex::new(&known);
    let (periods, of) = (texts(earlier, "period")?, texts(earlier, "department")?);
    let mut lines = Vec::new();
    for mark in &CaseMark::read_all(form, cases)? {
        let mut years: BTreeMap<i32, Vec<String>> = BTreeMap::new();
        let mut rows = known.of_one_case(mark);
        rows.retain(|&row| of.get(row).is_some_and(|by| departments.contains(&by)));
        for column in form.columns.iter().filter(|it| programme.is_funds(it)) {
            let amounts = earlier.column(&column.name)?.i64()?;
            let mut sums: BTreeMap<i32, i64> = BTreeMap::new();
            for &row in &rows {
                if let (Some(year), Some(amount)) =
                    (periods.get(row).and_then(year_of), amounts.get(row))
                {
                    let sum = sums.entry(year).or_default();
                    *sum = add(*sum, amount, &column.heading)?;
                }
            }
            for (year, sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
                let shown = format!("{} {} đồng", column.heading, Vnd(sum));
                years.entry(year).or_default().push(shown);
            }
        }
        let years: Vec<String> = years
            .into_iter()
            .map(|(year, amounts)| format!("{year}: {}", amounts.join(", ")))
            .collect();
        lines.push((!years.is_empty()).then(|| years.join("; ")));
    }
    Ok(lines)
}

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{running, with_earlier_amounts};
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
        let carried = running(programme(), &accepted, &["SCT"]).unwrap();
        assert_eq!(column(&carried["support"], "enterprise"), ["Mẫu Một"]);
        assert_eq!(carried.len(), 1, "a document is no case");
        assert!(
            running(programme(), &accepted, &["SYT"])
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_case_that_goes_on_brings_what_its_department_reported_for_earlier_years() {
        let sent = [
            submission(1, "SCT", "2021"),
            submission(2, "SCT", "2022"),
            submission(3, "SXD", "2022"),
        ];
        let head =
            "file | enterprise | content | contract | status | state_budget | enterprise_budget\n";
        let row = |file, money| format!("{file} | Mẫu Một | 3a1 | 5/HĐ | ongoing | {money}\n");
        let all = [row("f1", "10 | 5"), row("f2", "20 |"), row("f3", "70 |")].concat();
        let before = tables(&sent, &[("support", &format!("{head}{all}"))]);
        let latest = tables(
            &sent,
            &[("support", &format!("{head}{}", row("f2", "20 |")))],
        );
        let carried = running(programme(), &latest, &["SCT"]).unwrap();
        let carried = with_earlier_amounts(programme(), carried, &before, &["SCT"]).unwrap();
        assert_eq!(
            column(&carried["support"], "earlier_amounts"),
            ["2021: NSNN 10 đồng, DN đối ứng 5 đồng; 2022: NSNN 20 đồng"]
        );
    }
}
