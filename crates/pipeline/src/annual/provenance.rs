//! The rows behind a report: those that are held, and the cells that each counted row comes from.

use crate::annual::departments::short_name;
use crate::error::PipelineError;
use crate::money::add;
use crate::snapshot::row_question::subject;
use crate::snapshot::rows::Snapshot;
use crate::text_column::{text_at, texts};
use model::{Extent, Finding};
use polars::prelude::*;
use programme::{ColumnType, Programme};
use report::{HeldRow, NewOrigin, Origins};
use std::collections::HashMap;
use std::sync::Arc;

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
        let numbers = frame.column("row")?.i64()?;
        for row in 0..frame.height() {
            let record = text_at(frame, "record", row);
            let file = text_at(frame, "file", row).unwrap_or_default();
            let sheet = text_at(frame, "sheet", row).unwrap_or_default();
            let holding = findings.iter().map(|(_, f)| f).filter(|f| {
                programme.is_holding(f)
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
                subject: subject(form, frame, row),
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
) -> Result<Origins, PipelineError> {
    let files = snapshot.files();
    let names = files
        .iter()
        .map(|(file, known)| (file.0.as_str(), known.name.as_str()));
    let names: HashMap<&str, &str> = names.collect();
    let mut forms = Vec::new();
    for (code, frame) in &snapshot.accepted {
        if let Some(form) = programme.form(code) {
            let columns = form.columns.iter().map(|column| column.name.clone());
            forms.push((FormPlaces::read(frame)?, columns.collect::<Arc<[String]>>()));
        }
    }
    let departments = departments(programme, &forms);
    let mut origins = Vec::new();
    for (places, columns) in &forms {
        for row in 0..places.rows.len() {
            let Some(record) = places.records.get(row) else {
                continue;
            };
            let file = places.files.get(row).unwrap_or_default();
            let department = places.departments.get(row).unwrap_or_default();
            origins.push(NewOrigin {
                record,
                department: departments.get(department).map_or("", String::as_str),
                file,
                file_name: names.get(file).copied().unwrap_or_default(),
                sheet: places.sheets.get(row).unwrap_or_default(),
                row: places.rows.get(row).unwrap_or_default(),
                cells: places.cells.get(row).unwrap_or_default(),
                columns,
            });
        }
    }
    Ok(Origins::new(origins))
}

/// The columns that say where a form's records come from.
struct FormPlaces {
    records: StringChunked,
    departments: StringChunked,
    files: StringChunked,
    sheets: StringChunked,
    cells: StringChunked,
    rows: Int64Chunked,
}

impl FormPlaces {
    fn read(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            records: texts(frame, "record")?,
            departments: texts(frame, "department")?,
            files: texts(frame, "file")?,
            sheets: texts(frame, "sheet")?,
            cells: texts(frame, "cells")?,
            rows: frame.column("row")?.i64()?.rechunk().into_owned(),
        })
    }
}

/// The short name of each department that a record is of, by code.
fn departments<'f>(
    programme: &Programme,
    forms: &'f [(FormPlaces, Arc<[String]>)],
) -> HashMap<&'f str, String> {
    let mut names = HashMap::new();
    for code in forms
        .iter()
        .flat_map(|(places, _)| places.departments.iter().flatten())
    {
        names
            .entry(code)
            .or_insert_with(|| short_name(programme, code));
    }
    names
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

#[cfg(test)]
mod tests {
    use super::{held_rows, origins};
    use crate::testing::{programme, snapshot, submission, tables};
    use model::{Extent, FileId, Finding, Severity, Text};

    /// A finding on the file `f1`.
    fn finding(code: &str, extent: Extent, record: &str) -> (String, Finding) {
        let text = |text: &str| Text {
            vi: text.to_owned(),
            en: text.to_owned(),
        };
        let finding = Finding {
            code: code.to_owned(),
            severity: Severity::Hold,
            extent,
            file: FileId("f1".to_owned()),
            file_name: "f1.xlsx".to_owned(),
            sheet: Some("Biểu 8".to_owned()),
            form: Some("budget".to_owned()),
            cells: Vec::new(),
            column: None,
            records: vec![record.to_owned()],
            found: String::new(),
            message: text("vì sao"),
            advice: Text::default(),
        };
        ("Sở".to_owned(), finding)
    }

