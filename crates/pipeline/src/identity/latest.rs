use foldhash::{HashMap, HashMapExt};
use model::Period;
use std::hash::Hash;

/// Rows that may be about one case in several periods, and the periods of each case.
pub(crate) struct CasePeriods {
    /// Of each row its case and its period; a row without a key cannot be recognised again.
    rows: Vec<Option<(usize, Period)>>,
    /// The first and the last period of each case.
    spans: Vec<[Period; 2]>,
}

impl CasePeriods {
    /// Of rows by the keys of their cases.
    pub(crate) fn of<K: Eq + Hash>(rows: impl Iterator<Item = Option<(K, Period)>>) -> Self {
        let mut cases: HashMap<K, usize> = HashMap::with_capacity(rows.size_hint().0);
        let mut spans: Vec<[Period; 2]> = Vec::new();
        let rows = rows.map(|row| {
            let (key, period) = row?;
            let case = *cases.entry(key).or_insert_with(|| {
                spans.push([period; 2]);
                spans.len() - 1
            });
            let [first, last] = spans[case];
            spans[case] = [first.min(period), last.max(period)];
            Some((case, period))
        });
        Self {
            rows: rows.collect(),
            spans,
        }
    }

    /// Whether each row is of the latest period of its case; one without a key always counts as latest.
    pub(crate) fn latest(&self) -> Vec<bool> {
        let is_latest = |row: &Option<(usize, Period)>| {
            row.is_none_or(|(case, period)| self.spans[case][1] == period)
        };
        self.rows.iter().map(is_latest).collect()
    }

    /// The first period of each row's case; none without a key.
    pub(crate) fn first(&self) -> impl Iterator<Item = Option<Period>> {
        let rows = self.rows.iter();
        rows.map(|row| row.map(|(case, _)| self.spans[case][0]))
    }
}

/// Of rows that may be about one case in several periods, whether each is of the latest period of its case.
pub(crate) fn is_latest<K: Eq + Hash>(
    rows: impl Iterator<Item = Option<(K, Period)>>,
) -> Vec<bool> {
    CasePeriods::of(rows).latest()
}

#[cfg(test)]
mod tests {
    use super::is_latest;

    fn latest(rows: &[Option<(&str, &str)>]) -> Vec<bool> {
        let parsed = rows
            .iter()
            .map(|row| row.map(|(key, period)| (key, period.parse().unwrap())));
        is_latest(parsed)
    }

    #[test]
    fn of_a_case_the_rows_of_its_latest_period_stay() {
        let rows = [
            Some(("a", "2023-Q1")),
            Some(("b", "2023-Q1")),
            Some(("a", "2023-Q3")),
            Some(("a", "2023-Q2")),
            // A case may have several rows in one period.
            Some(("a", "2023-Q3")),
        ];
        assert_eq!(latest(&rows), [false, true, true, false, true]);
    }

    #[test]
    fn a_row_without_a_key_is_superseded_by_none() {
        let rows = [None, Some(("a", "2023-Q4")), None];
        assert_eq!(latest(&rows), [true, true, true]);
    }
}
