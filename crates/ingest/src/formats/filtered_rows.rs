//! Rows that a filter hides: they look like rows that a person hid, but they count.

use std::ops::RangeInclusive;

/// The rows that filters may have hidden.
#[derive(Debug, Default)]
pub(crate) struct FilteredRows {
    ranges: Vec<RangeInclusive<u32>>,
    all: bool,
}

impl FilteredRows {
    /// Rows below the headings of filters that have a criterion (arrows alone hide nothing), each from its heading to its
    /// last row. `is_filtered` says that rows are filtered: if no filter says which, as an advanced one, it may be any.
    pub(crate) fn new(
        filters: impl IntoIterator<Item = RangeInclusive<u32>>,
        is_filtered: bool,
    ) -> Self {
        let ranges: Vec<RangeInclusive<u32>> = filters
            .into_iter()
            .map(|rows| rows.start().saturating_add(1)..=*rows.end())
            .collect();
        Self {
            all: is_filtered && ranges.is_empty(),
            ranges,
        }
    }

    pub(crate) fn holds(&self, row: u32) -> bool {
        self.all || self.ranges.iter().any(|rows| rows.contains(&row))
    }
}

#[cfg(test)]
mod tests {
    use super::FilteredRows;

    #[test]
    fn a_filter_hides_rows_below_its_heading() {
        for is_filtered in [false, true] {
            let rows = FilteredRows::new([4..=7], is_filtered);
            assert!(rows.holds(5) && rows.holds(7));
            assert!(!rows.holds(4) && !rows.holds(8));
        }
    }

    #[test]
    fn an_advanced_filter_may_hide_any_row() {
        assert!(FilteredRows::new([], true).holds(0));
        assert!(!FilteredRows::new([], false).holds(0));
    }
}
