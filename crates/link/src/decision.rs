//! From the comparison of two records to an answer: match weights, thresholds and the rules that no score outvotes.
//!
//! Weights are log-odds in fixed point, in whole numbers: a sum of integers is the same on every machine and in every
//! order, and can be explained part by part.

use crate::alignment::Alignment;
use crate::comparison::ComparisonVector;
use crate::comparison_level::{ComparisonLevel, EvidenceSense, LEVEL_COUNT, LevelValues};
use crate::tax_code::CodeComparison;
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
    /// What it says to a person; nothing if it only corrects the sum of others.
    pub sense: Option<EvidenceSense>,
}

/// The learnt match weights of the levels, and the thresholds.
#[derive(Debug, Clone)]
pub(crate) struct MatchWeights {
    /// In the order of [`ComparisonLevel`], in 1/256.
    each: LevelValues,
    bias: i32,
    match_at: i32,
    match_left_at: i32,
    review_at: i32,
    /// From this rank two records of one list are a question.
    pub ask_at: i32,
    /// How much better than its rivals a match must be.
    pub margin: i32,
}

impl MatchWeights {
    /// The weights of a programme; a level without a weight weighs nothing.
    pub(crate) fn new(linkage: &Linkage) -> Self {
        let mut each = [0; LEVEL_COUNT];
        for (weight, level) in each.iter_mut().zip(ComparisonLevel::ALL) {
            *weight = linkage.weights.get(level.name()).copied().unwrap_or(0);
        }
        Self {
            each,
            bias: linkage.bias,
            match_at: linkage.match_at,
            match_left_at: linkage.match_left_at,
            review_at: linkage.review_at,
            ask_at: linkage.ask_at,
            margin: linkage.margin,
        }
    }

    /// The log-odds that a pair is one enterprise, in sixteenths of a bit.
    pub(crate) fn score(&self, values: &LevelValues) -> i32 {
        let sum: i64 = values
            .iter()
            .zip(&self.each)
            .map(|(&value, &weight)| i64::from(value) * i64::from(weight))
            .sum();
        // Weights are in 1/256, and are divided once, so that small parts are not rounded away.
        self.bias + i32::try_from(sum >> 8).unwrap_or(0)
    }

    /// What each level that is reached adds to the score, the strongest first; what weighs nothing is no evidence.
    pub(crate) fn evidence(&self, values: &LevelValues) -> Vec<WeightedEvidence> {
        let levels = ComparisonLevel::ALL.iter().zip(values).zip(&self.each);
        let weighted = levels.map(|((level, &value), &weight)| WeightedEvidence {
            name: level.name(),
            value,
            sense: level.sense(),
            score: i32::try_from((i64::from(value) * i64::from(weight)) >> 8).unwrap_or(0),
        });
        let mut evidence: Vec<WeightedEvidence> =
            weighted.filter(|evidence| evidence.score != 0).collect();
        evidence.sort_by(|a, b| b.score.abs().cmp(&a.score.abs()).then(a.name.cmp(b.name)));
        evidence
    }

    /// The answer for a pair by itself, whoever else there is.
    ///
    /// A tax code decides before any score: it is the one thing that the law makes unique.
    pub(crate) fn decide(&self, pair: &ComparisonVector, score: i32) -> Decision {
        let name = &pair.alignment;
        // Nothing is left over but words that run together, slips or diacritics.
        let same_words = name.left == [0, 0] && !is_respelt(name) && !name.reversed;
        let fewer_left = name.left[0].min(name.left[1]);
        let is_close = same_words && !pair.forms_differ && !pair.branch_differs;
        match pair.codes {
            // Two valid codes are two taxpayers. Only if all else says that one code is that of the row beside is a
            // person asked.
            CodeComparison::Different
                if is_close && name.shared > 0 && pair.contacts > 0 && pair.conflicts == 0 =>
            {
                Decision::Review
            }
            CodeComparison::Different => Decision::Different,
            // A dependent unit has the ten digits of its legal person (TT 105/2020/TT-BTC Điều 5): neither the same nor a
            // stranger.
            CodeComparison::Kin => Decision::Related,
            // The same taxpayer, renamed perhaps. But a code may have slipped from the row beside: then neither the name
            // nor a contact agrees, and a person is asked.
            CodeComparison::Equal
                if pair.contacts > 0 || name.whole || name.shared + name.initials > fewer_left =>
            {
                Decision::Match
            }
            CodeComparison::Equal => Decision::Review,
            CodeComparison::Near | CodeComparison::Unknown => self.decide_by_score(pair, score),
        }
    }

