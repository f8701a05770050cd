//! The part of an .xlsx that holds a sheet: what it hides and merges. Its cells are the library's matter.
//!
//! A sheet may be a hundred megabytes, most of them cells. What stands before and behind them is gone through in any case;
//! the rows only if their bytes make it likely that one is hidden.

use crate::formats::filtered_rows::FilteredRows;
use crate::formats::xlsx::filters::filtered_rows;
use crate::formats::xml::{attribute, each_element, is_set, is_zero, number};
use crate::grid::{HiddenParts, Merged};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// What a sheet has beside its cells.
#[derive(Debug, Default)]
pub(crate) struct SheetPart {
    pub hidden: HiddenParts,
    pub merged: Vec<Merged>,
    /// Whether a cell may hold a formula: without any, the library's quicker way of streaming cells will do.
    pub has_formulas: bool,
}

impl SheetPart {
    /// Reads a sheet; `tables` are those on it.
    pub(crate) fn read(sheet: &[u8], tables: &[&[u8]]) -> Self {
        let (before, rows, behind) = around_rows(sheet);
        Self {
            hidden: HiddenParts {
                rows: hidden_rows(rows, || filtered_rows(before, behind, tables)),
                columns: hidden_columns(before),
            },
            merged: merged_cells(behind),
            // A sheet whose part was not found may hold anything.
            has_formulas: sheet.is_empty() || has_formulas(sheet),
        }
    }
}

/// What stands before a sheet's rows, its rows, and what stands behind.
fn around_rows(sheet: &[u8]) -> (&[u8], &[u8], &[u8]) {
    const ROWS: &[u8] = b"sheetData";
    // The element may have a prefix, so its beginning is looked for.
    let opens = |at: usize| memchr::memrchr(b'<', &sheet[..at]).unwrap_or(at);
    let Some(start) = memchr::memmem::find(sheet, ROWS).map(opens) else {
        return (sheet, &[], &[]);
    };
    // Looking for the end of the rows from behind finds it at once.
    let end = memchr::memmem::rfind(sheet, ROWS)
        .and_then(|at| Some(at + memchr::memchr(b'>', &sheet[at..])? + 1))
        .unwrap_or(sheet.len());
    (&sheet[..start], &sheet[start..end], &sheet[end..])
}

fn hidden_columns(before: &[u8]) -> Vec<RangeInclusive<u32>> {
    let mut columns = Vec::new();
    each_element(before, |element| {
        if element.local_name().as_ref() == "col"
            && (is_set(element, "hidden") || is_zero(element, "width"))
        {
            let edge = |name| number(element, name).and_then(|n| u32::try_from(n).ok());
            if let (Some(first @ 1..), Some(last)) = (edge("min"), edge("max")) {
                columns.push(first - 1..=last.saturating_sub(1));
            }
        }
    });
    columns
}

/// The rows that are hidden, by name or by a height of 0, without those that a filter hides.
fn hidden_rows(rows: &[u8], filtered: impl FnOnce() -> FilteredRows) -> BTreeSet<u32> {
    let mut hidden = BTreeSet::new();
    if !may_hide_rows(rows) {
        return hidden;
    }
    let filtered = filtered();
    let mut next_row = 0;
    each_element(rows, |element| {
        if element.local_name().as_ref() != "row" {
            return;
        }
        // The number of a row may be left out: it is then the next.
        let row = number(element, "r")
            .and_then(|r| u32::try_from(r).ok())
            .map_or(next_row, |r| r.saturating_sub(1));
        next_row = row.saturating_add(1);
        if (is_set(element, "hidden") || is_zero(element, "ht")) && !filtered.holds(row) {
            hidden.insert(row);
        }
    });
    hidden
}

/// Whether a row may be hidden, as the bytes look: it costs little to be wrong, but nothing hidden is passed over.
fn may_hide_rows(rows: &[u8]) -> bool {
    // A height that may be 0: 'ht', whatever blanks and quotes, and a number that begins so.
    let may_be_zero = |at: usize| {
        let value = rows[at + 2..]
            .iter()
            .find(|byte| !matches!(byte, b'=' | b'"' | b'\'') && !byte.is_ascii_whitespace());
        matches!(value, Some(b'0' | b'.' | b'+' | b'-' | b'&'))
    };
    memchr::memmem::find(rows, b"hidden").is_some()
        || memchr::memmem::find_iter(rows, b"ht").any(may_be_zero)
}

/// Whether an element of a formula may stand in a sheet; one in another namespace counts.
fn has_formulas(sheet: &[u8]) -> bool {
    let ends = |at: usize| {
        sheet
            .get(at)
            .is_some_and(|byte| matches!(byte, b'>' | b'/') || byte.is_ascii_whitespace())
    };
    // A sheet is gone through once: only one whose elements have prefixes may have ':f'.
    let head = &sheet[..sheet.len().min(4_096)];
    let is_plain = memchr::memmem::find(head, b"<worksheet").is_some();
    let tag: &[u8] = if is_plain { b"<f" } else { b":f" };
    memchr::memmem::find_iter(sheet, tag).any(|at| ends(at + 2))
}

