//! Parts of addresses, each distinct one read once.

use crate::address_parts::{AddressPart, address_parts};
use crate::gazetteer::Gazetteer;
use crate::hash::hash;
use crate::unit_name::UnitName;
use std::sync::Arc;
use vietext::fold;

/// What a part of an address says, whatever stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartReading {
    /// As the name of a unit.
    pub unit: UnitName,
    /// As a place below the commune.
    pub local: LocalPlace,
}

/// A place below the commune: 'Số 12/3, đường Lê Lợi', 'C74 KCN Nhơn Trạch 2', 'Tổ 9'.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LocalPlace {
    /// The house that it begins with, and a hash of the words behind it; 0 for none.
    pub house: Option<(u64, u64)>,
    /// A hash of all its words; 0 for none.
    pub whole: u64,
}

/// A house number is no longer than this; what is longer with a digit in it is a phone number or a tax code.
const LONGEST_HOUSE: usize = 12;

impl PartReading {
    fn new(part: &AddressPart<'_>, gazetteer: &Gazetteer) -> Self {
        let words = part.words();
        Self {
            unit: UnitName::new(&words, gazetteer),
            local: LocalPlace::new(part.text, &words, gazetteer),
        }
    }
}

impl LocalPlace {
    fn new(text: &str, words: &[&str], gazetteer: &Gazetteer) -> Self {
        if let Some(kind) = gazetteer.hamlet_kind(words) {
            // 'Tổ 9' is a place, not house number 9: otherwise every hamlet 9 would be one house.
            let last = words.last().copied().unwrap_or_default();
            return Self {
                house: None,
                whole: hash(format!("{kind} {last}").as_bytes()),
            };
        }
        // The number of a house as it is written, with strokes, and its letters in any case: '362/44', 'I-88'.
        let is_house = |word: &str| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.bytes().any(|b| b.is_ascii_digit()) && bare.len() <= LONGEST_HOUSE
        };
        // Before a name only: the 2 of 'KCN Nhơn Trạch 2' is part of one.
        let at = text.split_whitespace().position(is_house).filter(|&at| {
            let mut before = text.split_whitespace().take(at);
            before.all(|word| gazetteer.is_filler(&fold(word)))
        });
        let house = at.and_then(|at| {
            let written: String = text
                .split_whitespace()
                .nth(at)?
                .to_lowercase()
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '/')
                .collect();
            Some((
                hash(written.as_bytes()),
                hash_of_names(text, Some(at), gazetteer),
            ))
        });
        Self {
            house,
            whole: hash_of_names(text, None, gazetteer),
        }
    }
}

/// A hash of the words of a text that name something, but for the one at a place; 0 for none.
fn hash_of_names(text: &str, without: Option<usize>, gazetteer: &Gazetteer) -> u64 {
    let mut names = String::with_capacity(text.len());
    let words = text.split_whitespace().enumerate();
    for (_, word) in words.filter(|(at, _)| Some(*at) != without) {
        let folded = fold(word);
        let words = folded.split(' ').filter(|word| !word.is_empty());
        for word in words.filter(|word| !gazetteer.is_filler(word)) {
            if !names.is_empty() {
                names.push(' ');
            }
            names.push_str(word);
        }
    }
    match names.is_empty() {
        true => 0,
        false => hash(names.as_bytes()),
    }
}

/// Reads parts of addresses. One for each thread.
pub(crate) struct AddressReader<'v> {
    pub gazetteer: &'v Gazetteer,
    /// What stands between two commas, and the parts that it is.
    known: foldhash::HashMap<Box<str>, Arc<[PartReading]>>,
}

/// So many texts are kept at most: a million addresses have some thousand units, hamlets and streets, and houses without end.
const KEPT: usize = 1 << 15;

impl<'v> AddressReader<'v> {
    pub(crate) fn new(gazetteer: &'v Gazetteer) -> Self {
        Self {
            gazetteer,
            known: foldhash::HashMap::default(),
        }
    }

    /// The parts of a [partable](crate::address_parts::partable) address, in their order.
    pub(crate) fn parts(&mut self, partable: &str) -> Vec<Arc<[PartReading]>> {
        // Not trimmed: a dash parts what stands between blanks only.
        let texts = partable.split([',', ';']);
        texts
            .filter(|text| !text.trim().is_empty())
            .map(|text| self.read(text))
            .collect()
    }

    fn read(&mut self, text: &str) -> Arc<[PartReading]> {
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let parts = address_parts(text, self.gazetteer);
        let read: Arc<[PartReading]> = parts
            .iter()
            .map(|part| PartReading::new(part, self.gazetteer))
            .collect();
        // A house in a street is met once.
        let is_house = |part: &PartReading| part.local.house.is_some_and(|(_, street)| street != 0);
        if self.known.len() < KEPT && !read.iter().any(is_house) {
            self.known.insert(text.into(), Arc::clone(&read));
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressReader, LocalPlace};
    use crate::gazetteer::Gazetteer;
    use crate::hash::hash;
    use crate::testing::LINKAGE;
    use std::sync::{Arc, LazyLock};

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    fn local(text: &str) -> LocalPlace {
        let parts = AddressReader::new(&GAZETTEER).parts(text);
        assert_eq!((parts.len(), parts[0].len()), (1, 1), "{text}");
        parts[0][0].local
    }

    #[test]
    fn a_house_stands_before_a_name_behind_words_that_name_nothing() {
        let lane = hash(b"le loi");
        let read = local("Số 12/3A đường Lê Lợi");
        assert_eq!(read.house, Some((hash(b"12/3a"), lane)));
        assert_eq!(local("Lê Lợi").whole, lane);
        assert_eq!(local("Số 12").house, Some((hash(b"12"), 0)));
        for text in ["KCN Nhơn Trạch 2", "Tổ 9", "Lê Lợi"] {
            assert_eq!(local(text).house, None, "{text}");
        }
    }

    #[test]
    fn a_text_is_read_once() {
        let mut reader = AddressReader::new(&GAZETTEER);
        let [a, b] =
            ["12 Lê Lợi, Biên Hòa", "Huyện 3, Biên Hòa; Đồng Nai"].map(|text| reader.parts(text));
        assert!(Arc::ptr_eq(&a[1], &b[1]));
        // Dashes and units part what stands between two commas.
        assert_eq!(
            reader.parts("12 Lê Lợi - xã Bom Bo huyện Bù Đăng")[0].len(),
            3
        );
    }
}
