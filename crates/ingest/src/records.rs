//! The records of a form, put together row by row into a frame.

use crate::column_map::ColumnMap;
use crate::column_values::ColumnValues;
use crate::grid::column_letters;
use crate::stored_value::StoredValue;
use model::{CellRef, FileId, Period};
use polars::prelude::*;
use programme::Form;
use programme::tables::ORIGIN;
use std::fmt::Write as _;

/// The name that [`ORIGIN`] has for what stands in columns that the form does not have.
const EXTRA_COLUMNS: &str = "aside";

/// What stands for a column without a cell among a record's cells, which are parted by blanks.
const NO_CELL: &str = " -";

/// Where a form's records come from.
pub(crate) struct TableOrigin<'a> {
    pub file: &'a FileId,
    pub department: Option<&'a str>,
    pub period: Option<Period>,
    pub sheet: &'a str,
    pub sheet_number: usize,
}

/// The records of one form on one sheet, column by column.
///
/// A record is [begun](Self::begin), its values are [put](Self::put) in the order of the form's columns, and it is
/// [ended](Self::end).
pub(crate) struct Records {
    /// Nothing for a column that the sheet does not have.
    columns: Vec<Option<ColumnValues>>,
    records: StringChunkedBuilder,
    rows: Vec<i64>,
    cells: StringChunkedBuilder,
    extra_columns: StringChunkedBuilder,
    /// What the ids of a sheet's records begin with.
    sheet_id: String,
    /// The letters of the sheet's columns, behind a blank.
    letters: ColumnMap<String>,
    /// The record that is being put together: its id, its row, that as it is shown, its cells, each behind a blank, the next column.
    id: String,
    row: u32,
    own_row: String,
    own_cells: String,
    next: usize,
}

impl Records {
    /// No records yet, of a form of whose columns the sheet has those for which `has` says so; about so many will come.
    pub(crate) fn new(form: &Form, rows: usize, has: impl Fn(usize) -> bool) -> Self {
        let texts =
            |name: &'static str| StringChunkedBuilder::new(PlSmallStr::from_static(name), rows);
        let values = |place: usize| {
            ColumnValues::new(&form.columns[place].name, &form.columns[place].kind, rows)
        };
        Self {
            columns: (0..form.columns.len())
                .map(|place| has(place).then(|| values(place)))
                .collect(),
            records: texts("record"),
            rows: Vec::with_capacity(rows),
            cells: texts("cells"),
            extra_columns: texts(EXTRA_COLUMNS),
            sheet_id: String::new(),
            letters: ColumnMap::default(),
            id: String::new(),
            row: 0,
            own_row: String::new(),
            own_cells: String::new(),
            next: 0,
        }
    }

    /// Begins the record of a row.
    ///
    /// `part` counts the records that one row makes: the first has the row's own id.
    pub(crate) fn begin(&mut self, origin: &TableOrigin<'_>, row: u32, part: usize) {
        self.own_row.clear();
        self.own_cells.clear();
        self.id.clear();
        self.next = 0;
        if self.sheet_id.is_empty() {
            self.sheet_id = format!("{}:{:02}:", origin.file.short(), origin.sheet_number);
        }
        // Writing to a text cannot fail.
        let _ = write!(self.own_row, "{}", u64::from(row) + 1);
        self.id.push_str(&self.sheet_id);
        // Seven digits, as the last row of a sheet has, so that ids sort as the rows stand.
        (self.own_row.len()..7).for_each(|_| self.id.push('0'));
        self.id.push_str(&self.own_row);
        if part > 0 {
            let _ = write!(self.id, ".{part}");
        }
        self.row = row;
        self.rows.push(i64::from(row) + 1);
    }

    /// The id of the record that is being put together: unique over all files, sorting as the rows stand.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Puts the value of a column, by its place in the form, and the cell it stands in.
    pub(crate) fn put(&mut self, place: usize, value: &StoredValue, cell: Option<CellRef>) {
        self.skip_to(place);
        if let Some(Some(column)) = self.columns.get_mut(place) {
            column.push(value);
        }
        self.next = place + 1;
        match cell {
            // Nearly all cells of a record stand in its row.
            Some(cell) if cell.row == self.row => {
                let letters = self
                    .letters
                    .get_or_insert_with(cell.col, || format!(" {}", column_letters(cell.col)));
                self.own_cells.push_str(letters);
                self.own_cells.push_str(&self.own_row);
            }
            // Writing to a text cannot fail.
            Some(cell) => {
                let _ = write!(self.own_cells, " {cell}");
            }
            None => self.own_cells.push_str(NO_CELL),
        }
    }

    /// Notes that columns before a place, which the sheet lacks, have no cell.
    fn skip_to(&mut self, place: usize) {
        while self.next < place {
            self.own_cells.push_str(NO_CELL);
            self.next += 1;
        }
    }

    /// Ends a record; `extra_columns` is a JSON object of what stands in columns that the form does not have.
    pub(crate) fn end(&mut self, extra_columns: Option<String>) {
        self.skip_to(self.columns.len());
        self.records.append_value(&self.id);
        self.cells.append_value(self.own_cells.trim_start());
        self.extra_columns.append_option(extra_columns.as_deref());
    }

