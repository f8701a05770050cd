//! What stands behind a report: the rows that wait, and where each row that counts comes from.

use crate::PipelineError;
use crate::standing::Standing;
use model::{Extent, Finding, Severity};
use polars::prelude::*;
use programme::{ColumnType, Programme};
use report::{HeldRow, RecordOrigin};
use std::collections::BTreeMap;

/// The text at a row of a column; nothing where there is none.
fn text<'f>(frame: &'f DataFrame, column: &str, row: usize) -> Option<&'f str> {
    frame.column(column).ok()?.str().ok()?.get(row)
}

/// The rows that are held, by department and place, with why.
pub(crate) fn held_rows(
    programme: &Programme,
    standing: &Standing,
    findings: &[(String, Finding)],
) -> Result<Vec<HeldRow>, PipelineError> {
    let files = standing.files();
    let mut rows = Vec::new();
    for (code, frame) in &standing.held {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let subject = form
            .columns
            .iter()
            .filter(|c| c.kind == ColumnType::Text || c.kind.list().is_some())
            .map(|c| c.name.as_str());
        let subject: Vec<&str> = subject.take(3).collect();
        let numbers = frame.column("row")?.i64()?;
        for row in 0..frame.height() {
            let record = text(frame, "record", row);
            let file = text(frame, "file", row).unwrap_or_default();
            let sheet = text(frame, "sheet", row).unwrap_or_default();
            let holding = findings.iter().map(|(_, f)| f).filter(|f| {
                f.severity == Severity::Hold
                    && f.file.0 == file
                    && match f.extent {
                        Extent::Row => f.records.iter().any(|of| Some(of.as_str()) == record),
                        Extent::Form => {
                            f.sheet.as_deref() == Some(sheet) && f.form.as_ref() == Some(code)
                        }
                        Extent::Sheet => f.sheet.as_deref() == Some(sheet),
                        Extent::File => true,
                    }
            });
            let reasons: Vec<String> = holding
                .map(|f| format!("{}: {}", f.code, f.message.vi))
                .collect();
            let amounts: Vec<i64> = form
                .columns
                .iter()
                .filter(|c| c.kind == ColumnType::Money)
                .filter_map(|c| frame.column(&c.name).ok()?.i64().ok()?.get(row))
                .collect();
            let department = text(frame, "department", row).unwrap_or_default();
            rows.push(HeldRow {
                department: programme
                    .department(department)
                    .map_or(department.to_owned(), |d| d.short.clone()),
                form: form.sheet.clone(),
                file_name: files
                    .get(&model::FileId(file.to_owned()))
                    .map(|f| f.name.clone())
                    .unwrap_or_default(),
                sheet: sheet.to_owned(),
                row: numbers.get(row).unwrap_or_default(),
                subject: subject
                    .iter()
                    .filter_map(|c| text(frame, c, row))
                    .collect::<Vec<_>>()
                    .join(" · "),
                amount: (!amounts.is_empty()).then(|| amounts.iter().sum()),
                reasons: reasons.join(" "),
            });
        }
    }
    rows.sort();
    Ok(rows)
}

/// Where each record that counts comes from.
pub(crate) fn origins(
    programme: &Programme,
    standing: &Standing,
) -> Result<BTreeMap<String, RecordOrigin>, PipelineError> {
    let files = standing.files();
    let mut origins = BTreeMap::new();
    for (code, frame) in &standing.accepted {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let numbers = frame.column("row")?.i64()?;
        for row in 0..frame.height() {
            let Some(record) = text(frame, "record", row) else {
                continue;
            };
            let department = text(frame, "department", row).unwrap_or_default();
            let file = text(frame, "file", row).unwrap_or_default();
            let cells = text(frame, "cells", row).unwrap_or_default().split(' ');
            let origin = RecordOrigin {
                department: programme
                    .department(department)
                    .map_or(department.to_owned(), |d| d.short.clone()),
                file_name: files
                    .get(&model::FileId(file.to_owned()))
                    .map(|f| f.name.clone())
                    .unwrap_or_default(),
                file: file.to_owned(),
                sheet: text(frame, "sheet", row).unwrap_or_default().to_owned(),
                row: numbers.get(row).unwrap_or_default(),
                cells: form
                    .columns
                    .iter()
                    .zip(cells)
                    .filter(|(_, cell)| *cell != "-")
                    .map(|(column, cell)| (column.name.clone(), cell.to_owned()))
                    .collect(),
            };
            origins.insert(record.to_owned(), origin);
        }
    }
    Ok(origins)
}
