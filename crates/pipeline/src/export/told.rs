//! What is known beside the rows: files, findings, overlaps, answers, and which rows are one enterprise.

use crate::export::exported_table::{ExportedTable, TableRole};
use crate::support::mentions::PartyTexts;
use crate::support::overlap_line::OverlapLine;
use crate::support::support_line::SupportLine;
use crate::text_column::texts;
use chrono::NaiveDate;
use ledger::{Answer, Outcome, Submission};
use model::{FileId, Finding, SubmissionId};
use polars::prelude::*;
use programme::Programme;
use programme::tables::Tables;
use std::collections::{BTreeMap, BTreeSet};

/// A column of texts of some things.
fn text_column<T>(name: &str, all: &[T], of: impl Fn(&T) -> Option<String>) -> Column {
    Column::new(name.into(), all.iter().map(of).collect::<Vec<_>>())
}

fn flag_column<T>(name: &str, all: &[T], of: impl Fn(&T) -> bool) -> Column {
    Column::new(name.into(), all.iter().map(of).collect::<Vec<_>>())
}

fn number_column<T>(name: &str, all: &[T], of: impl Fn(&T) -> Option<i64>) -> Column {
    Column::new(name.into(), all.iter().map(of).collect::<Vec<_>>())
}

fn day_column<T>(name: &str, all: &[T], of: impl Fn(&T) -> Option<NaiveDate>) -> Column {
    Column::new(name.into(), all.iter().map(of).collect::<Vec<_>>())
}

/// The files that came, and which of them stand.
pub(crate) fn file_table(
    submissions: &[Submission],
    standing: &BTreeSet<SubmissionId>,
    originals: &BTreeMap<FileId, String>,
) -> PolarsResult<ExportedTable> {
    let columns = vec![
        (
            "SHA-256 of the file",
            text_column("file", submissions, |it| Some(it.file.0.clone())),
        ),
        (
            "its name when it came",
            text_column("file_name", submissions, |it| Some(it.file_name.clone())),
        ),
        (
            "when it was taken in",
            text_column("at", submissions, |it| Some(it.at.to_string())),
        ),
        (
            "code of the department",
            text_column("department", submissions, |it| it.department.clone()),
        ),
        (
            "its part that reports by itself",
            text_column("unit", submissions, |it| it.unit.clone()),
        ),
        (
            "the period",
            text_column("period", submissions, |it| {
                it.period.map(|it| it.to_string())
            }),
        ),
        (
            "whether it was refused",
            flag_column("refused", submissions, |it| it.outcome == Outcome::Refused),
        ),
        (
            "whether any of it counts",
            flag_column("stands", submissions, |it| standing.contains(&it.id)),
        ),
        (
            "why an officer set it aside",
            text_column("set_aside", submissions, |it| it.set_aside.clone()),
        ),
        (
            "where it lies in the export",
            text_column("original", submissions, |it| {
                originals.get(&it.file).cloned()
            }),
        ),
    ];
    let title = "The files that came in";
    ExportedTable::plain("file", TableRole::Beside, title, &["file"], columns)
}

/// A finding with its department and year.
pub(crate) struct YearFinding {
    pub year: i32,
    pub department: String,
    pub finding: Finding,
}

