//! A department's report on the whole year against its own reports on quarters (forms, common rules): it is the complete
//! statement and supersedes them, and a case or an amount that they had and it lacks is reported, never dropped.

use crate::error::PipelineError;
use crate::identity::reported::Reporters;
use crate::money::add;
use crate::snapshot::row_question::RowMatter;
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

/// What the year's report leaves out of what a quarter held, and the amounts of it that cannot follow from a quarter's:
/// they are counted from the start of the year, so they do not fall, and the fourth quarter's are the year's.
///
/// # Errors
/// When a frame lacks a column of its form, or a sum is beyond 64 bits.
pub(crate) fn against_quarters(
    programme: &Programme,
    snapshot: &Snapshot,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, PipelineError> {
    let reporters = snapshot.reporters(programme);
    let mut findings = Vec::new();
    for (code, quarters) in &snapshot.superseded {
        let form = programme.form(code);
        if let Some(form) = form.filter(|form| form.layout == Layout::Table) {
            let rows = SupersededRows {
                programme,
                form,
                files,
                quarters,
                year: snapshot.accepted.get(code),
            };
            findings.extend(rows.findings(&reporters)?);
        }
    }
    Ok(validate::merge_findings(findings))
}

/// Cases of a quarter that a later quarter of the same reporter lacks, as far as nobody said what became of them. They go on
/// counting as they were reported last.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn gone_from_quarters(
    programme: &Programme,
    snapshot: &Snapshot,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, PipelineError> {
    let mut by_form: BTreeMap<&str, BTreeMap<&str, Period>> = BTreeMap::new();
    for case in &snapshot.gone {
        let RowMatter::Gone { later } = case.question.matter else {
            continue;
        };
        let of_form = by_form.entry(&case.question.form).or_default();
        let records = case.records.iter().map(String::as_str);
        of_form.extend(records.map(|record| (record, later)));
    }
    let mut findings = Vec::new();
    for (code, later_than) in by_form {
        let Some((form, quarters)) = programme.form(code).zip(snapshot.accepted.get(code)) else {
            continue;
        };
        let rows = SupersededRows {
            programme,
            form,
            files,
            quarters,
            year: None,
        };
        let subjects = rows.subjects()?;
        let records = texts(quarters, "record")?;
        for (row, subject) in subjects.into_iter().enumerate() {
            if let Some(later) = records.get(row).and_then(|record| later_than.get(record)) {
                let difference = Difference {
                    check: Check::CaseNotInQuarter,
                    column: None,
                    found: subject,
                    expected: later.to_string(),
                };
                findings.extend(rows.finding(row, difference));
            }
        }
    }
    Ok(validate::merge_findings(findings))
}

/// A form's rows in quarters, beside those of the reports on the whole year that supersede them.
struct SupersededRows<'a> {
    programme: &'a Programme,
    form: &'a Form,
    files: &'a BTreeMap<FileId, SourceFile>,
    quarters: &'a DataFrame,
    /// None if no report on the year has rows of the form.
    year: Option<&'a DataFrame>,
}

impl SupersededRows<'_> {
    fn findings(&self, reporters: &Reporters) -> Result<Vec<Finding>, PipelineError> {
        let in_year = match self.year {
            Some(frame) => cases(frame, reporters)?,
            None => BTreeMap::new(),
        };
        let subjects = self.subjects()?;
        let mut findings = Vec::new();
        for (case, rows) in cases(self.quarters, reporters)? {
            let of_year = self.year.zip(in_year.get(&case));
            for row in rows {
                let differences = match of_year {
                    Some((year, rows)) => self.decreases(row, year, rows)?,
                    None => vec![Difference {
                        check: Check::CaseNotInYear,
                        column: None,
                        found: subjects[row].clone(),
                        expected: String::new(),
                    }],
                };
                let found = differences.into_iter();
                findings.extend(found.filter_map(|difference| self.finding(row, difference)));
            }
        }
        Ok(findings)
    }

    /// What the row of each quarter is about: the first column of the key that is not the department.
    fn subjects(&self) -> PolarsResult<Vec<String>> {
        let mut key = self.form.key.iter().flat_map(|part| part.split('|'));
        let Some(name) = key.find(|name| *name != "department") else {
            return Ok(vec![String::new(); self.quarters.height()]);
        };
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Ok(texts(self.quarters, name)?.iter().map(text).collect())
    }

    /// The amounts of a quarter's row that cannot become those of its case's rows in the year.
    fn decreases(
        &self,
        row: usize,
        year: &DataFrame,
        rows: &[usize],
    ) -> Result<Vec<Difference>, PipelineError> {
        let is_last = self.period(row).and_then(Period::quarter_number) == Some(4);
        let mut differences = Vec::new();
        for column in &self.form.columns {
            if column.kind != ColumnType::Money {
                continue;
            }
            let Some(before) = self.quarters.column(&column.name)?.i64()?.get(row) else {
                continue;
            };
            let amounts = year.column(&column.name)?.i64()?;
            // A case may have several rows in the year's report.
            let mut after = 0;
            for amount in rows.iter().filter_map(|&row| amounts.get(row)) {
                after = add(after, amount, &column.heading)?;
            }
            // Quarters are counted from the start of the year, so amounts never fall, and the fourth quarter is the year.
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

    /// The difference of a quarter's row, in the words of the rule for it.
    fn finding(&self, row: usize, difference: Difference) -> Option<Finding> {
        let Difference {
            check,
            column,
            found,
            expected,
        } = difference;
        let text = |name: &str| text_at(self.quarters, name, row);
        let source = self.files.get(&FileId(text("file")?.to_owned()))?;
        let cell = self.cell(row, column.as_deref());
        let observation = Observation {
            check,
            sheet: text("sheet").map(str::to_owned),
            form: Some(self.form.code.clone()),
            column,
            record: text("record").map(str::to_owned),
            cells: cell.into_iter().collect(),
            found,
            expected,
        };
        validate::finding(
            self.programme,
            source,
            Some(self.period(row)?),
            &observation,
        )
    }

    /// The cell of a column in a quarter's row; the row's first cell if no column of the form is named.
    fn cell(&self, row: usize, column: Option<&str>) -> Option<CellRef> {
        let mut cells = text_at(self.quarters, "cells", row)?.split(' ');
        let mut columns = self.form.columns.iter();
        match column.and_then(|name| columns.position(|known| known.name == name)) {
            Some(place) => cells.nth(place)?.parse().ok(),
            None => cells.find_map(|cell| cell.parse().ok()),
        }
    }

    fn period(&self, row: usize) -> Option<Period> {
        text_at(self.quarters, "period", row)?.parse().ok()
    }
}

/// The rows of each case.
fn cases(frame: &DataFrame, reporters: &Reporters) -> PolarsResult<BTreeMap<CaseId, Vec<usize>>> {
    let of_row = texts(frame, "case_id")?;
    let mut cases: BTreeMap<CaseId, Vec<usize>> = BTreeMap::new();
    for (row, reported) in reporters.of_rows(frame)?.into_iter().enumerate() {
        if let Some((reported, case)) = reported.zip(of_row.get(row)) {
            let case = (
                reported.reporter.to_owned(),
                reported.year(),
                case.to_owned(),
            );
            cases.entry(case).or_default().push(row);
        }
    }
    Ok(cases)
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
