use crate::grid::{Cell, CellFormat, Row, Value};
use crate::limits::Limits;
use model::CellRef;

/// Collects cells, which may come in any order, into rows.
pub(crate) struct RowCollector {
    rows: Vec<Row>,
    /// Whether a row, or a cell of a row, came that stands before the one that came before it, or in its place.
    is_unsorted: bool,
    cells: usize,
    limit: usize,
    last: Option<CellRef>,
}

impl RowCollector {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            rows: Vec::new(),
            is_unsorted: false,
            cells: 0,
            limit: limits.cells,
            last: None,
        }
    }

    /// Adds a cell, a blank one being passed over; false once the limit is reached.
    pub(crate) fn push(&mut self, row: u32, col: u32, value: Option<Value>) -> bool {
        self.push_shown(row, col, value, CellFormat::default())
    }

    /// As [`push`](Self::push), for a cell that is shown in a format.
    // In one piece with the loop that reads the cells, so that each is made where it stays and not copied there.
    #[inline(always)]
    pub(crate) fn push_shown(
        &mut self,
        row: u32,
        col: u32,
        value: Option<Value>,
        format: CellFormat,
    ) -> bool {
        self.last = Some(CellRef { row, col });
        let Some(value) = value else { return true };
        let cell = Cell { col, value, format };
        self.cells += 1;
        match self.rows.last_mut() {
            Some(last) if last.index == row => {
                self.is_unsorted |= last.cells.last().is_some_and(|last| last.col >= col);
                last.cells.push(cell);
            }
            last => {
                self.is_unsorted |= last.as_ref().is_some_and(|last| last.index > row);
                // A row is about as long as the one before.
                let mut cells = Vec::with_capacity(last.map_or(8, |last| last.cells.len() + 1));
                cells.push(cell);
                self.rows.push(Row { index: row, cells });
            }
        }
        self.cells < self.limit
    }

    /// The cell that came last, blank or not.
    pub(crate) fn last(&self) -> Option<CellRef> {
        self.last
    }

    /// The limit in words, for a sheet that is cut there.
    pub(crate) fn limit_in_words(&self) -> String {
        format!("{} cells", self.limit)
    }

    /// The rows from the top, their cells from the left. Of cells with one place the first counts.
    pub(crate) fn finish(mut self) -> Vec<Row> {
        if !self.is_unsorted {
            return self.rows;
        }
        // Programs other than Excel write rows in any order, and one row in several pieces.
        if !self.rows.is_sorted_by(|a, b| a.index < b.index) {
            self.rows.sort_by_key(|row| row.index);
            self.rows.dedup_by(|next, kept| {
                let same = next.index == kept.index;
                if same {
                    kept.cells.append(&mut next.cells);
                }
                same
            });
        }
        for row in &mut self.rows {
            if !row.cells.is_sorted_by(|a, b| a.col < b.col) {
                row.cells.sort_by_key(|cell| cell.col);
                row.cells.dedup_by_key(|cell| cell.col);
            }
        }
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::RowCollector;
    use crate::grid::Value;
    use crate::limits::Limits;

    fn collector(cells: usize) -> RowCollector {
        RowCollector::new(&Limits {
            member: 0,
            unzipped: 0,
            strings: 0,
            cells,
        })
    }

    #[test]
    fn rows_and_cells_come_out_in_their_order() {
        let mut rows = collector(100);
        for (row, col, text) in [
            (3, 2, "c"),
            (3, 0, "b"),
            (1, 0, "a"),
            (3, 1, "x"),
            (3, 2, "z"),
        ] {
            assert!(rows.push(row, col, Value::text(text)));
        }
        let shown: Vec<(u32, String)> = rows
            .finish()
            .iter()
            .map(|row| {
                let texts: Vec<&str> = row.texts().map(|(_, text)| text).collect();
                (row.index, texts.join(" "))
            })
            .collect();
        assert_eq!(shown, [(1, "a".to_owned()), (3, "b x c".to_owned())]);
    }

    #[test]
    fn blank_cells_do_not_count_towards_the_limit() {
        let mut rows = collector(2);
        assert!(rows.push(0, 0, Value::text("a")));
        assert!(rows.push(0, 1, None));
        assert_eq!(rows.last().unwrap().to_string(), "B1");
        assert!(!rows.push(0, 2, Value::text("b")));
        assert_eq!(rows.limit_in_words(), "2 cells");
    }
}
