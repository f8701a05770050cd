//! Two lists: the candidate pairs of a left and a right record, and the answers for each left record.

use crate::blocking_index::BlockingIndex;
use crate::decision::Decision;
use crate::matcher::{Matcher, Pair};
use crate::parser::Parser;
use crate::party::Record;
use crate::rarity::Rarity;
use crate::record::ParsedRecord;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;

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
        let mut answered = self.score_pairs(left, right);
        answered.retain(|pair| pair.decision != Decision::Different);
        self.choose(answered)
    }

    /// All candidates of both sides with what their evidence says, each pair for itself: what weights are learnt from.
    pub fn score_pairs<L, R, B>(&self, left: &[L], right: impl Fn() -> B) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        let mut parsed = self.parse_all(left);
        // Blocking keys and rarity need all records of both sides, so the first pass counts and the second compares.
        let index = BlockingIndex::new(&parsed);
        let rarity = self.rarity(&parsed, right(), &index);
        let index = index.without_common();
        parsed
            .par_iter_mut()
            .for_each(|record| Arc::make_mut(&mut record.name).look_up_rarity(&rarity));
        let mut pairs: Vec<Pair> = numbered(right())
            .par_bridge()
            .map_init(
                || (self.parser(), Vec::new(), Vec::new()),
                |(parser, keys, found), (first, batch)| {
                    let mut pairs = Vec::new();
                    for (at, record) in (first..).zip(&batch) {
                        let mut right = ParsedRecord::parse(&record.party(), parser);
                        right.blocking_keys(keys);
                        index.candidates(index.places(keys), found);
                        // Nearly all rows of a register are nobody's candidate.
                        if found.is_empty() {
                            continue;
                        }
                        Arc::make_mut(&mut right.name).look_up_rarity(&rarity);
                        let pair =
                            |&l: &u32| self.pair(l as usize, &parsed[l as usize], at, &right);
                        pairs.extend(
                            found
                                .iter()
                                .filter_map(pair)
                                .filter(|pair| self.is_kept(pair)),
                        );
                    }
                    pairs
                },
            )
            .flatten_iter()
            .collect();
        // Batches are done in any order.
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// What is far from any question is not kept, or a million records would fill the memory.
    fn is_kept(&self, pair: &Pair) -> bool {
        pair.decision != Decision::Different || pair.score > self.weights.floor()
    }

    /// How rare tokens are among all names of both sides; on the way the keys of the right side are counted.
    fn rarity<R: Record>(
        &self,
        left: &[ParsedRecord],
        right: impl Iterator<Item = Vec<R>> + Send,
        index: &BlockingIndex,
    ) -> Rarity
    where
        Vec<R>: Send,
    {
        let count = |(parser, keys): &mut (Parser<'_>, Vec<u64>), batch: Vec<R>| {
            let mut rarity = Rarity::default();
            for record in &batch {
                let record = ParsedRecord::parse(&record.party(), parser);
                record.blocking_keys(keys);
                index.count(index.places(keys));
                rarity.add(record.name.tokens.iter().map(AsRef::as_ref));
            }
            rarity
        };
        let mut rarity = right
            .par_bridge()
            .map_init(|| (self.parser(), Vec::new()), count)
            .reduce(Rarity::default, |mut all, part| {
                all.merge(part);
                all
            });
        left.iter()
            .for_each(|record| rarity.add(record.name.tokens.iter().map(AsRef::as_ref)));
        rarity
    }

    /// Chooses among all answers of each left record: it is one enterprise, so one match stands, and only if no other comes
    /// close; else it is a question. Pairs come and go by left.
    fn choose(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut chosen = Vec::with_capacity(pairs.len());
        for of_left in pairs.chunk_by(|a, b| a.left == b.left) {
            // Matches first, then questions; of each the surest first.
            let mut rivals = of_left.to_vec();
            rivals.sort_by_key(|pair| (pair.decision, Reverse(pair.score), pair.right));
            let best = rivals[0].score;
            let is_close = |pair: &&Pair| pair.score + self.weights.margin > best;
            let matches: Vec<&Pair> = of_decision(&rivals, Decision::Match).collect();
            let tied: Vec<&Pair> = matches.iter().copied().filter(is_close).collect();
            if matches.is_empty() {
                let asked = of_decision(&rivals, Decision::Review).take(MAX_QUESTIONS);
                chosen.extend(asked.filter(is_close).cloned());
                // A branch is told beside the questions: it may be related and have a rival.
                chosen.extend(of_decision(&rivals, Decision::Related).next().cloned());
            } else if tied.len() > 1 {
                let asked = tied.into_iter().take(MAX_QUESTIONS).map(|pair| Pair {
                    decision: Decision::Review,
                    ..pair.clone()
                });
                chosen.extend(asked);
            } else {
                chosen.push(rivals[0].clone());
            }
        }
        chosen.sort_unstable_by_key(|pair| (pair.left, pair.right));
        chosen
    }
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
