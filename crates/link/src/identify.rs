use crate::decide::{Decision, WeightedEvidence};
use crate::groups::Groups;
use crate::pairs::{Matcher, Pair};
use crate::record::Party;
use crate::said::{Distinct, Fingerprint, Mention};
use crate::within::one_code;
use crate::word::Rarity;
use std::collections::{BTreeMap, BTreeSet};

/// A person's word on two records, by their [fingerprints](Party::fingerprint).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// One record.
    pub left: Fingerprint,
    /// The other.
    pub right: Fingerprint,
    /// Whether they are the same enterprise.
    pub same: bool,
}

/// Two records that may be the same enterprise, for a person to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The places of the two records; of several that ask the same, the likeliest pair.
    pub left: usize,
    /// The other record.
    pub right: usize,
    /// The log-odds that they are the same, in sixteenths of a bit.
    pub score: i32,
    /// What speaks for and against, the strongest first.
    pub parts: Vec<WeightedEvidence>,
}

/// What became of some records.
#[derive(Debug, Clone, Default)]
pub struct Clustering {
    /// The ids of the enterprises, each once: `T` and the tax code, or `N`, the name and the district, of the record
    /// that was known first.
    pub enterprises: Vec<String>,
    /// For each record, the place of its enterprise's id.
    pub of: Vec<usize>,
    /// What a person must say.
    pub questions: Vec<Question>,
    /// What was taken for one enterprise on other grounds than one valid tax code or a person's word: pairs that
    /// each joined two groups, so that a person can look them over and take one apart.
    pub joined: Vec<Question>,
    /// How rare the words of their names are.
    pub rarity: Rarity,
}

/// Two records taken for one enterprise, the surest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    /// 0 for what a person said, 1 for one valid tax code, 2 for the rest.
    order: u8,
    less_sure: i32,
    left: usize,
    right: usize,
    /// The place of the pair that says so; none for a person.
    pair: Option<usize>,
}

