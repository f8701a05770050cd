//! What the same sender's reports on other periods hold, to be compared with a report that comes in.

use crate::text_column::{text_at, texts};
use model::{CellRef, Check, FileId, Observation, Period};
use polars::prelude::*;
use programme::Form;
use programme::tables::Tables;
use std::collections::BTreeMap;

/// The rows of a sender's other reports.
#[derive(Debug, Default)]
pub(crate) struct OtherReports {
    /// By form.
    pub rows: Tables,
    /// The names of their files.
    pub names: BTreeMap<FileId, String>,
}

impl OtherReports {
    /// The period of each row of a form.
    pub(crate) fn periods(&self, form: &str) -> PolarsResult<Vec<Option<Period>>> {
        let Some(frame) = self.rows.get(form) else {
            return Ok(Vec::new());
        };
        let periods = texts(frame, "period")?;
        let period = |text: Option<&str>| text?.parse().ok();
        Ok(periods.iter().map(period).collect())
    }

    /// Where a row stands: 'SCT 2023.xlsx › Biểu 3 › M5'; the cell is that of a column, or the row's first.
    pub(crate) fn place(&self, form: &Form, row: usize, column: Option<&str>) -> String {
        let Some(frame) = self.rows.get(&form.code) else {
            return String::new();
        };
        let text = |name: &str| text_at(frame, name, row).unwrap_or_default();
        let file = self.names.get(&FileId(text("file").to_owned()));
        let columns: Vec<&str> = column.into_iter().collect();
        let cell = first_cells(form, frame, row, &columns).first().copied();
        let cell = cell.or_else(|| text("cells").split(' ').find_map(|it| it.parse().ok()));
        let parts = [
            file.cloned().unwrap_or_default(),
            text("sheet").to_owned(),
            cell.map_or_else(String::new, |cell: CellRef| cell.to_string()),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        parts.join(" › ")
    }
}

/// The cells of some columns in a row of a form, those that have one.
pub(crate) fn first_cells(
    form: &Form,
    frame: &DataFrame,
    row: usize,
    columns: &[&str],
) -> Vec<CellRef> {
    let cells: Vec<&str> = text_at(frame, "cells", row)
        .map(|cells| cells.split(' ').collect())
        .unwrap_or_default();
    let place = |name: &&str| form.columns.iter().position(|column| column.name == **name);
    let cell = |place: usize| cells.get(place)?.parse().ok();
    columns.iter().filter_map(place).filter_map(cell).collect()
}

/// What is noticed of a row of a form.
pub(crate) fn observation(
    check: Check,
    form: &Form,
    (frame, row): (&DataFrame, usize),
    found: String,
    expected: String,
) -> Observation {
    Observation {
        check,
        sheet: text_at(frame, "sheet", row).map(str::to_owned),
        form: Some(form.code.clone()),
        column: None,
        record: text_at(frame, "record", row).map(str::to_owned),
        cells: Vec::new(),
        found,
        expected,
    }
}
