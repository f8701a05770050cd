//! Values by the addresses of texts.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map from the addresses of texts to values: cells that share a text share its memory, and the same few stand on most rows.
///
/// Whoever keeps one sees to it that the texts outlive it, so that no address is used twice.
pub(crate) type ByAddress<T> = HashMap<*const u8, T, BuildHasherDefault<AddressHasher>>;

/// Hashes an address to itself.
///
/// A workbook's texts lie in memory about in the order in which the cells show them. So their places in the map follow one
/// another too, and are still at hand when the next is looked for; places that are scattered over a large map never are.
#[derive(Default)]
pub(crate) struct AddressHasher(u64);

/// Texts begin at multiples of so many bytes, as a power of two.
const ALIGNMENT: u32 = 4;
/// The bits of a hash by which the map tells apart what has come to one place.
const TOP: u64 = 0x7f << 57;

impl Hasher for AddressHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, address: usize) {
        self.0 = address as u64;
    }

    fn finish(&self) -> u64 {
        let place = self.0 >> ALIGNMENT;
        (place & !TOP) | (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) & TOP)
    }
}

#[cfg(test)]
mod tests {
    use super::{ByAddress, TOP};
    use std::hash::BuildHasher;

    #[test]
    fn texts_are_told_apart_by_where_they_lie() {
        let texts = ["một".to_owned(), "hai".to_owned(), "một".to_owned()];
        let mut map = ByAddress::default();
        for (number, text) in texts.iter().enumerate() {
            map.insert(text.as_ptr(), number);
        }
        let found = texts
            .each_ref()
            .map(|text| map.get(&text.as_ptr()).copied());
        assert_eq!(found, [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn neighbours_come_to_neighbouring_places() {
        let hash = |address: usize| {
            ByAddress::<()>::default()
                .hasher()
                .hash_one(address as *const u8)
        };
        let (first, second) = (hash(0x7f00_1230), hash(0x7f00_1240));
        assert_eq!((first & !TOP) + 1, second & !TOP);
        assert_ne!(first & TOP, second & TOP);
    }
}
