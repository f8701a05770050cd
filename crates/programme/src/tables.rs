//! The tables that rules, indicators and listings are written against.
//!
//! One table a form, named by its code: the form's columns, and where each row comes from ([`ORIGIN`]). One table
//! a list of the catalogue (`code`, `parent`, `title`), one for the funding lists ([`FUNDING`]), one for the departments
//! ([`REPORTER`]), and `<form>_<column>` (`record`, `code`, `position`) for each column that may name several codes. And
//! [`DUPLICATE`], [`SHOWN`], and the programme's views.

use crate::assignment::Assignment;
use crate::form::{ColumnType, Form};
use crate::programme::Programme;
use crate::rule::RuleKind;
use crate::sql::{columns_summed, tables_read};
use crate::sql_reach::refuse_outside;
use crate::view;
use chrono::NaiveDate;
use model::Period;
use polars::prelude::*;
use polars::sql::SQLContext;
use std::collections::{BTreeMap, BTreeSet};

/// Frames by the name they have in SQL.
pub type Tables = BTreeMap<String, DataFrame>;

/// The table of support that was given elsewhere as well (plan III.2.b, VI.2.b): `record`, once each; `is_decided`,
/// whether a person said so or it waits; `is_second`, whether the other is a department's and counts already; `is_joint`,
/// whether both paid for it: then it is no case of its own, and its money counts. A record that only says again what another
/// says is in no table.
///
/// Empty if overlaps are not known yet: in rules on one submission.
pub const DUPLICATE: &str = "duplicate";

/// The table of the years that are counted: `first_day` and `last_day`, in one row; in rules on one submission it has none.
pub const SHOWN: &str = "shown";

/// The table of the funding lists: `source`, `task`.
pub const FUNDING: &str = "funding";

/// The table of the departments: `department`, and its `role` as the programme's files write it.
pub const REPORTER: &str = "reporter";

/// The table of the plan's assignment of tasks: `line`, from 1; `stated_number`, the plan's number; `assigned_task`; and as texts
/// `lead_names`, `helper_names` and `ground`.
pub const ASSIGNMENT: &str = "assignment";

/// The table of who is named in [`ASSIGNMENT`]: `line`, `assigned_task`, `department`, and `leads`, whether it leads or helps. Whatever
/// a department was merged into stands beside it.
pub const ASSIGNED: &str = "assigned";

/// The column that says of each row whether it is held, once that is known: no form may have one of this name.
pub const HELD: &str = "held";

/// The column of what stands in columns that the form does not have.
pub const ASIDE: &str = "aside";

/// The columns beside a form's own: where a row comes from.
///
/// `record` is the row's id, unique over all files. `cells` names the cell of each of the form's columns in their
/// order, '-' if there is none. `aside` is a JSON object of what stands in columns that the form does not have, by
/// their headings; null if there is none. `name_key` and `enterprise_id` are filled once the enterprises are known,
/// `case_id` once the cases are: rows of one case have one, over periods and years; null if its form has no key.
pub const ORIGIN: [&str; 13] = [
    "record",
    "department",
    "period",
    "period_start",
    "period_end",
    "file",
    "sheet",
    "row",
    "cells",
    ASIDE,
    "name_key",
    "enterprise_id",
    "case_id",
];

fn origin_type(name: &str) -> DataType {
    match name {
        "row" => DataType::Int64,
        "period_start" | "period_end" => DataType::Date,
        _ => DataType::String,
    }
}

/// How the values of a column are stored.
pub fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Text
        | ColumnType::TaxCode
        | ColumnType::Code { .. }
        | ColumnType::Codes { .. } => DataType::String,
        ColumnType::Integer | ColumnType::Money | ColumnType::Percent | ColumnType::Year => {
            DataType::Int64
        }
        ColumnType::Date => DataType::Date,
        ColumnType::Flag => DataType::Boolean,
    }
}

/// The column that follows a column of some kinds: the last day of a date, the words that decided a code.
pub fn companion(kind: &ColumnType) -> Option<(&'static str, DataType)> {
    match kind {
        ColumnType::Date => Some(("last", DataType::Date)),
        ColumnType::Code { .. } | ColumnType::Codes { .. } => Some(("words", DataType::String)),
        ColumnType::Text
        | ColumnType::Integer
        | ColumnType::Money
        | ColumnType::Percent
        | ColumnType::Flag
        | ColumnType::TaxCode
        | ColumnType::Year => None,
    }
}

