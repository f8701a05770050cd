//! The tokens of two names laid side by side: which have a partner, and what is left over.
//!
//! Steps from the surest pairing to the least sure, each over what the ones before it left: equal tokens, tokens run
//! together and initials, misspellings. What then has no partner is what tells two enterprises apart, whatever the word
//! is: no list holds all distinguishing words.

use crate::edit_distance::edit_distance;
use crate::gazetteer::Gazetteer;
use crate::name::{MAX_TOKENS, ParsedName};
use crate::token::NameToken;
use std::sync::Arc;

/// What two names have in common and what they do not. Amounts are sums of the tokens' rarity in sixteenths of a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Alignment {
    /// Tokens that both have.
    pub shared: i32,
    /// Tokens of one that are the initials of tokens of the other, or their beginnings: 'CB' and 'chế biến', 'D.vụ'.
    pub initials: i32,
    /// Tokens that differ by a misspelling, at least one of them no Vietnamese syllable: a mistake of the hand.
    pub slips: i32,
    /// Tokens that differ by a letter, and both are syllables or neither is: 'Hà' and 'Hòa', 'ISM' and 'IM' are two names
    /// as likely as a mistake.
    pub changed: i32,
    /// Tokens with other diacritics where both names are written with them: 'Hòa' and 'Hóa', 'Lam' and 'Lâm'.
    pub marks: i32,
    /// Tokens without a partner on either side.
    pub left: [i32; 2],
    /// The rarest of them.
    pub left_rarest: [i32; 2],
    /// All tokens of either side.
    pub all: [i32; 2],
    /// Whether all that is left over on one side are words of a foreign name that nobody translated: a brand or a line of
    /// business that the vocabulary does not have.
    pub foreign_left: bool,
    /// Whether a number is left over: 'Minh Phát 2' may be a subsidiary of 'Minh Phát' (Luật Doanh nghiệp 59/2020
    /// Điều 41.2.d and 41.3).
    pub number: bool,
    /// Whether the name of a place is left over (Điều 41.2.g).
    pub place: bool,
    /// Whether two tokens stand in the other order: 'Minh Anh' and 'Anh Minh' are two proper names.
    pub reversed: bool,
    /// Whether tokens stand in another order otherwise: 'Thương mại Vận tải' and 'Vận tải Thương mại' are registered side by
    /// side.
    pub moved: bool,
    /// Whether one name begins with all of the other, run together: 'TUANVANG' and 'Tuấn Vàng'.
    pub whole: bool,
}

/// The token of the other name that each token of one is paired with.
type Pairing = [Option<u8>; MAX_TOKENS];

/// What differs counts at least a bit, however common the token is: 'thương mại' left over is still a difference.
const LEAST_DIFFERENCE: i32 = 16;

/// The longer of two words has so many letters if one may be the other misspelt: of 'ISM' and 'IM' nobody knows.
const LEAST_SLIPPED: usize = 4;
/// The same where neither is a Vietnamese word: two brands or two sets of initials.
const LEAST_SLIPPED_BRAND: usize = 6;

/// One name and what its tokens are paired with so far.
struct AlignedSide<'a> {
    name: &'a ParsedName,
    pairing: Pairing,
}

impl<'a> AlignedSide<'a> {
    fn new(name: &'a ParsedName) -> Self {
        Self {
            name,
            pairing: [None; MAX_TOKENS],
        }
    }

    fn tokens(&self) -> &'a [Arc<NameToken>] {
        &self.name.tokens
    }

    fn is_free(&self, at: usize) -> bool {
        self.pairing.get(at).is_some_and(Option::is_none)
    }

    fn rarity(&self, at: usize) -> i32 {
        self.name.rarity.get(at).copied().unwrap_or(0)
    }

    fn pair(&mut self, at: usize, with: usize) {
        self.pairing[at] = u8::try_from(with).ok();
    }
}

