use crate::record::{Prepared, identifies};
use crate::word::HashedMap;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Records by the keys they are found under.
pub(crate) struct Index {
    filter: Filter,
    /// The place of each key in `spans`.
    places: HashedMap<u32>,
    /// Where the records of a key stand in `records`, and how many they are.
    spans: Vec<(u32, u32)>,
    records: Vec<u32>,
    /// How many records of the other side have the key.
    others: Vec<AtomicU32>,
}

/// A key brings at most so many pairs: 'thương mại' is in half of all names and says nothing.
const MOST_PAIRS: u64 = 1 << 6;

/// The same of a key that identifies: so many records under one tax code are no enterprise's, but what somebody writes
/// who does not know the code.
const MOST_PAIRS_OF_ONE: u64 = 1 << 14;

/// Of one list, what has a key that identifies is compared with the first so many that have it: who is like one of
/// them is like the others.
pub(crate) const HUBS: usize = 8;

impl Index {
    pub(crate) fn new(prepared: &[Prepared]) -> Self {
        Self::by(prepared, Prepared::keys)
    }

    /// Records by those of their keys that `keys_of` gives.
    pub(crate) fn by(
        prepared: &[Prepared],
        keys_of: impl Fn(&Prepared, &mut Vec<u64>) + Sync,
    ) -> Self {
        let of_record = |keys: &mut Vec<u64>, (at, record): (usize, &Prepared)| {
            keys_of(record, keys);
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            keys.iter().map(|&key| (key, at)).collect::<Vec<_>>()
        };
        let mut entries: Vec<(u64, u32)> = prepared
            .par_iter()
            .enumerate()
            .map_init(Vec::new, of_record)
            .flatten_iter()
            .collect();
        entries.par_sort_unstable();
        let mut index = Self {
            filter: Filter::new(entries.len()),
            places: HashedMap::default(),
            spans: Vec::new(),
            records: entries.iter().map(|(_, at)| *at).collect(),
            others: Vec::new(),
        };
        let mut start = 0;
        for group in entries.chunk_by(|a, b| a.0 == b.0) {
            let length = u32::try_from(group.len()).unwrap_or(u32::MAX);
            index.filter.add(group[0].0);
            index.places.insert(
                group[0].0,
                u32::try_from(index.spans.len()).unwrap_or(u32::MAX),
            );
            index.spans.push((start, length));
            start += length;
        }
        index
            .others
            .resize_with(index.spans.len(), AtomicU32::default);
        index
    }

    /// The places of those keys that there are.
    pub(crate) fn places<'i>(&'i self, keys: &'i [u64]) -> impl Iterator<Item = u32> + 'i {
        keys.iter()
            .filter(|key| self.filter.may_have(**key))
            .filter_map(|key| self.places.get(key))
            .copied()
    }

    /// Counts the keys of a record of the other side, by their places.
    pub(crate) fn count(&self, places: impl Iterator<Item = u32>) {
        for place in places {
            if let Some(count) = self.others.get(place as usize) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Leaves out the keys that would bring too many pairs.
    pub(crate) fn without_common(self) -> Self {
        self.with_most(|key, own, others| {
            let most = if identifies(key) {
                MOST_PAIRS_OF_ONE
            } else {
                MOST_PAIRS
            };
            if own * others > most { 0 } else { own }
        })
    }

    /// The same where both sides are one list, of which not every record is found under all of its keys.
    pub(crate) fn without_common_of_one(self) -> Self {
        self.with_most(|key, own, all| match () {
            () if identifies(key) => own.min(HUBS as u64),
            () if all * all > MOST_PAIRS => 0,
            () => own,
        })
    }

    /// Of each key so many records, told by the key, how many have it, and how many of the other side have it.
    fn with_most(mut self, most: impl Fn(u64, u64, u64) -> u64) -> Self {
        for (&key, &place) in &self.places {
            if let (Some(span), Some(others)) = (
                self.spans.get_mut(place as usize),
                self.others.get(place as usize),
            ) {
                let own = u64::from(span.1);
                span.1 = u32::try_from(most(key, own, u64::from(others.load(Ordering::Relaxed))))
                    .unwrap_or(span.1);
            }
        }
        self
    }

    /// The records that share one of the keys at some places; sorted, each once.
    pub(crate) fn candidates(&self, places: impl Iterator<Item = u32>, found: &mut Vec<u32>) {
        found.clear();
        for place in places {
            if let Some(&(start, length)) = self.spans.get(place as usize) {
                let start = start as usize;
                found.extend_from_slice(
                    self.records
                        .get(start..start + length as usize)
                        .unwrap_or_default(),
                );
            }
        }
        found.sort_unstable();
        found.dedup();
    }
}

/// Tells most keys that there are not at a glance: a bit for each of the values that the head of a key may have.
struct Filter {
    bits: Vec<u64>,
    /// What of a key is looked at.
    shift: u32,
}

impl Filter {
    /// For so many keys.
    fn new(keys: usize) -> Self {
        // Eight bits a key: one key in eight that there are not is looked up in vain.
        let bits = (keys.max(8) * 8).next_power_of_two();
        Self {
            bits: vec![0; bits / 64],
            shift: 64 - bits.trailing_zeros(),
        }
    }

    fn add(&mut self, key: u64) {
        let bit = key >> self.shift;
        if let Some(bits) = self.bits.get_mut((bit / 64) as usize) {
            *bits |= 1 << (bit % 64);
        }
    }

    fn may_have(&self, key: u64) -> bool {
        let bit = key >> self.shift;
        self.bits
            .get((bit / 64) as usize)
            .is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }
}
