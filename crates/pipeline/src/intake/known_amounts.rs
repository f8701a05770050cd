//! The amounts that are known of each column of the forms, by which others are judged.

use crate::text_column::texts;
use polars::prelude::*;
use programme::tables::Tables;
use programme::{Column, ColumnType, Form, Layout, Programme};
use std::collections::BTreeMap;

/// Amounts other than nought of one column.
#[derive(Debug, Clone, Default)]
struct Known {
    /// Without their signs, the smallest first.
    sorted: Vec<i64>,
    /// The same by the line of a form that has the same lines everywhere, as task and source.
    by_line: BTreeMap<String, Vec<i64>>,
}

impl Known {
    fn add(&mut self, line: &str, amounts: &[i64]) {
        self.sorted.extend(amounts);
        if line.is_empty() {
            return;
        }
        match self.by_line.get_mut(line) {
            Some(of_line) => of_line.extend(amounts),
            None => {
                self.by_line.insert(line.to_owned(), amounts.to_vec());
            }
        }
    }
}

/// Amounts by form and column.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownAmounts(BTreeMap<(String, String), Known>);

/// What the amounts of a kind are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usual {
    /// The lower and the upper of the two in the middle; the same if their number is odd.
    pub middle: [i64; 2],
    /// The smallest and the largest of those near the middle.
    pub range: [i64; 2],
}

/// From so many times what is usual on an amount may be in another unit.
const FACTOR: i64 = 100;
/// So many times it must be beyond the others near the middle as well.
const BEYOND: i64 = 10;

/// Amounts in order, some of them left out.
#[derive(Clone, Copy)]
struct Others<'k> {
    all: &'k [i64],
    /// In order; each is among all.
    but: &'k [i64],
}

