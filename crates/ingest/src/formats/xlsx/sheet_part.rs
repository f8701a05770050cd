//! The part of an .xlsx that holds a sheet: what it hides and merges. Its cells are the library's matter.
//!
//! A sheet may be a hundred megabytes, so each question is first asked of the bytes, and the XML is gone through only if
//! the answer may be yes.

use crate::formats::xml::{attribute, each_element, is_set, number};
use crate::grid::{HiddenParts, Merged};

/// What a sheet has beside its cells.
#[derive(Debug, Default)]
pub(crate) struct SheetPart {
    pub hidden: HiddenParts,
    pub merged: Vec<Merged>,
    /// Whether a cell may hold a formula: without any, the library's quicker way of streaming cells will do.
    pub has_formulas: bool,
}

impl SheetPart {
    pub(crate) fn read(sheet: &[u8]) -> Self {
        Self {
            hidden: hidden_parts(sheet),
            merged: merged_cells(sheet),
            // A sheet whose part was not found may hold anything.
            has_formulas: sheet.is_empty() || has_formulas(sheet),
        }
    }
}

/// Rows and columns a sheet hides. Rows that a filter hides are not meant to be left out: they count.
fn hidden_parts(sheet: &[u8]) -> HiddenParts {
    let mut hidden = HiddenParts::default();
    if memchr::memmem::find(sheet, b"hidden=").is_none() {
        return hidden;
    }
    // A filtered row says `hidden` as any other: only the filter itself shows which is meant.
    let filtered = memchr::memmem::find(sheet, b"filterMode=\"1\"").is_some()
        || memchr::memmem::find(sheet, b"<autoFilter").is_some();
    let mut next_row = 0;
    each_element(sheet, |element| match element.local_name().as_ref() {
        "row" => {
            // The number of a row may be left out: it is then the next.
            let row = number(element, "r")
                .and_then(|r| u32::try_from(r).ok())
                .map_or(next_row, |r| r.saturating_sub(1));
            next_row = row.saturating_add(1);
            if is_set(element, "hidden") && !filtered {
                hidden.rows.insert(row);
            }
        }
        "col" if is_set(element, "hidden") => {
            let edge = |name| number(element, name).and_then(|n| u32::try_from(n).ok());
            if let (Some(first @ 1..), Some(last)) = (edge("min"), edge("max")) {
                hidden.columns.push(first - 1..=last.saturating_sub(1));
            }
        }
        _ => {}
    });
    hidden
}

/// Whether an element of a formula may stand in a sheet; one in another namespace counts.
fn has_formulas(sheet: &[u8]) -> bool {
    let ends = |at: usize| matches!(sheet.get(at), Some(b'>' | b' ' | b'/'));
    // A sheet is gone through once: only one whose elements have prefixes may have ':f'.
    let head = &sheet[..sheet.len().min(4_096)];
    let is_plain = memchr::memmem::find(head, b"<worksheet").is_some();
    let tag: &[u8] = if is_plain { b"<f" } else { b":f" };
    memchr::memmem::find_iter(sheet, tag).any(|at| ends(at + 2))
}

/// The cells a sheet merges: they are listed after its rows, which need not be gone through for them.
fn merged_cells(sheet: &[u8]) -> Vec<Merged> {
    // Looking for the end of the rows from behind finds it at once.
    let rows_end = memchr::memmem::rfind(sheet, b"sheetData>").unwrap_or(0);
    let list = memchr::memmem::find(&sheet[rows_end..], b"mergeCells");
    let Some(at) = list.map(|at| rows_end + at) else {
        return Vec::new();
    };
    // The element may have a prefix, so its beginning is looked for.
    let start = memchr::memrchr(b'<', &sheet[..at]).unwrap_or(at);
    let mut merged = Vec::new();
    each_element(&sheet[start..], |element| {
        if element.local_name().as_ref() == "mergeCell"
            && let Some(range) = attribute(element, "ref")
            && let Some((first, last)) = range.split_once(':')
            && let (Ok(first), Ok(last)) = (first.parse(), last.parse())
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
        SheetPart::read(sheet.as_bytes())
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
    fn rows_that_a_filter_hides_count_but_hidden_columns_stay_hidden() {
        let part = read("<row r=\"9\" hidden=\"1\"/>", "<autoFilter ref=\"A1:B9\"/>");
        assert!(part.hidden.rows.is_empty());
        assert_eq!(part.hidden.columns, [1..=2]);
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
        assert!(!read("<row><c><v>1</v></c></row>", "<filterColumn/>").has_formulas);
        let prefixed = |cell: &str| {
            let sheet = format!("<x:worksheet><x:sheetData>{cell}</x:sheetData></x:worksheet>");
            SheetPart::read(sheet.as_bytes()).has_formulas
        };
        assert!(prefixed("<x:c><x:f t=\"shared\" si=\"0\"/></x:c>"));
        assert!(!prefixed("<x:c><x:v>1</x:v></x:c>"));
        assert!(SheetPart::read(b"").has_formulas);
    }
}
