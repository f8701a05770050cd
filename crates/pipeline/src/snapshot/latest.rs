use model::Period;
use std::hash::Hash;

/// Of rows that may be about one case in several periods, whether each is of the latest period of its case. A row
/// without a key cannot be told from others and always counts as latest.
pub(crate) fn is_latest<K: Eq + Hash>(
    rows: impl Iterator<Item = Option<(K, Period)>>,
) -> Vec<bool> {
    let mut cases: foldhash::HashMap<K, usize> = Default::default();
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
