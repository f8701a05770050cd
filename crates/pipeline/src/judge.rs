//! Files that were read, judged by the rules, ready to be taken in.

use crate::PipelineError;
use crate::inbox::Dropped;
use ingest::Reading;
use ledger::{FormRows, Outcome, SheetCount, Submission};
use model::{Check, FileId, Finding, Observation, Period, RowCount};
use polars::prelude::*;
use programme::tables::{self, Tables};
use programme::{ColumnType, Form, Programme, Scope};
use std::collections::BTreeMap;
use validate::{Holds, SourceFile};
use vietext::fold;

/// A file read and judged, ready to be taken in.
pub(crate) struct Judged {
    pub department: Option<String>,
    pub unit: Option<String>,
    pub period: Option<Period>,
    pub outcome: Outcome,
    pub nil_return: bool,
    pub headings: Vec<String>,
    pub sheets: Vec<SheetCount>,
    pub forms: BTreeMap<String, DataFrame>,
    pub form_rows: BTreeMap<String, FormRows>,
    pub findings: Vec<Finding>,
}

/// Judges what was read from each file by the programme's rules; gives them in the order of the files.
///
/// `known` are the submissions that were taken in before.
///
/// # Errors
/// When a rule's SQL fails.
pub(crate) fn judge(
    programme: &Programme,
    known: &[Submission],
    files: &[&Dropped],
    mut readings: Vec<Reading>,
) -> Result<Vec<Judged>, PipelineError> {
    tell_apart(programme, known, files, &mut readings);
    let sources: BTreeMap<FileId, SourceFile> = files
        .iter()
        .map(|file| {
            (
                file.id.clone(),
                SourceFile {
                    id: file.id.clone(),
                    name: file.name.clone(),
                },
            )
        })
        .collect();
    let mut forms = Tables::new();
    for table in readings.iter().flat_map(|reading| &reading.tables) {
        tables::append(&mut forms, &table.form, &table.frame)?;
    }
    let mut by_file: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    for finding in validate::apply_rules(programme, Scope::Submission, &forms, &sources)? {
        by_file
            .entry(finding.file.clone())
            .or_default()
            .push(finding);
    }
    files
        .iter()
        .zip(readings)
        .map(|(file, reading)| {
            let source = &sources[&file.id];
            let mut findings: Vec<Finding> = reading
                .observations
                .iter()
                .filter_map(|o| validate::finding(programme, source, reading.period, o))
                .collect();
            findings.extend(by_file.remove(&file.id).unwrap_or_default());
            settle(
                programme,
                &file.id,
                reading,
                validate::merge_findings(findings),
            )
        })
        .collect()
}

/// Two files for one department and period: neither stands in the other's place unasked where they come at once, or
/// where they name different units; units that report by themselves stand side by side.
fn tell_apart(
    programme: &Programme,
    known: &[Submission],
    files: &[&Dropped],
    readings: &mut [Reading],
) {
    let by_unit = |department: &str| {
        programme
            .department(department)
            .is_some_and(|known| known.reports_by_unit)
    };
    let mut claims: BTreeMap<(String, Period, String), Vec<usize>> = BTreeMap::new();
    for (i, reading) in readings.iter().enumerate() {
        if let (Some(department), Some(period)) = (&reading.department, reading.period) {
            let unit = reading
                .unit
                .as_deref()
                .filter(|_| by_unit(department))
                .map(fold)
                .unwrap_or_default();
            claims
                .entry((department.clone(), period, unit))
                .or_default()
                .push(i);
        }
    }
    let mut rivals_of: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for rivals in claims.values().filter(|rivals| rivals.len() > 1) {
        for &i in rivals {
            let others = rivals
                .iter()
                .filter(|&&j| j != i)
                .map(|&j| files[j].name.clone());
            rivals_of.entry(i).or_default().extend(others);
        }
    }
    let stands = |s: &&Submission| s.outcome != Outcome::Refused && s.set_aside.is_none();
    for (i, reading) in readings.iter().enumerate() {
        let (Some(department), Some(unit)) = (&reading.department, &reading.unit) else {
            continue;
        };
        let same = |s: &&Submission| {
            s.department.as_ref() == Some(department) && s.period == reading.period
        };
        let before = known
            .iter()
            .rev()
            .filter(stands)
            .find(same)
            .filter(|_| !by_unit(department));
        if let Some(before) = before.filter(|s| {
            s.unit
                .as_ref()
                .is_some_and(|other| fold(other) != fold(unit))
        }) {
            rivals_of
                .entry(i)
                .or_default()
                .push(before.file_name.clone());
        }
    }
    for (i, others) in rivals_of {
        readings[i].observations.push(Observation {
            check: Check::SamePeriodTwice,
            sheet: None,
            form: None,
            column: None,
            record: None,
            cells: Vec::new(),
            found: others.join("”, “"),
            expected: String::new(),
        });
    }
}

