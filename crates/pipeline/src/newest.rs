use model::Period;
use std::hash::Hash;

/// Of rows that may be about one case in several periods, whether each is the newest; what cannot be told from others
/// stays.
pub(crate) fn newest<K: Eq + Hash>(rows: impl Iterator<Item = Option<(K, Period)>>) -> Vec<bool> {
    let mut places: foldhash::HashMap<K, usize> = Default::default();
    let mut newest: Vec<Period> = Vec::new();
    let rows: Vec<Option<(usize, Period)>> = rows
        .map(|row| {
            let (key, period) = row?;
            let place = *places.entry(key).or_insert_with(|| {
                newest.push(period);
                newest.len() - 1
            });
            newest[place] = newest[place].max(period);
            Some((place, period))
        })
        .collect();
    rows.into_iter()
        .map(|row| row.is_none_or(|(place, period)| newest[place] == period))
        .collect()
}
