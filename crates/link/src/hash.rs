//! Hashes that are the same on every machine and in every run.
//!
//! The standard library's hashes are seeded at random and may change with its version; blocking keys and fingerprints
//! are compared across runs and kept in the ledger, so they are computed here.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The multiplier of FNV-1a for 64 bits.
const FNV_PRIME: u64 = 0x0100_0000_01b3;

/// The hash of some bytes (FNV-1a, then mixed).
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let fnv = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, &b| {
        (h ^ u64::from(b)).wrapping_mul(FNV_PRIME)
    });
    mix(fnv)
}

/// Spreads the bits of a number over the whole of it (the finalizer of SplitMix64).
pub(crate) fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One hash of two, in their order.
pub(crate) fn join(a: u64, b: u64) -> u64 {
    mix(a.rotate_left(21) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// The hashes of a byte string and of each string that deleting one byte leaves: its deletion neighbourhood.
///
/// A polynomial hash, since the parts before and behind the deleted byte can be added: all n neighbours cost O(n)
/// instead of O(n²), which counts for a register of a million names.
pub(crate) struct DeletionHashes {
    /// The hash of the bytes before each place; the last entry is that of all bytes.
    prefixes: Vec<u64>,
    /// The hash of the bytes from each place on; the last entry is that of none.
    suffixes: Vec<u64>,
    /// The power of the base by which a prefix is multiplied when so many bytes follow it.
    powers: Vec<u64>,
}

impl DeletionHashes {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let (mut prefixes, mut powers) = (vec![0u64], vec![1u64]);
        for (at, &byte) in bytes.iter().enumerate() {
            // One more than the byte, so that a leading zero byte counts.
            let shifted = prefixes[at].wrapping_mul(FNV_PRIME);
            prefixes.push(shifted.wrapping_add(u64::from(byte) + 1));
            powers.push(powers[at].wrapping_mul(FNV_PRIME));
        }
        let mut suffixes = vec![0u64; bytes.len() + 1];
        for (at, &byte) in bytes.iter().enumerate().rev() {
            let power = powers[bytes.len() - 1 - at];
            suffixes[at] = suffixes[at + 1].wrapping_add((u64::from(byte) + 1).wrapping_mul(power));
        }
        Self {
            prefixes,
            suffixes,
            powers,
        }
    }

    /// The hash of all bytes.
    pub(crate) fn whole(&self) -> u64 {
        mix(self.suffixes[0])
    }

    /// The hash of all bytes but the one at a place.
    pub(crate) fn without(&self, at: usize) -> u64 {
        let behind = self.suffixes.len() - 2 - at;
        mix(self.prefixes[at]
            .wrapping_mul(self.powers[behind])
            .wrapping_add(self.suffixes[at + 1]))
    }
}

/// A hasher for keys that are hashes already: it passes them through.
#[derive(Default)]
pub(crate) struct PassThroughHasher(u64);

impl Hasher for PassThroughHasher {
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
pub(crate) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<PassThroughHasher>>;

#[cfg(test)]
mod tests {
    use super::{DeletionHashes, hash, join};

    #[test]
    fn without_a_byte_is_the_hash_of_what_is_left() {
        let bytes = b"gommauson";
        let neighbours = DeletionHashes::new(bytes);
        for at in 0..bytes.len() {
            let left = [&bytes[..at], &bytes[at + 1..]].concat();
            assert_eq!(
                neighbours.without(at),
                DeletionHashes::new(&left).whole(),
                "{at}"
            );
        }
    }

    #[test]
    fn the_order_of_bytes_and_of_parts_counts() {
        assert_ne!(
            DeletionHashes::new(b"ab").whole(),
            DeletionHashes::new(b"ba").whole()
        );
        assert_ne!(join(1, 2), join(2, 1));
    }

    #[test]
    fn hashes_are_the_same_in_every_version_of_the_program() {
        // Fingerprints are kept in the ledger: a change here would orphan every answer of a person.
        assert_eq!(hash(b""), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(hash(b"gommauson"), 0xc721_7b3e_5b4a_6b27);
    }
}
