//! Who is the same enterprise: mentions resolved into enterprises, with a person's answers first.

use crate::clusters::Clusters;
use crate::decision::{Decision, WeightedEvidence};
use crate::dedupe::{ComparedPairs, share_code};
use crate::matcher::{Matcher, Pair};
use crate::mention::{DistinctMentions, Fingerprint, Mention};
use crate::party::Party;
use crate::rarity::Rarity;
use crate::record::ParsedRecord;
use crate::shard::Shard;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A person's answer on two mentions, by their [fingerprints](Party::fingerprint): it holds as long as both sides say what
/// they said then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Constraint {
    /// One mention.
    pub left: Fingerprint,
    /// The other.
    pub right: Fingerprint,
    /// Whether they are the same enterprise.
    pub same: bool,
}

/// Two mentions that may be the same enterprise, for a person to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The place of one mention; of several pairs that ask the same, the likeliest is asked about.
    pub left: usize,
    /// The place of the other mention.
    pub right: usize,
    /// The log-odds that they are the same, in sixteenths of a bit.
    pub score: i32,
    /// What speaks for and against, the strongest first.
    pub evidence: Vec<WeightedEvidence>,
}

/// Which mentions are one enterprise, and what a person must say.
#[derive(Debug, Clone, Default)]
pub struct Clustering {
    /// The ids of the enterprises, each once: `T` and the tax code, or `N`, the name and the district, of the mention that
    /// was first.
    pub enterprises: Vec<String>,
    /// For each mention, the place of its enterprise's id.
    pub cluster_of: Vec<usize>,
    /// What a person must say.
    pub questions: Vec<Question>,
    /// Pairs that each joined two clusters on other grounds than one valid tax code or a person's answer, so that a person
    /// can look them over and take one apart.
    pub joined: Vec<Question>,
    /// How rare the tokens of their names are.
    pub rarity: Rarity,
}

/// Why two mentions are one enterprise; the order in which joins are made, since a join that would contradict an earlier
/// one is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum JoinGround {
    PersonSays,
    SharedCode,
    Score,
}

/// Two mentions to be joined; in order the surest first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct JoinEdge {
    ground: JoinGround,
    score: Reverse<i32>,
    left: usize,
    right: usize,
    /// The place of the pair that says so; none for a person's answer.
    pair: Option<usize>,
}

/// What persons said on the distinct mentions.
#[derive(Default)]
struct PlacedConstraints {
    joins: Vec<JoinEdge>,
    /// Pairs kept apart, the lower place first.
    apart: BTreeSet<(usize, usize)>,
}

impl PlacedConstraints {
    /// The answers of which both mentions are there.
    fn on(distinct: &DistinctMentions<'_>, constraints: &[Constraint]) -> Self {
        let mut answers = Self::default();
        for constraint in constraints {
            let places = distinct
                .place(constraint.left)
                .zip(distinct.place(constraint.right));
            let Some((a, b)) = places else { continue };
            let (left, right) = (a.min(b), a.max(b));
            if constraint.same {
                answers.joins.push(JoinEdge {
                    ground: JoinGround::PersonSays,
                    score: Reverse(0),
                    left,
                    right,
                    pair: None,
                });
            } else {
                answers.apart.insert((left, right));
            }
        }
        answers
    }

    /// The mentions that somebody answered on.
    fn mentions(&self) -> BTreeSet<usize> {
        let joined = self.joins.iter().map(|edge| (edge.left, edge.right));
        let pairs = joined.chain(self.apart.iter().copied());
        pairs.flat_map(|(left, right)| [left, right]).collect()
    }
}