impl Matcher {
    /// Says for each record which enterprise it is about, and what must be asked.
    ///
    /// Two valid tax codes are two enterprises, unless a person says otherwise; no chain of others joins them. A
    /// record without a code joins the one enterprise that bears its name in its district or commune, since two of one name
    /// are not registered (Luật Doanh nghiệp 59/2020 Điều 41). The order of the records does not matter.
    pub fn resolve(&self, said: &[Mention<'_>], answers: &[Constraint]) -> Clustering {
        self.identify_where(said, answers, None)
    }

    /// The same for some records of a longer list, whose words are as rare as they are in all of it.
    pub fn resolve_some(
        &self,
        said: &[Mention<'_>],
        answers: &[Constraint],
        rarity: &Rarity,
    ) -> Clustering {
        self.identify_where(said, answers, Some(rarity))
    }

    fn identify_where(
        &self,
        said: &[Mention<'_>],
        answers: &[Constraint],
        rarity: Option<&Rarity>,
    ) -> Clustering {
        // Rows on the same enterprise say the same of it: each saying is looked at once, in an order of its own.
        let distinct = Distinct::among(said);
        let mut apart: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut edges: Vec<Edge> = Vec::new();
        for answer in answers {
            if let (Some(a), Some(b)) = (distinct.place(answer.left), distinct.place(answer.right))
            {
                let (left, right) = (a.min(b), a.max(b));
                if answer.same {
                    edges.push(Edge {
                        order: 0,
                        less_sure: 0,
                        left,
                        right,
                        pair: None,
                    });
                } else {
                    apart.insert((left, right));
                }
            }
        }
        let answered = edges
            .iter()
            .map(|edge| (edge.left, edge.right))
            .chain(apart.iter().copied());
        let answered: BTreeSet<usize> = answered.flat_map(|(left, right)| [left, right]).collect();
        let parties: Vec<Party<'_>> = distinct.said.iter().map(|said| said.party).collect();
        let (prepared, pairs, rarity) = self.within(&parties, &answered, rarity);
        let matched = pairs
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.decision == Decision::Match);
        edges.extend(matched.map(|(at, pair)| Edge {
            order: if one_code(&prepared, pair.left, pair.right) {
                1
            } else {
                2
            },
            less_sure: -pair.score,
            left: pair.left,
            right: pair.right,
            pair: Some(at),
        }));
        edges.sort();
        let mut groups = Groups::new(&prepared, &apart);
        let mut joined = Vec::new();
        for edge in &edges {
            let has_joined = groups.join(edge.left, edge.right, edge.pair.is_none());
            if let Some(pair) = edge.pair.filter(|_| has_joined).map(|at| &pairs[at])
                && !one_code(&prepared, pair.left, pair.right)
            {
                joined.push(self.question(pair, &distinct.first));
            }
        }
        joined.sort_by_key(|question| (question.left, question.right));

        let (enterprises, group) = groups.labels(&distinct.said, &prepared);
        Clustering {
            enterprises,
            of: distinct.of.iter().map(|&at| group[at]).collect(),
            questions: self.questions(&pairs, &groups, &distinct.first),
            joined,
            rarity,
        }
    }

    /// One question for two groups that may be one: the likeliest pair of their records.
    fn questions(&self, pairs: &[Pair], groups: &Groups<'_>, first: &[usize]) -> Vec<Question> {
        let mut asked: BTreeMap<(usize, usize), &Pair> = BTreeMap::new();
        for pair in pairs
            .iter()
            .filter(|pair| pair.decision != Decision::Related)
        {
            let (a, b) = (groups.of[pair.left], groups.of[pair.right]);
            if a == b || groups.are_apart(a, b) {
                continue;
            }
            let best = asked.entry((a.min(b), a.max(b))).or_insert(pair);
            if pair.score > best.score {
                *best = pair;
            }
        }
        asked
            .into_values()
            .map(|pair| self.question(pair, first))
            .collect()
    }

    /// A pair of records, by the places where they were first said.
    fn question(&self, pair: &Pair, first: &[usize]) -> Question {
        Question {
            left: first[pair.left],
            right: first[pair.right],
            score: pair.score,
            parts: self.parts(pair),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Constraint;
    use crate::{Matcher, Mention, Party};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::LazyLock;

    static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
        let text = include_str!("../../../pipelines/_base/linkage.toml");
        Matcher::new(&toml::from_str(text).unwrap())
    });

    const NAMES: [&str; 8] = [
        "Công ty TNHH Gốm Mẫu Sơn",
        "Cty TNHH GOM MAU SON",
        "Công ty TNHH Gốm Mẫu Sơn 2",
        "Công ty CP Minh Anh",
        "Công ty CP Anh Minh",
        "Công ty TNHH Cơ khí Đại Phát",
        "Công ty TNHH Đại Phát",
        "HTX Bưởi Tân Triều",
    ];
    const CODES: [Option<&str>; 4] = [
        None,
        Some("3600265395"),
        Some("3603295006"),
        Some("3600265396"),
    ];
    const DISTRICTS: [Option<&str>; 3] = [None, Some("Vĩnh Cửu"), Some("Nhơn Trạch")];

    fn records() -> impl Strategy<Value = Vec<Mention<'static>>> {
        let record = (0..NAMES.len(), 0..CODES.len(), 0..DISTRICTS.len(), 0..5i32).prop_map(
            |(n, c, d, when)| {
                let party = Party {
                    name: NAMES[n],
                    tax_code: CODES[c],
                    district: DISTRICTS[d],
                    ..Party::default()
                };
                Mention::new(party, when)
            },
        );
        proptest::collection::vec(record, 1..14)
    }

    fn ids(said: &[Mention<'_>], answers: &[Constraint]) -> Vec<String> {
        let identities = MATCHER.resolve(said, answers);
        identities
            .of
            .iter()
            .map(|&at| identities.enterprises[at].clone())
            .collect()
    }

    /// One enterprise as so many records write it: other marks, short forms, addresses.
    fn ways(count: usize, code: Option<&'static str>) -> Vec<Mention<'static>> {
        const ADDRESSES: [&str; 4] = [
            "Số 1 Nguyễn Ái Quốc",
            "Số 2 Võ Thị Sáu",
            "Ấp 3",
            "KCN Thạnh Phú",
        ];
        const PHONES: [&str; 5] = [
            "0251 3822 111",
            "0251 3822 112",
            "0251 3822 113",
            "0251 3822 114",
            "0251 3822 115",
        ];
        let way = |at: usize| Party {
            name: NAMES[at % 2],
            tax_code: code,
            address: Some(ADDRESSES[at / 2 % 4]),
            district: DISTRICTS[1],
            phone: Some(PHONES[at / 8 % 5]),
            ..Party::default()
        };
        (0..count).map(|at| Mention::new(way(at), 1)).collect()
    }

    #[test]
    fn an_enterprise_that_is_written_in_many_ways_is_one() {
        for code in [None, CODES[1]] {
            let written = ways(40, code);
            for count in [2, 8, 9, 17, 40] {
                let ids: BTreeSet<String> = ids(&written[..count], &[]).into_iter().collect();
                assert_eq!(ids.len(), 1, "{count} ways with {code:?}: {ids:?}");
            }
        }
    }

    #[test]
    fn an_enterprise_of_many_cases_is_found_in_a_list_that_has_it_many_times() {
        let (left, right): (Vec<Party<'_>>, Vec<Party<'_>>) = (
            ways(30, CODES[1]).iter().map(|s| s.party).collect(),
            ways(12, CODES[1]).iter().map(|s| s.party).collect(),
        );
        let pairs = MATCHER.score_pairs(&left, || [right.clone()].into_iter());
        let found: BTreeSet<usize> = pairs.iter().map(|pair| pair.right).collect();
        assert_eq!(found.len(), right.len());
    }

    proptest! {
        #[test]
        fn the_order_of_records_does_not_matter(said in records(), seed in any::<u64>()) {
            let mut places: Vec<usize> = (0..said.len()).collect();
            places.sort_by_key(|&at| (at as u64 + 1).wrapping_mul(seed | 1));
            let shuffled: Vec<Mention<'_>> = places.iter().map(|&at| said[at]).collect();
            let (ids, other) = (ids(&said, &[]), ids(&shuffled, &[]));
            for (at, &place) in places.iter().enumerate() {
                prop_assert_eq!(&other[at], &ids[place]);
            }
            let asked = |said: &[Mention<'_>]| MATCHER.resolve(said, &[]).questions.len();
            prop_assert_eq!(asked(&said), asked(&shuffled));
        }

        #[test]
        fn some_of_a_list_are_who_they_are_in_it(said in records()) {
            let all = MATCHER.resolve(&said, &[]);
            let again = MATCHER.resolve_some(&said, &[], &all.rarity);
            prop_assert_eq!((again.enterprises, again.of), (all.enterprises, all.of));
        }

        #[test]
        fn two_valid_codes_are_never_one_enterprise(said in records()) {
            let mut codes: BTreeMap<String, &str> = BTreeMap::new();
            for (said, id) in said.iter().zip(ids(&said, &[])) {
                if let Some(code) = said.party.tax_code.filter(|code| *code != CODES[3].unwrap()) {
                    prop_assert_eq!(*codes.entry(id).or_insert(code), code);
                }
            }
        }

        #[test]
        fn two_records_that_a_person_keeps_apart_are_apart(said in records(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
            let (a, b) = (a.index(said.len()), b.index(said.len()));
            let [left, right] = [a, b].map(|at| said[at].party.fingerprint());
            if left != right {
                let ids = ids(&said, &[Constraint { left, right, same: false }]);
                prop_assert_ne!(&ids[a], &ids[b]);
            }
        }

        #[test]
        fn an_enterprise_keeps_its_id_when_later_records_of_others_come(said in records(), count in 1usize..4) {
            const OTHERS: [&str; 3] = ["Công ty TNHH Bánh Lá Sen", "DNTN Vận tải Hồng Hà", "HTX Sầu riêng Xuân Lộc"];
            let others: Vec<Mention<'_>> =
                (0..count).map(|at| Mention::new(Party { name: OTHERS[at], ..Party::default() }, 9)).collect();
            let all: Vec<Mention<'_>> = said.iter().chain(&others).copied().collect();
            prop_assert_eq!(&ids(&said, &[])[..], &ids(&all, &[])[..said.len()]);
        }
    }
}