/// The columns of a form's table, in order: its own, each with its [`companion`], then [`ORIGIN`].
///
/// `<date>_last` is the last day of a date that is known only to the month, quarter or year. `<code>_words` are the
/// words of a free text that decided its code, as `code: words`; null if the code or a variant of it stood there.
pub fn schema(form: &Form) -> Schema {
    let mut schema = Schema::default();
    for column in &form.columns {
        schema.insert(column.name.as_str().into(), data_type(&column.kind));
        if let Some((suffix, dtype)) = companion(&column.kind) {
            schema.insert(format!("{}_{suffix}", column.name).into(), dtype);
        }
    }
    for name in ORIGIN {
        schema.insert(name.into(), origin_type(name));
    }
    schema
}

/// The rows of a form as they were kept, under the columns that the form has today: one that was renamed keeps its values, one
/// that came later is null, one that is gone is left out.
///
/// # Errors
/// When the frame is no frame of records, or a column holds what its type of today cannot.
pub fn conform(form: &Form, frame: &DataFrame) -> PolarsResult<DataFrame> {
    let wanted = schema(form);
    let renamed = under_names_of_today(form, frame)?;
    let frame = renamed.as_ref().unwrap_or(frame);
    let has_all = || {
        wanted.iter().all(|(name, dtype)| {
            frame
                .column(name)
                .is_ok_and(|column| column.dtype() == dtype)
        })
    };
    if has_all() && own_columns(frame).eq(form.columns.iter().map(|column| column.name.as_str())) {
        return frame.select(wanted.iter_names().cloned());
    }
    let places: Vec<Option<usize>> = form
        .columns
        .iter()
        .map(|column| own_columns(frame).position(|name| name == column.name))
        .collect();
    let cell = |cells: &str| -> String {
        let cells: Vec<&str> = cells.split(' ').collect();
        let cell =
            |place: &Option<usize>| place.and_then(|at| cells.get(at)).copied().unwrap_or("-");
        places.iter().map(cell).collect::<Vec<_>>().join(" ")
    };
    let columns = wanted.iter().map(|(name, dtype)| match frame.column(name) {
        Ok(column) if name == "cells" => {
            let cells: Vec<Option<String>> =
                column.str()?.iter().map(|cells| cells.map(cell)).collect();
            Ok(Column::new(name.clone(), cells))
        }
        Ok(column) => column.strict_cast(dtype),
        Err(_) => Ok(Column::full_null(name.clone(), frame.height(), dtype)),
    });
    DataFrame::new_infer_height(columns.collect::<PolarsResult<_>>()?)
}

/// The frame with the columns that its form calls otherwise today, and what stands beside them, under their new names; nothing if
/// there are none.
fn under_names_of_today(form: &Form, frame: &DataFrame) -> PolarsResult<Option<DataFrame>> {
    let mut renamed = None;
    for column in &form.columns {
        for former in &column.formerly {
            if frame.column(&column.name).is_ok() || frame.column(former).is_err() {
                continue;
            }
            let frame: &mut DataFrame = renamed.get_or_insert_with(|| frame.clone());
            frame.rename(former, column.name.as_str().into())?;
            if let Some((suffix, _)) = companion(&column.kind) {
                let beside = format!("{former}_{suffix}");
                if frame.column(&beside).is_ok() {
                    frame.rename(&beside, format!("{}_{suffix}", column.name).into())?;
                }
            }
        }
    }
    Ok(renamed)
}

/// The columns of the form that a frame was made for: those before [`ORIGIN`], without companions.
fn own_columns(frame: &DataFrame) -> impl Iterator<Item = &str> {
    let names = frame
        .columns()
        .iter()
        .map(|column| column.name().as_str())
        .take_while(|name| *name != ORIGIN[0]);
    let mut before = "";
    names.filter(move |name| {
        let rest = name.strip_prefix(before).unwrap_or_default();
        let is_companion = !before.is_empty() && matches!(rest, "_last" | "_words");
        if !is_companion {
            before = name;
        }
        !is_companion
    })
}

