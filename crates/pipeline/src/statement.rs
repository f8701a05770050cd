//! A department's report on the whole year against its own reports on quarters (forms, common rules): it is the complete
//! statement and stands in their place, and what they held and it does not is said.

use crate::PipelineError;
use crate::case_key::case_keys;
use crate::standing::Standing;
use crate::texts::texts;
use model::{CellRef, Check, FileId, Finding, Observation, Period, Vnd};
use polars::prelude::*;
use programme::{ColumnType, Form, Layout, Programme};
use std::collections::BTreeMap;
use validate::SourceFile;

/// A case in a frame: whose it is, of which year, and what makes it the same case.
type Case = (String, i32, String);

/// What was noticed of a case.
struct Noticed {
    check: Check,
    /// The column it is about, where it is about one.
    column: Option<String>,
    found: String,
    expected: String,
}

/// What the year's report leaves out of what a quarter held, and where its amounts cannot follow from a quarter's: they
/// are counted from the start of the year, so they do not fall, and the fourth quarter's are the year's.
pub(crate) fn against_quarters(
    programme: &Programme,
    standing: &Standing,
    files: &BTreeMap<FileId, SourceFile>,
) -> Result<Vec<Finding>, PipelineError> {
    let reporters = standing.reporters(programme);
    let mut findings = Vec::new();
    for (code, quarters) in &standing.replaced.1 {
        let Some(form) = programme
            .form(code)
            .filter(|form| form.layout == Layout::Table)
        else {
            continue;
        };
        let in_year = match standing.accepted.get(code) {
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
                .zip(standing.accepted.get(code));
            for row in rows {
                let subject = subjects
                    .as_ref()
                    .and_then(|subjects| subjects.get(row))
                    .unwrap_or_default()
                    .to_owned();
                let noticed = match of_year {
                    None => vec![Noticed {
                        check: Check::CaseNotInYear,
                        column: None,
                        found: subject,
                        expected: String::new(),
                    }],
                    Some((rows, frame)) => fallen(form, (quarters, row), (frame, rows))?,
                };
                findings.extend(
                    noticed
                        .into_iter()
                        .filter_map(|it| told(programme, form, (quarters, row), files, it)),
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
) -> PolarsResult<BTreeMap<Case, Vec<usize>>> {
    let keys = case_keys(form, frame)?;
    let (files, periods) = (frame.column("file")?.str()?, frame.column("period")?.str()?);
    let mut cases: BTreeMap<Case, Vec<usize>> = BTreeMap::new();
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
fn fallen(
    form: &Form,
    (quarters, row): (&DataFrame, usize),
    (year, rows): (&DataFrame, &[usize]),
) -> PolarsResult<Vec<Noticed>> {
    let period = quarters
        .column("period")?
        .str()?
        .get(row)
        .and_then(|period| period.parse::<Period>().ok());
    let is_last = period.and_then(Period::quarter_number) == Some(4);
    let mut noticed = Vec::new();
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
        let after: i64 = rows.iter().filter_map(|&row| amounts.get(row)).sum();
        if after < before || (is_last && after != before) {
            noticed.push(Noticed {
                check: Check::YearAgainstQuarter,
                column: Some(column.name.clone()),
                found: Vnd(before).to_string(),
                expected: Vnd(after).to_string(),
            });
        }
    }
    Ok(noticed)
}

/// What was noticed of a row, in the words of the rule that answers it.
fn told(
    programme: &Programme,
    form: &Form,
    (frame, row): (&DataFrame, usize),
    files: &BTreeMap<FileId, SourceFile>,
    noticed: Noticed,
) -> Option<Finding> {
    let Noticed {
        check,
        column,
        found,
        expected,
    } = noticed;
    let text = |name: &str| frame.column(name).ok()?.str().ok()?.get(row);
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
