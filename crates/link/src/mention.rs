//! Mentions: what records say of enterprises, and when.

use crate::hash::hash;
use crate::party::Party;
use rayon::prelude::*;
use std::fmt::{self, Display, Formatter};
use std::num::ParseIntError;
use std::str::FromStr;
use vietext::fold;

/// A hash of what decides which enterprise a mention is about: it changes when that changes, and only then. A person's answer
/// is kept with the fingerprints of both sides, so that it holds as long as both say the same.
///
/// As text: sixteen hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub u64);

impl Display for Fingerprint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

impl Party<'_> {
    /// The fingerprint of what it says. Case, blanks and punctuation do not count, nor diacritics but for those of the
    /// name, where 'Hòa' and 'Hóa' are two.
    pub fn fingerprint(&self) -> Fingerprint {
        let text = |text: Option<&str>| fold(text.unwrap_or_default());
        let all = [
            vietext::tone_key(self.name),
            text(self.tax_code),
            text(self.address),
            text(self.district),
            text(self.phone),
            text(self.representative),
        ];
        // The unit separator stands in none of them, so that no text moves from one into the next.
        Fingerprint(hash(all.join("\u{1f}").as_bytes()))
    }
}

/// What a record says of an enterprise, and when: of several mentions the oldest gives the enterprise its id, so that it
/// keeps it when more come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Whom it is about.
    pub party: Party<'a>,
    /// Its [fingerprint](Party::fingerprint), which a caller may know already.
    pub fingerprint: Fingerprint,
    /// When: any number that grows with time.
    pub when: i32,
}

impl<'a> Mention<'a> {
    /// What a party says of itself at a time.
    pub fn new(party: Party<'a>, when: i32) -> Self {
        Self {
            party,
            fingerprint: party.fingerprint(),
            when,
        }
    }
}

/// The distinct ones of some mentions, in the order of their fingerprints. The cases of one enterprise repeat the same
/// words, and each is looked at once; their order does not depend on that of the list.
pub(crate) struct DistinctMentions<'a> {
    /// Each at its earliest; of several, as it sorts first.
    pub mentions: Vec<Mention<'a>>,
    /// For each, the place in the list of its earliest.
    pub earliest: Vec<usize>,
    /// For each mention of the list, its place among the distinct ones.
    pub places: Vec<usize>,
}

impl<'a> DistinctMentions<'a> {
    pub(crate) fn among(all: &[Mention<'a>]) -> Self {
        let mut order: Vec<(Fingerprint, usize)> = all
            .iter()
            .enumerate()
            .map(|(at, mention)| (mention.fingerprint, at))
            .collect();
        // Few are alike, so that fingerprints decide nearly always.
        let rest = |at: usize| (all[at].when, all[at].party, at);
        order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| rest(a.1).cmp(&rest(b.1))));
        let mut distinct = Self {
            mentions: Vec::new(),
            earliest: Vec::new(),
            places: vec![0; all.len()],
        };
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            let (_, earliest) = same[0];
            same.iter()
                .for_each(|&(_, at)| distinct.places[at] = distinct.mentions.len());
            distinct.mentions.push(all[earliest]);
            distinct.earliest.push(earliest);
        }
        distinct
    }

    /// Pairs of mentions of the list as pairs of distinct ones, the lower place first, in order, each once.
    pub(crate) fn pairs(&self, of_list: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let place = |at: usize| self.places.get(at).copied();
        let mut pairs: Vec<(usize, usize)> = of_list
            .iter()
            .filter_map(|&(left, right)| {
                let (a, b) = place(left).zip(place(right))?;
                (a != b).then_some((a.min(b), a.max(b)))
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The place of the mention with a fingerprint.
    pub(crate) fn place(&self, fingerprint: Fingerprint) -> Option<usize> {
        self.mentions
            .binary_search_by_key(&fingerprint, |mention| mention.fingerprint)
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{DistinctMentions, Fingerprint, Mention};
    use crate::party::Party;

    const PARTY: Party<'_> = Party {
        name: "Công ty TNHH Gốm Hòa Bình",
        tax_code: Some("3603432125"),
        address: Some("12 Lê Lợi"),
        district: Some("Vĩnh Cửu"),
        phone: None,
        representative: None,
    };

    #[test]
    fn a_fingerprint_does_not_depend_on_case_blanks_or_the_place_of_the_tone() {
        let written_otherwise = Party {
            name: "CÔNG TY TNHH  GỐM HOÀ BÌNH",
            address: Some("12 LÊ LỢI"),
            phone: Some(" "),
            ..PARTY
        };
        assert_eq!(written_otherwise.fingerprint(), PARTY.fingerprint());
    }

    #[test]
    fn a_fingerprint_changes_with_everything_that_decides() {
        let changed = [
            Party {
                name: "Công ty TNHH Gốm Hóa Bình",
                ..PARTY
            },
            Party {
                tax_code: None,
                ..PARTY
            },
            Party {
                address: Some("14 Lê Lợi"),
                ..PARTY
            },
            Party {
                district: None,
                ..PARTY
            },
            Party {
                phone: Some("0251 3822 111"),
                ..PARTY
            },
            Party {
                representative: Some("Nguyễn Văn An"),
                ..PARTY
            },
            // The same texts in other fields.
            Party {
                district: PARTY.address,
                address: PARTY.district,
                ..PARTY
            },
        ];
        for party in changed {
            assert_ne!(party.fingerprint(), PARTY.fingerprint(), "{party:?}");
        }
    }

    #[test]
    fn a_fingerprint_as_text_is_read_back() {
        let fingerprint = Fingerprint(0x00ab_0000_0000_0001);
        assert_eq!(fingerprint.to_string(), "00ab000000000001");
        assert_eq!("00ab000000000001".parse(), Ok(fingerprint));
        assert!("gốm".parse::<Fingerprint>().is_err());
    }

    #[test]
    fn equal_mentions_are_one_at_its_earliest() {
        let other = Party {
            name: "HTX Bưởi",
            ..Party::default()
        };
        let list = [
            Mention::new(PARTY, 2024),
            Mention::new(other, 2023),
            Mention::new(PARTY, 2022),
        ];
        let distinct = DistinctMentions::among(&list);
        assert_eq!(distinct.mentions.len(), 2);
        assert_eq!(distinct.places[0], distinct.places[2]);
        let place = distinct.place(PARTY.fingerprint()).unwrap();
        assert_eq!(distinct.earliest[place], 2);
        assert_eq!(distinct.mentions[place].when, 2022);
        assert_eq!(distinct.place(Fingerprint(1)), None);
    }
}