    /// The frame, with the columns of [`programme::tables::schema`].
    pub(crate) fn finish(self, form: &Form, origin: &TableOrigin<'_>) -> DataFrame {
        let height = self.rows.len();
        let mut columns = Vec::with_capacity(form.columns.len() + ORIGIN.len());
        for (column, values) in form.columns.iter().zip(self.columns) {
            // The general form has columns 'department' and 'period', as every record has: those of the origin count.
            if ORIGIN.contains(&column.name.as_str()) {
                continue;
            }
            match values {
                Some(values) => columns.extend(values.finish(&column.name)),
                None => {
                    columns.extend(ColumnValues::nulls(&column.name, &column.kind, height));
                }
            }
        }
        columns.extend([
            self.records.finish().into_column(),
            self.cells.finish().into_column(),
            self.extra_columns.finish().into_column(),
            Column::new("row".into(), &self.rows),
        ]);
        for name in ORIGIN {
            let small = PlSmallStr::from_static(name);
            columns.push(match name {
                "record" | "cells" | EXTRA_COLUMNS | "row" => continue,
                "department" => constant(small, origin.department, height),
                "period" => constant(
                    small,
                    origin.period.map(|p| p.to_string()).as_deref(),
                    height,
                ),
                "period_start" => {
                    Column::new(small, vec![origin.period.map(Period::first_day); height])
                }
                "period_end" => {
                    Column::new(small, vec![origin.period.map(Period::last_day); height])
                }
                "file" => constant(small, Some(&origin.file.0), height),
                "sheet" => constant(small, Some(origin.sheet), height),
                _ => constant(small, None, height),
            });
        }
        let order: Vec<String> = programme::tables::schema(form)
            .iter_names()
            .map(ToString::to_string)
            .collect();
        let frame = DataFrame::new_infer_height(columns).and_then(|frame| frame.select(order));
        debug_assert!(frame.is_ok(), "{frame:?}");
        frame.unwrap_or_default()
    }
}

/// The same text for every row, or none.
fn constant(name: PlSmallStr, text: Option<&str>, height: usize) -> Column {
    match text {
        Some(text) => StringChunked::full(name, text, height).into_column(),
        None => StringChunked::full_null(name, height).into_column(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Records, TableOrigin};
    use crate::stored_value::StoredValue;
    use model::{FileId, Period};
    use programme::Programme;
    use programme::tables::schema;

    #[test]
    fn a_record_names_its_row_its_cells_and_what_is_beyond_the_form() {
        let programme = Programme::default_programme().unwrap();
        let form = programme.form("proposal").unwrap();
        let file = FileId("0123456789abcdef".repeat(4));
        let origin = TableOrigin {
            file: &file,
            department: Some("SCT"),
            period: Period::year(2023),
            sheet: "Biểu 9",
            sheet_number: 3,
        };
        // The sheet has the second column only.
        let mut records = Records::new(form, 1, |place| place == 1);
        records.begin(&origin, 11, 0);
        assert_eq!(records.id(), "0123456789ab:03:0000012");
        let text = StoredValue::Text("Thêm".into());
        records.put(1, &text, Some("C12".parse().unwrap()));
        records.end(Some("{\"Đánh giá\":\"tốt\"}".to_owned()));
        let frame = records.finish(form, &origin);
        assert_eq!(*frame.schema().as_ref(), schema(form));
        let value = |name: &str| {
            let value = frame.column(name).unwrap().get(0).unwrap();
            value.str_value().into_owned()
        };
        let columns: Vec<String> = form.columns.iter().map(|c| value(&c.name)).collect();
        assert_eq!(columns[..2], ["null".to_owned(), "Thêm".to_owned()]);
        assert!(value("cells").starts_with("- C12"));
        assert_eq!(value("cells").split(' ').count(), form.columns.len());
        assert_eq!(
            ["department", "period", "sheet", "row", "aside"].map(value),
            ["SCT", "2023", "Biểu 9", "12", "{\"Đánh giá\":\"tốt\"}"]
        );
    }

    #[test]
    fn a_value_that_is_merged_from_above_names_its_own_cell() {
        let programme = Programme::default_programme().unwrap();
        let form = programme.form("proposal").unwrap();
        let file = FileId("0".repeat(64));
        let origin = TableOrigin {
            file: &file,
            department: None,
            period: None,
            sheet: "A",
            sheet_number: 1,
        };
        let mut records = Records::new(form, 1, |place| place < 2);
        records.begin(&origin, 4, 0);
        records.put(0, &StoredValue::Null, Some("A3".parse().unwrap()));
        records.put(1, &StoredValue::Null, None);
        records.end(None);
        let frame = records.finish(form, &origin);
        let cells = frame.column("cells").unwrap().get(0).unwrap();
        assert!(cells.str_value().starts_with("A3 -"), "{cells}");
        assert_eq!(frame.column("department").unwrap().null_count(), 1);
    }
}
