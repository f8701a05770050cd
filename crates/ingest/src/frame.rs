use chrono::NaiveDate;
use model::{CellRef, FileId, Period};
use polars::prelude::*;
use programme::tables::{ORIGIN, companion, data_type};
use programme::{ColumnType, Form};

/// A value as a record keeps it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stored {
    Null,
    Text(String),
    Integer(i64),
    Flag(bool),
    Date(NaiveDate, NaiveDate),
    /// Codes, and the words of a free text that decided them.
    Code(String, Option<String>),
}

/// Where a form's records come from.
pub(crate) struct From<'a> {
    pub file: &'a FileId,
    pub department: Option<&'a str>,
    pub period: Option<Period>,
    pub sheet: &'a str,
    pub sheet_number: usize,
}

/// The records of one form on one sheet, column by column.
pub(crate) struct Records {
    /// Nothing for a column that the sheet does not have.
    columns: Vec<Option<Vec<Stored>>>,
    records: Vec<String>,
    rows: Vec<i64>,
    cells: Vec<String>,
    aside: Vec<Option<String>>,
}

impl Records {
    /// No records yet, of a form whose columns stand on the sheet where `has` says so.
    pub(crate) fn new(form: &Form, has: impl Fn(usize) -> bool) -> Self {
        Self {
            columns: (0..form.columns.len()).map(|place| has(place).then(Vec::new)).collect(),
            records: Vec::new(),
            rows: Vec::new(),
            cells: Vec::new(),
            aside: Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The id of a row's record: unique over all files, sorting as the rows stand.
    pub(crate) fn id(from: &From<'_>, row: u32) -> String {
        format!("{}:{:02}:{:07}", from.file.short(), from.sheet_number, row + 1)
    }

    /// Adds a record; `values` and `cells` are as many as the form's columns; `aside` is JSON.
    pub(crate) fn push(
        &mut self,
        id: String,
        row: u32,
        values: Vec<Stored>,
        cells: &[Option<CellRef>],
        aside: Option<String>,
    ) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            if let Some(column) = column {
                column.push(value);
            }
        }
        // Nearly all cells of a record stand in its row, whose number is written once.
        let own_row = (row + 1).to_string();
        let mut named = String::with_capacity(cells.len() * (own_row.len() + 2));
        for cell in cells {
            if !named.is_empty() {
                named.push(' ');
            }
            match cell {
                Some(cell) if cell.row == row => {
                    cell.push_letters(&mut named);
                    named.push_str(&own_row);
                }
                Some(cell) => named.push_str(&cell.to_string()),
                None => named.push('-'),
            }
        }
        self.records.push(id);
        self.rows.push(i64::from(row) + 1);
        self.cells.push(named);
        self.aside.push(aside);
    }

    /// The frame, with the columns of [`programme::tables::schema`].
    pub(crate) fn finish(self, form: &Form, from: &From<'_>) -> DataFrame {
        let height = self.len();
        let mut columns = Vec::with_capacity(form.columns.len() + ORIGIN.len());
        for (column, values) in form.columns.iter().zip(self.columns) {
            if ORIGIN.contains(&column.name.as_str()) {
                continue;
            }
            let name = PlSmallStr::from_str(&column.name);
            let Some(values) = values else {
                columns.push(Column::full_null(name.clone(), height, &data_type(&column.kind)));
                if let Some((suffix, dtype)) = companion(&column.kind) {
                    columns.push(Column::full_null(format!("{name}_{suffix}").into(), height, &dtype));
                }
                continue;
            };
            let beside =
                companion(&column.kind).map(|(suffix, _)| PlSmallStr::from(format!("{}_{suffix}", column.name)));
            match (&column.kind, beside) {
                (ColumnType::Date, Some(last)) => {
                    let dates = |pick: fn(&Stored) -> Option<NaiveDate>| values.iter().map(pick).collect::<Vec<_>>();
                    let first = dates(|v| if let Stored::Date(first, _) = v { Some(*first) } else { None });
                    columns.push(Column::new(name, first));
                    let until = dates(|v| if let Stored::Date(_, last) = v { Some(*last) } else { None });
                    columns.push(Column::new(last, until));
                }
                (kind, beside) => {
                    if let Some(words) = beside {
                        let decided =
                            values.iter().map(|v| if let Stored::Code(_, words) = v { words.clone() } else { None });
                        columns.push(Column::new(words, decided.collect::<Vec<_>>()));
                    }
                    columns.push(column_of(name, &data_type(kind), values));
                }
            }
        }
        let date = |day: Option<NaiveDate>| vec![day; height];
        for name in ORIGIN {
            let small = PlSmallStr::from_static(name);
            columns.push(match name {
                "record" => Column::new(small, &self.records),
                "department" => constant(small, from.department, height),
                "period" => constant(small, from.period.map(|p| p.to_string()).as_deref(), height),
                "period_start" => Column::new(small, date(from.period.map(Period::first_day))),
                "period_end" => Column::new(small, date(from.period.map(Period::last_day))),
                "file" => constant(small, Some(&from.file.0), height),
                "sheet" => constant(small, Some(from.sheet), height),
                "row" => Column::new(small, &self.rows),
                "cells" => Column::new(small, &self.cells),
                "aside" => Column::new(small, &self.aside),
                _ => constant(small, None, height),
            });
        }
        let order: Vec<String> = programme::tables::schema(form).iter_names().map(ToString::to_string).collect();
        DataFrame::new_infer_height(columns).and_then(|frame| frame.select(order)).unwrap_or_default()
    }
}

/// The same text for every row, or none.
fn constant(name: PlSmallStr, text: Option<&str>, height: usize) -> Column {
    match text {
        Some(text) => StringChunked::full(name, text, height).into_column(),
        None => StringChunked::full_null(name, height).into_column(),
    }
}

fn column_of(name: PlSmallStr, dtype: &DataType, values: Vec<Stored>) -> Column {
    match dtype {
        DataType::Int64 => {
            let values: Vec<Option<i64>> =
                values.into_iter().map(|v| if let Stored::Integer(n) = v { Some(n) } else { None }).collect();
            Column::new(name, values)
        }
        DataType::Boolean => {
            let values: Vec<Option<bool>> =
                values.into_iter().map(|v| if let Stored::Flag(flag) = v { Some(flag) } else { None }).collect();
            Column::new(name, values)
        }
        _ => {
            let values: Vec<Option<String>> = values
                .into_iter()
                .map(|v| if let Stored::Text(text) | Stored::Code(text, _) = v { Some(text) } else { None })
                .collect();
            Column::new(name, values)
        }
    }
}
