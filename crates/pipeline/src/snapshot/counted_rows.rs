//! How many rows of a file count and how many are held: the one answer that a run, `status` and a report give.

use ledger::FormRows;
use programme::{Layout, Programme};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// The rows of the tables of a file, or of several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CountedRows {
    /// Those that count.
    pub accepted: u32,
    /// Those that wait for their sender.
    pub held: u32,
}

impl CountedRows {
    /// Of some forms of a file. A form that is no table has the sender's own lines, which are no records.
    pub(crate) fn of<'f>(
        programme: &Programme,
        forms: impl IntoIterator<Item = &'f str>,
        rows: &BTreeMap<String, FormRows>,
    ) -> Self {
        let is_table = |code: &&str| {
            let form = programme.form(code);
            form.is_some_and(|form| form.layout == Layout::Table)
        };
        let mut counted = Self::default();
        let tables = forms.into_iter().filter(is_table);
        for rows in tables.filter_map(|form| rows.get(form)) {
            counted += Self {
                accepted: rows.accepted,
                held: rows.held,
            };
        }
        counted
    }

    /// Of a file by itself: a form that waits as a whole has none, since what was received before goes on counting.
    pub(crate) fn of_file(programme: &Programme, rows: &BTreeMap<String, FormRows>) -> Self {
        let counting = rows.iter().filter(|(_, rows)| rows.standing.counts());
        Self::of(programme, counting.map(|(form, _)| form.as_str()), rows)
    }
}

impl AddAssign for CountedRows {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.held += other.held;
    }
}

#[cfg(test)]
mod tests {
    use super::CountedRows;
    use crate::testing::programme;
    use ledger::{FormRows, Standing};
    use std::collections::BTreeMap;

    #[test]
    fn only_rows_of_tables_that_stand_are_counted() {
        let rows = |standing, accepted, held| FormRows {
            standing,
            accepted,
            held,
            sums: BTreeMap::new(),
        };
        let forms = [
            ("general", rows(Standing::Replaces, 1, 0)),
            ("budget", rows(Standing::Replaces, 4, 1)),
            ("support", rows(Standing::Waits, 9, 2)),
            ("gone from the programme", rows(Standing::Replaces, 7, 7)),
        ];
        let forms = forms.map(|(form, rows)| (form.to_owned(), rows));
        let forms = BTreeMap::from(forms);
        let counted = CountedRows::of_file(programme(), &forms);
        assert_eq!((counted.accepted, counted.held), (4, 1));
        let counted = CountedRows::of(programme(), ["support", "none"], &forms);
        assert_eq!((counted.accepted, counted.held), (9, 2));
    }
}
