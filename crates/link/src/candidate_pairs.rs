//! Two lists: the candidate pairs of a left and a right record, and the answers for each left record.

use crate::blocking_index::BlockingIndex;
use crate::blocking_keys::KnownParts;
use crate::decision::Decision;
use crate::matcher::{Matcher, Pair};
use crate::parser::Parser;
use crate::party::Record;
use crate::possible_pairs::PossiblePairs;
use crate::rarity::Rarity;
use crate::record::ParsedRecord;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many questions for a hundred left records are what a person gets through.
const ASKED_OF_100: usize = 12;

/// Of the answers for one left record so many are questions: a person compares two, and a third that is as like says no
/// more than that the name is common.
const MAX_QUESTIONS: usize = 2;

impl Matcher {
    /// The pairs of a left and a right record that are the same enterprise, related, or a question for a person;
    /// by left, then by right.
    ///
    /// The left side is held. The right side may be a register of a million rows: it is gone through twice, batch by
    /// batch, and never held; `right` begins it anew each time.
    pub fn join<L, R, B>(&self, left: &[L], right: impl Fn() -> B) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        let possible = PossiblePairs::new(left.len());
        let answered = self.candidates(left, right, |pair| {
            let is_answered = pair.decision != Decision::Different;
            if !is_answered {
                possible.offer(&pair);
            }
            is_answered.then_some(pair)
        });
        let mut chosen = self.choose(answered);
        // What a rule says to ask is asked however much it is; the best of the others fill up what a person gets through.
        let asked = chosen
            .iter()
            .filter(|pair| pair.decision != Decision::Match)
            .count();
        let room = (left.len() * ASKED_OF_100).div_ceil(100);
        let answered: BTreeSet<usize> = chosen.iter().map(|pair| pair.left).collect();
        let best = possible.best(|left| !answered.contains(&left), room.saturating_sub(asked));
        chosen.extend(best.into_iter().map(|pair| Pair {
            decision: Decision::Review,
            ..pair
        }));
        chosen.sort_unstable_by_key(|pair| (pair.left, pair.right));
        chosen
    }

    /// The pairs of the records at one place of both sides that are the same enterprise, related, or a question for a person, each
    /// by itself, in their order. Without `rarity`, how rare words are is taken from all of them.
    pub fn judge<L: Record + Sync, R: Record + Sync>(
        &self,
        left: &[L],
        right: &[R],
        rarity: Option<&Rarity>,
    ) -> Vec<Pair> {
        let [mut left, mut right] = [self.parse_all(left), self.parse_all(right)];
        let rarity = rarity.cloned().unwrap_or_else(|| {
            let mut rarity = Rarity::default();
            for record in left.iter().chain(&right) {
                rarity.add(record.name.tokens.iter().map(AsRef::as_ref));
            }
            rarity
        });
        for record in left.iter_mut().chain(&mut right) {
            Arc::make_mut(&mut record.name).look_up_rarity(&rarity);
        }
        let judged = left
            .iter()
            .zip(&right)
            .enumerate()
            .filter_map(|(at, (a, b))| {
                let pair = self.pair(at, a, at, b)?;
                let is_asked =
                    pair.decision == Decision::Different && pair.rank >= self.weights.ask_at;
                match is_asked {
                    true => Some(Pair {
                        decision: Decision::Review,
                        ..pair
                    }),
                    false => Some(pair),
                }
            });
        judged
            .filter(|pair| pair.decision != Decision::Different)
            .collect()
    }

    /// All candidates of both sides with what their evidence says, each pair for itself: what weights are learnt from.
    pub fn score_pairs<L, R, B>(&self, left: &[L], right: impl Fn() -> B) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        self.candidates(left, right, Some)
    }

    /// Those of the candidates that `keep` gives back; by left, then by right.
    fn candidates<L, R, B>(
        &self,
        left: &[L],
        right: impl Fn() -> B,
        keep: impl Fn(Pair) -> Option<Pair> + Sync,
    ) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        let mut parsed = self.parse_all(left);
        // Blocking keys and rarity need all records of both sides, so the first pass counts and the second compares.
        let index = BlockingIndex::new(&parsed);
        let known = KnownParts::of(&parsed);
        let counted = self.count_right(&parsed, right(), &index, &known);
        let RightCounts { rarity, mut shared } = counted;
        let index = index.without_common();
        shared.retain(|&(_, place)| index.has_records(place));
        parsed
            .par_iter_mut()
            .for_each(|record| Arc::make_mut(&mut record.name).look_up_rarity(&rarity));
        let compare = |(parser, found): &mut (Parser<'_>, Vec<u32>),
                       (first, batch): (usize, Vec<R>)| {
            let mut pairs = Vec::new();
            let from = shared.partition_point(|&(at, _)| at < first);
            // Nearly all rows of a register are nobody's candidate, and are not parsed again.
            for keys in shared[from..].chunk_by(|a, b| a.0 == b.0) {
                let at = keys[0].0;
                let Some(record) = batch.get(at - first) else {
                    break;
                };
                let mut right = ParsedRecord::parse(&record.party(), parser);
                Arc::make_mut(&mut right.name).look_up_rarity(&rarity);
                index.candidates(keys.iter().map(|&(_, place)| place), found);
                let pair = |&l: &u32| self.pair(l as usize, &parsed[l as usize], at, &right);
                pairs.extend(found.iter().filter_map(pair).filter_map(&keep));
            }
            pairs
        };
        let mut pairs: Vec<Pair> = numbered(right())
            .par_bridge()
            .map_init(|| (self.parser(), Vec::new()), compare)
            .flatten_iter()
            .collect();
        // Batches are done in any order.
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// Counts how rare tokens are among all names of both sides, and the keys of the right side.
    fn count_right<R: Record>(
        &self,
        left: &[ParsedRecord],
        right: impl Iterator<Item = Vec<R>> + Send,
        index: &BlockingIndex,
        known: &KnownParts,
    ) -> RightCounts
    where
        Vec<R>: Send,
    {
        let begin = || {
            let (keys, places) = (Vec::<u64>::new(), Vec::<u32>::new());
            (self.parser(), RightCounts::default(), keys, places)
        };
        let counted = numbered(right).par_bridge().fold(
            begin,
            |(mut parser, mut counts, mut keys, mut places), (first, batch)| {
                for (at, record) in (first..).zip(&batch) {
                    let record = ParsedRecord::parse(&record.party(), &mut parser);
                    record.keys_shared_with(known, &mut keys);
                    places.clear();
                    places.extend(index.places(&keys));
                    places.sort_unstable();
                    places.dedup();
                    let bring = places.iter().filter(|&&place| index.count(place));
                    counts.shared.extend(bring.map(|&place| (at, place)));
                    let tokens = record.name.tokens.iter();
                    counts.rarity.add(tokens.map(AsRef::as_ref));
                }
                (parser, counts, keys, places)
            },
        );
        let mut counts = counted
            .map(|(_, counts, ..)| counts)
            .reduce(RightCounts::default, RightCounts::and);
        counts.shared.par_sort_unstable();
        for record in left {
            let tokens = record.name.tokens.iter();
            counts.rarity.add(tokens.map(AsRef::as_ref));
        }
        counts
    }

    /// Chooses among all answers of each left record: it is one enterprise, so one match stands, with all other rows of that
    /// enterprise, and only if no other comes close; else it is a question. Pairs come and go by left.
    fn choose(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut chosen = Vec::with_capacity(pairs.len());
        for of_left in pairs.chunk_by(|a, b| a.left == b.left) {
            // Matches first, then questions; of each the surest first.
            let mut rivals = of_left.to_vec();
            rivals.sort_by_key(|pair| (pair.decision, Reverse(pair.score), pair.right));
            let (best, identity) = (rivals[0].score, rivals[0].right_identity);
            let is_close = |pair: &&Pair| pair.score + self.weights.margin > best;
            let mut tied = of_decision(&rivals, Decision::Match).filter(is_close);
            let decided = |pair: &Pair, decision| Pair {
                decision,
                ..pair.clone()
            };
            if rivals[0].decision != Decision::Match {
                let asked = of_decision(&rivals, Decision::Review).filter(is_close);
                chosen.extend(of_others(asked).take(MAX_QUESTIONS).cloned());
                // A branch is told beside the questions: it may be related and have a rival.
                chosen.extend(of_decision(&rivals, Decision::Related).next().cloned());
            } else if tied.any(|pair| pair.right_identity != identity) {
                let tied = of_decision(&rivals, Decision::Match).filter(is_close);
                let asked = of_others(tied).take(MAX_QUESTIONS);
                chosen.extend(asked.map(|pair| decided(pair, Decision::Review)));
            } else {
                // A list of support has a row for each support.
                let rows = rivals.iter().filter(|pair| {
                    pair.right_identity == identity && pair.decision != Decision::Related
                });
                chosen.extend(rows.map(|pair| decided(pair, Decision::Match)));
            }
        }
        chosen.sort_unstable_by_key(|pair| (pair.left, pair.right));
        chosen
    }
}