/// The cells a sheet merges, which are listed behind its rows.
fn merged_cells(behind: &[u8]) -> Vec<Merged> {
    let mut merged = Vec::new();
    each_element(behind, |element| {
        if element.local_name().as_ref() == "mergeCell"
            && let Some(range) = attribute(element, "ref")
            && let Some((first, last)) = range.split_once(':')
            && let (Ok(first), Ok(last)) = (first.trim().parse(), last.trim().parse())
        {
            merged.push(Merged { first, last });
        }
    });
    merged
}

#[cfg(test)]
mod tests {
    use super::SheetPart;

    fn read(rows: &str, after: &str) -> SheetPart {
        let sheet = format!(
            "<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData>{rows}</sheetData>{after}</worksheet>"
        );
        SheetPart::read(sheet.as_bytes(), &[])
    }

    #[test]
    fn hidden_rows_and_columns_are_found() {
        let part = read(
            "<row/><row hidden=\"true\"/><row r=\"9\" hidden=\"1\"/><row r=\"10\" hidden=\"0\"/>",
            "",
        );
        assert!(part.hidden.rows.iter().eq(&[1, 8]));
        assert_eq!(part.hidden.columns, [1..=2]);
    }

    #[test]
    fn hidden_rows_are_found_however_they_are_written() {
        for row in [
            "<row r='9' hidden = '1'/>",
            "<row hidden\n=\n\"1\" r=\"9\"/>",
            "<x:row r=\"9\" hidden=\" true \"></x:row>",
            "<row r=\"9\" ht=\"0\" customHeight=\"1\"/>",
            "<row r=\"9\" ht = '0.0'/>",
            "<row r=\"9\" ht=\"&#48;\"/>",
        ] {
            assert!(read(row, "").hidden.rows.iter().eq(&[8]), "{row}");
        }
        for row in [
            "<row r=\"9\" ht=\"0.75\"/>",
            "<row r=\"9\"><c><v>ht=0</v></c></row>",
        ] {
            assert!(read(row, "").hidden.rows.is_empty(), "{row}");
        }
    }

    #[test]
    fn a_column_without_width_is_hidden() {
        let sheet = b"<worksheet><cols><col min=\"1\" max=\"1\" width=\"9\"/><col min='4' max='4' width = '0'/></cols>
            <sheetData/></worksheet>";
        assert_eq!(SheetPart::read(sheet, &[]).hidden.columns, [3..=3]);
    }

    #[test]
    fn only_rows_that_a_filter_hides_count() {
        let rows = "<row r=\"2\" hidden=\"1\"/><row r=\"9\" hidden=\"1\"/>";
        let filter = |criterion: &str| {
            format!(
                "<autoFilter ref=\"A1:B5\"><filterColumn colId=\"0\">{criterion}</filterColumn></autoFilter>"
            )
        };
        let filtered = read(rows, &filter("<filters><filter val=\"x\"/></filters>"));
        assert!(filtered.hidden.rows.iter().eq(&[8]));
        assert_eq!(filtered.hidden.columns, [1..=2]);
        let by_hand = read(rows, &filter(""));
        assert!(by_hand.hidden.rows.iter().eq(&[1, 8]));
    }

    #[test]
    fn merged_cells_are_found_behind_the_rows() {
        let merged =
            "<x:mergeCells><x:mergeCell ref=\"A2:A4\"/><x:mergeCell ref=\"B2\"/></x:mergeCells>";
        let part = read("", merged);
        let shown: Vec<String> = part
            .merged
            .iter()
            .map(|m| format!("{}:{}", m.first, m.last))
            .collect();
        assert_eq!(shown, ["A2:A4"]);
    }

    #[test]
    fn a_formula_is_seen_with_and_without_prefix() {
        assert!(read("<row><c><f>A1</f></c></row>", "").has_formulas);
        assert!(read("<row><c><f\nt=\"shared\" si=\"0\"/></c></row>", "").has_formulas);
        assert!(!read("<row><c><v>1</v></c></row>", "<filterColumn/>").has_formulas);
        let prefixed = |cell: &str| {
            let sheet = format!("<x:worksheet><x:sheetData>{cell}</x:sheetData></x:worksheet>");
            SheetPart::read(sheet.as_bytes(), &[]).has_formulas
        };
        assert!(prefixed("<x:c><x:f t=\"shared\" si=\"0\"/></x:c>"));
        assert!(!prefixed("<x:c><x:v>1</x:v></x:c>"));
        assert!(SheetPart::read(b"", &[]).has_formulas);
    }
}
