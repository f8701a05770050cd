//! Blocking keys: two records that share one are a candidate pair, all other pairs are never looked at.
//!
//! Each key catches matches that the others lose, see [`KeyKind`]. A key is a hash; its last bit says whether it
//! identifies, so that the index knows without the record.

use crate::hash::{HashedSet, MOST_DELETION_BYTES, hashes_without_one, join, polynomial_hash};
use crate::record::ParsedRecord;

/// What a blocking key is made of. The number is part of the hash, so that keys of two kinds never meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    /// A tax code, or what it may have been meant as: catches renamed enterprises, names in another language, and a
    /// mistyped code beside the right one.
    TaxCode = 1,
    /// A phone number: catches a new name without a code.
    Phone = 2,
    /// One token of the name: catches names of which one rare word is left. A common token brings too many records
    /// and is passed over by the index.
    Token = 3,
    /// Two tokens in any order: catches names whose tokens are common one by one ('Minh' and 'Phát') and rare together.
    TokenPair = 4,
    /// The representative and a token of the name: catches a misspelt name; the person alone has several companies.
    PersonAndToken = 5,
    /// The representative and a street or hamlet: catches a renamed enterprise at its old address.
    PersonAndPlace = 6,
    /// The house and the street: catches a renamed enterprise under another person.
    HouseAndPlace = 7,
    /// The glued name, and the glued name less one letter: catches one inserted, left out or wrong letter, also if it
    /// falls on the only token.
    Deletion = 8,
    /// All tokens in any order: catches swapped words.
    TokenBag = 9,
    /// The glued name: catches blanks set otherwise. It identifies.
    WholeName = 10,
    /// House, streets and hamlets together: catches an address copied from list to list beside another name, also one
    /// without a house.
    WholeAddress = 11,
}

impl KeyKind {
    /// Whether who shares the key is likely the same enterprise, however many share it.
    fn identifies(self) -> bool {
        matches!(self, Self::TaxCode | Self::WholeName)
    }

    fn key(self, a: u64, b: u64) -> u64 {
        let key = join(self as u64, join(a, b));
        if self.identifies() { key | 1 } else { key & !1 }
    }
}

/// Whether who shares a key is likely the same enterprise, however many share it: an enterprise that many records are
/// about must not lose them because there are many.
pub(crate) fn identifies(key: u64) -> bool {
    key & 1 == 1
}

/// So many tokens of a name make keys: pairs of them grow with the square, and the words that tell names apart stand
/// among the first.
const KEYED_TOKENS: usize = 12;

/// Names of so many letters have keys less one letter. Of three letters too little is left to say anything; past forty
/// a name has words enough for the other keys.
const DELETION_LETTERS: std::ops::RangeInclusive<usize> = 4..=MOST_DELETION_BYTES;

/// The words and persons of some records: what two records share no part of, no key of several parts is shared either.
pub(crate) struct KnownParts(HashedSet);

impl KnownParts {
    pub(crate) fn of(records: &[ParsedRecord]) -> Self {
        let parts = |record: &ParsedRecord| {
            let tokens = record.keyed_tokens().collect::<Vec<_>>();
            tokens.into_iter().chain([record.person])
        };
        Self(records.iter().flat_map(parts).collect())
    }

    fn has(&self, part: u64) -> bool {
        self.0.contains(&part)
    }
}

impl ParsedRecord {
    /// The keys under which a record that may be the same enterprise is found: hashes, sorted, each once.
    ///
    /// `keys` is emptied first; it is handed in to be used again for each record of a long list.
    pub(crate) fn blocking_keys(&self, keys: &mut Vec<u64>) {
        keys.clear();
        self.add_contact_keys(keys, |_| true);
        self.add_name_keys(keys, |_| true);
        keys.sort_unstable();
        keys.dedup();
    }

