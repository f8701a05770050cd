//! Records by their blocking keys.

use crate::blocking_keys::identifies;
use crate::hash::HashedMap;
use crate::record::ParsedRecord;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Records by the keys they are found under.
///
/// A sorted list of records with spans over it, and no `Vec` for each key: most keys are of one record, and a million
/// small vectors would take several times the memory.
pub(crate) struct BlockingIndex {
    filter: Filter,
    /// The place of each key in `spans`.
    places: HashedMap<u32>,
    spans: Vec<KeySpan>,
    records: Vec<u32>,
}

/// The records of a key.
struct KeySpan {
    /// Where they stand in the list, and how many they are.
    start: u32,
    length: u32,
    /// With more records of the other side the key would bring too many pairs.
    most_others: u32,
    /// How many records of the other side have the key. Atomic, since the threads that read it count together; a sum
    /// does not depend on their order.
    others: AtomicU32,
}

/// A key that would bring more candidate pairs than this is passed over: 'thương mại' is in half of all names and says
/// nothing, and comparing all who share it would be comparing everybody with everybody.
const MAX_PAIRS: u64 = 1 << 6;

/// The same for a key that identifies. So many records under one tax code are not one enterprise's: it is what people
/// write who do not know the code.
const MAX_IDENTIFIED_PAIRS: u64 = 1 << 14;

fn most_pairs(key: u64) -> u64 {
    match identifies(key) {
        true => MAX_IDENTIFIED_PAIRS,
        false => MAX_PAIRS,
    }
}

/// Within one list a record is compared with the first so many of those that share a key that identifies, and not with
/// all: who is like one of them is like the others, and an enterprise of 1,000 cases would make 500,000 pairs.
pub(crate) const MAX_REPRESENTATIVES: usize = 8;

impl BlockingIndex {
    pub(crate) fn new(prepared: &[ParsedRecord]) -> Self {
        Self::with_keys(prepared, ParsedRecord::blocking_keys)
    }

    /// Records by those of their keys that `keys_of` gives.
    pub(crate) fn with_keys(
        prepared: &[ParsedRecord],
        keys_of: impl Fn(&ParsedRecord, &mut Vec<u64>) + Sync,
    ) -> Self {
        let of_record = |keys: &mut Vec<u64>, (at, record): (usize, &ParsedRecord)| {
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
        };
        // Sorted by key, the records of a key are a run of the list.
        let mut start = 0;
        for group in entries.chunk_by(|a, b| a.0 == b.0) {
            let key = group[0].0;
            let length = u32::try_from(group.len()).unwrap_or(u32::MAX);
            index.filter.add(key);
            let place = u32::try_from(index.spans.len()).unwrap_or(u32::MAX);
            index.places.insert(key, place);
            let most = u32::try_from(most_pairs(key) / u64::from(length)).unwrap_or(u32::MAX);
            index.spans.push(KeySpan {
                start,
                length,
                most_others: most,
                others: AtomicU32::default(),
            });
            start += length;
        }
        index
    }

    /// The places of those keys that there are.
    pub(crate) fn places<'i>(&'i self, keys: &'i [u64]) -> impl Iterator<Item = u32> + 'i {
        keys.iter()
            .filter(|key| self.filter.may_have(**key))
            .filter_map(|key| self.places.get(key))
            .copied()
    }

    /// Counts a key of a record of the other side, by its place. Says whether it may bring candidates as far as was counted:
    /// that it is too common shows when enough records have been counted, and not before.
    pub(crate) fn count(&self, place: u32) -> bool {
        self.spans.get(place as usize).is_some_and(|span| {
            let before = span.others.fetch_add(1, Ordering::Relaxed);
            before < span.most_others
        })
    }

    /// Whether the key at a place brings candidates.
    pub(crate) fn has_records(&self, place: u32) -> bool {
        let span = self.spans.get(place as usize);
        span.is_some_and(|span| span.length > 0)
    }

    /// Leaves out the keys that would bring too many pairs.
    pub(crate) fn without_common(self) -> Self {
        self.shortened(|key, own, others| match own * others > most_pairs(key) {
            true => 0,
            false => own,
        })
    }

    /// The same where both sides are one list, of which not every record is found under all of its keys.
    pub(crate) fn without_common_of_one(self) -> Self {
        self.shortened(|key, own, all| match () {
            () if identifies(key) => own.min(MAX_REPRESENTATIVES as u64),
            () if all * all > MAX_PAIRS => 0,
            () => own,
        })
    }

    /// Shortens the list of each key to what `most` gives for the key, how many records have it, and how many of the other
    /// side do.
    fn shortened(mut self, most: impl Fn(u64, u64, u64) -> u64) -> Self {
        for (&key, &place) in &self.places {
            if let Some(span) = self.spans.get_mut(place as usize) {
                let others = u64::from(*span.others.get_mut());
                span.length =
                    u32::try_from(most(key, u64::from(span.length), others)).unwrap_or(span.length);
            }
        }
        self
    }

