//! One list: the pairs of its records that are one enterprise, related, or a question.
//!
//! Not the two-list comparison of a list with itself, because one enterprise may have hundreds of rows here. Records of
//! one valid tax code are compared with a few representatives of theirs; all others by their blocking keys.

use crate::address::ParsedAddress;
use crate::blocking_index::{BlockingIndex, MAX_REPRESENTATIVES};
use crate::cells::MeantCells;
use crate::decision::Decision;
use crate::matcher::{Matcher, Pair};
use crate::name::ParsedName;
use crate::parser::Parser;
use crate::party::Party;
use crate::phrase::words;
use crate::rarity::Rarity;
use crate::record::ParsedRecord;
use crate::shard::Shard;
use crate::tax_code::TaxPayer;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hash;
use std::sync::Arc;
use vietext::name_key;

/// Which pairs of one list are compared.
#[derive(Clone, Copy)]
pub(crate) enum ComparedPairs<'a> {
    /// All that may be one enterprise. Of the tax codes of the records on which a person has answered all pairs are compared,
    /// since the answer may take a cluster apart that others would then have to hold together.
    Candidates(&'a BTreeSet<usize>),
    /// Those that the [shards](Matcher::pairs_of_shard) of the list found, the lower place first, in order, each once.
    Found(&'a [(usize, usize)]),
}

impl Matcher {
    /// The records of one list, parsed; the pairs among them with an answer other than no, by left, then by right; and how
    /// rare the tokens of their names are. Without `rarity` tokens are as rare as they are in this list.
    pub(crate) fn dedupe(
        &self,
        parties: &[Party<'_>],
        compared: ComparedPairs<'_>,
        rarity: Option<&Rarity>,
    ) -> (Vec<ParsedRecord>, Vec<Pair>, Rarity) {
        let (records, rarity) = self.parse_one_list(parties, rarity);
        let list = DedupedList {
            matcher: self,
            parties,
            records: &records,
        };
        let mut pairs = match compared {
            ComparedPairs::Candidates(answered) => list.pairs(answered, Shard::WHOLE),
            ComparedPairs::Found(found) => {
                let pair = |&(left, right): &(usize, usize)| list.pair(left, right);
                found.par_iter().filter_map(pair).collect()
            }
        };
        ask_if_several_fit(&mut pairs, &records, self.weights.margin);
        pairs.retain(|pair| pair.decision != Decision::Different);
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        (records, pairs, rarity)
    }

    /// The pairs of a shard of one list, each with its answer by itself if that is not no; by left, then by right.
    pub(crate) fn dedupe_shard(
        &self,
        parties: &[Party<'_>],
        shard: Shard,
        rarity: Option<&Rarity>,
    ) -> Vec<Pair> {
        let (records, _) = self.parse_one_list(parties, rarity);
        let list = DedupedList {
            matcher: self,
            parties,
            records: &records,
        };
        let mut pairs = list.pairs(&BTreeSet::new(), shard);
        pairs.retain(|pair| pair.decision != Decision::Different);
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// How rare tokens are among the names of one list.
    pub(crate) fn dedupe_rarity(&self, parties: &[Party<'_>]) -> Rarity {
        self.parse_one_list(parties, None).1
    }

    /// Parses the records of one list. Many have the same name or the same address: each is parsed once.
    fn parse_one_list(
        &self,
        parties: &[Party<'_>],
        rarity: Option<&Rarity>,
    ) -> (Vec<ParsedRecord>, Rarity) {
        let cells: Vec<MeantCells<'_>> = parties
            .par_iter()
            .map(|party| MeantCells::of(party, &self.vocabulary))
            .collect();
        // Parsing costs more than comparing.
        let (texts, name_of) = distinct(cells.iter().map(|cells| &*cells.name));
        let parsed: Vec<Arc<ParsedName>> = texts
            .par_iter()
            .map_init(|| self.parser(), |parser, text| parser.name(text))
            .collect();
        let written = |text: Option<_>| text.unwrap_or_default();
        let (places, place_of) = distinct(
            cells
                .iter()
                .zip(parties)
                .map(|(cells, party)| (&*cells.address, written(party.district))),
        );
        let parse_address = |parser: &mut Parser<'_>, (address, district): &(&str, &str)| {
            parser.address(address, district)
        };
        let addresses: Vec<Arc<ParsedAddress>> = places
            .par_iter()
            .map_init(|| self.parser(), parse_address)
            .collect();
        self.remember(|cache| {
            cache.add_names(texts.iter().copied().zip(&parsed));
            cache.add_addresses(places.iter().copied().zip(&addresses));
        });

        let rarity = rarity.cloned().unwrap_or_else(|| rarity_of(&parsed));
        // A name that is kept is shared by lists and has no rarity; that of this list goes on a copy.
        let rated = |mut name: Arc<ParsedName>| {
            Arc::make_mut(&mut name).look_up_rarity(&rarity);
            name
        };
        let names: Vec<Arc<ParsedName>> = parsed.into_par_iter().map(rated).collect();
        let record = |at: usize| {
            let (name, address) = (
                Arc::clone(&names[name_of[at]]),
                Arc::clone(&addresses[place_of[at]]),
            );
            ParsedRecord::from_parts(&parties[at], name, address, &self.vocabulary)
        };
        (
            (0..parties.len()).into_par_iter().map(record).collect(),
            rarity,
        )
    }
}

/// How rare tokens are among some names, each name once: that an enterprise has many rows does not make its name common.
fn rarity_of(names: &[Arc<ParsedName>]) -> Rarity {
    let mut rarity = Rarity::default();
    let mut seen: foldhash::HashSet<u64> = Default::default();
    for name in names.iter().filter(|name| seen.insert(name.bag)) {
        rarity.add(name.tokens.iter().map(AsRef::as_ref));
    }
    rarity
}

/// The distinct ones of some values in the order they are met, and for each value the place of its like among them.
fn distinct<T: Copy + Eq + Hash>(all: impl Iterator<Item = T>) -> (Vec<T>, Vec<usize>) {
    let mut places: foldhash::HashMap<T, usize> = Default::default();
    let mut found = Vec::new();
    let of_each = all
        .map(|one| {
            *places.entry(one).or_insert_with(|| {
                found.push(one);
                found.len() - 1
            })
        })
        .collect();
    (found, of_each)
}

/// The records of one list.
struct DedupedList<'a> {
    matcher: &'a Matcher,
    parties: &'a [Party<'a>],
    records: &'a [ParsedRecord],
}

impl DedupedList<'_> {
    /// The pairs of a shard that are compared. All records are parsed and their keys counted whatever the shard is, so that every
    /// pair is compared in one shard, and in the same way.
    fn pairs(&self, answered: &BTreeSet<usize>, shard: Shard) -> Vec<Pair> {
        let mut pairs = self.pairs_of_one_code(answered, shard);
        pairs.extend(self.other_pairs(shard));
        pairs
    }

    /// The pairs of records of one valid tax code. Each record is compared with the first few of its code only, and not
    /// with those that it is joined to already, unless a person answered on one of them.
    fn pairs_of_one_code(&self, answered: &BTreeSet<usize>, shard: Shard) -> Vec<Pair> {
        let taxpayer = |at: &usize| self.taxpayer(*at);
        let mut coded: Vec<usize> = (0..self.records.len())
            .filter(|at| taxpayer(at).is_some())
            .collect();
        coded.sort_unstable_by_key(|at| (taxpayer(at), *at));
        let of_one_code: Vec<&[usize]> = coded
            .chunk_by(|a, b| taxpayer(a) == taxpayer(b))
            .filter(|members| members.len() > 1 && shard.has(members[0]))
            .collect();
        let pairs = |members: &&[usize]| self.pairs_of_members(members, answered);
        of_one_code.par_iter().flat_map_iter(pairs).collect()
    }

    /// The pairs of the records of one tax code.
    fn pairs_of_members(&self, members: &[usize], answered: &BTreeSet<usize>) -> Vec<Pair> {
        let all = members.iter().any(|at| answered.contains(at));
        // Which of them are joined so far: those with the same number.
        let mut joined: Vec<usize> = (0..members.len()).collect();
        let mut pairs = Vec::new();
        for right in 1..members.len() {
            // The first ones are the representatives of the code.
            for left in 0..right.min(MAX_REPRESENTATIVES) {
                if joined[left] == joined[right] && !all {
                    continue;
                }
                let Some(pair) = self.pair(members[left], members[right]) else {
                    continue;
                };
                if pair.decision == Decision::Match {
                    let (from, to) = (joined[right], joined[left]);
                    let moved = joined.iter_mut().filter(|number| **number == from);
                    moved.for_each(|number| *number = to);
                }
                pairs.push(pair);
            }
        }
        pairs
    }

    /// The pairs of records that do not share a valid tax code.
    ///
    /// Two valid codes are two enterprises whatever the names are, so a record that has one is looked up by its name only
    /// among those that have none, and among the others by codes and contacts, which may show that a code is a slip.
    fn other_pairs(&self, shard: Shard) -> Vec<Pair> {
        let has_code = |at: usize| self.taxpayer(at).is_some();
        let index =
            BlockingIndex::with_keys(self.records, |record, keys| match record.code.taxpayer() {
                Some(_) => record.contact_keys(keys),
                None => record.blocking_keys(keys),
            });
        let places_of = |keys: &mut Vec<u64>, (at, record): (usize, &ParsedRecord)| -> Vec<u32> {
            // Counted and looked up by the same places: hashing all keys twice would cost more than keeping these.
            record.blocking_keys(keys);
            let mut places: Vec<u32> = index.places(keys).collect();
            for &place in &places {
                index.count(place);
            }
            if !shard.has(at) {
                places = Vec::new();
            }
            places
        };
        let places: Vec<Vec<u32>> = self
            .records
            .par_iter()
            .enumerate()
            .map_init(Vec::new, places_of)
            .collect();
        let index = index.without_common_of_one();
        let of_one = |found: &mut Vec<u32>, right: usize| {
            index.candidates(places[right].iter().copied(), found);
            let others = found.iter().map(|&other| other as usize).filter(|&other| {
                // Each pair once: from the side with a code if just one has, since only it has all of its keys looked up.
                match (has_code(other), has_code(right)) {
                    (false, true) => true,
                    (true, false) => false,
                    (true, true) => other < right && !share_code(self.records, other, right),
                    (false, false) => other < right,
                }
            });
            others
                .filter_map(|other| self.pair(other.min(right), other.max(right)))
                .collect::<Vec<_>>()
        };
        (0..self.records.len())
            .into_par_iter()
            .filter(|&right| shard.has(right))
            .map_init(Vec::new, of_one)
            .flatten_iter()
            .collect()
    }

    /// The answer for two records. Two of one name in one place are one enterprise, unless they bear two codes: a second
    /// enterprise of that name would not have been registered (Luật Doanh nghiệp 59/2020 Điều 41).
    fn pair(&self, left: usize, right: usize) -> Option<Pair> {
        let records = self.records;
        let mut pair = self
            .matcher
            .pair(left, &records[left], right, &records[right])?;
        let is_open = !matches!(pair.decision, Decision::Match | Decision::Related);
        if is_open
            && !self.codes_differ(&pair)
            && self.is_one_name(&pair)
            && self.is_one_place(&pair)
        {
            pair.decision = Decision::Match;
        }
        // By one threshold, so that no question depends on what else is in the list.
        let is_worth_asking = pair.rank >= self.matcher.weights.ask_at;
        if pair.decision == Decision::Different && is_worth_asking && !self.codes_differ(&pair) {
            pair.decision = Decision::Review;
        }
        Some(pair)
    }

    fn taxpayer(&self, at: usize) -> Option<TaxPayer> {
        self.records[at].code.taxpayer()
    }

    fn codes_differ(&self, pair: &Pair) -> bool {
        let [left, right] = [pair.left, pair.right].map(|at| self.taxpayer(at));
        left.is_some() && right.is_some() && left != right
    }

    fn is_one_name(&self, pair: &Pair) -> bool {
        let [left, right] = [pair.left, pair.right].map(|at| name_key(self.parties[at].name));
        left == right
    }

    fn is_one_place(&self, pair: &Pair) -> bool {
        let gazetteer = &self.matcher.vocabulary.gazetteer;
        let [left, right] =
            [pair.left, pair.right].map(|at| words(self.parties[at].district.unwrap_or_default()));
        let [place, other] = [pair.left, pair.right].map(|at| &self.records[at].address.place);
        // The same words may name a place that no list of units has; the province is none that tells two apart.
        let is_named_alike = !left.is_empty() && left == right && !gazetteer.is_wider_named(&left);
        let are_certain = place.is_certain && other.is_certain;
        match (place.area.is_empty(), other.area.is_empty()) {
            (false, false) => are_certain && !place.area.and(&other.area).is_empty(),
            _ => is_named_alike,
        }
    }
}

/// Whether two records bear one valid tax code.
pub(crate) fn share_code(records: &[ParsedRecord], left: usize, right: usize) -> bool {
    let [left, right] = [left, right].map(|at| records[at].code.taxpayer());
    left.is_some() && left == right
}

/// A record without a code that fits enterprises of several codes about as well joins none of them: whichever came first would
/// win, so a person is asked. If it fits one of them better by the margin, it is that one and no other.
fn ask_if_several_fit(pairs: &mut [Pair], records: &[ParsedRecord], margin: i32) {
    let taxpayer = |at: usize| records[at].code.taxpayer();
    // The score of the best pair with each code.
    let mut fits: BTreeMap<usize, BTreeMap<TaxPayer, i32>> = BTreeMap::new();
    let matches = |pair: &&Pair| pair.decision == Decision::Match;
    for pair in pairs.iter().filter(matches) {
        for (own, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
            if let (None, Some(code)) = (taxpayer(own), taxpayer(other)) {
                let best = fits
                    .entry(own)
                    .or_default()
                    .entry(code)
                    .or_insert(pair.score);
                *best = (*best).max(pair.score);
            }
        }
    }
    let answer = |own: usize, other: usize| -> Option<Decision> {
        let (codes, code) = fits.get(&own).zip(taxpayer(other))?;
        let rivals = codes.iter().filter(|(rival, _)| **rival != code);
        let rival = rivals.map(|(_, score)| *score).max()?;
        let best = codes.get(&code)?;
        match () {
            () if *best >= rival + margin => None,
            () if *best + margin <= rival => Some(Decision::Different),
            () => Some(Decision::Review),
        }
    };
    for pair in pairs
        .iter_mut()
        .filter(|pair| pair.decision == Decision::Match)
    {
        let answers = [answer(pair.left, pair.right), answer(pair.right, pair.left)];
        if let Some(decision) = answers.into_iter().flatten().next() {
            pair.decision = decision;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ComparedPairs;
    use crate::decision::Decision;
    use crate::matcher::{Matcher, Pair};
    use crate::party::Party;
    use crate::rarity::Rarity;
    use crate::testing::LINKAGE;
    use std::collections::BTreeSet;

    const A: &str = "3603432125";
    const B: &str = "3600265395";

    fn party<'a>(name: &'a str, code: Option<&'a str>, district: Option<&'a str>) -> Party<'a> {
        Party {
            name,
            tax_code: code,
            district,
            ..Party::default()
        }
    }

    fn pairs(parties: &[Party<'_>], answered: &[usize]) -> Vec<Pair> {
        let answered: BTreeSet<usize> = answered.iter().copied().collect();
        let compared = ComparedPairs::Candidates(&answered);
        Matcher::new(&LINKAGE).dedupe(parties, compared, None).1
    }

    fn decisions(parties: &[Party<'_>]) -> Vec<(usize, usize, Decision)> {
        let pairs = pairs(parties, &[]);
        pairs
            .iter()
            .map(|pair| (pair.left, pair.right, pair.decision))
            .collect()
    }

    #[test]
    fn one_name_in_one_district_is_one_enterprise() {
        // The score alone would ask: in a list of two names no word is rare.
        let name = "HTX Thanh niên";
        let same = [
            party(name, None, Some("Vĩnh Cửu")),
            party(name, Some(A), Some("VĨNH CỬU")),
        ];
        assert_eq!(decisions(&same), [(0, 1, Decision::Match)]);
    }

    #[test]
    fn a_name_that_is_all_in_another_is_a_question_unless_their_codes_differ() {
        let (short, long) = (
            "Khí Mẫu Sơn",
            "Công ty CP Kinh doanh Xây lắp Khí Mẫu Sơn Vinatex Kỳ Lộ",
        );
        // Among names of which each word is rare: in a list of two none is.
        let decision = |code| {
            let two = [party(short, code, None), party(long, Some(A), None)];
            let matcher = Matcher::new(&LINKAGE);
            let answered = BTreeSet::new();
            let compared = ComparedPairs::Candidates(&answered);
            let (_, pairs, _) = matcher.dedupe(&two, compared, Some(&Rarity::default()));
            pairs.first().map(|pair| pair.decision)
        };
        assert_eq!(decision(None), Some(Decision::Review));
        assert_eq!(decision(Some(B)), None);
    }

    #[test]
    fn one_name_with_two_codes_is_two_enterprises() {
        let name = "Công ty TNHH Gốm Mẫu Sơn";
        let two = [
            party(name, Some(A), Some("Vĩnh Cửu")),
            party(name, Some(B), Some("Vĩnh Cửu")),
        ];
        assert!(decisions(&two).is_empty());
    }

    #[test]
    fn one_name_and_phone_with_two_codes_is_a_question_though_the_place_is_one() {
        let with_phone = |code| Party {
            phone: Some("0251 3822 111"),
            ..party("Công ty TNHH Gốm Mẫu Sơn", Some(code), Some("Vĩnh Cửu"))
        };
        assert_eq!(
            decisions(&[with_phone(A), with_phone(B)]),
            [(0, 1, Decision::Review)]
        );
    }

    #[test]
    fn a_record_without_a_code_that_fits_two_codes_joins_neither() {
        let name = "Công ty TNHH Gốm Mẫu Sơn";
        let three = [
            party(name, Some(A), None),
            party(name, Some(B), None),
            party(name, None, None),
        ];
        assert_eq!(
            decisions(&three),
            [(0, 2, Decision::Review), (1, 2, Decision::Review)]
        );
    }

    #[test]
    fn a_record_without_a_code_that_fits_one_code_better_joins_that_one() {
        let name = "Công ty TNHH Gốm Mẫu Sơn";
        let at = |code, phone| Party {
            phone,
            ..party(name, code, None)
        };
        let three = [
            at(Some(A), Some("0251 3822 111")),
            at(Some(B), None),
            at(None, Some("0251 3822 111")),
        ];
        assert_eq!(decisions(&three), [(0, 2, Decision::Match)]);
    }

    #[test]
    fn of_one_code_each_record_is_compared_once_unless_a_person_answered() {
        let name = "Công ty TNHH Gốm Mẫu Sơn";
        let five = [party(name, Some(A), None); 5];
        assert_eq!(pairs(&five, &[]).len(), 4);
        assert_eq!(pairs(&five, &[3]).len(), 10);
    }

    #[test]
    fn one_code_under_two_names_is_a_question() {
        let two = [
            party("Công ty TNHH Gốm Mẫu Sơn", Some(A), None),
            party("HTX Bánh Lá Sen", Some(A), None),
        ];
        assert_eq!(decisions(&two), [(0, 1, Decision::Review)]);
    }

    #[test]
    fn a_name_on_many_rows_is_as_rare_as_on_one() {
        let matcher = Matcher::new(&LINKAGE);
        let rarity_of = |parties: &[Party<'_>]| {
            let answered = BTreeSet::new();
            let compared = ComparedPairs::Candidates(&answered);
            let (records, _, _) = matcher.dedupe(parties, compared, None);
            records[0].name.rarity.clone()
        };
        let written = |name| party(name, None, None);
        let (one, other) = (written("Gốm Mẫu Sơn"), written("Bánh Lá Sen"));
        let many = [one, written("GỐM MẪU SƠN"), written("gom mau son"), other];
        assert_eq!(rarity_of(&many), rarity_of(&[one, other]));
    }
}