/// Says which rows of a file are held, and so what becomes of the file.
fn settle(
    programme: &Programme,
    file: &FileId,
    reading: Reading,
    findings: Vec<Finding>,
) -> Result<Judged, PipelineError> {
    let holds = Holds::new(&findings);
    let mut judged = Judged {
        department: reading.department,
        unit: reading.unit,
        period: reading.period,
        outcome: Outcome::Refused,
        nil_return: reading.nil_return,
        headings: reading
            .tables
            .iter()
            .map(|t| format!("{}: {}", t.sheet, t.heading))
            .collect(),
        sheets: Vec::new(),
        forms: BTreeMap::new(),
        form_rows: BTreeMap::new(),
        findings,
    };
    let refused = holds.file(&file.0);
    let mut held_on: BTreeMap<String, u32> = BTreeMap::new();
    for table in reading.tables {
        let Some(form) = programme.form(&table.form) else {
            continue;
        };
        let mut frame = table.frame;
        let held: Vec<bool> = frame
            .column("record")?
            .str()?
            .iter()
            .map(|record| {
                holds.row(
                    record.unwrap_or_default(),
                    &file.0,
                    &table.sheet,
                    &form.code,
                )
            })
            .collect();
        let rows = judged.form_rows.entry(form.code.clone()).or_default();
        count(form, &frame, &held, rows)?;
        *held_on.entry(table.sheet).or_default() +=
            u32::try_from(held.iter().filter(|h| **h).count()).unwrap_or(u32::MAX);
        frame.with_column(Column::new("held".into(), held))?;
        tables::append(&mut judged.forms, &form.code, &frame)?;
    }
    for sheet in reading.sheets {
        let held = if refused {
            sheet.rows.accepted
        } else {
            held_on.get(&sheet.name).copied().unwrap_or(0)
        };
        let rows = RowCount {
            accepted: sheet.rows.accepted - held,
            held,
            ..sheet.rows
        };
        judged.sheets.push(SheetCount {
            sheet: sheet.name,
            forms: sheet.forms,
            rows,
        });
    }
    if refused {
        judged.forms.clear();
    } else if judged.sheets.iter().any(|sheet| sheet.rows.held > 0) {
        judged.outcome = Outcome::PartlyHeld;
    } else {
        judged.outcome = Outcome::Accepted;
    }
    Ok(judged)
}

fn count(form: &Form, frame: &DataFrame, held: &[bool], rows: &mut FormRows) -> PolarsResult<()> {
    for held in held {
        *if *held {
            &mut rows.held
        } else {
            &mut rows.accepted
        } += 1;
    }
    for column in form
        .columns
        .iter()
        .filter(|column| column.kind == ColumnType::Money)
    {
        let amounts = frame.column(&column.name)?.i64()?;
        let counted = amounts
            .iter()
            .zip(held)
            .filter(|(_, held)| !**held)
            .filter_map(|(amount, _)| amount);
        let mut counted = counted.peekable();
        if counted.peek().is_some() {
            *rows.sums.entry(column.name.clone()).or_insert(0) += counted.sum::<i64>();
        }
    }
    Ok(())
}
