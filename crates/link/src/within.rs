//! The pairs among the records of one list.

use crate::address::Address;
use crate::decide::Decision;
use crate::groups::TaxPayer;
use crate::index::{HUBS, Index};
use crate::name::Name;
use crate::pairs::{Matcher, Pair};
use crate::record::{Party, Prepared};
use crate::vocabulary::Reader;
use crate::word::Rarity;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::Arc;
use vietext::{fold, name_key};

impl Matcher {
    /// Records of one list, read, and the pairs among them that are more than different; each settled with its rivals.
    ///
    /// Of records with one valid tax code not all pairs are looked at: who is joined already through others is not
    /// compared, unless a person answered on one of them (`answered`). Without `rarity` words are as rare as they are in
    /// this list; the third that is given is how rare they are.
    pub(crate) fn within(
        &self,
        parties: &[Party<'_>],
        answered: &BTreeSet<usize>,
        rarity: Option<&Rarity>,
    ) -> (Vec<Prepared>, Vec<Pair>, Rarity) {
        let (prepared, rarity) = self.prepare_one_list(parties, rarity);
        let list = List {
            matcher: self,
            parties,
            prepared: &prepared,
        };
        let mut pairs = list.pairs_of_one_code(answered);
        pairs.extend(list.other_pairs());
        pairs.retain(|pair| pair.decision != Decision::Different);
        ask_where_several_fit(&mut pairs, &prepared);
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        (prepared, pairs, rarity)
    }

    /// Reads the records of one list. Many say the same name or the same address: each is read once.
    fn prepare_one_list(
        &self,
        parties: &[Party<'_>],
        rarity: Option<&Rarity>,
    ) -> (Vec<Prepared>, Rarity) {
        let (texts, name_of) = distinct(parties.iter().map(|party| party.name));
        let read: Vec<Arc<Name>> = texts
            .par_iter()
            .map_init(|| self.reader(), |reader, text| reader.name(text))
            .collect();
        let written = |text: Option<_>| text.unwrap_or_default();
        let (places, place_of) = distinct(
            parties
                .iter()
                .map(|party| (written(party.address), written(party.district))),
        );
        let read_address = |reader: &mut Reader<'_>, (address, district): &(&str, &str)| {
            reader.address(address, district)
        };
        let addresses: Vec<Arc<Address>> = places
            .par_iter()
            .map_init(|| self.reader(), read_address)
            .collect();
        self.remember(|memo| {
            memo.add_names(texts.iter().copied().zip(&read));
            memo.add_addresses(places.iter().copied().zip(&addresses));
        });

        let rarity = rarity.cloned().unwrap_or_else(|| rarity_of(&read));
        let rated = |name: &Arc<Name>| {
            let mut name = Name::clone(name);
            name.rate(&rarity);
            Arc::new(name)
        };
        let names: Vec<Arc<Name>> = read.par_iter().map(rated).collect();
        let record = |at: usize| {
            let (name, address) = (
                Arc::clone(&names[name_of[at]]),
                Arc::clone(&addresses[place_of[at]]),
            );
            Prepared::of(&parties[at], name, address, &self.vocabulary)
        };
        (
            (0..parties.len()).into_par_iter().map(record).collect(),
            rarity,
        )
    }
}

/// How rare words are among some names. What many records say of one enterprise does not make its name common.
fn rarity_of(names: &[Arc<Name>]) -> Rarity {
    let mut rarity = Rarity::default();
    let mut seen: foldhash::HashSet<u64> = Default::default();
    for name in names.iter().filter(|name| seen.insert(name.bag)) {
        rarity.add(name.words.iter().map(AsRef::as_ref));
    }
    rarity
}

/// What there is, each once in the order it is met, and for each the place of what it is.
fn distinct<T: Copy + Eq + Hash>(all: impl Iterator<Item = T>) -> (Vec<T>, Vec<usize>) {
    let mut places: foldhash::HashMap<T, usize> = Default::default();
    let mut found = Vec::new();
    let of = all
        .map(|one| {
            *places.entry(one).or_insert_with(|| {
                found.push(one);
                found.len() - 1
            })
        })
        .collect();
    (found, of)
}

/// The records of a list.
struct List<'a> {
    matcher: &'a Matcher,
    parties: &'a [Party<'a>],
    prepared: &'a [Prepared],
}

