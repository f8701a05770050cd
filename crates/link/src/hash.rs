//! Hashes that are the same on every machine and in every run.
//!
//! The standard library's hashes are seeded at random and may change with its version; blocking keys and fingerprints
//! are compared across runs and kept in the ledger, so they are computed here.

use std::collections::{HashMap, HashSet};
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

/// The hash of a byte string as those of [`hashes_without_one`] are: a polynomial, then mixed.
pub(crate) fn polynomial_hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0, |before, &byte| behind(before, byte)))
}

/// One more than the byte, so that a leading zero byte counts.
fn behind(before: u64, byte: u8) -> u64 {
    before
        .wrapping_mul(FNV_PRIME)
        .wrapping_add(u64::from(byte) + 1)
}

/// The most bytes of a string whose deletion neighbourhood is told.
pub(crate) const MOST_DELETION_BYTES: usize = 40;

/// The hashes of all strings that leaving out one byte of a byte string leaves: its deletion neighbourhood, from its end on;
/// none of one that is too long.
///
/// A polynomial hash, since the parts before and behind the byte can be added: all n neighbours cost O(n) instead of O(n²),
/// which counts for a register of a million names.
pub(crate) fn hashes_without_one(bytes: &[u8], mut each: impl FnMut(u64)) {
    let mut prefixes = [0u64; MOST_DELETION_BYTES];
    if bytes.len() > prefixes.len() {
        return;
    }
    let mut prefix = 0;
    for (place, &byte) in prefixes.iter_mut().zip(bytes) {
        *place = prefix;
        prefix = behind(prefix, byte);
    }
    // The hash of what stands behind the byte, and what a prefix is multiplied by when so much stands behind it.
    let (mut suffix, mut power) = (0u64, 1u64);
    for (prefix, &byte) in prefixes.iter().zip(bytes).rev() {
        each(mix(prefix.wrapping_mul(power).wrapping_add(suffix)));
        suffix = suffix.wrapping_add((u64::from(byte) + 1).wrapping_mul(power));
        power = power.wrapping_mul(FNV_PRIME);
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

/// A set of hashes.
pub(crate) type HashedSet = HashSet<u64, BuildHasherDefault<PassThroughHasher>>;

#[cfg(test)]
mod tests {
    use super::{MOST_DELETION_BYTES, hash, hashes_without_one, join, polynomial_hash};

    #[test]
    fn without_a_byte_is_the_hash_of_what_is_left() {
        for bytes in [
            b"gommauson".as_slice(),
            b"a",
            b"",
            &[7; MOST_DELETION_BYTES],
        ] {
            let mut found = Vec::new();
            hashes_without_one(bytes, |hash| found.push(hash));
            let left = (0..bytes.len()).rev().map(|at| {
                let left = [&bytes[..at], &bytes[at + 1..]].concat();
                polynomial_hash(&left)
            });
            assert!(found.iter().copied().eq(left), "{bytes:?}");
        }
        hashes_without_one(&[7; MOST_DELETION_BYTES + 1], |_| panic!("too long"));
    }

    #[test]
    fn the_order_of_bytes_and_of_parts_counts() {
        assert_ne!(polynomial_hash(b"ab"), polynomial_hash(b"ba"));
        assert_ne!(join(1, 2), join(2, 1));
    }

    #[test]
    fn hashes_are_the_same_in_every_version_of_the_program() {
        // Fingerprints are kept in the ledger: a change here would orphan every answer of a person.
        assert_eq!(hash(b""), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(hash(b"gommauson"), 0xc721_7b3e_5b4a_6b27);
    }
}