/// What was found on the files that stand. What is said of a column that tells of persons stays here unless it is asked for.
pub(crate) fn finding_table(
    programme: &Programme,
    findings: &[YearFinding],
    years: &[i32],
    with_personal: bool,
) -> PolarsResult<ExportedTable> {
    let is_told = |it: &YearFinding| {
        let form = it
            .finding
            .form
            .as_deref()
            .and_then(|form| programme.form(form));
        let columns = form.into_iter().flat_map(|form| &form.columns);
        let mut personal = columns.filter(|column| column.personal);
        with_personal
            || !personal.any(|column| it.finding.column.as_deref() == Some(column.heading.as_str()))
    };
    let told = |it: &YearFinding, text: &str| is_told(it).then(|| text.to_owned());
    let of =
        |name: &str, of: &dyn Fn(&YearFinding) -> Option<String>| text_column(name, findings, of);
    let columns = vec![
        (
            "code of the rule",
            of("rule", &|it| Some(it.finding.code.clone())),
        ),
        (
            "hold: the row waits; correct: to be mended; warn, info",
            of("severity", &|it| Some(it.finding.severity.to_string())),
        ),
        (
            "short name of the department",
            of("department", &|it| Some(it.department.clone())),
        ),
        (
            "SHA-256 of the file",
            of("file", &|it| Some(it.finding.file.0.clone())),
        ),
        (
            "its name",
            of("file_name", &|it| Some(it.finding.file_name.clone())),
        ),
        ("sheet", of("sheet", &|it| it.finding.sheet.clone())),
        ("form", of("form", &|it| it.finding.form.clone())),
        (
            "cells, apart by spaces",
            of("cells", &|it| Some(it.finding.cells.join(" "))),
        ),
        (
            "heading of the column",
            of("column_heading", &|it| it.finding.column.clone()),
        ),
        (
            "ids of its rows, apart by spaces",
            of("records", &|it| Some(it.finding.records.join(" "))),
        ),
        (
            "what stands there",
            of("found", &|it| told(it, &it.finding.found)),
        ),
        (
            "what was found, in words",
            of("message", &|it| told(it, &it.finding.message.vi)),
        ),
        (
            "what to do",
            of("advice", &|it| Some(it.finding.advice.vi.clone())),
        ),
    ];
    let of_row: Vec<Option<i32>> = findings.iter().map(|it| Some(it.year)).collect();
    let title = "What was found on the files that stand, and over all of them";
    let table = ExportedTable::plain("finding", TableRole::Beside, title, &[], columns)?;
    table.by_years(&of_row, years)
}

/// Support of one enterprise that overlaps, with what was decided.
pub(crate) fn overlap_table(overlaps: &[OverlapLine]) -> PolarsResult<ExportedTable> {
    type Side = fn(&OverlapLine) -> &SupportLine;
    let sides: [(&str, Side); 2] = [("left", |it| &it.left), ("right", |it| &it.right)];
    let mut columns = vec![
        (
            "duplicate, unclear, repeat or combined",
            text_column("class", overlaps, |it| Some(it.class.name().to_owned())),
        ),
        (
            "the enterprise",
            text_column("enterprise", overlaps, |it| Some(it.enterprise.clone())),
        ),
        (
            "what a person decided",
            text_column("decision", overlaps, |it| it.decision.map(str::to_owned)),
        ),
        (
            "whether a person has to decide",
            flag_column("waits", overlaps, |it| it.waits),
        ),
        (
            "clause",
            text_column("clause", overlaps, |it| Some(it.clause.clone())),
        ),
        (
            "contents and tools that both have, and both times",
            text_column("evidence", overlaps, |it| Some(it.evidence.clone())),
        ),
    ];
    for (prefix, side) in sides {
        let name = |of: &str| format!("{prefix}_{of}");
        let text = |of: &str, get: &dyn Fn(&SupportLine) -> Option<String>| {
            text_column(&name(of), overlaps, |it| get(side(it)))
        };
        columns.extend([
            (
                "code of the department; none of another programme's",
                text("department", &|it| it.department.clone()),
            ),
            (
                "code of the other programme's list",
                text("register", &|it| it.register.clone()),
            ),
            (
                "id of the row, of a department's",
                text("record", &|it| {
                    it.department.as_ref().map(|_| it.record.clone())
                }),
            ),
            (
                "name of the file",
                text("file_name", &|it| Some(it.file.clone())),
            ),
            ("sheet", text("sheet", &|it| Some(it.sheet.clone()))),
            (
                "row of the sheet",
                number_column(&name("row"), overlaps, |it| Some(side(it).row)),
            ),
            (
                "codes of the contents, apart by ';'",
                text("contents", &|it| {
                    Some(it.contents.iter().cloned().collect::<Vec<_>>().join(";"))
                }),
            ),
            (
                "first day",
                day_column(&name("from"), overlaps, |it| side(it).from),
            ),
            (
                "last day",
                day_column(&name("to"), overlaps, |it| side(it).to),
            ),
            (
                "money of the state, đồng",
                number_column(&name("state_budget"), overlaps, |it| side(it).state_budget),
            ),
        ]);
    }
    let title =
        "Support of one enterprise that overlaps with other support (III.1.b, III.2.b, VI.2.b)";
    let mut table = ExportedTable::plain("overlap", TableRole::Beside, title, &[], columns)?;
    table.clause = Some("III.1.b, III.2.b, VI.2.b".to_owned());
    for column in &mut table.columns {
        column.unit = column.name.ends_with("_state_budget").then_some("đồng");
    }
    Ok(table)
}