    /// Those of its keys that records of known parts may have, in no order, and some more than once.
    pub(crate) fn keys_shared_with(&self, known: &KnownParts, keys: &mut Vec<u64>) {
        keys.clear();
        self.add_contact_keys(keys, |part| known.has(part));
        self.add_name_keys(keys, |part| known.has(part));
    }

    /// Its keys of codes and contacts, which need not agree with the name alone. A record with a valid code is looked for
    /// by these only, see [`crate::dedupe`].
    pub(crate) fn contact_keys(&self, keys: &mut Vec<u64>) {
        keys.clear();
        self.add_contact_keys(keys, |_| true);
        keys.sort_unstable();
        keys.dedup();
    }

    fn add_name_keys(&self, keys: &mut Vec<u64>, is_known: impl Fn(u64) -> bool) {
        let mut add = |kind: KeyKind, a: u64, b: u64| keys.push(kind.key(a, b));
        let mut tokens = [0; KEYED_TOKENS];
        let mut count = 0;
        for token in self.keyed_tokens().filter(|token| is_known(*token)) {
            tokens[count] = token;
            count += 1;
        }
        for (i, &a) in tokens[..count].iter().enumerate() {
            add(KeyKind::Token, a, 0);
            for &b in &tokens[i + 1..count] {
                add(KeyKind::TokenPair, a.min(b), a.max(b));
            }
        }
        add(KeyKind::TokenBag, self.name.bag, 0);
        // Bytes, not letters: a token is folded, so nearly all of it is ASCII.
        let glued = self.name.glued.as_bytes();
        let whole = polynomial_hash(glued);
        add(KeyKind::WholeName, whole, 0);
        // Names that differ by one letter share what is left when it is taken out.
        add(KeyKind::Deletion, whole, 0);
        if DELETION_LETTERS.contains(&glued.len()) {
            hashes_without_one(glued, |hash| add(KeyKind::Deletion, hash, 0));
        }
    }

    fn add_contact_keys(&self, keys: &mut Vec<u64>, is_known: impl Fn(u64) -> bool) {
        let mut add = |kind: KeyKind, a: u64, b: u64| keys.push(kind.key(a, b));
        // The unit of a branch does not count, so that branch and parent meet and are told to be related.
        self.code.each_repair(|code| add(KeyKind::TaxCode, code, 0));
        for phone in self.phones.into_iter().filter(|&phone| phone != 0) {
            add(KeyKind::Phone, phone, 0);
        }
        let person = Some(self.person).filter(|&person| person != 0 && is_known(person));
        if let Some(person) = person {
            for token in self.keyed_tokens() {
                add(KeyKind::PersonAndToken, person, token);
            }
        }
        let address = &self.address;
        let parts = address.locals.len() + usize::from(address.house != 0);
        if parts > 1 {
            let all = address
                .locals
                .iter()
                .fold(address.house, |all, &local| join(all, local));
            add(KeyKind::WholeAddress, all, 0);
        }
        for &local in &address.locals {
            if let Some(person) = person {
                add(KeyKind::PersonAndPlace, person, local);
            }
            if address.house != 0 {
                add(KeyKind::HouseAndPlace, address.house, local);
            }
        }
    }

    fn keyed_tokens(&self) -> impl Iterator<Item = u64> {
        let tokens = self.name.tokens.iter().map(|token| token.hash);
        tokens.take(KEYED_TOKENS)
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyKind, identifies};
    use crate::parse_cache::ParseCache;
    use crate::parser::Parser;
    use crate::party::Party;
    use crate::record::ParsedRecord;
    use crate::testing::LINKAGE;
    use crate::vocabulary::Vocabulary;
    use std::collections::BTreeSet;
    use std::sync::{Arc, LazyLock};

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    fn keys(party: Party<'_>) -> BTreeSet<u64> {
        let mut parser = Parser::new(&VOCABULARY, Arc::new(ParseCache::default()));
        let mut keys = vec![1, 2, 3];
        ParsedRecord::parse(&party, &mut parser).blocking_keys(&mut keys);
        assert!(keys.is_sorted());
        keys.into_iter().collect()
    }