/// What is known of the right side once it was gone through.
#[derive(Default)]
struct RightCounts {
    rarity: Rarity,
    /// The places of the records that may be somebody's candidate, each with the places of the keys that it shares. Of a key a
    /// few are kept, until it shows that too many have it.
    shared: Vec<(usize, u32)>,
}

impl RightCounts {
    fn and(mut self, other: Self) -> Self {
        self.rarity.merge(other.rarity);
        self.shared.extend(other.shared);
        self
    }
}

/// The first pair of each right enterprise.
fn of_others<'p>(pairs: impl Iterator<Item = &'p Pair>) -> impl Iterator<Item = &'p Pair> {
    let mut seen = BTreeSet::new();
    pairs.filter(move |pair| seen.insert(pair.right_identity))
}

fn of_decision(pairs: &[Pair], decision: Decision) -> impl Iterator<Item = &Pair> {
    pairs.iter().filter(move |pair| pair.decision == decision)
}

/// Batches with the place of their first record.
fn numbered<R>(
    batches: impl Iterator<Item = Vec<R>> + Send,
) -> impl Iterator<Item = (usize, Vec<R>)> + Send
where
    Vec<R>: Send,
{
    batches.scan(0, |next, batch| {
        let first = *next;
        *next += batch.len();
        Some((first, batch))
    })
}

