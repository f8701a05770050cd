//! Pairs that neither the score nor a rule decides: of each left record the one that is most worth a question.

use crate::matcher::Pair;
use std::cmp::Reverse;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A pair of less than this rank is not worth a question, whatever room there is: three tenths of a name are a common word or
/// two.
const LEAST_RANK: i32 = 300;

/// The best possible pair of each left record. A register of a million rows offers many, in any order and from several threads,
/// and one of each is held.
pub(crate) struct PossiblePairs {
    best: Vec<Mutex<Option<Box<Pair>>>>,
}

impl PossiblePairs {
    /// None yet, for so many left records.
    pub(crate) fn new(left: usize) -> Self {
        let mut best = Vec::new();
        best.resize_with(left, Mutex::default);
        Self { best }
    }

    /// Takes a pair if it is better than the one its left record has.
    pub(crate) fn offer(&self, pair: &Pair) {
        if pair.rank < LEAST_RANK {
            return;
        }
        let Some(place) = self.best.get(pair.left) else {
            return;
        };
        let mut best = locked(place);
        if best.as_ref().is_none_or(|best| order(pair) < order(best)) {
            *best = Some(Box::new(pair.clone()));
        }
    }

    /// So many of the best ones, of the left records that `is_open` says.
    pub(crate) fn best(&self, is_open: impl Fn(usize) -> bool, count: usize) -> Vec<Pair> {
        let open = self.best.iter().enumerate().filter(|(at, _)| is_open(*at));
        let mut best: Vec<Pair> = open
            .filter_map(|(_, place)| locked(place).as_deref().cloned())
            .collect();
        best.sort_by_key(|pair| (order(pair), pair.left));
        best.truncate(count);
        best
    }
}

/// The better one first; of equals the one that stands first on the right.
fn order(pair: &Pair) -> (Reverse<i32>, Reverse<i32>, usize) {
    (Reverse(pair.rank), Reverse(pair.score), pair.right)
}

/// What stands there is whole at any time, so a thread that panicked while it held the lock left nothing half done.
fn locked(place: &Mutex<Option<Box<Pair>>>) -> MutexGuard<'_, Option<Box<Pair>>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{LEAST_RANK, PossiblePairs};
    use crate::comparison_level::LEVEL_COUNT;
    use crate::decision::Decision;
    use crate::matcher::Pair;

    fn pair(left: usize, right: usize, rank: i32, score: i32) -> Pair {
        Pair {
            left,
            right,
            decision: Decision::Different,
            score,
            rank,
            right_identity: 0,
            values: [0; LEVEL_COUNT],
        }
    }

    #[test]
    fn the_best_of_each_left_record_are_given_in_whatever_order_they_came() {
        let offered = [
            pair(0, 1, 900, 5),
            pair(0, 2, 950, 1),
            pair(0, 3, 950, 2),
            pair(0, 4, 950, 2),
            pair(1, 1, 1000, 0),
            pair(2, 1, 1300, 0),
            pair(3, 1, LEAST_RANK - 1, 0),
        ];
        for order in [[0, 1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1, 0]] {
            let possible = PossiblePairs::new(4);
            order.iter().for_each(|&at| possible.offer(&offered[at]));
            let best = |count| -> Vec<(usize, usize)> {
                let best = possible.best(|left| left != 2, count);
                best.iter().map(|pair| (pair.left, pair.right)).collect()
            };
            assert_eq!(best(5), [(1, 1), (0, 3)]);
            assert_eq!(best(1), [(1, 1)]);
        }
    }
}
