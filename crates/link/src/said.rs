use crate::record::Party;
use crate::word::hash;
use rayon::prelude::*;
use std::fmt::{self, Display, Formatter};
use std::num::ParseIntError;
use std::str::FromStr;
use vietext::fold;

/// What decides who a record is about, in one number: it changes when that changes, and only then.
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
    /// What decides who a record is about.
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
        Fingerprint(hash(all.join("\u{1f}").as_bytes()))
    }
}

/// What a record says, and since when: its period counts as time, so that an enterprise keeps its id.
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

/// What some records say, each saying once, in the order of their fingerprints.
pub(crate) struct Distinct<'a> {
    /// Each as it was said first; of several, as it sorts first.
    pub said: Vec<Mention<'a>>,
    /// For each, the place of a record that says so.
    pub first: Vec<usize>,
    /// For each record, the place of what it says.
    pub of: Vec<usize>,
}

impl<'a> Distinct<'a> {
    pub(crate) fn among(all: &[Mention<'a>]) -> Self {
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.par_sort_unstable_by(|&a, &b| {
            let key = |at: usize| (all[at].fingerprint, all[at].when, all[at].party, at);
            key(a).cmp(&key(b))
        });
        let mut distinct = Self {
            said: Vec::new(),
            first: Vec::new(),
            of: vec![0; all.len()],
        };
        for same in order.chunk_by(|&a, &b| all[a].fingerprint == all[b].fingerprint) {
            same.iter()
                .for_each(|&at| distinct.of[at] = distinct.said.len());
            distinct.said.push(all[same[0]]);
            distinct.first.push(same[0]);
        }
        distinct
    }

    /// The place of a saying.
    pub(crate) fn place(&self, fingerprint: Fingerprint) -> Option<usize> {
        self.said
            .binary_search_by_key(&fingerprint, |said| said.fingerprint)
            .ok()
    }
}
