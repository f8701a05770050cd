//! The part of an .xlsb that holds a sheet: what the library does not tell of it.

use crate::formats::cell_styles::StyledCells;
use crate::formats::filtered_rows::FilteredRows;
use crate::formats::little_endian::{u16_at, u32_at};
use crate::formats::xlsb::records::{records, text_at};
use crate::formats::xlsb::styles::XlsbStyles;
use crate::grid::{HiddenParts, Merged, Value};
use model::CellRef;
use std::collections::{BTreeSet, HashSet};
use std::ops::RangeInclusive;

/// What is read of a sheet beside the cells that the library gives.
#[derive(Debug, Default)]
pub(crate) struct XlsbSheet {
    pub hidden: HiddenParts,
    pub merged: Vec<Merged>,
    /// The cells whose style matters.
    pub styled: StyledCells,
    /// The cells of which a part of the text is struck through.
    pub struck: Vec<CellRef>,
    /// Cells that the library passes over: formulas whose result is an error, texts with fonts of their own.
    pub passed_over: Vec<(CellRef, Value)>,
}

/// The kinds of records that matter here ([MS-XLSB] 2.3).
mod kind {
    pub(super) const ROW: u16 = 0;
    pub(super) const FIRST_CELL: u16 = 1;
    pub(super) const SHARED_TEXT: u16 = 7;
    pub(super) const ERROR_OF_FORMULA: u16 = 11;
    pub(super) const COLUMN: u16 = 60;
    pub(super) const RICH_TEXT: u16 = 62;
    pub(super) const SHEET_PROPERTIES: u16 = 147;
    pub(super) const FILTER: u16 = 161;
    pub(super) const BEGIN_COLUMN_FILTER: u16 = 163;
    pub(super) const VALUES_FILTER: u16 = 165;
    pub(super) const COLOUR_FILTER: u16 = 168;
    pub(super) const CUSTOM_FILTERS: u16 = 172;
    pub(super) const MERGED_CELLS: u16 = 176;
    pub(super) const BEGIN_STORED_VIEWS: u16 = 422;
    pub(super) const END_STORED_VIEWS: u16 = 425;
}

impl XlsbSheet {
    /// Reads a sheet; `tables` are those on it, `struck_texts` the shared texts of which a part is struck through.
    pub(crate) fn read(
        part: &[u8],
        tables: &[&[u8]],
        styles: &XlsbStyles,
        struck_texts: &HashSet<u32>,
    ) -> Self {
        let mut sheet = Self::default();
        let mut hidden_rows = BTreeSet::new();
        let mut is_filtered = false;
        let styles_matter = styles.cells.matter();
        let mut row = 0;
        for (kind, data) in records(part) {
            match kind {
                kind::ROW => {
                    row = u32_at(data, 0).unwrap_or(row);
                    let is_named = data.get(11).is_some_and(|options| options & 0x10 != 0);
                    if is_named || u16_at(data, 8) == Some(0) {
                        hidden_rows.insert(row);
                    }
                }
                kind::FIRST_CELL..=kind::ERROR_OF_FORMULA | kind::RICH_TEXT => {
                    let Some(at) = u32_at(data, 0).map(|col| CellRef { row, col }) else {
                        continue;
                    };
                    if styles_matter {
                        sheet.see_style(at, data, styles);
                    }
                    sheet.see_cell(kind, at, data, struck_texts);
                }
                kind::COLUMN => {
                    let is_named = data.get(16).is_some_and(|options| options & 1 != 0);
                    if is_named || u32_at(data, 8) == Some(0) {
                        let edges = u32_at(data, 0).zip(u32_at(data, 4));
                        let columns = edges.map(|(first, last)| first..=last);
                        sheet.hidden.columns.extend(columns);
                    }
                }
                kind::SHEET_PROPERTIES => {
                    is_filtered = data.get(2).is_some_and(|options| options & 1 != 0);
                }
                kind::MERGED_CELLS => sheet.merged.extend(merged(data)),
                _ => {}
            }
        }
        if !hidden_rows.is_empty() {
            let parts = tables.iter().chain([&part]);
            let filtered = FilteredRows::new(parts.flat_map(|part| filters(part)), is_filtered);
            hidden_rows.retain(|row| !filtered.holds(*row));
        }
        sheet.hidden.rows = hidden_rows;
        sheet
    }

    fn see_style(&mut self, at: CellRef, data: &[u8], styles: &XlsbStyles) {
        let style = u32_at(data, 4).and_then(|style| usize::try_from(style & 0xFF_FFFF).ok());
        if let Some(style) = style.filter(|style| styles.cells.matters(*style)) {
            self.styled.insert((at.row, at.col), style);
        }
    }

    fn see_cell(&mut self, kind: u16, at: CellRef, data: &[u8], struck_texts: &HashSet<u32>) {
        match kind {
            kind::SHARED_TEXT => {
                let text = u32_at(data, 8).filter(|text| struck_texts.contains(text));
                self.struck.extend(text.map(|_| at));
            }
            kind::ERROR_OF_FORMULA => {
                let error = data.get(8).map(|code| error_text(*code));
                self.passed_over
                    .extend(error.map(|error| (at, Value::Error(error.into()))));
            }
            kind::RICH_TEXT => {
                let text = text_at(data, 9).and_then(|(text, _)| Value::text(&text));
                self.passed_over.extend(text.map(|text| (at, text)));
            }
            _ => {}
        }
    }
}

/// An error as Excel shows it ([MS-XLSB] 2.5.98.2).
fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