/// The tables of the catalogue and the funding lists.
pub fn catalogue(programme: &Programme) -> Tables {
    let mut tables = Tables::new();
    for list in programme.lists.values() {
        let strings = |name: &str, values: Vec<Option<&str>>| Column::new(name.into(), values);
        let entries = || list.entries.iter();
        let frame = DataFrame::new_infer_height(vec![
            strings("code", entries().map(|e| Some(e.code.as_str())).collect()),
            strings("parent", entries().map(|e| e.parent.as_deref()).collect()),
            strings(
                "title",
                entries().map(|e| Some(e.title.vi.as_str())).collect(),
            ),
        ]);
        tables.insert(list.name.clone(), frame.unwrap_or_default());
    }
    let pairs: Vec<(&str, &str)> = programme
        .funding
        .iter()
        .flat_map(|f| f.tasks.iter().map(|t| (f.source.as_str(), t.as_str())))
        .collect();
    let frame = DataFrame::new_infer_height(vec![
        Column::new(
            "source".into(),
            pairs.iter().map(|p| p.0).collect::<Vec<_>>(),
        ),
        Column::new("task".into(), pairs.iter().map(|p| p.1).collect::<Vec<_>>()),
    ]);
    tables.insert(FUNDING.to_owned(), frame.unwrap_or_default());
    let departments = || programme.departments.iter();
    let codes: Vec<&str> = departments().map(|it| it.code.as_str()).collect();
    let roles: Vec<&str> = departments().map(|it| it.role.name()).collect();
    let frame = DataFrame::new_infer_height(vec![
        Column::new("department".into(), codes),
        Column::new("role".into(), roles),
    ]);
    tables.insert(REPORTER.to_owned(), frame.unwrap_or_default());
    tables.insert(
        ASSIGNMENT.to_owned(),
        assignment(programme).unwrap_or_default(),
    );
    tables.insert(ASSIGNED.to_owned(), assigned(programme).unwrap_or_default());
    tables
}

fn assignment(programme: &Programme) -> PolarsResult<DataFrame> {
    let lines = || programme.assignments.iter();
    let names = |codes: &[String]| -> String {
        let name = |code: &String| programme.title_of("department", code, "vi").to_owned();
        codes.iter().map(name).collect::<Vec<_>>().join("; ")
    };
    let texts = |name: &str, text: &dyn Fn(&Assignment) -> String| {
        Column::new(name.into(), lines().map(text).collect::<Vec<String>>())
    };
    let helpers = |line: &Assignment| match line.helpers.is_empty() {
        true => String::new(),
        false => format!("{} ({})", names(&line.helpers), line.helpers_clause),
    };
    DataFrame::new_infer_height(vec![
        Column::new(
            "line".into(),
            (1..).zip(lines()).map(|(at, _)| at).collect::<Vec<i64>>(),
        ),
        Column::new(
            "stated_number".into(),
            lines().map(|it| it.number).collect::<Vec<i64>>(),
        ),
        texts("assigned_task", &|line| line.task.clone()),
        texts("lead_names", &|line| names(&line.leads)),
        texts("helper_names", &helpers),
        texts("ground", &|line| line.ground.join("; ")),
    ])
}

fn assigned(programme: &Programme) -> PolarsResult<DataFrame> {
    let (mut numbers, mut tasks) = (Vec::<i64>::new(), Vec::<&str>::new());
    let (mut departments, mut leads) = (Vec::<&str>::new(), Vec::<bool>::new());
    // What a department does of a task stands on one line: its own, else the first of those it was merged into.
    let named = |task: &str, code: &str| {
        let mut of_task = programme.assignments.iter().filter(|it| it.task == task);
        of_task.any(|it| it.leads.iter().any(|lead| lead == code))
    };
    let mut placed: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (number, line) in (1..).zip(&programme.assignments) {
        for (codes, is_lead) in [(&line.leads, true), (&line.helpers, false)] {
            // Two departments may have become one.
            let all: BTreeSet<&str> = codes
                .iter()
                .flat_map(|code| programme.with_successors(code))
                .collect();
            for code in all {
                let is_elsewhere = named(&line.task, code) && !codes.iter().any(|own| own == code);
                if is_lead && (is_elsewhere || !placed.insert((&line.task, code))) {
                    continue;
                }
                numbers.push(number);
                tasks.push(&line.task);
                departments.push(code);
                leads.push(is_lead);
            }
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("line".into(), numbers),
        Column::new("assigned_task".into(), tasks),
        Column::new("department".into(), departments),
        Column::new("leads".into(), leads),
    ])
}