    fn share(a: Party<'_>, b: Party<'_>) -> usize {
        keys(a).intersection(&keys(b)).count()
    }

    fn named(name: &str) -> Party<'_> {
        Party {
            name,
            ..Party::default()
        }
    }

    #[test]
    fn two_strangers_share_no_key() {
        assert_eq!(
            share(
                named("Công ty TNHH Gốm Mẫu Sơn"),
                named("Công ty TNHH Bánh Lá Sen")
            ),
            0
        );
    }

    #[test]
    fn a_name_with_one_wrong_letter_is_found() {
        for other in ["Vinatexx", "Vinatx", "Vinatax", "Vi natex"] {
            assert!(share(named("Vinatex"), named(other)) > 0, "{other}");
        }
        assert_eq!(share(named("Vinatex"), named("Vinamit")), 0);
    }

    #[test]
    fn swapped_words_are_found_by_pairs_and_by_the_bag() {
        let [bag_a, bag_b] = ["Minh Anh", "Anh Minh"].map(|name| {
            let mut parser = Parser::new(&VOCABULARY, Arc::new(ParseCache::default()));
            KeyKind::TokenBag.key(parser.name(name).bag, 0)
        });
        assert_eq!(bag_a, bag_b);
        assert!(keys(named("Minh Anh")).contains(&bag_a));
    }

    #[test]
    fn a_mistyped_tax_code_is_found_beside_the_right_one() {
        let coded = |name, code| Party {
            tax_code: Some(code),
            ..named(name)
        };
        assert_eq!(
            share(
                coded("Gốm Mẫu Sơn", "3601801763"),
                coded("Bánh Lá Sen", "3601801673")
            ),
            1
        );
        assert_eq!(
            share(
                coded("Gốm Mẫu Sơn", "3603432125"),
                coded("Bánh Lá Sen", "3600265395")
            ),
            0
        );
    }

    #[test]
    fn a_renamed_enterprise_is_found_by_phone_or_by_person_and_place_but_not_by_the_person_alone() {
        let known = Party {
            phone: Some("0251 3822 111"),
            representative: Some("Nguyễn Văn An"),
            address: Some("12 Lê Lợi"),
            ..named("Gốm Mẫu Sơn")
        };
        let renamed = named("Bánh Lá Sen");
        let with_phone = Party {
            phone: known.phone,
            ..renamed
        };
        let with_person = Party {
            representative: known.representative,
            ..renamed
        };
        let with_place = Party {
            address: Some("đường Lê Lợi"),
            ..with_person
        };
        assert_eq!(share(known, with_phone), 1);
        assert_eq!(share(known, with_person), 0);
        assert_eq!(share(known, with_place), 1);
        let elsewhere = Party {
            address: Some("đường Võ Thị Sáu"),
            ..with_person
        };
        assert_eq!(share(known, elsewhere), 0);
    }

    #[test]
    fn only_codes_and_whole_names_identify() {
        let identifying = |party| {
            keys(party)
                .into_iter()
                .filter(|&key| identifies(key))
                .count()
        };
        assert_eq!(identifying(named("Gốm Mẫu Sơn")), 1);
        let coded = Party {
            tax_code: Some("3603432125"),
            phone: Some("0251 3822 111"),
            ..named("Gốm Mẫu Sơn")
        };
        assert_eq!(identifying(coded), 2);
    }

    #[test]
    fn a_very_long_name_makes_no_more_keys_than_its_first_tokens_do() {
        let long = "một hai ba bốn năm sáu bảy tám chín mười nhất nhì tam tứ ngũ lục thất";
        // Twelve tokens, 66 pairs, bag, glued name twice: it is too long for keys less one letter.
        assert_eq!(keys(named(long)).len(), 12 + 66 + 3);
    }
}