fn merged(data: &[u8]) -> Option<Merged> {
    let at = |place| u32_at(data, place);
    let cell = |row, col| CellRef { row, col };
    Some(Merged {
        first: cell(at(0)?, at(8)?),
        last: cell(at(4)?, at(12)?),
    })
}

/// The rows of filters that have a criterion, headings and all.
fn filters(part: &[u8]) -> Vec<RangeInclusive<u32>> {
    let mut filters = Vec::new();
    let mut range = None;
    let mut in_stored_views = false;
    let mut in_column = false;
    for (kind, data) in records(part) {
        match kind {
            kind::BEGIN_STORED_VIEWS => in_stored_views = true,
            kind::END_STORED_VIEWS => in_stored_views = false,
            _ if in_stored_views => {}
            kind::FILTER => {
                let edges = u32_at(data, 0).zip(u32_at(data, 4));
                range = edges.map(|(first, last)| first..=last);
            }
            kind::BEGIN_COLUMN_FILTER => in_column = true,
            kind::VALUES_FILTER | kind::COLOUR_FILTER..=kind::CUSTOM_FILTERS if in_column => {
                filters.extend(range.take());
            }
            _ => {}
        }
    }
    filters
}

#[cfg(test)]
mod tests {
    use super::{XlsbSheet, kind};
    use crate::formats::xlsb::records::tests::{record, text};
    use crate::formats::xlsb::styles::XlsbStyles;
    use crate::grid::Value;
    use std::collections::HashSet;

    fn read(part: &[u8]) -> XlsbSheet {
        XlsbSheet::read(part, &[], &XlsbStyles::default(), &HashSet::from([3]))
    }

    /// A row of that height, hidden by name or not.
    fn row(row: u8, height: u8, options: u8) -> Vec<u8> {
        let mut data = [0; 17];
        (data[0], data[8], data[11]) = (row, height, options);
        record(kind::ROW, &data)
    }

    fn filter(criterion: u16) -> Vec<u8> {
        let mut range = [0; 16];
        (range[0], range[4]) = (4, 9);
        [
            record(kind::FILTER, &range),
            record(kind::BEGIN_COLUMN_FILTER, &[0; 6]),
            record(criterion, &[]),
        ]
        .concat()
    }

    #[test]
    fn hidden_and_merged_parts_are_found() {
        let mut merged = [0; 16];
        (merged[0], merged[4], merged[8], merged[12]) = (2, 4, 1, 1);
        let column = |first: u8, width: u8, options: u8| {
            let mut column = [0; 18];
            (column[0], column[4], column[8], column[16]) = (first, first, width, options);
            record(kind::COLUMN, &column)
        };
        let part = [
            row(9, 255, 0x10),
            row(10, 0, 0),
            row(11, 255, 0),
            column(3, 9, 1),
            column(5, 0, 0),
            column(7, 9, 0),
            record(kind::MERGED_CELLS, &merged),
        ]
        .concat();
        let found = read(&part);
        assert!(found.hidden.rows.iter().eq(&[9, 10]));
        assert_eq!(found.hidden.columns, [3..=3, 5..=5]);
        assert_eq!(
            (found.merged[0].first.row, found.merged[0].last.row),
            (2, 4)
        );
        for length in 0..part.len() {
            read(&part[..length]);
        }
    }

    #[test]
    fn only_rows_that_a_filter_hides_count() {
        let rows = [row(9, 255, 0x10), row(12, 255, 0x10)].concat();
        let hidden = |filter: &[u8]| {
            let part = [&rows, filter].concat();
            read(&part).hidden.rows.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(hidden(&filter(kind::VALUES_FILTER)), [12]);
        assert_eq!(hidden(&filter(kind::CUSTOM_FILTERS)), [12]);
        // Arrows without a criterion, and a filter in a view that is stored.
        assert_eq!(hidden(&filter(999)), [9, 12]);
        let stored = [
            record(kind::BEGIN_STORED_VIEWS, &[]),
            filter(kind::VALUES_FILTER),
        ];
        assert_eq!(hidden(&stored.concat()), [9, 12]);
        assert_eq!(
            hidden(&record(kind::SHEET_PROPERTIES, &[0, 0, 1])),
            [0u32; 0]
        );
        let table = filter(kind::VALUES_FILTER);
        let sheet = XlsbSheet::read(&rows, &[&table], &XlsbStyles::default(), &HashSet::new());
        assert!(sheet.hidden.rows.iter().eq(&[12]));
    }

    #[test]
    fn cells_that_the_library_passes_over_are_found() {
        let cell = |col: u8, rest: &[u8]| [&[col, 0, 0, 0, 0, 0, 0, 0], rest].concat();
        let part = [
            row(5, 255, 0),
            record(kind::ERROR_OF_FORMULA, &cell(2, &[0x07])),
            record(kind::RICH_TEXT, &cell(3, &[&[1][..], &text("Sở")].concat())),
            record(kind::SHARED_TEXT, &cell(4, &[3, 0, 0, 0])),
        ]
        .concat();
        let found = read(&part);
        let shown: Vec<String> = found
            .passed_over
            .iter()
            .map(|(at, value)| format!("{at} {}", value.shown()))
            .collect();
        assert_eq!(shown, ["C6 #DIV/0!", "D6 Sở"]);
        assert!(matches!(found.passed_over[0].1, Value::Error(_)));
        assert_eq!(found.struck[0].to_string(), "E6");
    }
}
