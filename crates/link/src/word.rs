use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use vietext::{fold, is_syllable, tone_key, typed};

/// A word of a name as it is compared.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Without marks.
    pub plain: Box<str>,
    /// With its marks, the tone behind; equal to `plain` where it has none.
    toned: Box<str>,
    /// The hash of `plain`.
    pub hash: u64,
    /// Whether it may be a Vietnamese syllable, with its marks or without them.
    pub is_syllable: bool,
    /// Whether it counts: '2', '15', 'II'.
    pub is_number: bool,
}

impl Word {
    fn new(raw: &str) -> Self {
        let meant = typed(raw);
        let text = meant.as_deref().unwrap_or(raw);
        let plain: Box<str> = fold(text).replace(' ', "").into();
        let toned = tone_key(text).replace(' ', "").into_boxed_str();
        let is_syllable = if *toned == *plain {
            vietext::is_bare_syllable(&plain)
        } else {
            is_syllable(text)
        };
        let roman = matches!(
            &*plain,
            "i" | "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix"
        );
        let is_number = roman || plain.bytes().all(|b| b.is_ascii_digit());
        Self {
            hash: hash(plain.as_bytes()),
            is_syllable,
            is_number,
            plain,
            toned,
        }
    }

    /// Whether both have marks, and other ones: 'hòa' and 'hóa'. A word typed without marks contradicts none.
    pub(crate) fn differs_in_marks(&self, other: &Self) -> bool {
        self.toned != other.toned && *self.toned != *self.plain && *other.toned != *other.plain
    }
}

/// Makes words, each distinct one once.
#[derive(Default)]
pub(crate) struct Words {
    known: foldhash::HashMap<Box<str>, Arc<Word>>,
}

impl Words {
    /// The word of a text without blanks.
    pub(crate) fn word(&mut self, raw: &str) -> Arc<Word> {
        match self.known.get(raw) {
            Some(word) => Arc::clone(word),
            None => {
                let word = Arc::new(Word::new(raw));
                // Numbers and slips of the pen are without end; the words of names are not.
                if self.known.len() < 1 << 17 {
                    self.known.insert(raw.into(), Arc::clone(&word));
                }
                word
            }
        }
    }
}

/// A hash that is the same on every machine and in every run (FNV-1a, then mixed).
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, &b| {
        (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(fnv)
}

/// The hash of some bytes and of what is left of them without one, each at once: a polynomial, whose parts are added.
pub(crate) struct Slip {
    /// The bytes before each place, and all of them.
    before: Vec<u64>,
    /// The bytes from each place on, and none of them.
    from: Vec<u64>,
    /// The power that so many bytes weigh.
    powers: Vec<u64>,
}

impl Slip {
    const BASE: u64 = 0x0100_0000_01b3;

    pub(crate) fn of(bytes: &[u8]) -> Self {
        let (mut before, mut powers) = (vec![0u64], vec![1u64]);
        for (at, &byte) in bytes.iter().enumerate() {
            before.push(
                before[at]
                    .wrapping_mul(Self::BASE)
                    .wrapping_add(u64::from(byte) + 1),
            );
            powers.push(powers[at].wrapping_mul(Self::BASE));
        }
        let mut from = vec![0u64; bytes.len() + 1];
        for (at, &byte) in bytes.iter().enumerate().rev() {
            let weight = powers[bytes.len() - 1 - at];
            from[at] = from[at + 1].wrapping_add((u64::from(byte) + 1).wrapping_mul(weight));
        }
        Self {
            before,
            from,
            powers,
        }
    }

    /// Of all bytes.
    pub(crate) fn whole(&self) -> u64 {
        mix(self.from[0])
    }

    /// Of all but the byte at a place.
    pub(crate) fn without(&self, at: usize) -> u64 {
        let behind = self.from.len() - 2 - at;
        mix(self.before[at]
            .wrapping_mul(self.powers[behind])
            .wrapping_add(self.from[at + 1]))
    }
}

/// Spreads the bits of a number over the whole of it.
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One hash of two, in their order.
pub(crate) fn join(a: u64, b: u64) -> u64 {
    mix(a.rotate_left(21) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// For keys that are hashes already.
#[derive(Default)]
pub(crate) struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A map whose keys are hashes.
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Hashed>>;

/// How often words stand in names: the rarer, the more two names that share it have in common.
#[derive(Debug, Default, Clone)]
pub struct Rarity {
    names: u64,
    counts: HashedMap<u32>,
}

/// So many names there are at least to tell a word's rarity from: fewer say little of it.
const POPULATION: u64 = 1 << 14;

impl Rarity {
    /// Counts the words of a name, each once.
    pub(crate) fn add<'a>(&mut self, words: impl Iterator<Item = &'a Word>) {
        self.names += 1;
        let mut seen: Vec<u64> = words.map(|word| word.hash).collect();
        seen.sort_unstable();
        seen.dedup();
        for hash in seen {
            *self.counts.entry(hash).or_default() += 1;
        }
    }

    /// Adds what was counted elsewhere.
    pub(crate) fn merge(&mut self, other: Self) {
        self.names += other.names;
        for (hash, count) in other.counts {
            *self.counts.entry(hash).or_default() += count;
        }
    }

    /// How rare a word is, in sixteenths of a bit: 16 for one in two names, 224 for one in 16,384.
    pub(crate) fn of(&self, word: &Word) -> i32 {
        let names = self.names.max(1);
        let population = names.max(POPULATION);
        let count = u64::from(self.counts.get(&word.hash).copied().unwrap_or(0));
        // One name has the word; how many others do, as a share of all.
        let expected = 1 + count.saturating_sub(1) * population / names;
        (log2(population) - log2(expected)).clamp(0, 16 * 16)
    }
}

/// The logarithm to the base 2, in sixteenths, rounded down.
pub(crate) fn log2(number: u64) -> i32 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The number as 1.x in 32 bits behind the point.
    let mut x = if whole > 32 {
        u128::from(number >> (whole - 32))
    } else {
        u128::from(number) << (32 - whole)
    };
    let mut sixteenths = 0;
    for _ in 0..4 {
        x = (x * x) >> 32;
        sixteenths *= 2;
        if x >= 1 << 33 {
            x >>= 1;
            sixteenths += 1;
        }
    }
    i32::try_from(whole).unwrap_or(0) * 16 + sixteenths
}

#[cfg(test)]
mod tests {
    use super::{Slip, Word, log2};

    #[test]
    fn without_a_byte_is_the_hash_of_what_is_left() {
        let bytes = b"gommauson";
        let slip = Slip::of(bytes);
        assert_eq!(slip.whole(), Slip::of(bytes).whole());
        for at in 0..bytes.len() {
            let left = [&bytes[..at], &bytes[at + 1..]].concat();
            assert_eq!(slip.without(at), Slip::of(&left).whole());
        }
        assert_ne!(Slip::of(b"ab").whole(), Slip::of(b"ba").whole());
    }

    #[test]
    fn logarithms() {
        assert_eq!(
            (log2(1), log2(2), log2(3), log2(1024), log2(1_000_000)),
            (0, 16, 25, 160, 318)
        );
    }

    #[test]
    fn marks_differ_only_where_both_have_them() {
        let word = Word::new;
        assert!(word("Hòa").differs_in_marks(&word("Hóa")));
        assert!(!word("Hòa").differs_in_marks(&word("HOÀ")));
        assert!(!word("Hòa").differs_in_marks(&word("Hoa")));
        assert!(
            word("thuong").is_syllable && !word("vinatex").is_syllable && word("coong").is_syllable
        );
    }
}
