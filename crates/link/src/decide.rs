//! From evidence to one of the answers.

use crate::code::Codes;
use crate::compare::{Comparison, EVIDENCE, EVIDENCE_COUNT, Values};
use model::Linkage;

/// Whether two records are the same enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// They are.
    Match,
    /// A person is asked.
    Review,
    /// One is a dependent unit of the other, or both are of a third.
    Related,
    /// They are not, or nothing says that they are.
    Different,
}

/// One piece of evidence and what it weighs, in sixteenths of a bit of log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightedEvidence {
    /// Its name.
    pub name: &'static str,
    /// How strong it is: rarity in sixteenths of a bit, or 16 for yes.
    pub value: i32,
    /// What it adds to the score.
    pub score: i32,
}

/// The learnt weights, in the order of the evidence.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    each: Values,
    bias: i32,
    match_at: i32,
    match_left_at: i32,
    review_at: i32,
    pub margin: i32,
}

impl Weights {
    pub(crate) fn new(linkage: &Linkage) -> Self {
        let mut each = [0; EVIDENCE_COUNT];
        for (weight, name) in each.iter_mut().zip(EVIDENCE) {
            *weight = linkage.weights.get(name).copied().unwrap_or(0);
        }
        Self {
            each,
            bias: linkage.bias,
            match_at: linkage.match_at,
            match_left_at: linkage.match_left_at,
            review_at: linkage.review_at,
            margin: linkage.margin,
        }
    }

    /// Below this a pair is not worth keeping, even to learn from.
    pub(crate) fn floor(&self) -> i32 {
        self.review_at - 16 * 12
    }

    /// The log-odds that a pair is one enterprise, in sixteenths of a bit.
    pub(crate) fn score(&self, values: &Values) -> i32 {
        let sum: i64 = values
            .iter()
            .zip(&self.each)
            .map(|(&value, &weight)| i64::from(value) * i64::from(weight))
            .sum();
        self.bias + i32::try_from(sum >> 8).unwrap_or(0)
    }

    /// What each piece of evidence adds, strongest first.
    pub(crate) fn parts(&self, values: &Values) -> Vec<WeightedEvidence> {
        let part = |((name, &value), &weight): ((&'static str, &i32), &i32)| WeightedEvidence {
            name,
            value,
            score: i32::try_from((i64::from(value) * i64::from(weight)) >> 8).unwrap_or(0),
        };
        let mut parts: Vec<WeightedEvidence> = EVIDENCE
            .into_iter()
            .zip(values)
            .zip(&self.each)
            .map(part)
            .filter(|part| part.value != 0)
            .collect();
        parts.sort_by(|a, b| b.score.abs().cmp(&a.score.abs()).then(a.name.cmp(b.name)));
        parts
    }

    /// The answer for a pair by itself, whoever else there is.
    pub(crate) fn decide(&self, pair: &Comparison, score: i32) -> Decision {
        let name = &pair.alignment;
        // Nothing is left over but words that run together, slips or marks.
        let same_words = name.left == [0, 0] && name.changed == 0 && !name.reversed;
        let fewer_left = name.left[0].min(name.left[1]);
        let close = same_words && !pair.forms_differ && !pair.branch_differs;
        match pair.codes {
            // Two valid codes are two taxpayers. Only where all else says that one code is the neighbour's row is
            // a person asked.
            Codes::Different
                if close && name.shared > 0 && pair.contacts > 0 && pair.conflicts == 0 =>
            {
                Decision::Review
            }
            Codes::Different => Decision::Different,
            Codes::Kin => Decision::Related,
            // The same taxpayer, unless the code is of the row beside: then nothing else agrees.
            Codes::Equal
                if pair.contacts > 0 || name.whole || name.shared + name.initials > fewer_left =>
            {
                Decision::Match
            }
            Codes::Equal => Decision::Review,
            Codes::Near | Codes::Unknown => self.decide_without_code(pair, score),
        }
    }

    fn decide_without_code(&self, pair: &Comparison, score: i32) -> Decision {
        let name = &pair.alignment;
        if score < self.review_at {
            return Decision::Different;
        }
        // One is the other's branch: the words are the same but for a place.
        if pair.branch_differs {
            return Decision::Related;
        }
        let both_left = name.left[0] > 0 && name.left[1] > 0 && !name.foreign_left;
        let may_be_another =
            name.number || name.place || name.reversed || pair.forms_differ || both_left;
        let all_words = name.left == [0, 0] && name.changed == 0;
        let enough = if all_words {
            self.match_at
        } else {
            self.match_left_at
        };
        if score >= enough && !may_be_another {
            Decision::Match
        } else {
            Decision::Review
        }
    }
}
