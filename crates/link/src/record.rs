use crate::address::Address;
use crate::code::Code;
use crate::name::Name;
use crate::phone::phones;
use crate::vocabulary::{Reader, Vocabulary, person};
use crate::word::{Slip, join};
use std::sync::Arc;

/// What a record says of the enterprise it is about; what is not known is `None` or blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Party<'a> {
    /// The name, as it is written.
    pub name: &'a str,
    /// The tax code, as it is written.
    pub tax_code: Option<&'a str>,
    /// The address.
    pub address: Option<&'a str>,
    /// The district or commune, as it is written.
    pub district: Option<&'a str>,
    /// The phone, one or two numbers.
    pub phone: Option<&'a str>,
    /// Who stands for it.
    pub representative: Option<&'a str>,
}

/// The kinds of keys that identify: a tax code, all of a name.
const CODE: u64 = 1;
const WHOLE_NAME: u64 = 10;

/// A key of a kind, which says by its last bit whether it identifies.
fn evidence(kind: u64, a: u64, b: u64) -> u64 {
    let key = join(kind, join(a, b));
    if matches!(kind, CODE | WHOLE_NAME) {
        key | 1
    } else {
        key & !1
    }
}

/// Whether whoever shares a key is likely the same enterprise, however many share it: an enterprise that many records
/// are about is written in many ways.
pub(crate) fn identifies(key: u64) -> bool {
    key & 1 == 1
}

/// A record, read: ready to be compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prepared {
    pub name: Arc<Name>,
    pub code: Code,
    pub address: Arc<Address>,
    pub phones: [u64; 2],
    /// 0 where nobody is named.
    pub person: u64,
}

impl Prepared {
    pub(crate) fn read(party: &Party<'_>, reader: &mut Reader<'_>) -> Self {
        let address = reader.address(
            party.address.unwrap_or_default(),
            party.district.unwrap_or_default(),
        );
        Self::of(party, reader.name(party.name), address, reader.vocabulary)
    }

    /// A record whose name and address are read already.
    pub(crate) fn of(
        party: &Party<'_>,
        name: Arc<Name>,
        address: Arc<Address>,
        vocabulary: &Vocabulary,
    ) -> Self {
        Self {
            name,
            code: party.tax_code.map_or(Code::Missing, Code::read),
            address,
            phones: party.phone.map_or([0; 2], phones),
            person: party
                .representative
                .map_or(0, |text| person(text, vocabulary)),
        }
    }

    /// What two records are put in order by.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        (
            &self.name.glued,
            self.name.words.len(),
            self.name.form,
            self.code,
            self.person,
            self.phones,
        )
    }

    /// The keys under which a record that may be the same enterprise is found: one shared key makes a candidate.
    ///
    /// Hashes, sorted, each once. Every key is a piece of evidence of its own; those that too many share are
    /// passed over by the index, unless they [identify](identifies).
    pub(crate) fn keys(&self, keys: &mut Vec<u64>) {
        self.contact_keys(keys);
        let mut add = |kind: u64, a: u64, b: u64| keys.push(evidence(kind, a, b));
        let words: Vec<u64> = self.words().collect();
        for (i, &a) in words.iter().enumerate() {
            add(3, a, 0);
            for &b in &words[i + 1..] {
                add(4, a.min(b), a.max(b));
            }
        }
        add(9, self.name.bag, 0);
        let glued = self.name.glued.as_bytes();
        let slip = Slip::of(glued);
        add(WHOLE_NAME, slip.whole(), 0);
        add(8, slip.whole(), 0);
        // Names that differ by one letter share what is left when it is taken out.
        if (4..=40).contains(&glued.len()) {
            (0..glued.len()).for_each(|at| add(8, slip.without(at), 0));
        }
        keys.sort_unstable();
        keys.dedup();
    }

    /// Of its keys those that are no name alone: codes, and what may show that one of two valid codes is a slip.
    pub(crate) fn contact_keys(&self, keys: &mut Vec<u64>) {
        keys.clear();
        let mut add = |kind: u64, a: u64, b: u64| keys.push(evidence(kind, a, b));
        for code in self.code.meant() {
            add(CODE, code, 0);
        }
        for phone in self.phones.into_iter().filter(|&phone| phone != 0) {
            add(2, phone, 0);
        }
        for word in self.words().filter(|_| self.person != 0) {
            add(5, self.person, word);
        }
        for local in &self.address.locals {
            if self.person != 0 {
                add(6, self.person, *local);
            }
            if self.address.house != 0 {
                add(7, self.address.house, *local);
            }
        }
        keys.sort_unstable();
        keys.dedup();
    }

    /// The words of its name that are looked at.
    fn words(&self) -> impl Iterator<Item = u64> {
        self.name.words.iter().map(|word| word.hash).take(12)
    }
}