    /// The reasons why each held row is held.
    fn reasons(findings: &[(String, Finding)]) -> Vec<String> {
        let sent = [submission(1, "SCT", "2023"), submission(2, "SXD", "2023")];
        let mut snapshot = snapshot(&sent, &[]);
        let budget = "file | task   | source  | planned | spent
                      f1   | IV.1.a | ensured | 5       | 6
                      f1   | IV.1.b | ensured |         |
                      f2   | IV.1.c | ensured |         |";
        snapshot.held = tables(&sent, &[("budget", budget)]);
        let held = held_rows(programme(), &snapshot, findings).unwrap();
        held.iter()
            .map(|row| {
                let amount = row.amount.map_or("-".to_owned(), |dong| dong.to_string());
                let (subject, reasons) = (&row.subject, &row.reasons);
                format!("{} {subject} {amount} [{reasons}]", row.department)
            })
            .collect()
    }

    #[test]
    fn a_held_row_names_its_amount_and_every_finding_that_holds_it() {
        let warning = Finding {
            severity: Severity::Warn,
            ..finding("W", Extent::Row, "f1:1").1
        };
        let held = reasons(&[
            finding("R", Extent::Row, "f1:1"),
            finding("S", Extent::Sheet, ""),
            ("Sở".to_owned(), warning),
        ]);
        insta::assert_snapshot!(held.join("\n"), @r"
        Sở Công Thương IV.1.a · ensured 11 [R: vì sao S: vì sao]
        Sở Công Thương IV.1.b · ensured - [S: vì sao]
        Sở Xây dựng IV.1.c · ensured - []
        ");
    }

    #[test]
    fn a_finding_holds_as_far_as_its_extent_reaches() {
        for (extent, held) in [
            (Extent::Row, [true, false, false]),
            (Extent::Form, [true, true, false]),
            (Extent::Sheet, [true, true, false]),
            (Extent::File, [true, true, false]),
        ] {
            let rows = reasons(&[finding("R", extent, "f1:1")]);
            assert_eq!(
                [0, 1, 2].map(|row| rows[row].contains("[R: vì sao]")),
                held,
                "{extent:?}"
            );
        }
        let mut of_another = finding("R", Extent::Form, "");
        of_another.1.form = Some("plan".to_owned());
        assert!(
            !reasons(&[of_another])[0].contains('R'),
            "another form on the sheet"
        );
    }

    #[test]
    fn a_record_is_traced_to_the_cell_of_each_of_its_columns() {
        let budget = "file | record | row | cells             | task   | source  | planned | spent
                      f1   | a      | 7   | A7 B7 C7 D7 - F7  | IV.1.a | ensured | 5       | 6";
        let snapshot = snapshot(&[submission(1, "SCT", "2023")], &[("budget", budget)]);
        let origins = origins(programme(), &snapshot).unwrap();
        let origin = origins.get("a").unwrap();
        assert_eq!(origin.cell("spent"), "D7");
        assert_eq!(origin.cell_of("disbursed"), None, "'-' is no cell");
        assert_eq!((origin.file, origin.file_name), ("f1", "f1.xlsx"));
        assert_eq!((origin.department, origin.row), ("Sở Công Thương", 7));
    }

    #[test]
    fn the_amount_of_a_held_row_that_does_not_fit_is_an_error() {
        let sent = [submission(1, "SCT", "2023")];
        let mut snapshot = snapshot(&sent, &[]);
        let max = i64::MAX;
        let budget = format!("file | planned | spent\nf1 | {max} | {max}");
        snapshot.held = tables(&sent, &[("budget", &budget)]);
        assert!(held_rows(programme(), &snapshot, &[]).is_err());
    }
}