/// Aligns two names, of which the [rarity](ParsedName::look_up_rarity) must be known.
pub(crate) fn align(a: &ParsedName, b: &ParsedName, gazetteer: &Gazetteer) -> Alignment {
    let (mut a, mut b) = (AlignedSide::new(a), AlignedSide::new(b));
    let mut found = Alignment {
        all: [a.name.rarity.iter().sum(), b.name.rarity.iter().sum()],
        ..Alignment::default()
    };
    pair_equal(&mut a, &mut b, &mut found);
    // A foreign name has its own order.
    let is_one_order = a.name.is_foreign == b.name.is_foreign;
    found.reversed = is_one_order && is_reversed(&a);
    found.moved = is_one_order && !found.reversed && is_moved(&a);
    pair_runs(&mut a, &mut b, &mut found);
    pair_runs(&mut b, &mut a, &mut found);
    pair_shortened(&mut a, &mut b, &mut found);
    pair_shortened(&mut b, &mut a, &mut found);
    pair_near(&mut a, &mut b, &mut found);
    count_left_over(0, &a, &b, &mut found, gazetteer);
    count_left_over(1, &b, &a, &mut found, gazetteer);
    // Up to three letters are initials, which many names begin with.
    let (p, q) = (&*a.name.glued, &*b.name.glued);
    found.whole = p.len() > 3 && q.len() > 3 && (p.starts_with(q) || q.starts_with(p));
    found
}

/// Counts what of one name has no partner in the other.
fn count_left_over(
    side: usize,
    own: &AlignedSide<'_>,
    other: &AlignedSide<'_>,
    found: &mut Alignment,
    gazetteer: &Gazetteer,
) {
    let tokens = own.tokens();
    // A former or short name in brackets explains a token; it pairs with none.
    let is_explained = |hash: u64| other.name.remarks.iter().any(|remark| remark.hash == hash);
    let left: Vec<usize> = (0..tokens.len())
        .filter(|&at| own.is_free(at) && !is_explained(tokens[at].hash))
        .collect();
    for &at in &left {
        let rarity = own.rarity(at).max(LEAST_DIFFERENCE);
        found.left[side] += rarity;
        found.left_rarest[side] = found.left_rarest[side].max(rarity);
        found.number |= tokens[at].is_number;
    }
    found.foreign_left |=
        own.name.is_foreign && !left.is_empty() && left.iter().all(|&at| !tokens[at].is_syllable);
    let plain: Vec<&str> = left.iter().map(|&at| &*tokens[at].plain).collect();
    found.place |= (0..plain.len()).any(|at| gazetteer.name_ending(&plain[at..]) > 0);
}

/// The rarity of what two names share, without aligning them: at least what [`Alignment::shared`] counts of equal
/// tokens. Most candidate pairs share a common word only and are ruled out by it.
pub(crate) fn shared_at_most(a: &ParsedName, b: &ParsedName) -> i32 {
    let has = |token: &&Arc<NameToken>| b.tokens.iter().any(|other| other.hash == token.hash);
    a.tokens
        .iter()
        .zip(&a.rarity)
        .filter(|(token, _)| has(token))
        .map(|(_, rarity)| rarity)
        .sum()
}

/// Pairs equal tokens.
fn pair_equal(a: &mut AlignedSide<'_>, b: &mut AlignedSide<'_>, found: &mut Alignment) {
    // With the same diacritics first, so that 'Hòa Hóa' pairs with 'Hóa Hòa' as it should.
    for exactly in [true, false] {
        for i in 0..a.tokens().len() {
            if !a.is_free(i) {
                continue;
            }
            let word = &a.tokens()[i];
            let fits = |j: &usize| {
                let other = &b.tokens()[*j];
                b.is_free(*j)
                    && other.hash == word.hash
                    && !(exactly && word.differs_in_marks(other))
            };
            // Of several the next one in order, so that a repeated word does not look like a swap.
            let count = b.tokens().len();
            let after = if i > 0 {
                a.pairing[i - 1].map_or(0, |j| usize::from(j) + 1)
            } else {
                0
            };
            let Some(j) = (after..count)
                .find(fits)
                .or_else(|| (0..after.min(count)).find(fits))
            else {
                continue;
            };
            let rarity = a.rarity(i);
            found.shared += rarity;
            if differ_in_marks((a.name, word), (b.name, &b.tokens()[j])) {
                found.marks += rarity.max(LEAST_DIFFERENCE);
            }
            a.pair(i, j);
            b.pair(j, i);
        }
    }
}

/// Whether two words of one spelling are two words. One typed without diacritics contradicts none, unless its name is written
/// with them.
fn differ_in_marks(
    (a, word): (&ParsedName, &NameToken),
    (b, other): (&ParsedName, &NameToken),
) -> bool {
    let is_meant = |name: &ParsedName, word: &NameToken| word.has_marks || name.is_accented;
    word.differs_in_marks(other) && is_meant(a, word) && is_meant(b, other)
}