impl List<'_> {
    fn pairs_of_one_code(&self, answered: &BTreeSet<usize>) -> Vec<Pair> {
        let taxpayer = |at: &usize| self.prepared[*at].code.taxpayer();
        let mut coded: Vec<usize> = (0..self.prepared.len())
            .filter(|at| taxpayer(at).is_some())
            .collect();
        coded.sort_unstable_by_key(|at| (taxpayer(at), *at));
        let of_one: Vec<&[usize]> = coded
            .chunk_by(|a, b| taxpayer(a) == taxpayer(b))
            .filter(|members| members.len() > 1)
            .collect();
        let pairs = |members: &&[usize]| {
            let all = members.iter().any(|at| answered.contains(at));
            let mut group: Vec<usize> = (0..members.len()).collect();
            let mut pairs = Vec::new();
            for right in 1..members.len() {
                for left in 0..right.min(HUBS) {
                    if group[left] == group[right] && !all {
                        continue;
                    }
                    let Some(pair) = self.pair(members[left], members[right]) else {
                        continue;
                    };
                    if pair.decision == Decision::Match {
                        let (from, to) = (group[right], group[left]);
                        group
                            .iter_mut()
                            .filter(|group| **group == from)
                            .for_each(|group| *group = to);
                    }
                    pairs.push(pair);
                }
            }
            pairs
        };
        of_one.par_iter().flat_map_iter(pairs).collect()
    }

    /// Two valid codes are the same or two enterprises, whatever the names are: a record that has one is found by its
    /// name only from those that have none.
    fn other_pairs(&self) -> Vec<Pair> {
        let has_code = |at: usize| self.prepared[at].code.taxpayer().is_some();
        let index = Index::by(self.prepared, |record, keys| match record.code.taxpayer() {
            Some(_) => record.contact_keys(keys),
            None => record.keys(keys),
        });
        let places_of = |keys: &mut Vec<u64>, record: &Prepared| -> Vec<u32> {
            record.keys(keys);
            let places: Vec<u32> = index.places(keys).collect();
            index.count(places.iter().copied());
            places
        };
        let places: Vec<Vec<u32>> = self
            .prepared
            .par_iter()
            .map_init(Vec::new, places_of)
            .collect();
        let index = index.without_common_of_one();
        let of_one = |found: &mut Vec<u32>, right: usize| {
            index.candidates(places[right].iter().copied(), found);
            let others = found.iter().map(|&other| other as usize).filter(|&other| {
                // Each pair once: from the one with a code where only one has.
                match (has_code(other), has_code(right)) {
                    (false, true) => true,
                    (true, false) => false,
                    (true, true) => other < right && !one_code(self.prepared, other, right),
                    (false, false) => other < right,
                }
            });
            others
                .filter_map(|other| self.pair(other.min(right), other.max(right)))
                .collect::<Vec<_>>()
        };
        (0..self.prepared.len())
            .into_par_iter()
            .map_init(Vec::new, of_one)
            .flatten_iter()
            .collect()
    }

    /// Two records, compared: two of one name in one place are one, unless they bear two codes.
    fn pair(&self, left: usize, right: usize) -> Option<Pair> {
        let mut pair =
            self.matcher
                .pair(left, &self.prepared[left], right, &self.prepared[right])?;
        let is_open = !matches!(pair.decision, Decision::Match | Decision::Related);
        if is_open
            && !self.codes_differ(&pair)
            && self.is_one_name(&pair)
            && self.is_one_place(&pair)
        {
            pair.decision = Decision::Match;
        }
        Some(pair)
    }

    fn codes_differ(&self, pair: &Pair) -> bool {
        let [left, right] = [pair.left, pair.right].map(|at| self.prepared[at].code.taxpayer());
        left.is_some() && right.is_some() && left != right
    }

    fn is_one_name(&self, pair: &Pair) -> bool {
        let [left, right] = [pair.left, pair.right].map(|at| name_key(self.parties[at].name));
        left == right
    }

    fn is_one_place(&self, pair: &Pair) -> bool {
        let [left, right] =
            [pair.left, pair.right].map(|at| fold(self.parties[at].district.unwrap_or_default()));
        let [area, other] = [pair.left, pair.right].map(|at| &self.prepared[at].address.area);
        (!left.is_empty() && left == right) || !area.and(other).is_empty()
    }
}

/// Whether two records bear one valid tax code.
pub(crate) fn one_code(prepared: &[Prepared], left: usize, right: usize) -> bool {
    let [left, right] = [left, right].map(|at| prepared[at].code.taxpayer());
    left.is_some() && left == right
}

/// A record without a code that fits enterprises of several codes joins none of them: a person says which.
fn ask_where_several_fit(pairs: &mut [Pair], prepared: &[Prepared]) {
    let taxpayer = |at: usize| prepared[at].code.taxpayer();
    let mut fits: BTreeMap<usize, BTreeSet<TaxPayer>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pair.decision == Decision::Match) {
        for (own, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
            if let (None, Some(code)) = (taxpayer(own), taxpayer(other)) {
                fits.entry(own).or_default().insert(code);
            }
        }
    }
    for pair in pairs
        .iter_mut()
        .filter(|pair| pair.decision == Decision::Match)
    {
        let torn = |at: usize, other: usize| {
            taxpayer(other).is_some() && fits.get(&at).is_some_and(|codes| codes.len() > 1)
        };
        if torn(pair.left, pair.right) || torn(pair.right, pair.left) {
            pair.decision = Decision::Review;
        }
    }
}
