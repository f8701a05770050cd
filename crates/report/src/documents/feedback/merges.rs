//! Which merged cells of a sender's sheet can be merged again.

use model::CellRef;
use std::collections::HashSet;

/// So many cells may be merged for each that holds something: each is written by itself, and a made-up range has billions.
const FOR_EACH: usize = 16;
/// So many may be merged on any sheet.
const ON_ANY: usize = 4_000;

/// A range of more than one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub first: CellRef,
    pub last: CellRef,
}

/// The ranges of those given that a sheet can have of which so many cells hold something, none of them beyond `last`; in their
/// order, and whether those are all. Corners that are named the other way round are turned, and what reaches beyond `last` is cut
/// there: a title may be merged over a whole row. One that shares a cell with an earlier one is left out, as is one too large for
/// what the sheet holds. One of a single cell is none, and nothing lacks without it.
pub(crate) fn fitting_merges(
    given: &[(CellRef, CellRef)],
    last: CellRef,
    cells: usize,
) -> (Vec<Range>, bool) {
    let mut left = cells.saturating_mul(FOR_EACH).saturating_add(ON_ANY);
    let (mut fitting, mut is_whole) = (Vec::new(), true);
    let mut taken: HashSet<CellRef> = HashSet::new();
    for (one, other) in given {
        let first = CellRef {
            row: one.row.min(other.row),
            col: one.col.min(other.col),
        };
        let end = CellRef {
            row: one.row.max(other.row).min(last.row),
            col: one.col.max(other.col).min(last.col),
        };
        if first.row > end.row || first.col > end.col {
            continue;
        }
        let side = |from: u32, to: u32| usize::try_from(to - from).map_or(usize::MAX, |n| n + 1);
        let area = side(first.row, end.row).saturating_mul(side(first.col, end.col));
        let within = || {
            (first.row..=end.row)
                .flat_map(|row| (first.col..=end.col).map(move |col| CellRef { row, col }))
        };
        if area == 1 {
            continue;
        }
        if area > left || within().any(|cell| taken.contains(&cell)) {
            is_whole = false;
            continue;
        }
        left -= area;
        taken.extend(within());
        fitting.push(Range { first, last: end });
    }
    (fitting, is_whole)
}

#[cfg(test)]
mod tests {
    use super::{Range, fitting_merges};
    use model::CellRef;

    const LAST: CellRef = CellRef {
        row: 1_048_575,
        col: 16_383,
    };

    fn merges(given: &[(&str, &str)]) -> (Vec<String>, bool) {
        let at = |cell: &str| -> CellRef { cell.parse().unwrap() };
        let given: Vec<_> = given.iter().map(|(a, b)| (at(a), at(b))).collect();
        let (fitting, is_whole) = fitting_merges(&given, LAST, 10);
        let shown = |Range { first, last }: &Range| format!("{first}:{last}");
        (fitting.iter().map(shown).collect(), is_whole)
    }

    #[test]
    fn what_excel_can_merge_is_merged() {
        let given = [("A1", "E1"), ("B5", "B5"), ("A3", "A9")];
        assert_eq!(merges(&given), (vec!["A1:E1".into(), "A3:A9".into()], true));
        assert_eq!(merges(&[("D30", "A20")]), (vec!["A20:D30".into()], true));
    }

    #[test]
    fn what_overlaps_or_is_out_of_proportion_is_left_out() {
        let given = [("A1", "C3"), ("C3", "D4"), ("D4", "E4")];
        assert_eq!(
            merges(&given),
            (vec!["A1:C3".into(), "D4:E4".into()], false)
        );
        let given = [("A1", "XFD500000"), ("A1", "B2")]; // on a sheet with a cell in its last corner
        assert_eq!(merges(&given), (vec!["A1:B2".into()], false));
        // Many of a lawful size come to the same.
        let rows: Vec<_> = (0..9)
            .map(|row| (CellRef { row, col: 0 }, CellRef { row, col: 3_000 }))
            .collect();
        assert_eq!(fitting_merges(&rows, LAST, 10).0.len(), 1);
    }

    #[test]
    fn one_beyond_the_last_cell_is_cut_or_none() {
        let beyond = |row, col| CellRef { row, col };
        let given = [
            (beyond(0, 16_380), beyond(0, u32::MAX)),
            (beyond(u32::MAX, 0), beyond(u32::MAX, 9)),
        ];
        let (fitting, is_whole) = fitting_merges(&given, LAST, 10);
        assert_eq!(
            (fitting.len(), fitting[0].last.col, is_whole),
            (1, 16_383, true)
        );
    }
}
