use chrono::NaiveDate;
use model::{CellRef, FileId, Period};
use polars::prelude::*;
use programme::tables::{ORIGIN, companion, data_type};
use programme::{ColumnType, Form};
use std::fmt::Write as _;
use std::rc::Rc;

/// A value as a record keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stored {
    Null,
    Text(Rc<str>),
    Integer(i64),
    Flag(bool),
    Date(NaiveDate, NaiveDate),
    /// Codes, and the words of a free text that decided them.
    Code(Rc<str>, Option<Rc<str>>),
}

/// Where a form's records come from.
pub(crate) struct From<'a> {
    pub file: &'a FileId,
    pub department: Option<&'a str>,
    pub period: Option<Period>,
    pub sheet: &'a str,
    pub sheet_number: usize,
}

/// The values of one column, as polars keeps them.
enum Values {
    Text(StringChunkedBuilder),
    Code(StringChunkedBuilder, StringChunkedBuilder),
    Integer(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
    Date(Vec<Option<NaiveDate>>, Vec<Option<NaiveDate>>),
}

impl Values {
    fn new(name: &str, kind: &ColumnType, rows: usize) -> Self {
        let texts = |name: String| StringChunkedBuilder::new(name.into(), rows);
        match (data_type(kind), companion(kind)) {
            (DataType::Int64, _) => Self::Integer(Vec::with_capacity(rows)),
            (DataType::Boolean, _) => Self::Flag(Vec::with_capacity(rows)),
            (DataType::Date, _) => Self::Date(Vec::with_capacity(rows), Vec::with_capacity(rows)),
            (_, Some((suffix, _))) => {
                Self::Code(texts(name.to_owned()), texts(format!("{name}_{suffix}")))
            }
            _ => Self::Text(texts(name.to_owned())),
        }
    }

    /// Adds a value; one of another kind than the column's is none.
    fn push(&mut self, value: &Stored) {
        match self {
            Self::Text(texts) => match value {
                Stored::Text(text) | Stored::Code(text, _) => texts.append_value(text),
                _ => texts.append_null(),
            },
            Self::Code(codes, words) => {
                let (code, decided) = match value {
                    Stored::Code(code, decided) => (Some(code), decided.as_ref()),
                    Stored::Text(text) => (Some(text), None),
                    _ => (None, None),
                };
                codes.append_option(code);
                words.append_option(decided);
            }
            Self::Integer(numbers) => numbers.push(if let Stored::Integer(n) = value {
                Some(*n)
            } else {
                None
            }),
            Self::Flag(flags) => flags.push(if let Stored::Flag(flag) = value {
                Some(*flag)
            } else {
                None
            }),
            Self::Date(firsts, lasts) => {
                let (first, last) = if let Stored::Date(first, last) = value {
                    (Some(*first), Some(*last))
                } else {
                    (None, None)
                };
                firsts.push(first);
                lasts.push(last);
            }
        }
    }

    /// The column, and its companion where the kind has one.
    fn finish(self, name: &str) -> Vec<Column> {
        let small = PlSmallStr::from_str(name);
        match self {
            Self::Text(texts) => vec![texts.finish().into_column()],
            Self::Code(codes, words) => {
                vec![codes.finish().into_column(), words.finish().into_column()]
            }
            Self::Integer(numbers) => vec![Column::new(small, numbers)],
            Self::Flag(flags) => vec![Column::new(small, flags)],
            Self::Date(first, last) => {
                vec![
                    Column::new(small, first),
                    Column::new(format!("{name}_last").into(), last),
                ]
            }
        }
    }
}

/// The records of one form on one sheet, column by column.
///
/// A record is [begun](Self::begin), its values are [put](Self::put) in the order of the form's columns, and it is
/// [ended](Self::end).
pub(crate) struct Records {
    /// Nothing for a column that the sheet does not have.
    columns: Vec<Option<Values>>,
    records: StringChunkedBuilder,
    rows: Vec<i64>,
    cells: StringChunkedBuilder,
    aside: StringChunkedBuilder,
    /// What the ids of a sheet's records begin with.
    sheet_id: String,
    /// The record that is being put together: its id, its row as it is shown, its cells, the next column.
    id: String,
    own_row: String,
    own_cells: String,
    next: usize,
}

impl Records {
    /// No records yet, of a form whose columns stand on the sheet where `has` says so; about so many will come.
    pub(crate) fn new(form: &Form, rows: usize, has: impl Fn(usize) -> bool) -> Self {
        let texts =
            |name: &'static str| StringChunkedBuilder::new(PlSmallStr::from_static(name), rows);
        let values =
            |place: usize| Values::new(&form.columns[place].name, &form.columns[place].kind, rows);
        Self {
            columns: (0..form.columns.len())
                .map(|place| has(place).then(|| values(place)))
                .collect(),
            records: texts("record"),
            rows: Vec::with_capacity(rows),
            cells: texts("cells"),
            aside: texts("aside"),
            sheet_id: String::new(),
            id: String::new(),
            own_row: String::new(),
            own_cells: String::new(),
            next: 0,
        }
    }