/// The forms' tables completed for SQL: every form of the programme has one, those not given empty, with a
/// `<form>_<column>` for each column of several codes, the catalogue's tables, and all views.
///
/// # Errors
/// When a frame lacks a column of its form, or a view's SQL fails.
pub fn complete(programme: &Programme, forms: &Tables) -> PolarsResult<Tables> {
    let mut tables = without_views(programme, forms, |_| true)?;
    for view in &programme.views {
        let frame = execute(&tables, &view.sql)?;
        tables.insert(view.name.clone(), frame);
    }
    Ok(tables)
}

/// As [`complete`], with those views and tables of codes only that these queries need: over many rows they take their time.
///
/// # Errors
/// As [`complete`].
pub fn complete_for<'q>(
    programme: &'q Programme,
    forms: &Tables,
    queries: impl IntoIterator<Item = &'q str>,
) -> PolarsResult<Tables> {
    let (views, read) = view::needed(&programme.views, queries);
    let mut tables = without_views(programme, forms, |codes| read.contains(codes))?;
    for view in views {
        let frame = execute(&tables, &view.sql)?;
        tables.insert(view.name.clone(), frame);
    }
    Ok(tables)
}

/// The tables that views are made of; of those of codes the ones that are asked for by name.
pub(crate) fn without_views(
    programme: &Programme,
    forms: &Tables,
    is_read: impl Fn(&str) -> bool,
) -> PolarsResult<Tables> {
    let mut tables = catalogue(programme);
    for form in programme.forms.values() {
        let frame = match forms.get(&form.code) {
            Some(frame) => frame.clone(),
            None => DataFrame::empty_with_schema(&schema(form)),
        };
        for column in code_columns(form) {
            let name = codes_table(form, column);
            if is_read(&name) {
                tables.insert(name, codes(&frame, column)?);
            }
        }
        tables.insert(form.code.clone(), frame);
    }
    let none = || duplicates(&[]);
    tables.insert(
        DUPLICATE.to_owned(),
        forms.get(DUPLICATE).cloned().map_or_else(none, Ok)?,
    );
    let none = || shown(None);
    tables.insert(
        SHOWN.to_owned(),
        forms.get(SHOWN).cloned().map_or_else(none, Ok)?,
    );
    Ok(tables)
}

/// The columns of a form that may name several codes.
pub fn code_columns(form: &Form) -> impl Iterator<Item = &str> {
    let columns = form.columns.iter();
    columns
        .filter(|column| matches!(column.kind, ColumnType::Codes { .. }))
        .map(|column| column.name.as_str())
}

/// The name of the table of a column that may name several codes.
pub fn codes_table(form: &Form, column: &str) -> String {
    format!("{}_{column}", form.code)
}

/// A row of the table [`DUPLICATE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRow {
    /// The record.
    pub record: String,
    /// Whether a person said so.
    pub is_decided: bool,
    /// Whether the other is a department's and counts already.
    pub is_second: bool,
    /// Whether both paid for it.
    pub is_joint: bool,
}

/// The table [`DUPLICATE`] of records.
///
/// # Errors
/// None that a caller could bring about.
pub fn duplicates(rows: &[DuplicateRow]) -> PolarsResult<DataFrame> {
    let records: Vec<&str> = rows.iter().map(|row| row.record.as_str()).collect();
    let flags = |name: &str, flag: fn(&DuplicateRow) -> bool| {
        Column::new(name.into(), rows.iter().map(flag).collect::<Vec<bool>>())
    };
    DataFrame::new_infer_height(vec![
        Column::new("record".into(), records),
        flags("is_decided", |row| row.is_decided),
        flags("is_second", |row| row.is_second),
        flags("is_joint", |row| row.is_joint),
    ])
}

/// The table [`SHOWN`] of the years from one to another.
///
/// # Errors
/// None that a caller could bring about.
pub fn shown(years: Option<(i32, i32)>) -> PolarsResult<DataFrame> {
    let whole = |year| Period::year(year);
    let days = years.and_then(|(from, to)| Some((whole(from)?.first_day(), whole(to)?.last_day())));
    let column = |name: &str, day: Option<NaiveDate>| {
        Column::new(name.into(), day.into_iter().collect::<Vec<NaiveDate>>())
    };
    DataFrame::new_infer_height(vec![
        column("first_day", days.map(|(first, _)| first)),
        column("last_day", days.map(|(_, last)| last)),
    ])
}

