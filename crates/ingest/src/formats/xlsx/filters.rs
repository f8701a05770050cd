//! The filters of a sheet and of the tables on it.

use crate::formats::filtered_rows::FilteredRows;
use crate::formats::xml::{attribute, each_element, each_element_within, is_set};
use model::CellRef;
use std::ops::RangeInclusive;

/// Reads what a sheet says of filters before and behind its rows, and its tables.
pub(crate) fn filtered_rows(before: &[u8], behind: &[u8], tables: &[&[u8]]) -> FilteredRows {
    let mut is_filtered = false;
    each_element(before, |element| {
        is_filtered |= element.local_name().as_ref() == "sheetPr" && is_set(element, "filterMode");
    });
    let parts = tables.iter().chain([&behind]);
    FilteredRows::new(parts.flat_map(|part| filters(part)), is_filtered)
}

/// The rows of filters that have a criterion, headings and all.
fn filters(part: &[u8]) -> Vec<RangeInclusive<u32>> {
    let mut filters = Vec::new();
    let mut range = None;
    each_element_within(part, |element, around| {
        match element.local_name().as_ref() {
            // A view that somebody stored has filters of its own, which are not at work.
            _ if around.iter().any(|name| name == "customSheetViews") => {}
            "autoFilter" => range = attribute(element, "ref"),
            "filters" | "customFilters" | "top10" | "dynamicFilter" | "colorFilter"
            | "iconFilter"
                if around.last().is_some_and(|name| name == "filterColumn") =>
            {
                filters.extend(range.take().and_then(|range| rows(&range)));
            }
            _ => {}
        }
    });
    filters
}

fn rows(range: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = range.split_once(':')?;
    let (first, last): (CellRef, CellRef) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    Some(first.row..=last.row)
}

#[cfg(test)]
mod tests {
    use super::filtered_rows;

    const CRITERION: &[u8] =
        b"<x:autoFilter ref=\"A5:W8\"><x:filterColumn colId=\"3\"><x:customFilters/></x:filterColumn></x:autoFilter>";

    #[test]
    fn a_filter_is_found_on_the_sheet_and_in_its_tables() {
        let filter = filtered_rows(b"", CRITERION, &[]);
        assert!(filter.holds(5) && !filter.holds(8));
        let table = filtered_rows(b"<sheetPr filterMode = '1'/>", b"", &[CRITERION]);
        assert!(table.holds(5) && !table.holds(8));
    }

    #[test]
    fn arrows_and_stored_views_hide_nothing() {
        let arrows = b"<autoFilter ref=\"A5:W8\"><filterColumn colId=\"0\" hiddenButton=\"1\"/></autoFilter>";
        assert!(!filtered_rows(b"", arrows, &[]).holds(5));
        let views = [b"<customSheetViews>", CRITERION, b"</customSheetViews>"].concat();
        assert!(!filtered_rows(b"", &views, &[]).holds(5));
    }

    #[test]
    fn an_advanced_filter_says_only_that_there_is_one() {
        let rows = filtered_rows(b"<sheetPr filterMode=\"true\"/>", b"", &[]);
        assert!(rows.holds(0) && rows.holds(99));
    }
}
