use crate::compare::{Values, compare};
use crate::decide::{Decision, WeightedEvidence, Weights};
use crate::index::Index;
use crate::memo::Memo;
use crate::record::{Party, Prepared};
use crate::vocabulary::{Reader, Vocabulary};
use crate::word::Rarity;
use model::Linkage;
use rayon::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that says what it is about.
pub trait Record {
    /// What it says of the enterprise.
    fn party(&self) -> Party<'_>;
}

impl Record for Party<'_> {
    fn party(&self) -> Party<'_> {
        *self
    }
}

/// Finds the records that are the same enterprise.
pub struct Matcher {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) weights: Weights,
    /// What the lists that were [identified](Matcher::identify) say.
    memo: Mutex<Arc<Memo>>,
}

/// Two records and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The place of the left record.
    pub left: usize,
    /// The place of the right record.
    pub right: usize,
    /// The answer.
    pub decision: Decision,
    /// The log-odds that they are the same, in sixteenths of a bit.
    pub score: i32,
    pub(crate) values: Values,
}

impl Matcher {
    /// A matcher with the words and weights of a programme.
    pub fn new(linkage: &Linkage) -> Self {
        Self {
            vocabulary: Vocabulary::new(linkage),
            weights: Weights::new(linkage),
            memo: Mutex::default(),
        }
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        // Whoever panicked while it was held left it as it was.
        let memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        Reader::new(&self.vocabulary, Arc::clone(&memo))
    }

    /// Keeps what was read for the lists to come.
    pub(crate) fn remember(&self, keep: impl FnOnce(&mut Memo)) {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        keep(Arc::make_mut(&mut memo));
    }

    /// What each piece of evidence adds to a pair's score, the strongest first.
    pub fn evidence(&self, pair: &Pair) -> Vec<WeightedEvidence> {
        self.weights.parts(&pair.values)
    }

    /// The pairs of a left and a right record that are the same enterprise, related, or a question for a person;
    /// by left, then by right.
    ///
    /// The right side is gone through twice, batch by batch, and never held: `right` begins it anew each time. The
    /// left side is held.
    pub fn join<L, R, B>(&self, left: &[L], right: impl Fn() -> B) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        let mut answered = self.score_pairs(left, right);
        answered.retain(|pair| pair.decision != Decision::Different);
        self.settle(answered)
    }

    /// All candidates of both sides with what their evidence says, each pair for itself: what weights are learnt from.
    pub fn score_pairs<L, R, B>(&self, left: &[L], right: impl Fn() -> B) -> Vec<Pair>
    where
        L: Record + Sync,
        R: Record,
        B: Iterator<Item = Vec<R>> + Send,
        Vec<R>: Send,
    {
        let mut prepared = self.prepare(left);
        let index = Index::new(&prepared);
        let rarity = self.rarity(&prepared, right(), &index);
        let index = index.without_common();
        prepared
            .par_iter_mut()
            .for_each(|record| Arc::make_mut(&mut record.name).rate(&rarity));
        let mut pairs: Vec<Pair> = numbered(right())
            .par_bridge()
            .map_init(
                || (self.reader(), Vec::new(), Vec::new()),
                |(reader, keys, found), (first, batch)| {
                    let mut pairs = Vec::new();
                    for (at, record) in (first..).zip(&batch) {
                        let mut right = Prepared::read(&record.party(), reader);
                        right.keys(keys);
                        index.candidates(index.places(keys), found);
                        if found.is_empty() {
                            continue;
                        }
                        Arc::make_mut(&mut right.name).rate(&rarity);
                        let pair =
                            |&l: &u32| self.pair(l as usize, &prepared[l as usize], at, &right);
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
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        pairs
    }

    /// What is far from any question is not kept, or a million records would fill the memory.
    fn is_kept(&self, pair: &Pair) -> bool {
        pair.decision != Decision::Different || pair.score > self.weights.floor()
    }

    pub(crate) fn prepare<L: Record + Sync>(&self, records: &[L]) -> Vec<Prepared> {
        let read = |reader: &mut Reader<'_>, record: &L| Prepared::read(&record.party(), reader);
        records
            .par_iter()
            .map_init(|| self.reader(), read)
            .collect()
    }

    /// How rare words are among all names of both sides; on the way the keys of the right side are counted.
    fn rarity<R: Record>(
        &self,
        left: &[Prepared],
        right: impl Iterator<Item = Vec<R>> + Send,
        index: &Index,
    ) -> Rarity
    where
        Vec<R>: Send,
    {
        let count = |(reader, keys): &mut (Reader<'_>, Vec<u64>), batch: Vec<R>| {
            let mut rarity = Rarity::default();
            for record in &batch {
                let record = Prepared::read(&record.party(), reader);
                record.keys(keys);
                index.count(index.places(keys));
                rarity.add(record.name.words.iter().map(AsRef::as_ref));
            }
            rarity
        };
        let mut rarity = right
            .par_bridge()
            .map_init(|| (self.reader(), Vec::new()), count)
            .reduce(Rarity::default, |mut all, part| {
                all.merge(part);
                all
            });
        left.iter()
            .for_each(|record| rarity.add(record.name.words.iter().map(AsRef::as_ref)));
        rarity
    }

    pub(crate) fn pair(
        &self,
        left: usize,
        a: &Prepared,
        right: usize,
        b: &Prepared,
    ) -> Option<Pair> {
        // In an order of their own, so that who stands left does not matter.
        let (first, second) = if a.order() <= b.order() {
            (a, b)
        } else {
            (b, a)
        };
        let comparison = compare(first, second, &self.vocabulary)?;
        let score = self.weights.score(&comparison.values);
        let decision = self.weights.decide(&comparison, score);
        Some(Pair {
            left,
            right,
            decision,
            score,
            values: comparison.values,
        })
    }

    /// Looks at all answers of one left record together: a match that another comes close to is a question.
    fn settle(&self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut settled = Vec::with_capacity(pairs.len());
        for group in pairs.chunk_by(|a, b| a.left == b.left) {
            let mut group = group.to_vec();
            group.sort_by(|a, b| {
                (a.decision, b.score, a.right).cmp(&(b.decision, a.score, b.right))
            });
            let best = group[0].score;
            let matches = group
                .iter()
                .filter(|pair| pair.decision == Decision::Match)
                .count();
            let close = |pair: &&Pair| pair.score + self.weights.margin > best;
            let tied = group
                .iter()
                .filter(|pair| pair.decision == Decision::Match)
                .filter(close)
                .count()
                > 1;
            match matches {
                0 => {
                    let asked = group
                        .iter()
                        .filter(|pair| pair.decision == Decision::Review)
                        .take(2);
                    let asked: Vec<Pair> = asked.filter(close).cloned().collect();
                    let related = group
                        .iter()
                        .find(|pair| pair.decision == Decision::Related)
                        .cloned();
                    settled.extend(asked);
                    settled.extend(related);
                }
                _ if tied => settled.extend(
                    group
                        .iter()
                        .filter(|pair| pair.decision == Decision::Match)
                        .filter(close)
                        .take(2)
                        .map(|pair| Pair {
                            decision: Decision::Review,
                            ..pair.clone()
                        }),
                ),
                _ => settled.push(group[0].clone()),
            }
        }
        settled.sort_unstable_by_key(|pair| (pair.left, pair.right));
        settled
    }
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
