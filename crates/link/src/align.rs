//! The words of two names laid side by side.

use crate::name::{MOST, Name};
use crate::vocabulary::Vocabulary;
use crate::word::Word;
use std::sync::Arc;

/// What two names have in common and what they do not, in sixteenths of a bit of rarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Alignment {
    /// Words that both have.
    pub shared: i32,
    /// Words of one that are the initials of words of the other: 'CB' and 'chế biến'.
    pub initials: i32,
    /// Words that differ by a slip of the pen which makes no word.
    pub slips: i32,
    /// Words that differ by a letter, and both are words.
    pub changed: i32,
    /// Words with other marks in both names.
    pub marks: i32,
    /// What is left over on either side, and the rarest word of it.
    pub left: [i32; 2],
    pub left_rarest: [i32; 2],
    /// Whether all that is left over on one side are words of a foreign name that nobody translated.
    pub foreign_left: bool,
    /// Whether a number, or the name of a place, is left over.
    pub number: bool,
    pub place: bool,
    /// Whether two words stand in the other order: 'Minh Anh' and 'Anh Minh'.
    pub reversed: bool,
    /// Whether one name begins with all of the other, run together: 'TUANVANG' and 'Tuấn Vàng'.
    pub whole: bool,
}

/// The word of the other name that each word of one stands for.
type Pairing = [Option<u8>; MOST];

/// A word is worth at least a bit, however common it is.
const LEAST: i32 = 16;

/// One name and what is known of its words so far.
struct Side<'a> {
    name: &'a Name,
    pairing: Pairing,
}

impl<'a> Side<'a> {
    fn new(name: &'a Name) -> Self {
        Self {
            name,
            pairing: [None; MOST],
        }
    }

    fn words(&self) -> &'a [Arc<Word>] {
        &self.name.words
    }

    fn is_free(&self, at: usize) -> bool {
        self.pairing[at].is_none()
    }

    fn worth(&self, at: usize) -> i32 {
        self.name.worth.get(at).copied().unwrap_or(0)
    }

    fn pair(&mut self, at: usize, with: usize) {
        self.pairing[at] = u8::try_from(with).ok();
    }
}

/// Lays two names side by side; both must be [rated](Name::rate).
pub(crate) fn align(a: &Name, b: &Name, vocabulary: &Vocabulary) -> Alignment {
    let (mut a, mut b) = (Side::new(a), Side::new(b));
    let mut found = Alignment::default();
    pair_equal(&mut a, &mut b, &mut found);
    found.reversed = is_reversed(&a);
    pair_runs(&mut a, &mut b, &mut found);
    pair_runs(&mut b, &mut a, &mut found);
    pair_near(&mut a, &mut b, &mut found);
    for (side, (own, other)) in [(&a, &b), (&b, &a)].into_iter().enumerate() {
        let is_left = |at: usize| {
            own.is_free(at)
                && !other
                    .name
                    .asides
                    .iter()
                    .any(|aside| aside.hash == own.words()[at].hash)
        };
        let left: Vec<usize> = (0..own.words().len()).filter(|&at| is_left(at)).collect();
        for &at in &left {
            let worth = own.worth(at).max(LEAST);
            found.left[side] += worth;
            found.left_rarest[side] = found.left_rarest[side].max(worth);
            found.number |= own.words()[at].is_number;
        }
        found.foreign_left |= own.name.is_foreign
            && !left.is_empty()
            && left.iter().all(|&at| !own.words()[at].is_syllable);
        if !left.is_empty() && !found.place {
            let plain: Vec<&str> = left.iter().map(|&at| &*own.words()[at].plain).collect();
            found.place = (0..plain.len()).any(|at| vocabulary.place_at(&plain[at..]) > 0);
        }
    }
    let (p, q) = (&*a.name.glued, &*b.name.glued);
    found.whole = p.len() > 3 && q.len() > 3 && (p.starts_with(q) || q.starts_with(p));
    found
}

/// The rarity of what two names share, told quickly: no less than [`Alignment::shared`] counts of equal words.
pub(crate) fn shared(a: &Name, b: &Name) -> i32 {
    let has = |word: &&Arc<Word>| b.words.iter().any(|other| other.hash == word.hash);
    a.words
        .iter()
        .zip(&a.worth)
        .filter(|(word, _)| has(word))
        .map(|(_, worth)| worth)
        .sum()
}