#[cfg(test)]
mod tests {
    use crate::comparison_level::LEVEL_COUNT;
    use crate::decision::Decision;
    use crate::matcher::{Matcher, Pair};
    use crate::party::Party;
    use crate::testing::LINKAGE;

    fn pair(right: usize, decision: Decision, score: i32) -> Pair {
        Pair {
            left: 0,
            right,
            decision,
            score,
            rank: 0,
            right_identity: u64::try_from(right).unwrap(),
            values: [0; LEVEL_COUNT],
        }
    }

    /// The right records and answers that are chosen.
    fn chosen(pairs: &[Pair]) -> Vec<(usize, Decision)> {
        let chosen = Matcher::new(&LINKAGE).choose(pairs.to_vec());
        chosen
            .iter()
            .map(|pair| (pair.right, pair.decision))
            .collect()
    }

    #[test]
    fn pairs_are_judged_by_themselves_whoever_else_there_is() {
        let named = |name| Party {
            name,
            ..Party::default()
        };
        let left = [
            "Công ty TNHH Gốm Mẫu Sơn",
            "Công ty TNHH Hoa Sen",
            "HTX Lá Xanh",
        ]
        .map(named);
        let right = [
            "Cty TNHH GỐM MẪU SƠN",
            "Công ty TNHH Hòa Sen",
            "Công ty CP Đá Bạc",
        ]
        .map(named);
        let judged = Matcher::new(&LINKAGE).judge(&left, &right, None);
        let told: Vec<_> = judged
            .iter()
            .map(|it| (it.left, it.right, it.decision))
            .collect();
        assert_eq!(told, [(0, 0, Decision::Match), (1, 1, Decision::Review)]);
    }

    #[test]
    fn one_clear_match_stands_alone() {
        let pairs = [
            pair(1, Decision::Match, 100),
            pair(2, Decision::Match, 100 - LINKAGE.margin),
            pair(3, Decision::Review, 99),
        ];
        assert_eq!(chosen(&pairs), [(1, Decision::Match)]);
    }

    #[test]
    fn a_match_that_another_comes_close_to_is_a_question() {
        let pairs = [
            pair(1, Decision::Match, 100),
            pair(2, Decision::Match, 101 - LINKAGE.margin),
        ];
        assert_eq!(
            chosen(&pairs),
            [(1, Decision::Review), (2, Decision::Review)]
        );
    }

