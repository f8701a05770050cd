use foldhash::{HashMap, HashMapExt};
use model::Period;
use std::hash::Hash;

/// Of rows that may be about one case in several periods, whether each is of the latest period of its case. A row
/// without a key cannot be recognised again and always counts as latest.
pub(crate) fn is_latest<K: Eq + Hash>(
    rows: impl Iterator<Item = Option<(K, Period)>>,
) -> Vec<bool> {
    let mut cases: HashMap<K, usize> = HashMap::with_capacity(rows.size_hint().0);
    let mut latest: Vec<Period> = Vec::new();
    let rows: Vec<Option<(usize, Period)>> = rows
        .map(|row| {
            let (key, period) = row?;
            let case = *cases.entry(key).or_insert_with(|| {
                latest.push(period);
                latest.len() - 1
            });
            latest[case] = latest[case].max(period);
            Some((case, period))
        })
        .collect();
    rows.into_iter()
        .map(|row| row.is_none_or(|(case, period)| latest[case] == period))
        .collect()
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