/// What persons answered on records. Who answered, and what of the records decided, may tell of persons.
pub(crate) fn answer_table(answers: &[Answer], with_personal: bool) -> PolarsResult<ExportedTable> {
    let places: Vec<i64> = (1..).take(answers.len()).collect();
    let mut columns = vec![
        (
            "in the order they were given",
            Column::new("position".into(), places),
        ),
        (
            "what was answered",
            text_column("verdict", answers, |it| Some(it.verdict.name().to_owned())),
        ),
        (
            "why",
            text_column("reason", answers, |it| Some(it.reason.clone())),
        ),
        (
            "last day on which it holds",
            day_column("until", answers, |it| it.until),
        ),
    ];
    if with_personal {
        columns.extend([
            (
                "who answered",
                text_column("answered_by", answers, |it| Some(it.by.clone())),
            ),
            (
                "what decided of the one record",
                text_column("left_print", answers, |it| Some(it.prints[0].clone())),
            ),
            (
                "what decided of the other",
                text_column("right_print", answers, |it| Some(it.prints[1].clone())),
            ),
        ]);
    }
    let title = "What persons answered on records, the last one counts";
    ExportedTable::plain("answer", TableRole::Beside, title, &["position"], columns)
}

/// Which rows are about one enterprise, with all that finds it in other lists. It leaves the office only where it is asked for.
///
/// # Errors
/// When a frame lacks a column of its form.
pub(crate) fn cluster_table(
    programme: &Programme,
    accepted: &Tables,
) -> PolarsResult<ExportedTable> {
    let mut rows: Vec<[Option<String>; 9]> = Vec::new();
    for form in programme.forms.values() {
        let (Some(party), Some(frame)) = (&form.party, accepted.get(&form.code)) else {
            continue;
        };
        let [enterprise, record] = ["enterprise_id", "record"].map(|name| texts(frame, name));
        let (enterprise, record) = (enterprise?, record?);
        let parties = PartyTexts::from_rows(party, frame)?;
        let name = texts(frame, &party.name)?;
        for row in 0..frame.height() {
            let party = parties.get(row);
            let said = [
                enterprise.get(row),
                Some(form.code.as_str()),
                record.get(row),
                name.get(row),
                party.tax_code,
                party.address,
                party.district,
                party.phone,
                party.representative,
            ];
            rows.push(said.map(|text| text.map(str::to_owned)));
        }
    }
    let says: [(&str, &str); 9] = [
        ("enterprise_id", "rows of one enterprise have one"),
        ("form", "form of the row"),
        ("record", "id of the row"),
        ("name", "name as it is written"),
        ("tax_code", "tax code"),
        ("address", "address"),
        ("district", "district"),
        ("phone", "phone"),
        ("representative", "who speaks for it"),
    ];
    let columns = says
        .iter()
        .enumerate()
        .map(|(at, (name, title))| (*title, text_column(name, &rows, |row| row[at].clone())));
    let title = "Which rows are about one enterprise";
    let mut table = ExportedTable::plain(
        "cluster",
        TableRole::Beside,
        title,
        &["record"],
        columns.collect(),
    )?;
    for column in &mut table.columns {
        column.is_personal = ["phone", "representative"].contains(&column.name.as_str());
    }
    Ok(table)
}