    #[test]
    fn all_rows_of_one_right_enterprise_match() {
        let row = |right, decision, score, right_identity| Pair {
            right_identity,
            ..pair(right, decision, score)
        };
        let rows = [
            row(1, Decision::Match, 100, 7),
            row(2, Decision::Match, 100, 7),
            row(3, Decision::Review, 10, 7),
            row(4, Decision::Review, 90, 8),
        ];
        let matched = [1, 2, 3].map(|right| (right, Decision::Match));
        assert_eq!(chosen(&rows), matched);
        // Two rows of one enterprise are one question.
        let asked = [
            row(1, Decision::Review, 50, 7),
            row(2, Decision::Review, 50, 7),
            row(3, Decision::Review, 50, 8),
        ];
        let questions = [1, 3].map(|right| (right, Decision::Review));
        assert_eq!(chosen(&asked), questions);
    }

    #[test]
    fn the_best_possible_pairs_are_asked_as_far_as_a_person_gets() {
        let named = |name| Party {
            name,
            ..Party::default()
        };
        let left: Vec<Party<'_>> = [
            "Khí Miền Nam",
            "Gốm Mẫu Sơn",
            "Bánh Lá Sen",
            "Bưởi Tân Triều",
            "Dệt Vân Canh",
            "Giấy Trường An",
            "Đá Hóa An",
            "Mây Tre Kỳ Lộ",
        ]
        .map(named)
        .to_vec();
        let right = [
            "Công ty CP Kinh doanh Khí Miền Nam Vinatex",
            "Công ty CP Xây lắp Gốm Kỳ Sơn Zorvex",
        ]
        .map(named);
        let pairs = Matcher::new(&LINKAGE).join(&left, || right.chunks(1).map(<[_]>::to_vec));
        // One of eight rows: all of the name is in the other, which less than half of the second's is.
        let asked: Vec<(usize, usize, Decision)> = pairs
            .iter()
            .map(|pair| (pair.left, pair.right, pair.decision))
            .collect();
        assert_eq!(asked, [(0, 0, Decision::Review)]);
    }

    #[test]
    fn at_most_two_questions_are_asked_and_only_close_ones() {
        let near = [50, 49, 48].map(|score| {
            pair(
                60 - usize::try_from(score).unwrap(),
                Decision::Review,
                score,
            )
        });
        assert_eq!(
            chosen(&near),
            [(10, Decision::Review), (11, Decision::Review)]
        );
        let far = [
            pair(1, Decision::Review, 50),
            pair(2, Decision::Review, 50 - LINKAGE.margin),
        ];
        assert_eq!(chosen(&far), [(1, Decision::Review)]);
    }

    #[test]
    fn a_relation_stands_beside_a_question_and_not_beside_a_match() {
        let question = [
            pair(1, Decision::Review, 50),
            pair(2, Decision::Related, 90),
        ];
        assert_eq!(
            chosen(&question),
            [(1, Decision::Review), (2, Decision::Related)]
        );
        let matched = [pair(1, Decision::Match, 50), pair(2, Decision::Related, 90)];
        assert_eq!(chosen(&matched), [(1, Decision::Match)]);
    }

    #[test]
    fn a_register_in_one_batch_or_many_gives_the_same_pairs() {
        let named = |name| Party {
            name,
            phone: Some("0251 3822 111"),
            ..Party::default()
        };
        let left = ["Công ty TNHH Gốm Mẫu Sơn", "HTX Bưởi Tân Triều"].map(named);
        let right = [
            "HTX Bánh Lá Sen",
            "HTX BUOI TAN TRIEU",
            "CTY TNHH Gốm Mẫu Sơn",
        ]
        .map(named);
        let matcher = Matcher::new(&LINKAGE);
        let joined = |size: usize| {
            let pairs = matcher.join(&left, || right.chunks(size).map(<[_]>::to_vec));
            pairs
                .iter()
                .map(|pair| (pair.left, pair.right, pair.decision))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            joined(3),
            [(0, 2, Decision::Match), (1, 1, Decision::Match)]
        );
        assert_eq!(joined(1), joined(3));
    }
}