/// Whether tokens of one name stand in another order in the other.
fn is_moved(a: &AlignedSide<'_>) -> bool {
    !a.pairing.iter().copied().flatten().is_sorted()
}

/// Whether two neighbours in one name are neighbours in the other the other way round.
fn is_reversed(a: &AlignedSide<'_>) -> bool {
    a.pairing
        .windows(2)
        .any(|pair| matches!(pair, [Some(i), Some(j)] if *i == j + 1))
}

/// Pairs a token that is left over with a run of tokens left over in the other name: written together ('Vinhcuc'), or
/// as their initials.
fn pair_runs(a: &mut AlignedSide<'_>, b: &mut AlignedSide<'_>, found: &mut Alignment) {
    let count = b.tokens().len();
    // One letter is the initial of too much.
    for i in 0..a.tokens().len() {
        let word = &*a.tokens()[i].plain;
        if !a.is_free(i) || word.len() < 2 {
            continue;
        }
        for from in 0..count {
            let most = (from..count).take_while(|&j| b.is_free(j)).count();
            let run = &b.tokens()[from..from + most];
            let glued = (2..=most).find(|&n| is_glued(word, &run[..n]));
            let length = word.len();
            // Initials of more than five words are none that people use.
            let is_short = || length <= 5 && most >= length && is_initials(word, &run[..length]);
            let Some(n) = glued.or_else(|| is_short().then_some(length)) else {
                continue;
            };
            // What they stand for says how rare it is: 'TM' is rarer than 'thương mại' and means no more.
            let rarity: i32 = (from..from + n).map(|j| b.rarity(j)).sum();
            if glued.is_some() {
                found.shared += rarity
            } else {
                found.initials += rarity
            }
            a.pair(i, from);
            (from..from + n).for_each(|j| b.pair(j, i));
            break;
        }
    }
}

/// Pairs the beginning of a word with the word, if their neighbours are paired: 'D.vụ' and 'dịch vụ', 'Th. mại' and 'thương
/// mại'.
fn pair_shortened(a: &mut AlignedSide<'_>, b: &mut AlignedSide<'_>, found: &mut Alignment) {
    for i in 0..a.tokens().len() {
        let word = &a.tokens()[i];
        if !a.is_free(i) || word.is_number || !is_beginning(&word.plain) {
            continue;
        }
        let after = a.pairing.get(i + 1).copied().flatten();
        let before = i.checked_sub(1).and_then(|before| a.pairing[before]);
        let places = [
            after.and_then(|j| usize::from(j).checked_sub(1)),
            before.map(|j| usize::from(j) + 1),
        ];
        let fits = |j: &usize| {
            let other = b.tokens().get(*j);
            b.is_free(*j)
                && other
                    .is_some_and(|other| other.is_syllable && other.plain.starts_with(&*word.plain))
        };
        if let Some(j) = places.into_iter().flatten().find(fits) {
            found.initials += b.rarity(j);
            a.pair(i, j);
            b.pair(j, i);
        }
    }
}