impl Others<'_> {
    fn count(self) -> usize {
        self.all.len().saturating_sub(self.but.len())
    }

    /// How many are less than an amount, or at most as much if `or_equal`.
    fn below(self, amount: i64, or_equal: bool) -> usize {
        let is_below = |it: &i64| *it < amount || (or_equal && *it == amount);
        let (all, but) = (
            self.all.partition_point(is_below),
            self.but.partition_point(is_below),
        );
        all.saturating_sub(but)
    }

    /// The amount at a place, counted from the smallest.
    fn at(self, place: usize) -> Option<i64> {
        let (mut low, mut high) = (0, self.all.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.below(self.all[middle], true) > place {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        self.all.get(low).copied()
    }
}

impl Usual {
    /// Of some amounts; nothing if there are none.
    fn of(others: Others<'_>) -> Option<Self> {
        let last = others.count().checked_sub(1)?;
        let middle = [others.at(last / 2)?, others.at(last.div_ceil(2))?];
        let first_near = others.below(middle[0] / FACTOR, true);
        let after_near = others.below(middle[1].saturating_mul(FACTOR), false);
        let range = [
            others.at(first_near)?,
            others.at(after_near.checked_sub(1)?)?,
        ];
        Some(Self { middle, range })
    }

    /// Whether an amount is far out: about a hundred or a thousand times larger or smaller.
    pub(crate) fn is_out(&self, amount: i64) -> bool {
        let Self { middle, range } = self;
        let times = |a: i64, factor: i64| a.saturating_mul(factor);
        amount >= times(middle[1], FACTOR) && amount >= times(range[1], BEYOND)
            || times(amount, FACTOR) <= middle[0] && times(amount, BEYOND) <= range[0]
    }
}

impl KnownAmounts {
    /// Those of the rows of some forms.
    ///
    /// # Errors
    /// When a frame lacks a column of its form.
    pub(crate) fn of(programme: &Programme, forms: &Tables) -> PolarsResult<Self> {
        let mut known = Self::default();
        for (code, frame) in forms {
            let Some(form) = programme.form(code) else {
                continue;
            };
            let lines = lines(form, frame)?;
            for column in judged_columns(programme, form) {
                let amounts = frame.column(&column.name)?.i64()?.iter();
                let of_column = known.of_column(code, &column.name);
                for (line, amount) in lines.iter().zip(amounts) {
                    if let Some(amount) = amount.filter(|amount| *amount != 0) {
                        of_column.add(line, &[amount.saturating_abs()]);
                    }
                }
            }
        }
        known.0.retain(|_, of_column| !of_column.sorted.is_empty());
        known.sort();
        Ok(known)
    }

    fn of_column(&mut self, form: &str, column: &str) -> &mut Known {
        let key = (form.to_owned(), column.to_owned());
        self.0.entry(key).or_default()
    }

    fn sort(&mut self) {
        for known in self.0.values_mut() {
            // Mostly several that are in order each, which this sort is quick with.
            known.sorted.sort();
        }
    }

    /// Several together.
    pub(crate) fn joined<'k>(several: impl IntoIterator<Item = &'k Self>) -> Self {
        let mut all = Self::default();
        for (key, known) in several.into_iter().flat_map(|it| &it.0) {
            let of_column = all.0.entry(key.clone()).or_default();
            of_column.sorted.extend(&known.sorted);
            for (line, amounts) in &known.by_line {
                let of_line = of_column.by_line.entry(line.clone());
                of_line.or_default().extend(amounts);
            }
        }
        all.sort();
        all
    }

    fn others<'k>(&'k self, (form, column): (&str, &str), but: &'k Self) -> Others<'k> {
        let sorted = |of: &'k Self| {
            let known = of.0.get(&(form.to_owned(), column.to_owned()));
            known.map_or(&[][..], |it| &it.sorted)
        };
        Others {
            all: sorted(self),
            but: sorted(but),
        }
    }

    /// How many there are of a column.
    pub(crate) fn count(&self, column: (&str, &str)) -> usize {
        self.count_but(column, &Self::default())
    }

    /// How many there are of a column but for those of a file that is among them.
    pub(crate) fn count_but(&self, column: (&str, &str), but: &Self) -> usize {
        self.others(column, but).count()
    }

    /// What those of a column are about but for one that is among them.
    pub(crate) fn usual_but_one(&self, column: (&str, &str), amount: i64) -> Option<Usual> {
        let all = self.others(column, self).all;
        let but = &[amount];
        Usual::of(Others { all, but })
    }

    /// What those of a column are about but for those of a file that is among them.
    pub(crate) fn usual_but(&self, column: (&str, &str), but: &Self) -> Option<Usual> {
        Usual::of(self.others(column, but))
    }

    /// Whether a line of a form has had an amount of about that size, but in a file that is among them.
    pub(crate) fn has_like(
        &self,
        (form, column, line): (&str, &str, &str),
        amount: i64,
        but: &Self,
    ) -> bool {
        let is_like = |other: &&i64| {
            other.saturating_mul(FACTOR) > amount && amount.saturating_mul(FACTOR) > **other
        };
        let count = |of: &Self| {
            let known = of.0.get(&(form.to_owned(), column.to_owned()));
            let of_line = known.and_then(|known| known.by_line.get(line));
            of_line.into_iter().flatten().filter(is_like).count()
        };
        count(self) > count(but)
    }

    /// As a frame with a row a line, to be kept: its amounts are eight bytes each, the lowest first.
    pub(crate) fn to_frame(&self) -> PolarsResult<DataFrame> {
        let (mut forms, mut columns, mut lines) = (vec![], vec![], vec![]);
        let mut amounts: Vec<Vec<u8>> = Vec::new();
        for ((form, column), known) in &self.0 {
            let mut put = |line, of_line: &[i64]| {
                forms.push(form.as_str());
                columns.push(column.as_str());
                lines.push(line);
                amounts.push(of_line.iter().flat_map(|it| it.to_le_bytes()).collect());
            };
            for (line, of_line) in &known.by_line {
                put(line.as_str(), of_line);
            }
            // A form has lines on all rows or on none.
            if known.by_line.is_empty() {
                put("", &known.sorted);
            }
        }
        DataFrame::new_infer_height(vec![
            polars::prelude::Column::new("form".into(), forms),
            polars::prelude::Column::new("column".into(), columns),
            polars::prelude::Column::new("line".into(), lines),
            polars::prelude::Column::new("amounts".into(), amounts),
        ])
    }

    /// From a frame that was kept.
    ///
    /// # Errors
    /// When it lacks a column.
    pub(crate) fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let [forms, columns, lines] = ["form", "column", "line"].map(|name| texts(frame, name));
        let (forms, columns, lines) = (forms?, columns?, lines?);
        let mut known = Self::default();
        for (row, bytes) in frame.column("amounts")?.binary()?.iter().enumerate() {
            let [form, column, line] =
                [&forms, &columns, &lines].map(|it| it.get(row).unwrap_or_default());
            let (amounts, _) = bytes.unwrap_or_default().as_chunks();
            let amounts: Vec<i64> = amounts.iter().map(|it| i64::from_le_bytes(*it)).collect();
            known.of_column(form, column).add(line, &amounts);
        }
        known.sort();
        Ok(known)
    }
}