impl Matcher {
    /// Says for each mention which enterprise it is about, and what must be asked.
    ///
    /// Two valid tax codes are two enterprises, unless a person says otherwise; no chain of others joins them. A
    /// mention without a code joins the one enterprise that bears its name in its district or commune, since two of one name
    /// are not registered (Luật Doanh nghiệp 59/2020 Điều 41). The order of the mentions does not matter.
    pub fn resolve(&self, mentions: &[Mention<'_>], answers: &[Constraint]) -> Clustering {
        self.resolve_with(mentions, answers, None, None)
    }

    /// The same for some mentions of a longer list, whose tokens are as rare as they are in all of it.
    pub fn resolve_some(
        &self,
        mentions: &[Mention<'_>],
        answers: &[Constraint],
        rarity: &Rarity,
    ) -> Clustering {
        self.resolve_with(mentions, answers, Some(rarity), None)
    }

    /// What [`resolve`](Self::resolve) gives without answers, from the pairs that all [shards](Self::pairs_of_shard) of the same
    /// mentions found, in any order: only these are compared once more. Rarity is what the shards were given.
    pub fn resolve_found(
        &self,
        mentions: &[Mention<'_>],
        found: &[(usize, usize)],
        rarity: Option<&Rarity>,
    ) -> Clustering {
        self.resolve_with(mentions, &[], rarity, Some(found))
    }

    /// The pairs of a shard of some mentions whose answer by itself is not no, by the places of the earliest mention that says the
    /// same. What is decided by looking at several pairs is left to [`resolve_found`](Self::resolve_found). Without `rarity`
    /// tokens are as rare as they are in the list.
    pub fn pairs_of_shard(
        &self,
        mentions: &[Mention<'_>],
        shard: Shard,
        rarity: Option<&Rarity>,
    ) -> Vec<Pair> {
        let distinct = DistinctMentions::among(mentions);
        let parties: Vec<Party<'_>> = distinct.mentions.iter().map(|said| said.party).collect();
        let mut pairs = self.dedupe_shard(&parties, shard, rarity);
        for pair in &mut pairs {
            [pair.left, pair.right] = [pair.left, pair.right].map(|at| distinct.earliest[at]);
        }
        pairs
    }

    /// How rare the tokens of the names of some mentions are, for lists that hold a part of them.
    pub fn rarity_among(&self, mentions: &[Mention<'_>]) -> Rarity {
        let distinct = DistinctMentions::among(mentions);
        let parties: Vec<Party<'_>> = distinct.mentions.iter().map(|said| said.party).collect();
        self.dedupe_rarity(&parties)
    }

    fn resolve_with(
        &self,
        mentions: &[Mention<'_>],
        answers: &[Constraint],
        rarity: Option<&Rarity>,
        found: Option<&[(usize, usize)]>,
    ) -> Clustering {
        // Everything from here on is in the order of fingerprints, not in that of the list.
        let distinct = DistinctMentions::among(mentions);
        let mut answers = PlacedConstraints::on(&distinct, answers);
        let parties: Vec<Party<'_>> = distinct.mentions.iter().map(|said| said.party).collect();
        let answered = answers.mentions();
        let found = found.map(|found| distinct.pairs(found));
        let compared = match &found {
            Some(found) => ComparedPairs::Found(found),
            None => ComparedPairs::Candidates(&answered),
        };
        let (records, pairs, rarity) = self.dedupe(&parties, compared, rarity);
        let mut edges = std::mem::take(&mut answers.joins);
        edges.extend(matched(&pairs, &records));
        // The surest first: what a person said, then codes, then scores. A join that contradicts an earlier one is not
        // made, so a doubtful one never keeps a sure one from being made.
        edges.sort();
        let mut clusters = Clusters::new(&records, &answers.apart);
        let mut joined = Vec::new();
        for edge in &edges {
            let person_says = edge.ground == JoinGround::PersonSays;
            let has_joined = clusters.join(edge.left, edge.right, person_says);
            // One valid code needs nobody to look it over; neither does a person's own answer.
            if let Some(at) = edge.pair
                && has_joined
                && edge.ground == JoinGround::Score
            {
                joined.push(self.question(&pairs[at], &distinct));
            }
        }
        joined.sort_by_key(|question| (question.left, question.right));

        let (enterprises, places) = clusters.labels(&distinct.mentions, &records);
        Clustering {
            enterprises,
            cluster_of: distinct.places.iter().map(|&at| places[at]).collect(),
            questions: self.questions(&pairs, &clusters, &distinct),
            joined,
            rarity,
        }
    }

    /// One question for two clusters that may be one, however many of their mentions are alike: the likeliest pair.
    fn questions(
        &self,
        pairs: &[Pair],
        clusters: &Clusters<'_>,
        distinct: &DistinctMentions<'_>,
    ) -> Vec<Question> {
        let mut asked: BTreeMap<(usize, usize), &Pair> = BTreeMap::new();
        // Matches that would have contradicted a cluster are questions as well.
        let open = pairs
            .iter()
            .filter(|pair| pair.decision != Decision::Related);
        for pair in open {
            let (a, b) = (
                clusters.cluster_of[pair.left],
                clusters.cluster_of[pair.right],
            );
            if a == b || clusters.are_apart(a, b) {
                continue;
            }
            let best = asked.entry((a.min(b), a.max(b))).or_insert(pair);
            if pair.score > best.score {
                *best = pair;
            }
        }
        asked
            .into_values()
            .map(|pair| self.question(pair, distinct))
            .collect()
    }

    /// The question about a pair of distinct mentions, by the places of their earliest.
    fn question(&self, pair: &Pair, distinct: &DistinctMentions<'_>) -> Question {
        Question {
            left: distinct.earliest[pair.left],
            right: distinct.earliest[pair.right],
            score: pair.score,
            evidence: self.evidence(pair),
        }
    }
}

/// The pairs that are matches, to be joined.
fn matched(pairs: &[Pair], records: &[ParsedRecord]) -> Vec<JoinEdge> {
    let matches = pairs
        .iter()
        .enumerate()
        .filter(|(_, pair)| pair.decision == Decision::Match);
    let edge = |(at, pair): (usize, &Pair)| JoinEdge {
        ground: if share_code(records, pair.left, pair.right) {
            JoinGround::SharedCode
        } else {
            JoinGround::Score
        },
        score: Reverse(pair.score),
        left: pair.left,
        right: pair.right,
        pair: Some(at),
    };
    matches.map(edge).collect()
}

#[cfg(test)]
mod tests {
    use super::Constraint;
    use crate::matcher::Matcher;
    use crate::mention::Mention;
    use crate::party::Party;
    use crate::rarity::Rarity;
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
            .cluster_of
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

    fn gom<'a>(code: Option<&'a str>, district: Option<&'a str>) -> Mention<'a> {
        let party = Party {
            name: NAMES[0],
            tax_code: code,
            district,
            ..Party::default()
        };
        Mention::new(party, 1)
    }

    fn answer(left: &Mention<'_>, right: &Mention<'_>, same: bool) -> Constraint {
        Constraint {
            left: left.fingerprint,
            right: right.fingerprint,
            same,
        }
    }

    #[test]
    fn a_mention_without_a_code_joins_the_enterprise_of_its_name_and_district() {
        let mentions = [gom(CODES[1], DISTRICTS[1]), gom(None, DISTRICTS[1])];
        let clustering = MATCHER.resolve(&mentions, &[]);
        assert_eq!(clustering.enterprises, ["T3600265395"]);
        assert_eq!(clustering.cluster_of, [0, 0]);
        assert!(clustering.questions.is_empty());
        // On other grounds than a code, so it can be looked over.
        assert_eq!(clustering.joined.len(), 1);
    }

    #[test]
    fn what_one_code_joins_is_not_listed_to_be_looked_over() {
        let mentions = [gom(CODES[1], DISTRICTS[1]), gom(CODES[1], DISTRICTS[2])];
        let clustering = MATCHER.resolve(&mentions, &[]);
        assert_eq!(clustering.enterprises.len(), 1);
        assert!(clustering.joined.is_empty());
    }

    #[test]
    fn a_person_may_say_that_two_codes_are_one_enterprise() {
        let mentions = [gom(CODES[1], None), gom(CODES[2], None)];
        assert_eq!(MATCHER.resolve(&mentions, &[]).enterprises.len(), 2);
        let said = answer(&mentions[0], &mentions[1], true);
        assert_eq!(MATCHER.resolve(&mentions, &[said]).enterprises.len(), 1);
    }

    #[test]
    fn a_persons_no_takes_apart_what_the_score_joins_and_is_not_asked_again() {
        let mentions = [gom(CODES[1], DISTRICTS[1]), gom(None, DISTRICTS[1])];
        let said = answer(&mentions[1], &mentions[0], false);
        let clustering = MATCHER.resolve(&mentions, &[said]);
        assert_eq!(clustering.enterprises.len(), 2);
        assert!(clustering.questions.is_empty() && clustering.joined.is_empty());
    }

    #[test]
    fn an_answer_on_a_mention_that_changed_says_nothing() {
        let mentions = [gom(CODES[1], DISTRICTS[1]), gom(None, DISTRICTS[1])];
        let before = gom(None, DISTRICTS[2]);
        let said = answer(&mentions[0], &before, false);
        assert_eq!(MATCHER.resolve(&mentions, &[said]).enterprises.len(), 1);
    }

    #[test]
    fn two_clusters_are_one_question_however_many_mentions_they_have() {
        let named = |name, phone| {
            let party = Party {
                name,
                phone,
                ..Party::default()
            };
            Mention::new(party, 1)
        };
        let phone = Some("0251 3822 111");
        let mentions = [
            named("Công ty CP Minh Anh", phone),
            named("CTY CP MINH ANH", phone),
            named("Công ty CP Anh Minh", phone),
        ];
        let clustering = MATCHER.resolve_some(&mentions, &[], &Rarity::default());
        assert_eq!(clustering.cluster_of[0], clustering.cluster_of[1]);
        assert_eq!(clustering.questions.len(), 1, "{clustering:?}");
        let question = &clustering.questions[0];
        assert_eq!(question.left.max(question.right), 2);
        assert!(
            question
                .evidence
                .iter()
                .any(|evidence| evidence.name == "name_reversed")
        );
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
            prop_assert_eq!((again.enterprises, again.cluster_of), (all.enterprises, all.cluster_of));
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
