//! The tables that queries read, with their rows as they count and as they were read.

use crate::annual::counting::ChosenRecords;
use crate::error::PipelineError;
use crate::export::exported_table::{ExportedColumn, ExportedTable, TableRole, parted};
use crate::snapshot::rows::{Snapshot, year_of};
use crate::text_column::texts;
use polars::prelude::*;
use programme::tables::{self, HELD, Tables};
use programme::{ColumnType, CountingEffect, Form, Programme};
use std::collections::{BTreeMap, BTreeSet};

/// What stands before the name of a form in the name of the table of all its rows.
pub(crate) const READ: &str = "read_";

/// What becomes of a row.
const STANDING: &str = "standing";

/// The columns beside a form's own, in a few words.
const ORIGINS: [(&str, &str); 12] = [
    ("record", "id of the row, over all files"),
    ("department", "who reports"),
    ("period", "the period reported: 2024, 2024-Q3"),
    ("period_start", "first day of the period"),
    ("period_end", "last day of the period"),
    ("file", "SHA-256 of the file"),
    ("sheet", "sheet of the file"),
    ("row", "row of the sheet, from 1"),
    (
        "cells",
        "cell of each of the form's columns in their order, '-' if there is none",
    ),
    ("name_key", "the enterprise's name as it is compared"),
    ("enterprise_id", "rows of one enterprise have one"),
    (
        "case_id",
        "rows of one case have one, over periods and years",
    ),
];

/// What is exported of forms.
pub(crate) struct RowsOut<'a> {
    pub programme: &'a Programme,
    /// Resolved.
    pub snapshot: &'a Snapshot,
    /// The tables that count over all years: see [`tables::complete`].
    pub counted: &'a Tables,
    pub chosen: &'a ChosenRecords<'a>,
    /// The records that say again what another says.
    pub reported_twice: &'a BTreeSet<String>,
    /// The years that something is reported for.
    pub years: &'a [i32],
    /// Whether columns that tell of persons go along.
    pub with_personal: bool,
}

