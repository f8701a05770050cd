use crate::record::{Prepared, identifies};
use crate::word::HashedMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Records by the keys they are found under.
pub(crate) struct Index {
    /// The place of each key in `spans`.
    places: HashedMap<u32>,
    /// Where the records of a key stand in `records`, and how many they are.
    spans: Vec<(u32, u32)>,
    records: Vec<u32>,
    /// How many records of the other side have the key.
    others: Vec<AtomicU32>,
    /// So many records of a key are candidates, the first ones.
    most: usize,
}

/// A key brings at most so many pairs: 'thương mại' is in half of all names and says nothing.
const MOST_PAIRS: u64 = 1 << 6;

/// The same of a key that identifies: so many records under one tax code are no enterprise's, but what somebody writes
/// who does not know the code.
const MOST_PAIRS_OF_ONE: u64 = 1 << 14;

/// Of one list, what has a key that identifies is compared with the first so many that have it: who is like one of
/// them is like the others.
const HUBS: usize = 8;

impl Index {
    pub(crate) fn new(prepared: &[Prepared]) -> Self {
        Self::by(prepared, Prepared::keys)
    }

    /// Records by those of their keys that `keys_of` gives.
    pub(crate) fn by(prepared: &[Prepared], keys_of: impl Fn(&Prepared, &mut Vec<u64>)) -> Self {
        let mut entries: Vec<(u64, u32)> = Vec::new();
        let mut keys = Vec::new();
        for (at, record) in (0..).zip(prepared) {
            keys_of(record, &mut keys);
            entries.extend(keys.iter().map(|&key| (key, at)));
        }
        entries.sort_unstable();
        let mut index = Self {
            places: HashedMap::default(),
            spans: Vec::new(),
            records: entries.iter().map(|(_, at)| *at).collect(),
            others: Vec::new(),
            most: usize::MAX,
        };
        let mut start = 0;
        for group in entries.chunk_by(|a, b| a.0 == b.0) {
            let length = u32::try_from(group.len()).unwrap_or(u32::MAX);
            index.places.insert(group[0].0, u32::try_from(index.spans.len()).unwrap_or(u32::MAX));
            index.spans.push((start, length));
            start += length;
        }
        index.others.resize_with(index.spans.len(), AtomicU32::default);
        index
    }

    /// Counts the keys of a record of the other side.
    pub(crate) fn count(&self, keys: &[u64]) {
        for place in keys.iter().filter_map(|key| self.places.get(key)) {
            if let Some(count) = self.others.get(*place as usize) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Leaves out the keys that would bring too many pairs.
    pub(crate) fn without_common(self) -> Self {
        self.without(|key, own, others| {
            let most = if identifies(key) { MOST_PAIRS_OF_ONE } else { MOST_PAIRS };
            own * others > most || others == 0
        })
    }

    /// The same where both sides are one list, of which not every record is found under all of its keys.
    pub(crate) fn without_common_of_one(self) -> Self {
        Self { most: HUBS, ..self.without(|key, _, all| all * all > MOST_PAIRS && !identifies(key)) }
    }

    fn without(mut self, is_common: impl Fn(u64, u64, u64) -> bool) -> Self {
        let is_common = |key: u64, place: u32| {
            let place = place as usize;
            let own = self.spans.get(place).map_or(0, |(_, length)| u64::from(*length));
            let others = self.others.get(place).map_or(0, |count| u64::from(count.load(Ordering::Relaxed)));
            is_common(key, own, others)
        };
        self.places.retain(|key, place| !is_common(*key, *place));
        self.places.shrink_to_fit();
        self
    }

    /// The records that share a key with one of the other side; sorted, each once.
    pub(crate) fn candidates(&self, keys: &[u64], found: &mut Vec<u32>) {
        found.clear();
        for place in keys.iter().filter_map(|key| self.places.get(key)) {
            if let Some(&(start, length)) = self.spans.get(*place as usize) {
                let start = start as usize;
                let end = start + (length as usize).min(self.most);
                found.extend_from_slice(self.records.get(start..end).unwrap_or_default());
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}
