//! The matcher: the words and weights of a programme, and the answer for one pair.
//!
//! What it does with lists stands in files of its own: two lists in [`crate::candidate_pairs`], one list in
//! [`crate::dedupe`], enterprises over all mentions in [`crate::resolve`].

use crate::comparison::compare;
use crate::comparison_level::LevelValues;
use crate::decision::{Decision, MatchWeights, WeightedEvidence};
use crate::parse_cache::ParseCache;
use crate::parser::Parser;
use crate::party::Record;
use crate::rank::rank;
use crate::record::ParsedRecord;
use crate::vocabulary::Vocabulary;
use model::Linkage;
use rayon::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};

/// Finds the records that are the same enterprise.
pub struct Matcher {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) weights: MatchWeights,
    /// What was parsed for the lists that were [resolved](Matcher::resolve); none if nothing is kept.
    cache: Option<Mutex<Arc<ParseCache>>>,
}

/// A candidate pair and the answer.
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
    /// Of two that the score does not take for one: how likely they are worth a question, in thousandths.
    pub rank: i32,
    /// One number for the rows of the right enterprise, as far as they bear its code or say the same.
    pub(crate) right_identity: u64,
    pub(crate) values: LevelValues,
}

impl Matcher {
    /// A matcher with the words and weights of a programme, which keeps what it parses: the lists that it resolves one after the
    /// other hold much the same texts.
    pub fn new(linkage: &Linkage) -> Self {
        Self {
            cache: Some(Mutex::default()),
            ..Self::for_one_list(linkage)
        }
    }

    /// The same for a single list: nothing is kept.
    pub fn for_one_list(linkage: &Linkage) -> Self {
        Self {
            vocabulary: Vocabulary::new(linkage),
            weights: MatchWeights::new(linkage),
            cache: None,
        }
    }

    /// What each piece of evidence adds to a pair's score, the strongest first.
    pub fn evidence(&self, pair: &Pair) -> Vec<WeightedEvidence> {
        self.weights.evidence(&pair.values)
    }

    pub(crate) fn parser(&self) -> Parser<'_> {
        // Entries are whole at any time, so a thread that panicked while it held the lock left nothing half done.
        let known = self.cache.as_ref().map(|cache| {
            let cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&cache)
        });
        Parser::new(&self.vocabulary, known.unwrap_or_default())
    }

    /// Keeps what was parsed for the lists to come, if there may be more.
    pub(crate) fn remember(&self, keep: impl FnOnce(&mut ParseCache)) {
        if let Some(cache) = &self.cache {
            let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
            keep(Arc::make_mut(&mut cache));
        }
    }

    pub(crate) fn parse_all<L: Record + Sync>(&self, records: &[L]) -> Vec<ParsedRecord> {
        let parse =
            |parser: &mut Parser<'_>, record: &L| ParsedRecord::parse(&record.party(), parser);
        records
            .par_iter()
            .map_init(|| self.parser(), parse)
            .collect()
    }

    /// The answer for a candidate pair by itself; `None` if too little agrees for any answer but no.
    pub(crate) fn pair(
        &self,
        left: usize,
        a: &ParsedRecord,
        right: usize,
        b: &ParsedRecord,
    ) -> Option<Pair> {
        // In an order of their own, so that who stands left does not matter: pairing tokens is greedy.
        let (first, second) = if a.pair_order() <= b.pair_order() {
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
            rank: rank(&comparison),
            right_identity: b.identity(),
            values: comparison.values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Matcher, Pair};
    use crate::party::Party;
    use crate::rarity::Rarity;
    use crate::testing::LINKAGE;
    use std::sync::Arc;

    fn paired(a: Party<'_>, b: Party<'_>) -> Option<Pair> {
        let matcher = Matcher::new(&LINKAGE);
        let mut parsed = matcher.parse_all(&[a, b]);
        for record in &mut parsed {
            Arc::make_mut(&mut record.name).look_up_rarity(&Rarity::default());
        }
        matcher.pair(0, &parsed[0], 1, &parsed[1])
    }

    #[test]
    fn who_stands_left_does_not_matter() {
        let named = |name| Party {
            name,
            ..Party::default()
        };
        for (a, b) in [
            ("Công ty TNHH Gốm Mẫu Sơn", "Cty Gốm Sơn Mẫu"),
            // Each word takes the nearest that is free, so who goes first decides what is left over.
            ("Gốm Hà Vinatexa Vinatec", "Gốm Hà Vinatexabc Vinatex"),
        ] {
            let one = paired(named(a), named(b)).unwrap();
            let other = paired(named(b), named(a)).unwrap();
            let other = Pair {
                right_identity: one.right_identity,
                ..other
            };
            assert_eq!(one, other, "{a} {b}");
        }
    }

    #[test]
    fn the_evidence_of_a_pair_names_what_agrees() {
        let party = Party {
            name: "Công ty TNHH Gốm Mẫu Sơn",
            phone: Some("0251 3822 111"),
            ..Party::default()
        };
        let pair = paired(party, party).unwrap();
        let evidence = Matcher::new(&LINKAGE).evidence(&pair);
        let names: Vec<&str> = evidence.iter().map(|evidence| evidence.name).collect();
        insta::assert_snapshot!(
            names.join(" "),
            @"name_equal phone_equal name_shared"
        );
    }
}
