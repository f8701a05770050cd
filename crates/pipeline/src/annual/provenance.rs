//! The rows behind a report: those that are held, and the cells that each counted row comes from.

use crate::annual::departments::short_name;
use crate::error::PipelineError;
use crate::money::add;
use crate::snapshot::row_question::subject;
use crate::snapshot::rows::Snapshot;
use crate::text_column::text_at;
use model::{Extent, Finding};
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
        let origin = &origins["a"];
        assert_eq!(origin.cell("spent"), "D7");
        assert_eq!(origin.cells.get("disbursed"), None, "'-' is no cell");
        assert_eq!(
            (origin.file.as_str(), origin.file_name.as_str()),
            ("f1", "f1.xlsx")
        );
        assert_eq!(
            (origin.department.as_str(), origin.row),
            ("Sở Công Thương", 7)
        );
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