    /// The records that share one of the keys at some places; sorted, each once.
    pub(crate) fn candidates(&self, places: impl Iterator<Item = u32>, found: &mut Vec<u32>) {
        found.clear();
        for place in places {
            if let Some(span) = self.spans.get(place as usize) {
                let (start, length) = (span.start as usize, span.length as usize);
                let records = self.records.get(start..start + length);
                found.extend_from_slice(records.unwrap_or_default());
            }
        }
        // Likely pairs share many keys and are compared once.
        found.sort_unstable();
        found.dedup();
    }
}

/// Rules out most keys that the index does not have without a look into the map: two bits for each key within the one word
/// that its head chooses (a blocked Bloom filter). Nearly all keys of a register's rows are of that kind.
struct Filter {
    words: Vec<u64>,
    /// What of a key is the place of its word.
    shift: u32,
}

impl Filter {
    /// For so many keys.
    fn new(keys: usize) -> Self {
        // Sixteen bits a key: one absent key in seventy is looked up in vain.
        let words = (keys / 4).max(2).next_power_of_two();
        Self {
            words: vec![0; words],
            shift: 64 - words.trailing_zeros(),
        }
    }

    fn place(&self, key: u64) -> usize {
        usize::try_from(key >> self.shift).unwrap_or(usize::MAX)
    }

    /// The bits of a key. Its last one says whether it identifies, and is the same for nearly all.
    fn bits(key: u64) -> u64 {
        1 << (key >> 1 & 63) | 1 << (key >> 7 & 63)
    }

    fn add(&mut self, key: u64) {
        let place = self.place(key);
        if let Some(word) = self.words.get_mut(place) {
            *word |= Self::bits(key);
        }
    }

    fn may_have(&self, key: u64) -> bool {
        let word = self.words.get(self.place(key));
        word.is_some_and(|word| word & Self::bits(key) == Self::bits(key))
    }
}

#[cfg(test)]
mod tests {
    use super::{BlockingIndex, Filter, MAX_PAIRS, MAX_REPRESENTATIVES};
    use crate::hash::mix;
    use crate::record::ParsedRecord;

    /// An index of so many records that all have the keys 2, which does not identify, and 3, which does.
    fn index_of(records: usize) -> BlockingIndex {
        let prepared = vec![ParsedRecord::default(); records];
        BlockingIndex::with_keys(&prepared, |_, keys| *keys = vec![2, 3])
    }

    fn candidates(index: &BlockingIndex, key: u64) -> usize {
        let mut found = Vec::new();
        index.candidates(index.places(&[key]), &mut found);
        found.len()
    }

    #[test]
    fn who_shares_several_keys_is_one_candidate() {
        let index = index_of(3);
        let mut found = vec![9];
        index.candidates(index.places(&[2, 3, 4]), &mut found);
        assert_eq!(found, [0, 1, 2]);
    }

    #[test]
    fn a_key_that_would_bring_too_many_pairs_brings_none() {
        let others = usize::try_from(MAX_PAIRS / 4).unwrap();
        for (count, expected) in [(others, 4), (others + 1, 0)] {
            let index = index_of(4);
            let brings: Vec<[bool; 2]> = (0..count)
                .map(|_| [2, 3].map(|key| index.places(&[key]).any(|place| index.count(place))))
                .collect();
            // It shows with the first record too many.
            let before = &brings[..others.min(count)];
            assert!(before.iter().all(|brings| *brings == [true; 2]));
            assert!(
                brings[before.len()..]
                    .iter()
                    .all(|brings| *brings == [false, true])
            );
            let index = index.without_common();
            assert_eq!(candidates(&index, 2), expected, "{count}");
            assert_eq!(candidates(&index, 3), 4, "what identifies is never common");
        }
    }

    #[test]
    fn within_one_list_a_key_that_identifies_brings_its_representatives() {
        let index = index_of(20);
        for _ in 0..20 {
            index.places(&[2, 3]).for_each(|place| {
                index.count(place);
            });
        }
        let index = index.without_common_of_one();
        assert_eq!(candidates(&index, 3), MAX_REPRESENTATIVES);
        assert_eq!(candidates(&index, 2), 0);
    }

    #[test]
    fn the_filter_forgets_no_key() {
        let keys: Vec<u64> = (1..=1000).map(mix).collect();
        let mut filter = Filter::new(keys.len());
        keys.iter().for_each(|&key| filter.add(key));
        assert!(keys.iter().all(|&key| filter.may_have(key)));
        let absent = (1001..=2000).filter(|&n| filter.may_have(mix(n))).count();
        assert!(absent < 40, "{absent} absent keys pass");
    }
}
