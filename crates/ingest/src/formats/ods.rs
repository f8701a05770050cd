//! OpenDocument spreadsheets (.ods).
//!
//! The library gives the cells; what is hidden and spanned is read here.

use crate::formats::file_format::{FileFormat, IncomingFile, OpenError};
use crate::formats::whole_ranges::read_ranges;
use crate::formats::xml::{attribute, each_element, number};
use crate::formats::zip_members::ZipMembers;
use crate::grid::{HiddenParts, Merged, SheetGrid};
use crate::limits::check_sheet_count;
use model::CellRef;
use quick_xml::events::BytesStart;

/// The longest run of blanks that one element may stand for: as many as a cell of Excel may hold. The library sets a
/// byte aside for each, whatever number is written.
const MAX_REPEATED_SPACES: u64 = 32_767;
/// The most rows that a hidden row may stand for: hidden rows down to the end of the sheet hold nothing.
const MAX_REPEATED_HIDDEN: u64 = 100_000;
/// As many columns as a sheet has at most.
const MAX_COLUMNS: u64 = 1 << 14;

pub(crate) struct Ods;

impl FileFormat for Ods {
    fn open(&self, file: &IncomingFile<'_>) -> Result<Vec<SheetGrid>, OpenError> {
        let members = ZipMembers::unzip(file)?;
        let parts = sheet_parts(members.member("content.xml")).map_err(OpenError::TooLarge)?;
        let stored = members.into_stored();
        let bytes = stored.as_deref().unwrap_or(file.bytes);
        let mut sheets =
            read_ranges(bytes, file.limits, |_, _, _| {}).map_err(OpenError::Damaged)?;
        for (sheet, part) in sheets.iter_mut().zip(parts) {
            sheet.hidden = part.hidden;
            sheet.merged = part.merged;
        }
        Ok(sheets)
    }
}

/// What a sheet hides, and its cells that span several rows.
#[derive(Debug, Default)]
struct OdsSheet {
    hidden: HiddenParts,
    merged: Vec<Merged>,
    /// The place of the row that is open, how many rows it stands for, and the places of the next cell and column.
    row: u64,
    rows_here: u64,
    col: u64,
    column: u64,
}

/// Cells spanned over rows, and rows and columns hidden, of each sheet.
///
/// # Errors
/// The limit that is passed, in words.
fn sheet_parts(content: &[u8]) -> Result<Vec<OdsSheet>, String> {
    let mut sheets: Vec<OdsSheet> = Vec::new();
    let mut too_long = None;
    each_element(content, |element| {
        let name = element.name();
        match (name.as_ref(), sheets.last_mut()) {
            ("table:table", _) => sheets.push(OdsSheet::default()),
            ("table:table-column", Some(sheet)) => sheet.add_columns(element),
            ("table:table-row", Some(sheet)) => sheet.begin_row(element),
            ("table:table-cell" | "table:covered-table-cell", Some(sheet)) => {
                sheet.add_cells(element);
            }
            ("text:s", _) => {
                let spaces = number(element, "text:c").unwrap_or(1);
                if spaces > MAX_REPEATED_SPACES {
                    too_long = Some(format!("text:s {spaces} > {MAX_REPEATED_SPACES}"));
                }
            }
            _ => {}
        }
    });
    match too_long {
        Some(limit) => Err(limit),
        None => check_sheet_count(sheets.len()).map(|()| sheets),
    }
}

/// Whether a row or column is hidden by a person; one that a filter hides says `filter`, and counts.
fn is_collapsed(element: &BytesStart<'_>) -> bool {
    attribute(element, "table:visibility").is_some_and(|visibility| visibility == "collapse")
}

impl OdsSheet {
    fn add_columns(&mut self, element: &BytesStart<'_>) {
        let first = self.column;
        self.column += number(element, "table:number-columns-repeated")
            .unwrap_or(1)
            .clamp(1, MAX_COLUMNS);
        let edges = u32::try_from(first)
            .ok()
            .zip(u32::try_from(self.column - 1).ok());
        if let Some((first, last)) = edges.filter(|_| is_collapsed(element)) {
            self.hidden.columns.push(first..=last);
        }
    }

    fn begin_row(&mut self, element: &BytesStart<'_>) {
        self.row = self.row.saturating_add(self.rows_here);
        self.rows_here = number(element, "table:number-rows-repeated").unwrap_or(1);
        self.col = 0;
        if is_collapsed(element) && self.rows_here <= MAX_REPEATED_HIDDEN {
            let rows = self.row..self.row.saturating_add(self.rows_here);
            let rows = rows.filter_map(|row| u32::try_from(row).ok());
            self.hidden.rows.extend(rows);
        }
    }

    fn add_cells(&mut self, element: &BytesStart<'_>) {
        let rows = number(element, "table:number-rows-spanned").unwrap_or(1);
        let columns = number(element, "table:number-columns-spanned").unwrap_or(1);
        let cell = |row: u64, col: u64| {
            Some(CellRef {
                row: u32::try_from(row).ok()?,
                col: u32::try_from(col).ok()?,
            })
        };
        if rows > 1
            && let (Some(first), Some(last)) = (
                cell(self.row, self.col),
                cell(
                    self.row.saturating_add(rows - 1),
                    self.col.saturating_add(columns.max(1) - 1),
                ),
            )
        {
            self.merged.push(Merged { first, last });
        }
        let repeated = number(element, "table:number-columns-repeated").unwrap_or(1);
        self.col = self.col.saturating_add(repeated);
    }
}

#[cfg(test)]
mod tests {
    use super::sheet_parts;

    #[test]
    fn hidden_and_spanned_parts_are_found() {
        let content = br#"<table:table table:name="A">
            <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="collapse"><table:table-cell table:number-rows-spanned="2"/></table:table-row>
            </table:table>"#;
        let sheets = sheet_parts(content).unwrap();
        assert_eq!(sheets[0].hidden.columns, [2..=2]);
        assert!(sheets[0].hidden.rows.iter().eq(&[4]));
        assert_eq!(
            (sheets[0].merged[0].first.row, sheets[0].merged[0].last.row),
            (4, 5)
        );
    }

    #[test]
    fn a_run_of_blanks_has_a_limit() {
        let table =
            |blanks: u32| format!(r#"<table:table><text:s text:c="{blanks}"/></table:table>"#);
        assert_eq!(sheet_parts(table(32_767).as_bytes()).unwrap().len(), 1);
        let refused = sheet_parts(table(32_768).as_bytes()).unwrap_err();
        assert_eq!(refused, "text:s 32768 > 32767");
    }

    #[test]
    fn rows_hidden_to_the_end_of_the_sheet_are_passed_over() {
        let content = br#"<table:table><table:table-row table:visibility="collapse"
            table:number-rows-repeated="1048000"/></table:table>"#;
        assert!(sheet_parts(content).unwrap()[0].hidden.rows.is_empty());
    }
}