impl RowsOut<'_> {
    /// The columns of a form that stay here since they tell of persons, with what stands beside them.
    pub(crate) fn left_out(&self, form: &Form) -> Vec<String> {
        let personal = form.columns.iter().filter(|column| column.personal);
        let names = personal.flat_map(|column| {
            let beside = tables::companion(&column.kind);
            let beside = beside.map(|(suffix, _)| format!("{}_{suffix}", column.name));
            [column.name.clone()].into_iter().chain(beside)
        });
        names.filter(|_| !self.with_personal).collect()
    }

    /// All of them.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn tables(&self) -> Result<Vec<ExportedTable>, PipelineError> {
        let mut all = Vec::new();
        for form in self.programme.forms.values() {
            let read = self.read_rows(form)?;
            let counted = match self.counted.get(&form.code) {
                Some(frame) => frame.clone(),
                None => DataFrame::empty_with_schema(&tables::schema(form)),
            };
            all.push(self.form_table(form, TableRole::Counted, &counted)?);
            all.push(self.form_table(form, TableRole::Read, &read)?);
            // Also of rows that do not count: queries join them by the rows that they are about.
            let rows = Tables::from([(form.code.clone(), read.clone())]);
            for column in tables::code_columns(form) {
                let name = tables::codes_table(form, column);
                let query = format!("SELECT * FROM \"{name}\"");
                let codes = tables::complete_for(self.programme, &rows, [query.as_str()])?;
                let codes = codes.get(&name).cloned().unwrap_or_default();
                all.push(self.codes_table(form, column, &name, &read, &codes)?);
            }
        }
        for (name, frame) in tables::catalogue(self.programme) {
            all.push(self.list_table(&name, &frame)?);
        }
        if let Some(frame) = self.counted.get(tables::DUPLICATE) {
            let says = [
                "id of the row",
                "whether a person said so",
                "whether the other is a department's and counts already",
                "whether both paid for it",
            ];
            let columns = says.into_iter().zip(frame.columns().to_vec()).collect();
            let title =
                "Support that was given elsewhere as well, or may have been (III.2.b, VI.2.b)";
            let mut table = ExportedTable::plain(
                tables::DUPLICATE,
                TableRole::Beside,
                title,
                &["record"],
                columns,
            )?;
            table.clause = Some("III.2.b, VI.2.b".to_owned());
            all.push(table);
        }
        Ok(all)
    }

    /// Whether a column of a list's codes holds nothing else: no mark of a text that no word decided.
    fn has_all_codes(&self, list: &str) -> bool {
        let list = self.programme.lists.get(list);
        list.is_some_and(|list| list.unclassified.is_none())
    }

    /// All rows of a form, held ones too, with what becomes of each.
    fn read_rows(&self, form: &Form) -> PolarsResult<DataFrame> {
        let empty = || DataFrame::empty_with_schema(&tables::schema(form));
        let accepted = self.snapshot.accepted.get(&form.code).cloned();
        let held = self.snapshot.held.get(&form.code).cloned();
        let mut rows = accepted.unwrap_or_else(empty);
        let accepted = rows.height();
        if let Some(held) = held {
            rows.vstack_mut(&held)?;
            rows.rechunk_mut();
        }
        let records = texts(&rows, "record")?;
        let standing = records.iter().enumerate().map(|(at, record)| {
            let record = record.unwrap_or_default();
            let mut of_record = self.chosen.of_record(record);
            let left_out = of_record.find(|(choice, effect)| {
                *effect == CountingEffect::LeftOut && choice.column.is_none()
            });
            match left_out {
                _ if at >= accepted => "held".to_owned(),
                _ if self.reported_twice.contains(record) => "reported_twice".to_owned(),
                Some((choice, _)) => format!("left_out: {}", choice.id),
                None => "counts".to_owned(),
            }
        });
        let standing: Vec<String> = standing.collect();
        let is_held: Vec<bool> = (0..rows.height()).map(|at| at >= accepted).collect();
        rows.with_column(Column::new(HELD.into(), is_held))?;
        rows.with_column(Column::new(STANDING.into(), standing))?;
        Ok(rows)
    }

    fn form_table(
        &self,
        form: &Form,
        role: TableRole,
        rows: &DataFrame,
    ) -> PolarsResult<ExportedTable> {
        let left_out = self.left_out(form);
        let mut names: Vec<&str> = tables::schema(form)
            .iter_names()
            .map(|name| name.as_str())
            .filter(|name| *name != tables::ASIDE && !left_out.iter().any(|it| it == name))
            .map(|name| rows.column(name).map(|column| column.name().as_str()))
            .collect::<PolarsResult<_>>()?;
        let is_read = role == TableRole::Read;
        names.extend(is_read.then_some([HELD, STANDING]).into_iter().flatten());
        let columns = names.iter().map(|name| described(form, name));
        let links = form.columns.iter().filter_map(|column| match &column.kind {
            ColumnType::Code { list, open: false } if self.has_all_codes(list) => {
                Some((column.name.clone(), list.clone(), "code"))
            }
            _ => None,
        });
        let what = if is_read {
            "all rows read"
        } else {
            "rows that count"
        };
        Ok(ExportedTable {
            name: match role {
                TableRole::Read => format!("{READ}{}", form.code),
                _ => form.code.clone(),
            },
            role,
            title: format!("{} ({what})", form.title.vi),
            clause: Some(form.clause.clone()),
            columns: columns.collect(),
            key: vec!["record"],
            links: links
                .filter(|(name, ..)| names.contains(&name.as_str()))
                .collect(),
            parts: by_year(&rows.select(names.iter().copied())?, self.years)?,
        })
    }

    fn codes_table(
        &self,
        form: &Form,
        column: &str,
        name: &str,
        rows: &DataFrame,
        codes: &DataFrame,
    ) -> PolarsResult<ExportedTable> {
        let (records, periods) = (texts(rows, "record")?, texts(rows, "period")?);
        let years: BTreeMap<&str, Option<i32>> = records
            .iter()
            .zip(periods.iter())
            .filter_map(|(record, period)| Some((record?, period.and_then(year_of))))
            .collect();
        let year_of_row: Vec<Option<i32>> = texts(codes, "record")?
            .iter()
            .map(|record| years.get(record?).copied().flatten())
            .collect();
        let list = form.column(column).and_then(|column| column.kind.list());
        let say = |name: &str, title: &str| ExportedColumn {
            name: name.to_owned(),
            title: title.to_owned(),
            list: list.filter(|_| name == "code").map(str::to_owned),
            ..ExportedColumn::default()
        };
        Ok(ExportedTable {
            name: name.to_owned(),
            role: TableRole::Read,
            title: format!("{}: {}", form.title.vi, described(form, column).title),
            clause: Some(form.clause.clone()),
            columns: vec![
                say("record", "id of the row"),
                say("code", "one of its codes"),
                say("position", "its place among them, from 1"),
            ],
            key: vec!["record", "position"],
            links: list
                .filter(|list| self.has_all_codes(list))
                .map(|list| ("code".to_owned(), list.to_owned(), "code"))
                .into_iter()
                .collect(),
            parts: parted(codes, &year_of_row, self.years)?,
        })
    }

    fn list_table(&self, name: &str, frame: &DataFrame) -> PolarsResult<ExportedTable> {
        let list = self.programme.lists.get(name);
        let says = |column: &str| match column {
            "code" => "code",
            "parent" => "code of the entry that it is part of",
            "title" => "what it is called",
            "source" => "source of state funds (V.1)",
            "task" => "task that is on its list",
            "department" => "code of the department",
            "role" => "its role",
            "line" => "line of the table, from 1",
            "stated_number" => "number that the plan gives it",
            "assigned_task" => "code of the task",
            "lead_names" => "who leads it",
            "helper_names" => "who helps with it, with the clause that says so",
            "ground" => "on what ground it is done",
            "leads" => "whether the department leads it or helps",
            _ => "",
        };
        let columns = frame.columns().iter().cloned();
        let columns = columns
            .map(|column| (says(column.name().as_str()), column))
            .collect();
        let (title, key): (&str, &[&'static str]) = match (list, name) {
            (Some(list), _) => (&list.title.vi, &["code"]),
            (None, tables::FUNDING) => (
                "Which source of state funds the plan lists for which task",
                &["source", "task"],
            ),
            (None, tables::ASSIGNMENT) => ("Who leads which task, line by line", &["line"]),
            (None, tables::ASSIGNED) => (
                "The departments that the lines of assignment name, and those that succeeded them",
                &["line", "department", "leads"],
            ),
            (None, _) => ("The departments and their roles", &["department"]),
        };
        let mut table = ExportedTable::plain(name, TableRole::List, title, key, columns)?;
        table.clause = list.map(|list| list.clause.clone());
        Ok(table)
    }
}