    /// The answer for a pair whose tax codes do not decide.
    ///
    /// A high score is no match if something may tell two enterprises apart that the law allows beside one another: names
    /// that differ by a number or a region may be a company and its subsidiary (Luật Doanh nghiệp 59/2020 Điều 41.2.d and g
    /// with 41.3), and enterprises of two legal forms may bear one proper name (41.2 speaks of one kind). A wrong match
    /// denies an enterprise its support, so a person is asked.
    fn decide_by_score(&self, pair: &ComparisonVector, score: i32) -> Decision {
        let name = &pair.alignment;
        // The same words with other accents or in another order are asked about whatever they weigh, unless something says
        // that they are two.
        let is_other_spelling = name.left == [0, 0]
            && name.changed == 0
            && (name.marks > 0 || name.reversed || name.moved)
            && pair.conflicts == 0
            && !(pair.areas_differ || pair.forms_differ || pair.branch_differs);
        if score < self.review_at && !is_other_spelling {
            return Decision::Different;
        }
        // One is a branch of the other: its name is the enterprise's and a place (Điều 40).
        if pair.branch_differs {
            return Decision::Related;
        }
        // Each side has a word that the other lacks, as two names with a common core do. A foreign name that nobody
        // translated leaves words over on both sides without being another.
        let both_left = name.left[0] > 0 && name.left[1] > 0 && !name.foreign_left;
        // Who wrote another accent, another letter or another order may mean another enterprise, unless it can be reached
        // as this one can.
        let is_doubtful = is_respelt(name) && (pair.contacts == 0 || pair.conflicts > 0);
        // One name in two places may be two enterprises, as co-operatives are registered by the district.
        let is_elsewhere = pair.areas_differ && pair.contacts == 0;
        let all_words = name.left == [0, 0] && name.changed == 0;
        // A neighbour of one owner bears a name with a word more or less, and something else of it differs.
        let is_neighbour = !all_words && pair.conflicts > 0;
        let may_be_another = name.number
            || name.place
            || name.reversed
            || pair.forms_differ
            || both_left
            || is_elsewhere
            || is_neighbour
            || pair.is_several
            || is_doubtful;
        // A name with a word more may be another enterprise's, so it must be surer by what else agrees.
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

/// Whether two names have other accents, words that differ by a letter, or another order.
fn is_respelt(name: &Alignment) -> bool {
    name.marks > 0 || name.changed > 0 || name.moved
}

#[cfg(test)]
mod tests {
    use super::{Decision, MatchWeights};
    use crate::alignment::Alignment;
    use crate::comparison::ComparisonVector;
    use crate::comparison_level::{ComparisonLevel, LEVEL_COUNT};
    use crate::tax_code::CodeComparison;
    use crate::testing::LINKAGE;

    /// Two equal names, of records of which no more is known.
    fn equal_names() -> ComparisonVector {
        ComparisonVector {
            values: [0; LEVEL_COUNT],
            codes: CodeComparison::Unknown,
            alignment: Alignment {
                shared: 300,
                ..Alignment::default()
            },
            forms_differ: false,
            branch_differs: false,
            contacts: 0,
            conflicts: 0,
            is_several: false,
            areas_differ: false,
        }
    }

    fn with_name(change: impl Fn(&mut Alignment)) -> ComparisonVector {
        let mut pair = equal_names();
        change(&mut pair.alignment);
        pair
    }

    fn with_codes(codes: CodeComparison) -> ComparisonVector {
        ComparisonVector {
            codes,
            ..equal_names()
        }
    }

    fn decide(pair: &ComparisonVector, score: i32) -> Decision {
        MatchWeights::new(&LINKAGE).decide(pair, score)
    }

    /// More than any threshold.
    const SURE: i32 = 1000;

    #[test]
    fn the_score_decides_in_three_ranges() {
        let weights = MatchWeights::new(&LINKAGE);
        let pair = equal_names();
        assert_eq!(decide(&pair, weights.match_at), Decision::Match);
        assert_eq!(decide(&pair, weights.match_at - 1), Decision::Review);
        assert_eq!(decide(&pair, weights.review_at), Decision::Review);
        assert_eq!(decide(&pair, weights.review_at - 1), Decision::Different);
    }

    #[test]
    fn a_word_left_over_on_one_side_asks_for_a_higher_score() {
        let weights = MatchWeights::new(&LINKAGE);
        let pair = with_name(|name| name.left = [200, 0]);
        assert_eq!(decide(&pair, weights.match_left_at), Decision::Match);
        assert_eq!(decide(&pair, weights.match_left_at - 1), Decision::Review);
    }

    #[test]
    fn words_left_over_on_both_sides_are_never_joined_unless_foreign() {
        let both = |name: &mut Alignment| name.left = [200, 200];
        assert_eq!(decide(&with_name(both), SURE), Decision::Review);
        let foreign = with_name(|name| {
            both(name);
            name.foreign_left = true;
        });
        assert_eq!(decide(&foreign, SURE), Decision::Match);
    }

    #[test]
    fn a_number_may_be_a_subsidiary() {
        let number = with_name(|name| {
            name.left = [200, 0];
            name.number = true;
        });
        assert_eq!(decide(&number, SURE), Decision::Review);
    }

    #[test]
    fn a_region_may_be_a_subsidiary() {
        let place = with_name(|name| {
            name.left = [200, 0];
            name.place = true;
        });
        assert_eq!(decide(&place, SURE), Decision::Review);
    }

    #[test]
    fn swapped_words_are_asked_about() {
        assert_eq!(
            decide(&with_name(|name| name.reversed = true), SURE),
            Decision::Review
        );
    }

    #[test]
    fn other_accents_letters_and_orders_are_asked_about_unless_a_contact_agrees() {
        let changes: [fn(&mut Alignment); 3] = [
            |name| name.marks = 100,
            |name| name.changed = 100,
            |name| name.moved = true,
        ];
        for change in changes {
            let pair = with_name(change);
            assert_eq!(decide(&pair, SURE), Decision::Review);
            let reached = ComparisonVector {
                contacts: 1,
                ..pair
            };
            assert_eq!(decide(&reached, SURE), Decision::Match);
            let elsewhere = ComparisonVector {
                conflicts: 1,
                ..reached
            };
            assert_eq!(decide(&elsewhere, SURE), Decision::Review);
        }
    }

    #[test]
    fn other_accents_and_orders_are_asked_about_whatever_they_weigh() {
        let changes: [fn(&mut Alignment); 3] = [
            |name| name.marks = 100,
            |name| name.reversed = true,
            |name| name.moved = true,
        ];
        for change in changes {
            let pair = with_name(change);
            assert_eq!(decide(&pair, -SURE), Decision::Review);
            let elsewhere = ComparisonVector {
                areas_differ: true,
                ..pair
            };
            assert_eq!(decide(&elsewhere, -SURE), Decision::Different);
        }
    }

    #[test]
    fn one_name_in_two_places_is_asked_about_unless_a_contact_agrees() {
        let elsewhere = ComparisonVector {
            areas_differ: true,
            ..equal_names()
        };
        assert_eq!(decide(&elsewhere, SURE), Decision::Review);
        let moved = ComparisonVector {
            contacts: 1,
            ..elsewhere
        };
        assert_eq!(decide(&moved, SURE), Decision::Match);
    }

    #[test]
    fn another_legal_form_is_asked_about() {
        let pair = ComparisonVector {
            forms_differ: true,
            ..equal_names()
        };
        assert_eq!(decide(&pair, SURE), Decision::Review);
    }

    #[test]
    fn a_branch_and_its_enterprise_are_related_if_they_are_alike_at_all() {
        let pair = ComparisonVector {
            branch_differs: true,
            ..equal_names()
        };
        assert_eq!(decide(&pair, SURE), Decision::Related);
        assert_eq!(decide(&pair, -SURE), Decision::Different);
    }

    #[test]
    fn two_valid_codes_outvote_any_score() {
        assert_eq!(
            decide(&with_codes(CodeComparison::Different), SURE),
            Decision::Different
        );
    }

    #[test]
    fn two_valid_codes_are_a_question_only_if_all_else_agrees() {
        let agreeing = ComparisonVector {
            contacts: 1,
            ..with_codes(CodeComparison::Different)
        };
        assert_eq!(decide(&agreeing, 0), Decision::Review);
        let differing = [
            ComparisonVector {
                conflicts: 1,
                ..agreeing.clone()
            },
            ComparisonVector {
                forms_differ: true,
                ..agreeing.clone()
            },
            ComparisonVector {
                branch_differs: true,
                ..agreeing.clone()
            },
            ComparisonVector {
                alignment: Alignment {
                    left: [200, 0],
                    ..agreeing.alignment
                },
                ..agreeing.clone()
            },
        ];
        for pair in differing {
            assert_eq!(decide(&pair, SURE), Decision::Different, "{pair:?}");
        }
    }

    #[test]
    fn units_of_one_legal_person_are_related_whatever_the_score() {
        assert_eq!(
            decide(&with_codes(CodeComparison::Kin), -SURE),
            Decision::Related
        );
    }

    #[test]
    fn one_valid_code_is_the_same_taxpayer_unless_nothing_else_agrees() {
        let equal = with_codes(CodeComparison::Equal);
        assert_eq!(decide(&equal, -SURE), Decision::Match);
        let other_name = ComparisonVector {
            alignment: Alignment {
                left: [200, 300],
                ..Alignment::default()
            },
            ..equal
        };
        assert_eq!(decide(&other_name, SURE), Decision::Review);
        let renamed = ComparisonVector {
            contacts: 1,
            ..other_name
        };
        assert_eq!(decide(&renamed, -SURE), Decision::Match);
    }

    #[test]
    fn evidence_is_the_score_part_by_part_the_strongest_first() {
        let weights = MatchWeights::new(&LINKAGE);
        let mut values = [0; LEVEL_COUNT];
        values[ComparisonLevel::NameShared as usize] = 256;
        values[ComparisonLevel::PhoneEqual as usize] = 16;
        values[ComparisonLevel::FormDiffers as usize] = 16;
        let evidence = weights.evidence(&values);
        let shown: Vec<String> = evidence
            .iter()
            .map(|part| format!("{} {}", part.name, part.score))
            .collect();
        insta::assert_snapshot!(shown.join(", "), @"form_differs -127, phone_equal 75, name_shared 49");
        let sum: i32 = evidence.iter().map(|part| part.score).sum();
        let score = weights.score(&values) - weights.bias;
        // Each part is rounded down by itself.
        assert!((sum..sum + 3).contains(&score), "{sum} {score}");
    }
}
