//! The rows behind a report: those that are held, and the cells that each counted row comes from.

use crate::annual::departments::short_name;
use crate::error::PipelineError;
use crate::money::add;
use crate::snapshot::rows::Snapshot;
use crate::text_column::text_at;
use model::{Extent, Finding, Severity};
use programme::{ColumnType, Programme};
use report::{HeldRow, RecordOrigin};
use std::collections::BTreeMap;

/// The rows that are held, by department and place, with why.
pub(crate) fn held_rows(
    programme: &Programme,
    snapshot: &Snapshot,
    findings: &[(String, Finding)],
) -> Result<Vec<HeldRow>, PipelineError> {
    let files = snapshot.files();
    let mut rows = Vec::new();
    for (code, frame) in &snapshot.held {
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
            let record = text_at(frame, "record", row);
            let file = text_at(frame, "file", row).unwrap_or_default();
            let sheet = text_at(frame, "sheet", row).unwrap_or_default();
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
            let department = text_at(frame, "department", row).unwrap_or_default();
            rows.push(HeldRow {
                department: short_name(programme, department),
                form: form.sheet.clone(),
                file_name: files
                    .get(&model::FileId(file.to_owned()))
                    .map(|f| f.name.clone())
                    .unwrap_or_default(),
                sheet: sheet.to_owned(),
                row: numbers.get(row).unwrap_or_default(),
                subject: subject
                    .iter()
                    .filter_map(|c| text_at(frame, c, row))
                    .collect::<Vec<_>>()
                    .join(" · "),
                amount: total(&amounts, &form.title.vi)?,
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
    snapshot: &Snapshot,
) -> Result<BTreeMap<String, RecordOrigin>, PipelineError> {
    let files = snapshot.files();
    let mut origins = BTreeMap::new();
    for (code, frame) in &snapshot.accepted {
        let Some(form) = programme.form(code) else {
            continue;
        };
        let numbers = frame.column("row")?.i64()?;
        for row in 0..frame.height() {
            let Some(record) = text_at(frame, "record", row) else {
                continue;
            };
            let department = text_at(frame, "department", row).unwrap_or_default();
            let file = text_at(frame, "file", row).unwrap_or_default();
            let cells = text_at(frame, "cells", row).unwrap_or_default().split(' ');
            let origin = RecordOrigin {
                department: short_name(programme, department),
                file_name: files
                    .get(&model::FileId(file.to_owned()))
                    .map(|f| f.name.clone())
                    .unwrap_or_default(),
                file: file.to_owned(),
                sheet: text_at(frame, "sheet", row).unwrap_or_default().to_owned(),
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

/// The sum of some amounts; nothing if there are none.
fn total(amounts: &[i64], what: &str) -> Result<Option<i64>, PipelineError> {
    let [first, rest @ ..] = amounts else {
        return Ok(None);
    };
    let sum = rest
        .iter()
        .try_fold(*first, |sum, amount| add(sum, *amount, what))?;
    Ok(Some(sum))
}