fn pair_equal(a: &mut Side<'_>, b: &mut Side<'_>, found: &mut Alignment) {
    // With the same marks first, then without.
    for exactly in [true, false] {
        for i in 0..a.words().len() {
            if !a.is_free(i) {
                continue;
            }
            let word = &a.words()[i];
            let fits = |j: &usize| {
                let other = &b.words()[*j];
                b.is_free(*j)
                    && other.hash == word.hash
                    && (!exactly || !word.differs_in_marks(other))
            };
            // The next one in order, where there are several.
            let count = b.words().len();
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
            let worth = a.worth(i);
            found.shared += worth;
            if word.differs_in_marks(&b.words()[j]) {
                found.marks += worth.max(LEAST);
            }
            a.pair(i, j);
            b.pair(j, i);
        }
    }
}

/// Whether two neighbours of one name are neighbours of the other the other way round.
fn is_reversed(a: &Side<'_>) -> bool {
    a.pairing
        .windows(2)
        .any(|pair| matches!(pair, [Some(i), Some(j)] if *i == j + 1))
}

/// Pairs a word that is left over with a run of words left over in the other name: run together, or by initials.
fn pair_runs(a: &mut Side<'_>, b: &mut Side<'_>, found: &mut Alignment) {
    let count = b.words().len();
    for i in 0..a.words().len() {
        let word = &*a.words()[i].plain;
        if !a.is_free(i) || word.len() < 2 {
            continue;
        }
        for from in 0..count {
            let most = (from..count).take_while(|&j| b.is_free(j)).count();
            let run = &b.words()[from..from + most];
            let glued = (2..=most).find(|&n| is_glued(word, &run[..n]));
            let length = word.len();
            let is_short = || length <= 5 && most >= length && is_initials(word, &run[..length]);
            let Some(n) = glued.or_else(|| is_short().then_some(length)) else {
                continue;
            };
            let worth: i32 = (from..from + n).map(|j| b.worth(j)).sum();
            if glued.is_some() {
                found.shared += worth
            } else {
                found.initials += worth
            }
            a.pair(i, from);
            (from..from + n).for_each(|j| b.pair(j, i));
            break;
        }
    }
}

fn is_glued(word: &str, run: &[Arc<Word>]) -> bool {
    let mut rest = word;
    let all = run.iter().all(|part| {
        let left = rest.strip_prefix(&*part.plain);
        rest = left.unwrap_or(rest);
        left.is_some()
    });
    all && rest.is_empty()
}

fn is_initials(word: &str, run: &[Arc<Word>]) -> bool {
    word.chars()
        .zip(run)
        .all(|(letter, word)| word.is_syllable && word.plain.starts_with(letter))
}

fn pair_near(a: &mut Side<'_>, b: &mut Side<'_>, found: &mut Alignment) {
    for i in 0..a.words().len() {
        let word = &a.words()[i];
        if !a.is_free(i) || word.plain.len() < 2 || word.is_number {
            continue;
        }
        let near = (0..b.words().len())
            .filter(|&j| b.is_free(j) && !b.words()[j].is_number)
            .filter_map(|j| {
                let other = &b.words()[j].plain;
                let most = if word.plain.len().max(other.len()) > 6 {
                    2
                } else {
                    1
                };
                let distance = if other.len() > 1 {
                    distance(&word.plain, other, most)
                } else {
                    most + 1
                };
                (distance <= most).then_some((distance, j))
            });
        let Some((_, j)) = near.min() else { continue };
        // The rarer of the two is the slip; the other says how much they share.
        let worth = a.worth(i).min(b.worth(j)).max(LEAST);
        let both = word.is_syllable && b.words()[j].is_syllable;
        if both {
            found.changed += worth
        } else {
            found.slips += worth
        }
        a.pair(i, j);
        b.pair(j, i);
    }
}

/// How many letters must be put in, left out, changed, or swapped with their neighbour; `most + 1` for more.
pub(crate) fn distance(a: &str, b: &str, most: usize) -> usize {
    // A slip puts at most one letter in and takes one out: names that have little in common are told apart at a glance.
    let letters = |text: &str| {
        text.chars()
            .fold(0u32, |set, letter| set | 1 << (u32::from(letter) & 31))
    };
    let is_far = || (letters(a) ^ letters(b)).count_ones() as usize > 2 * most;
    if a.len().abs_diff(b.len()) > most || is_far() {
        most + 1
    } else {
        strsim::osa_distance(a, b)
    }
}