/// Whether a word is the first letter or the first consonants of another.
fn is_beginning(word: &str) -> bool {
    word.len() == 1 || (word.len() <= 3 && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']))
}

fn is_glued(word: &str, run: &[Arc<NameToken>]) -> bool {
    let mut rest = word;
    let all = run.iter().all(|part| {
        let left = rest.strip_prefix(&*part.plain);
        rest = left.unwrap_or(rest);
        left.is_some()
    });
    all && rest.is_empty()
}

fn is_initials(word: &str, run: &[Arc<NameToken>]) -> bool {
    word.chars()
        .zip(run)
        .all(|(letter, word)| word.is_syllable && word.plain.starts_with(letter))
}

/// Pairs tokens that are a misspelling of one another. Numbers are never misspelt: 2 and 3 are two siblings.
fn pair_near(a: &mut AlignedSide<'_>, b: &mut AlignedSide<'_>, found: &mut Alignment) {
    for i in 0..a.tokens().len() {
        let word = &a.tokens()[i];
        if !a.is_free(i) || word.plain.len() < 2 || word.is_number {
            continue;
        }
        let near = (0..b.tokens().len())
            .filter(|&j| b.is_free(j) && !b.tokens()[j].is_number)
            .filter_map(|j| {
                let other = &b.tokens()[j].plain;
                let longer = word.plain.len().max(other.len());
                // Two mistakes in a short word make any other short word of it.
                let most = if longer > 6 { 2 } else { 1 };
                let distance = edit_distance(&word.plain, other, most);
                (other.len() > 1 && distance <= most).then_some((distance, j))
            });
        // The nearest, and of several the first.
        let Some((_, j)) = near.min() else { continue };
        // The misspelt one is the rarer of the two; the other says how much they share.
        let rarity = a.rarity(i).min(b.rarity(j)).max(LEAST_DIFFERENCE);
        let other = &b.tokens()[j];
        let least = match word.is_syllable || other.is_syllable {
            true => LEAST_SLIPPED,
            false => LEAST_SLIPPED_BRAND,
        };
        let is_short = word.plain.len().max(other.plain.len()) < least;
        let both_words = is_short || (word.is_syllable && other.is_syllable);
        if both_words {
            found.changed += rarity
        } else {
            found.slips += rarity
        }
        a.pair(i, j);
        b.pair(j, i);
    }
}

#[cfg(test)]
mod tests {
    use super::{Alignment, align, shared_at_most};
    use crate::name::ParsedName;
    use crate::rarity::Rarity;
    use crate::testing::LINKAGE;
    use crate::token::TokenPool;
    use crate::vocabulary::Vocabulary;
    use std::sync::LazyLock;

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    /// Two names among no others: each token is as rare as can be, 14 bits.
    const RARE: i32 = 14 * 16;

    fn parsed(text: &str) -> ParsedName {
        let mut name = ParsedName::parse(text, &VOCABULARY, &mut TokenPool::default());
        name.look_up_rarity(&Rarity::default());
        name
    }

    fn aligned(a: &str, b: &str) -> Alignment {
        align(&parsed(a), &parsed(b), &VOCABULARY.gazetteer)
    }

    #[test]
    fn equal_names_leave_nothing() {
        let found = aligned("Gốm Sơn Hà", "GOM SON HA");
        assert_eq!(
            found,
            Alignment {
                shared: 3 * RARE,
                all: [3 * RARE; 2],
                whole: true,
                ..Alignment::default()
            }
        );
    }

    #[test]
    fn a_word_without_a_partner_is_left_over_on_its_side() {
        let found = aligned("Gốm Sơn Hà", "Gốm Sơn Hà Vinatex");
        assert_eq!((found.shared, found.left), (3 * RARE, [0, RARE]));
        assert_eq!(found.left_rarest, [0, RARE]);
        assert!(!found.number && !found.place);
    }

    #[test]
    fn a_number_left_over_is_told() {
        assert!(aligned("Minh Phát", "Minh Phát 2").number);
        assert!(
            aligned("Minh Phát 3", "Minh Phát 2").number,
            "numbers are never misspelt"
        );
        assert!(
            aligned("Minh Phát 20", "Minh Phát 20a").number,
            "nor is a number a misspelt word"
        );
        assert!(!aligned("Minh Phát 2", "Minh Phát 2").number);
    }

    #[test]
    fn a_place_left_over_is_told() {
        assert!(aligned("Minh Phát", "Minh Phát Miền Nam").place);
        assert!(aligned("Minh Phát Long Khánh", "Minh Phát").place);
        assert!(!aligned("Minh Phát Long Khánh", "Minh Phát Long Khánh").place);
    }

    #[test]
    fn swapped_words_are_told_and_a_repeated_word_is_none() {
        assert!(aligned("Minh Anh", "Anh Minh").reversed);
        assert!(!aligned("Minh Anh Minh", "Minh Anh Minh").reversed);
    }

    #[test]
    fn words_in_another_order_are_told() {
        let trades = aligned("Thương mại Vận tải Minh Anh", "Vận tải Thương mại Minh Anh");
        assert!(trades.moved && !trades.reversed);
        // The name stands twice, so that no two neighbours are swapped.
        let twice = aligned("Nam Phương gốm Nam Phương", "Phương Nam gốm Phương Nam");
        assert!(twice.moved || twice.reversed);
        assert!(!aligned("Minh Anh gốm Minh Anh", "Minh Anh gốm Minh Anh").moved);
        assert!(!aligned("Gốm Minh Anh", "Minh Anh").moved);
    }

    #[test]
    fn different_diacritics_count_apart_from_missing_ones() {
        assert_eq!(aligned("Hòa Bình", "Hóa Bình").marks, RARE);
        assert_eq!(aligned("Hòa Bình", "Hoa Binh").marks, 0);
        assert_eq!(aligned("HTX Sông Lam", "HTX Sông Lâm").marks, RARE);
        assert_eq!(aligned("HTX Song Lam", "HTX Song Lâm").marks, 0);
        assert_eq!(aligned("Công ty Phat Lam", "Công ty Phát Lâm").marks, 0);
    }

    #[test]
    fn initials_that_differ_by_a_letter_are_two_and_a_long_brand_is_misspelt() {
        assert_eq!(aligned("Gốm ISM", "Gốm IM").changed, RARE);
        let brand = aligned("Gốm Vinatex", "Gốm Vinatexx");
        assert_eq!((brand.changed, brand.slips), (0, RARE));
    }

    #[test]
    fn the_same_diacritics_are_paired_first() {
        assert_eq!(aligned("Hòa Hóa", "Hóa Hòa").marks, 0);
    }

    #[test]
    fn a_misspelling_that_makes_no_word_is_a_slip_and_one_that_does_is_a_change() {
        let slip = aligned("Gốm Phước", "Gốm Phướcq");
        assert_eq!((slip.slips, slip.changed, slip.left), (RARE, 0, [0, 0]));
        let change = aligned("Gốm Hà", "Gốm Hòa");
        assert_eq!(
            (change.slips, change.changed, change.left),
            (0, RARE, [0, 0])
        );
    }

    #[test]
    fn words_written_together_are_shared() {
        let found = aligned("Tuấn Vàng Gốm", "TUANVANG Gốm");
        assert_eq!((found.shared, found.left), (3 * RARE, [0, 0]));
    }

    #[test]
    fn initials_are_told_from_words_they_stand_for() {
        let found = aligned("CB Gốm", "Chế biến Gốm");
        assert_eq!(
            (found.shared, found.initials, found.left),
            (RARE, 2 * RARE, [0, 0])
        );
        assert_eq!(aligned("CX Gốm", "Chế biến Gốm").initials, 0);
    }

    #[test]
    fn words_cut_to_their_beginning_are_told_from_words_beside_their_neighbours() {
        for short in ["D.vụ Gốm Hà", "Gốm D. vụ Hà"] {
            let found = aligned(short, &short.replace("D.", "Dịch "));
            assert_eq!((found.initials, found.left), (RARE, [0, 0]), "{short}");
        }
        assert_eq!(aligned("Th. Mại Gốm", "Thương mại Gốm").left, [0, 0]);
        assert_ne!(aligned("D Gốm", "Hà Dịch Sơn Gốm").left, [0, 0]);
    }

    #[test]
    fn a_remark_explains_a_word_of_the_other_name() {
        assert_eq!(aligned("Sơn Hà", "Sơn Hà (Vinatex)").left, [0, 0]);
        assert_eq!(aligned("Sơn Hà Vinatex", "Sơn Hà (Vinatex)").left, [0, 0]);
        assert_eq!(
            aligned("Sơn Hà Vinamit", "Sơn Hà (Vinatex)").left,
            [RARE, 0]
        );
    }

    #[test]
    fn words_of_a_foreign_name_that_nobody_translated_are_told() {
        assert!(aligned("Son Ha Widget Company Limited", "Công ty TNHH Sơn Hà").foreign_left);
        assert!(!aligned("Công ty TNHH Son Ha Widget", "Công ty TNHH Sơn Hà").foreign_left);
    }

    #[test]
    fn a_name_that_begins_with_the_other_is_told_but_not_with_initials() {
        assert!(aligned("Sơn Hà", "SONHA Group Long Thành").whole);
        assert!(!aligned("HDC", "HDC Sơn Hà").whole);
    }

    #[test]
    fn the_quick_look_never_says_less_than_the_alignment() {
        for (a, b) in [
            ("Gốm Sơn Hà", "Gốm Hà"),
            ("Minh Anh", "Anh Minh"),
            ("Hòa", "Bình"),
        ] {
            let (p, q) = (parsed(a), parsed(b));
            let shared = align(&p, &q, &VOCABULARY.gazetteer).shared;
            assert!(shared_at_most(&p, &q) >= shared, "{a} {b}");
        }
    }
}
