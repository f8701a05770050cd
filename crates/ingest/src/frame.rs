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
    columns: Vec<Vec<Stored>>,
    records: Vec<String>,
    rows: Vec<i64>,
    cells: Vec<String>,
    aside: Vec<Option<String>>,
}

impl Records {
    pub(crate) fn new(form: &Form) -> Self {
        Self {
            columns: vec![Vec::new(); form.columns.len()],
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
            column.push(value);
        }
        let mut named = String::with_capacity(cells.len() * 5);
        for cell in cells {
            if !named.is_empty() {
                named.push(' ');
            }
            match cell {
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
        let constant = |text: Option<String>| vec![text; height];
        let date = |day: Option<NaiveDate>| vec![day; height];
        for name in ORIGIN {
            let small = PlSmallStr::from_static(name);
            columns.push(match name {
                "record" => Column::new(small, &self.records),
                "department" => Column::new(small, constant(from.department.map(str::to_owned))),
                "period" => Column::new(small, constant(from.period.map(|p| p.to_string()))),
                "period_start" => Column::new(small, date(from.period.map(Period::first_day))),
                "period_end" => Column::new(small, date(from.period.map(Period::last_day))),
                "file" => Column::new(small, constant(Some(from.file.to_string()))),
                "sheet" => Column::new(small, constant(Some(from.sheet.to_owned()))),
                "row" => Column::new(small, &self.rows),
                "cells" => Column::new(small, &self.cells),
                "aside" => Column::new(small, &self.aside),
                _ => Column::new(small, constant(None)),
            });
        }
        let order: Vec<String> = programme::tables::schema(form).iter_names().map(ToString::to_string).collect();
        DataFrame::new_infer_height(columns).and_then(|frame| frame.select(order)).unwrap_or_default()
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