fn codes(frame: &DataFrame, column: &str) -> PolarsResult<DataFrame> {
    let (mut records, mut codes, mut positions) = (Vec::new(), Vec::new(), Vec::<i64>::new());
    for (record, joined) in frame
        .column("record")?
        .str()?
        .iter()
        .zip(frame.column(column)?.str()?.iter())
    {
        for (position, code) in (1..).zip(joined.into_iter().flat_map(|joined| joined.split(';'))) {
            records.push(record);
            codes.push(code);
            positions.push(position);
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("record".into(), records),
        Column::new("code".into(), codes),
        Column::new("position".into(), positions),
    ])
}

/// A table that is put together of more pieces than this is made one, if they are small on average.
const MOST_PIECES: usize = 64;
/// The rows below which a piece is small.
const SMALL_PIECE: usize = 1_000;

/// Adds rows to a form's table, making it if there is none.
///
/// # Errors
/// When the columns are not the same.
pub fn append(tables: &mut Tables, form: &str, rows: &DataFrame) -> PolarsResult<()> {
    match tables.get_mut(form) {
        Some(all) => {
            all.vstack_mut(rows)?;
            // Thousands of files of few rows each would make every later step go through thousands of pieces.
            let pieces = all.first_col_n_chunks();
            if pieces > MOST_PIECES && all.height() < pieces * SMALL_PIECE {
                all.rechunk_mut();
            }
        }
        None => {
            tables.insert(form.to_owned(), rows.clone());
        }
    }
    Ok(())
}

/// Runs a query over the tables.
///
/// Each query gets a context of its own: one that is used again keeps the aliases of the query before.
///
/// # Errors
/// When the SQL does not run, reads anything but these tables, or adds up a column whose amounts may not fit a whole number of 64 bits.
pub fn execute(tables: &Tables, sql: &str) -> PolarsResult<DataFrame> {
    refuse_outside(sql)?;
    check_sums(tables, sql)?;
    let mut context = SQLContext::new();
    for (name, frame) in tables {
        context.register(name, frame.clone().lazy());
    }
    context.execute(sql)?.collect()
}

/// Holds the columns that a query adds up to have amounts that fit together, whichever of them it adds: a sum in polars
/// wraps round unseen.
fn check_sums(tables: &Tables, sql: &str) -> PolarsResult<()> {
    for column in columns_summed(sql) {
        for (_, table) in tables_read(sql) {
            let amounts = tables
                .get(table)
                .and_then(|frame| frame.column(column).ok());
            let Some(amounts) = amounts.and_then(|column| column.i64().ok()) else {
                continue;
            };
            let total: u128 = amounts
                .iter()
                .flatten()
                .map(|amount| u128::from(amount.unsigned_abs()))
                .sum();
            polars_ensure!(
                total <= u128::from(i64::MAX.unsigned_abs()),
                ComputeError: "SUM({column}): the amounts of {table} are too large to be added up"
            );
        }
    }
    Ok(())
}

/// Tables without what stands in columns that their forms do not have: it may be anything, a person's number or phone among it,
/// and stays in the file as it came.
///
/// # Errors
/// When polars cannot put a table together.
pub fn without_own_columns(tables: &Tables) -> PolarsResult<Tables> {
    let tables = tables.iter();
    tables
        .map(|(form, frame)| Ok((form.clone(), without_own_columns_in(frame)?)))
        .collect()
}

/// The same of one table.
///
/// # Errors
/// When polars cannot put it together.
pub fn without_own_columns_in(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let mut frame = frame.clone();
    let holds_any = |column: &Column| column.null_count() < column.len();
    if frame.column(ASIDE).is_ok_and(holds_any) {
        let nothing = Column::full_null(ASIDE.into(), frame.height(), &DataType::String);
        frame.with_column(nothing)?;
    }
    Ok(frame)
}

/// The query a rule in SQL runs for one of its forms; nothing for a reader's rule.
pub fn rule_query(kind: &RuleKind, form: &str) -> Option<String> {
    match kind {
        RuleKind::Reader(_) => None,
        RuleKind::Where(predicate) => {
            let from = format!("SELECT record FROM {form}");
            // A form may bear the name of an SQL word. Others are not quoted: to Spark that would be a text.
            let from = match refuse_outside(&from).is_ok() && tables_read(&from).len() == 1 {
                true => from,
                false => format!("SELECT record FROM \"{form}\""),
            };
            Some(format!("{from} WHERE {predicate}"))
        }
        RuleKind::Select(select) => Some(select.clone()),
    }
}