/// What a column of a form's table is.
fn described(form: &Form, name: &str) -> ExportedColumn {
    let own = form.column(name);
    let beside = |suffix: &str| form.column(name.strip_suffix(suffix)?);
    let title = match (own, ORIGINS.iter().find(|(known, _)| *known == name)) {
        (Some(column), _) => column.heading.clone(),
        (None, Some((_, said))) => (*said).to_owned(),
        (None, None) => match (name, beside("_last"), beside("_words")) {
            (HELD, ..) => {
                "whether the row is held: it waits for its sender and does not count".to_owned()
            }
            (STANDING, ..) => {
                "counts, held, reported_twice, or left_out by a choice of what counts".to_owned()
            }
            (_, Some(column), _) => format!(
                "{}: last day, if only the month, quarter or year is known",
                column.heading
            ),
            (_, _, Some(column)) => format!("{}: the words that decided the code", column.heading),
            _ => String::new(),
        },
    };
    ExportedColumn {
        name: name.to_owned(),
        title,
        unit: own.and_then(|column| match column.kind {
            ColumnType::Money => Some("đồng"),
            ColumnType::Percent => Some("1/100 %"),
            _ => None,
        }),
        list: own.and_then(|column| column.kind.list()).map(str::to_owned),
        is_personal: own.is_some_and(|column| column.personal),
    }
}

/// Rows by the year of their period; every year has a part.
fn by_year(rows: &DataFrame, years: &[i32]) -> PolarsResult<BTreeMap<Option<i32>, DataFrame>> {
    let of_row: Vec<Option<i32>> = texts(rows, "period")?
        .iter()
        .map(|period| period.and_then(year_of))
        .collect();
    parted(rows, &of_row, years)
}