/// The columns of a form whose amounts are judged.
pub(crate) fn judged_columns<'f>(
    programme: &'f Programme,
    form: &'f Form,
) -> impl Iterator<Item = &'f Column> {
    let columns = form.columns.iter();
    columns.filter(|column| {
        form.layout == Layout::Table && !form.own_workbook && programme.is_funds(column)
    })
}

/// Whether a form has the same lines in every report: its key is codes alone.
pub(crate) fn has_lines(form: &Form) -> bool {
    let is_code = |name: &String| {
        let column = form.column(name);
        column.is_some_and(|column| matches!(column.kind, ColumnType::Code { .. }))
    };
    !form.key.is_empty() && form.key.iter().all(is_code)
}

/// The line of each row in a form whose key is codes alone; blank in other forms.
pub(crate) fn lines(form: &Form, frame: &DataFrame) -> PolarsResult<Vec<String>> {
    let mut lines = vec![String::new(); frame.height()];
    if !has_lines(form) {
        return Ok(lines);
    }
    for part in &form.key {
        let codes = texts(frame, part)?;
        for (line, code) in lines.iter_mut().zip(codes.iter()) {
            line.push_str(code.unwrap_or_default());
            line.push(' ');
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::{KnownAmounts, Others, Usual};
    use crate::testing::{form, programme, rows};
    use programme::tables::Tables;

    fn is_out(others: &[i64], amount: i64) -> bool {
        let mut all = others.to_vec();
        all.push(amount);
        all.sort_unstable();
        let but = &[amount];
        Usual::of(Others { all: &all, but }).unwrap().is_out(amount)
    }

    #[test]
    fn what_is_left_out_is_not_counted() {
        let others = Others {
            all: &[1, 2, 2, 3, 9],
            but: &[2, 9],
        };
        let places = (0..others.count()).map(|place| others.at(place).unwrap());
        assert_eq!(places.collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!((others.below(2, false), others.below(2, true)), (1, 2));
    }

    #[test]
    fn far_out_is_a_hundred_times_the_middle_and_ten_times_the_range() {
        let usual = [40, 60, 80, 100, 120, 300];
        for (amount, expected) in [
            (45_000, true),
            (10_000, true),
            (9_000, false),
            (100, false),
            (1, false),
        ] {
            assert_eq!(is_out(&usual, amount), expected, "{amount}");
        }
        assert!(is_out(&[4_000, 6_000, 8_000, 10_000, 12_000], 6));
        assert!(!is_out(&[4_000, 6_000, 8_000, 10_000, 300], 80));
        // A second large one shows that there are large ones; a third of the same slip does not.
        assert!(!is_out(&[40, 60, 80, 100, 4_000], 10_000));
        assert!(is_out(&[40, 60, 80, 100, 120, 45_000], 60_000));
    }

    #[test]
    fn what_is_kept_is_what_was_known() {
        let budget =
            "task | source | planned | spent\nIV.1.a | ensured | 5 | -7\nIV.2.a | ensured | 0 |";
        let tables = Tables::from([("budget".to_owned(), rows(form("budget"), budget))]);
        let known = KnownAmounts::of(programme(), &tables).unwrap();
        let kept = KnownAmounts::from_frame(&known.to_frame().unwrap()).unwrap();
        for known in [&known, &kept] {
            let counts = ["planned", "spent"].map(|column| known.count(("budget", column)));
            assert_eq!(counts, [1, 1]);
            let nothing = KnownAmounts::default();
            let spent = |line| known.has_like(("budget", "spent", line), 90, &nothing);
            assert!(spent("IV.1.a ensured ") && !spent("IV.2.a ensured "));
        }
        let both = KnownAmounts::joined([&known, &kept]);
        assert_eq!(both.count(("budget", "planned")), 2);
        assert_eq!(both.count_but(("budget", "planned"), &known), 1);
        assert!(!known.has_like(("budget", "spent", "IV.1.a ensured "), 90, &known));
    }
}
