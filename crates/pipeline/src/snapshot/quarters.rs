//! A department's report on the whole year against its own reports on quarters (forms, common rules): it is the complete
//! statement and supersedes them, and a case or an amount that they had and it lacks is reported, never dropped.

use crate::error::PipelineError;
use crate::money::add;
use crate::snapshot::case_key::case_keys;
use crate::snapshot::rows::Snapshot;
use crate::text_column::{text_at, texts};
use model::{CellRef, Check, FileId, Finding, Observation, Period, Vnd};
use polars::prelude::*;
use programme::{ColumnType, Form, Layout, Programme};
use std::collections::BTreeMap;
use validate::SourceFile;

/// What identifies a case: who reports it, for which year, and its key.
type CaseId = (String, i32, String);

/// A difference between a case in a quarter and in the year.
struct Difference {
    check: Check,
    /// The column, if it is about one.
    column: Option<String>,
    found: String,
    expected: String,
}

/// What the year's report leaves out of what a quarter held, and where its amounts cannot follow from a quarter's: they
/// are counted from the start of the year, so they do not fall, and the fourth quarter's are the year's.
pub(crate) fn against_quarters(
    programme: &Programme,
    snapshot: &Snapshot,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, PipelineError> {
    let reporters = snapshot.reporters(programme);
    let mut findings = Vec::new();
    for (code, quarters) in &snapshot.superseded {
        let Some(form) = programme
            .form(code)
            .filter(|form| form.layout == Layout::Table)
        else {
            continue;
        };
        let in_year = match snapshot.accepted.get(code) {
            Some(frame) => cases(form, frame, &reporters)?,
            None => BTreeMap::new(),
        };
        let named = form
            .key
            .iter()
            .flat_map(|part| part.split('|'))
            .find(|name| *name != "department");
        let subjects = named.map(|name| texts(quarters, name)).transpose()?;
        for ((reporter, year, key), rows) in cases(form, quarters, &reporters)? {
            let of_year = in_year
                .get(&(reporter, year, key))
                .zip(snapshot.accepted.get(code));
            for row in rows {
                let subject = subjects
                    .as_ref()
                    .and_then(|subjects| subjects.get(row))
                    .unwrap_or_default()
                    .to_owned();
                let differences = match of_year {
                    None => vec![Difference {
                        check: Check::CaseNotInYear,
                        column: None,
                        found: subject,
                        expected: String::new(),
                    }],
                    Some((rows, frame)) => decreases(form, (quarters, row), (frame, rows))?,
                };
                findings.extend(
                    differences
                        .into_iter()
                        .filter_map(|it| finding(programme, form, (quarters, row), files, it)),
                );
            }
        }
    }
    Ok(validate::merge_findings(findings))
}

/// The rows of each case.
fn cases(
    form: &Form,
    frame: &DataFrame,
    reporters: &BTreeMap<String, String>,
) -> PolarsResult<BTreeMap<CaseId, Vec<usize>>> {
    let keys = case_keys(form, frame)?;
    let (files, periods) = (frame.column("file")?.str()?, frame.column("period")?.str()?);
    let mut cases: BTreeMap<CaseId, Vec<usize>> = BTreeMap::new();
    for (row, key) in keys.into_iter().enumerate() {
        let reporter = files.get(row).and_then(|file| reporters.get(file));
        let period = periods
            .get(row)
            .and_then(|period| period.parse::<Period>().ok());
        if let (Some(reporter), Some(period), Some(key)) = (reporter, period, key) {
            cases
                .entry((reporter.clone(), period.calendar_year(), key))
                .or_default()
                .push(row);
        }
    }
    Ok(cases)
}

/// The amounts of a case that are less in the year's report than in a quarter's.
fn decreases(
    form: &Form,
    (quarters, row): (&DataFrame, usize),
    (year, rows): (&DataFrame, &[usize]),
) -> Result<Vec<Difference>, PipelineError> {
    let period = quarters
        .column("period")?
        .str()?
        .get(row)
        .and_then(|period| period.parse::<Period>().ok());
    let is_last = period.and_then(Period::quarter_number) == Some(4);
    let mut differences = Vec::new();
    for column in form
        .columns
        .iter()
        .filter(|column| column.kind == ColumnType::Money)
    {
        let Some(before) = quarters.column(&column.name)?.i64()?.get(row) else {
            continue;
        };
        let amounts = year.column(&column.name)?.i64()?;
        // A case may stand on several rows of the year's report.
        let mut after = 0;
        for amount in rows.iter().filter_map(|&row| amounts.get(row)) {
            after = add(after, amount, &column.heading)?;
        }
        if after < before || (is_last && after != before) {
            differences.push(Difference {
                check: Check::YearAgainstQuarter,
                column: Some(column.name.clone()),
                found: Vnd(before).to_string(),
                expected: Vnd(after).to_string(),
            });
        }
    }
    Ok(differences)
}

/// The difference of a row, in the words of the rule for it.
fn finding(
    programme: &Programme,
    form: &Form,
    (frame, row): (&DataFrame, usize),
    files: &BTreeMap<FileId, SourceFile>,
    difference: Difference,
) -> Option<Finding> {
    let Difference {
        check,
        column,
        found,
        expected,
    } = difference;
    let text = |name: &str| text_at(frame, name, row);
    let source = files.get(&FileId(text("file")?.to_owned()))?;
    let period: Period = text("period")?.parse().ok()?;
    let cells: Vec<&str> = text("cells")?.split(' ').collect();
    let place = column
        .as_ref()
        .and_then(|name| form.columns.iter().position(|known| known.name == *name));
    let cell = match place {
        Some(place) => cells
            .get(place)
            .and_then(|cell| cell.parse::<CellRef>().ok()),
        None => cells.iter().find_map(|cell| cell.parse().ok()),
    };
    let observation = Observation {
        check,
        sheet: text("sheet").map(str::to_owned),
        form: Some(form.code.clone()),
        column,
        record: text("record").map(str::to_owned),
        cells: cell.into_iter().collect(),
        found,
        expected,
    };
    validate::finding(programme, source, Some(period), &observation)
}

#[cfg(test)]
mod tests {
    use super::against_quarters;
    use crate::testing::{programme, resolved, submission};
    use ledger::Submission;

    /// What is found when submissions `f1`, `f2`, … with these rows of the budget are compared: code, file, cells, and
    /// what was found.
    fn found(submissions: &[Submission], budget: &str) -> Vec<String> {
        let snapshot = resolved(submissions, &[("budget", budget)]).snapshot;
        let findings = against_quarters(programme(), &snapshot, &snapshot.files()).unwrap();
        let line = |finding: &model::Finding| {
            let cells = finding.cells.join(" ");
            format!(
                "{} {} {cells} {}",
                finding.code, finding.file, finding.found
            )
        };
        findings.iter().map(line).collect()
    }

    fn quarter_and_year(quarter: &str) -> [Submission; 2] {
        [submission(1, "SCT", quarter), submission(2, "SCT", "2023")]
    }

    #[test]
    fn a_case_that_the_year_lacks_is_reported() {
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 90      | 60
                      f1   | IV.1.b | ensured | 10      | 5
                      f2   | IV.1.a | ensured | 90      | 60";
        assert_eq!(
            found(&quarter_and_year("2023-Q3"), budget),
            ["X003 f1 A2 IV.1.b"]
        );
    }

    #[test]
    fn an_amount_counted_from_the_start_of_the_year_does_not_fall() {
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 90      | 60
                      f2   | IV.1.a | ensured | 95      | 50";
        // It may rise, as the planned amount did.
        assert_eq!(
            found(&quarter_and_year("2023-Q3"), budget),
            ["X004 f1 D1 60"]
        );
    }

    #[test]
    fn the_fourth_quarter_is_the_year() {
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 90      | 60
                      f2   | IV.1.a | ensured | 90      | 61";
        assert_eq!(found(&quarter_and_year("2023-Q3"), budget), [""; 0]);
        assert_eq!(
            found(&quarter_and_year("2023-Q4"), budget),
            ["X004 f1 D1 60"]
        );
    }

    #[test]
    fn a_case_on_several_rows_of_the_year_is_added_up() {
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 90      | 60
                      f2   | IV.1.a | ensured | 40      | 30
                      f2   | IV.1.a | ensured | 50      | 30";
        assert_eq!(found(&quarter_and_year("2023-Q4"), budget), [""; 0]);
    }

    #[test]
    fn a_quarter_is_compared_with_the_year_of_its_own_sender() {
        let sent = [
            submission(1, "SXD", "2023-Q1"),
            submission(2, "SXD", "2023"),
            submission(3, "SCT", "2023"),
        ];
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 90      | 60
                      f3   | IV.1.a | ensured | 90      | 60";
        assert_eq!(found(&sent, budget), ["X003 f1 A1 IV.1.a"]);
    }

    #[test]
    fn a_sum_beyond_64_bits_is_an_error_and_not_a_smaller_amount() {
        let budget = format!(
            "file | task   | source  | planned | spent
             f1   | IV.1.a | ensured | 1       | 1
             f2   | IV.1.a | ensured | {max}   | 1
             f2   | IV.1.a | ensured | {max}   | 1",
            max = i64::MAX
        );
        let snapshot = resolved(&quarter_and_year("2023-Q3"), &[("budget", &budget)]).snapshot;
        let error = against_quarters(programme(), &snapshot, &snapshot.files()).unwrap_err();
        assert!(error.to_string().contains("'Dự toán'"), "{error}");
    }
}