    /// Begins the record of a row.
    pub(crate) fn begin(&mut self, from: &From<'_>, row: u32) {
        self.own_row.clear();
        self.own_cells.clear();
        self.id.clear();
        self.next = 0;
        if self.sheet_id.is_empty() {
            self.sheet_id = format!("{}:{:02}:", from.file.short(), from.sheet_number);
        }
        // Writing to a text cannot fail.
        let _ = write!(self.own_row, "{}", u64::from(row) + 1);
        self.id.push_str(&self.sheet_id);
        (self.own_row.len()..7).for_each(|_| self.id.push('0'));
        self.id.push_str(&self.own_row);
        self.rows.push(i64::from(row) + 1);
    }

    /// The id of the record that is being put together: unique over all files, sorting as the rows stand.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Puts the value of a column, by its place in the form, and the cell it stands in.
    pub(crate) fn put(&mut self, place: usize, value: &Stored, cell: Option<CellRef>) {
        self.skip_to(place);
        if let Some(Some(column)) = self.columns.get_mut(place) {
            column.push(value);
        }
        self.next = place + 1;
        self.separate();
        match cell {
            // Nearly all cells of a record stand in its row.
            Some(cell)
                if i64::from(cell.row) + 1 == self.rows.last().copied().unwrap_or_default() =>
            {
                cell.push_letters(&mut self.own_cells);
                self.own_cells.push_str(&self.own_row);
            }
            Some(cell) => self.own_cells.push_str(&cell.to_string()),
            None => self.own_cells.push('-'),
        }
    }

    /// Columns before a place that the sheet does not have have no cell.
    fn skip_to(&mut self, place: usize) {
        while self.next < place {
            self.separate();
            self.own_cells.push('-');
            self.next += 1;
        }
    }

    fn separate(&mut self) {
        if !self.own_cells.is_empty() {
            self.own_cells.push(' ');
        }
    }

    /// Ends a record; `aside` is JSON.
    pub(crate) fn end(&mut self, aside: Option<String>) {
        self.skip_to(self.columns.len());
        self.records.append_value(&self.id);
        self.cells.append_value(&self.own_cells);
        self.aside.append_option(aside.as_deref());
    }

    /// The frame, with the columns of [`programme::tables::schema`].
    pub(crate) fn finish(self, form: &Form, from: &From<'_>) -> DataFrame {
        let height = self.rows.len();
        let mut columns = Vec::with_capacity(form.columns.len() + ORIGIN.len());
        for (column, values) in form.columns.iter().zip(self.columns) {
            if ORIGIN.contains(&column.name.as_str()) {
                continue;
            }
            match values {
                Some(values) => columns.extend(values.finish(&column.name)),
                None => {
                    let name = PlSmallStr::from_str(&column.name);
                    columns.push(Column::full_null(
                        name.clone(),
                        height,
                        &data_type(&column.kind),
                    ));
                    if let Some((suffix, dtype)) = companion(&column.kind) {
                        columns.push(Column::full_null(
                            format!("{name}_{suffix}").into(),
                            height,
                            &dtype,
                        ));
                    }
                }
            }
        }
        columns.extend([
            self.records.finish().into_column(),
            self.cells.finish().into_column(),
            self.aside.finish().into_column(),
            Column::new("row".into(), &self.rows),
        ]);
        for name in ORIGIN {
            let small = PlSmallStr::from_static(name);
            columns.push(match name {
                "record" | "cells" | "aside" | "row" => continue,
                "department" => constant(small, from.department, height),
                "period" => constant(small, from.period.map(|p| p.to_string()).as_deref(), height),
                "period_start" => {
                    Column::new(small, vec![from.period.map(Period::first_day); height])
                }
                "period_end" => Column::new(small, vec![from.period.map(Period::last_day); height]),
                "file" => constant(small, Some(&from.file.0), height),
                "sheet" => constant(small, Some(from.sheet), height),
                _ => constant(small, None, height),
            });
        }
        let order: Vec<String> = programme::tables::schema(form)
            .iter_names()
            .map(ToString::to_string)
            .collect();
        DataFrame::new_infer_height(columns)
            .and_then(|frame| frame.select(order))
            .unwrap_or_default()
    }
}

/// The same text for every row, or none.
fn constant(name: PlSmallStr, text: Option<&str>, height: usize) -> Column {
    match text {
        Some(text) => StringChunked::full(name, text, height).into_column(),
        None => StringChunked::full_null(name, height).into_column(),
    }
}
