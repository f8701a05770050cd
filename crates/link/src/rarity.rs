//! How rare tokens are: inverse document frequency, in whole numbers.

use crate::hash::HashedMap;
use crate::token::NameToken;

/// In how many names each token stands: the rarer it is, the more two names that share it have in common.
///
/// Integers and not floats, so that the same names give the same scores on every machine.
#[derive(Debug, Default, Clone)]
pub struct Rarity {
    names: u64,
    counts: HashedMap<u32>,
}

/// The least number of names that rarity is measured against. In a list of ten names every token would be common,
/// and nothing would count; so a small list is taken for a sample of this many names.
const POPULATION: u64 = 1 << 14;

/// The rarest that a token can be, in sixteenths of a bit: one name in 65,536. Without the cap a single odd token in
/// a register of a million would outweigh all else.
const RAREST: i32 = 16 * 16;

impl Rarity {
    /// Counts the tokens of a name, each once.
    pub(crate) fn add<'a>(&mut self, tokens: impl Iterator<Item = &'a NameToken> + Clone) {
        self.names += 1;
        for (at, token) in tokens.clone().enumerate() {
            // A name has a few words only.
            let mut before = tokens.clone().take(at);
            if !before.any(|before| before.hash == token.hash) {
                *self.counts.entry(token.hash).or_default() += 1;
            }
        }
    }

    /// Adds the counts of other names: the parts of a list are counted side by side.
    pub(crate) fn merge(&mut self, other: Self) {
        self.names += other.names;
        for (hash, count) in other.counts {
            *self.counts.entry(hash).or_default() += count;
        }
    }

    /// How many names were counted.
    pub fn names(&self) -> u64 {
        self.names
    }

    /// In how many names each token stands, by the token's hash, in order.
    pub fn counts(&self) -> Vec<(u64, u32)> {
        let mut counts: Vec<(u64, u32)> = self
            .counts
            .iter()
            .map(|(&hash, &count)| (hash, count))
            .collect();
        counts.sort_unstable();
        counts
    }

    /// Rarity as it was [counted](Self::counts) elsewhere among so many names.
    pub fn counted(names: u64, counts: impl IntoIterator<Item = (u64, u32)>) -> Self {
        Self {
            names,
            counts: counts.into_iter().collect(),
        }
    }

    /// How rare a token is, in sixteenths of a bit: 16 for one in two names, 224 for one in 16,384.
    pub(crate) fn sixteenths(&self, token: &NameToken) -> i32 {
        let names = self.names.max(1);
        let population = names.max(POPULATION);
        let count = u64::from(self.counts.get(&token.hash).copied().unwrap_or(0));
        // The name itself has the token and proves nothing; only the other names that have it make it common.
        let expected = 1 + count.saturating_sub(1) * population / names;
        (log2(population) - log2(expected)).clamp(0, RAREST)
    }
}

/// The logarithm to the base 2, in sixteenths, rounded down; 0 for 0.
///
/// Bit by bit: squaring the mantissa doubles its logarithm, and whether the square passes 2 is the next binary digit.
fn log2(number: u64) -> i32 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The mantissa, 1.x, with 32 bits behind the point.
    let mut x = if whole > 32 {
        u128::from(number >> (whole - 32))
    } else {
        u128::from(number) << (32 - whole)
    };
    let mut sixteenths = 0;
    for _ in 0..4 {
        x = (x * x) >> 32;
        sixteenths *= 2;
        if x >= 1 << 33 {
            x >>= 1;
            sixteenths += 1;
        }
    }
    i32::try_from(whole).unwrap_or(0) * 16 + sixteenths
}

#[cfg(test)]
mod tests {
    use super::{POPULATION, RAREST, Rarity, log2};
    use crate::token::NameToken;

    fn rarity(names: &[&str]) -> Rarity {
        let mut rarity = Rarity::default();
        for name in names {
            let tokens: Vec<NameToken> = name.split(' ').map(NameToken::new).collect();
            rarity.add(tokens.iter());
        }
        rarity
    }

    #[test]
    fn logarithms_in_sixteenths_are_rounded_down() {
        assert_eq!(
            [0, 1, 2, 3, 1024, 1_000_000, u64::MAX].map(log2),
            [0, 0, 16, 25, 160, 318, 1023]
        );
    }

    #[test]
    fn a_token_in_every_name_is_worth_nothing() {
        let rarity = rarity(&["gốm sơn", "gốm hà", "gốm long", "gốm an"]);
        assert!(rarity.sixteenths(&NameToken::new("gốm")) < 16);
        assert_eq!(rarity.sixteenths(&NameToken::new("sơn")), log2(POPULATION));
    }

    #[test]
    fn a_token_twice_in_one_name_counts_once() {
        let twice = rarity(&["minh minh", "an", "hà", "long"]);
        let once = rarity(&["minh", "an", "hà", "long"]);
        assert_eq!(
            twice.sixteenths(&NameToken::new("minh")),
            once.sixteenths(&NameToken::new("minh"))
        );
    }

    #[test]
    fn parts_counted_side_by_side_are_the_whole() {
        let mut parts = rarity(&["gốm sơn", "gốm hà"]);
        parts.merge(rarity(&["gốm long", "an"]));
        let whole = rarity(&["gốm sơn", "gốm hà", "gốm long", "an"]);
        for token in ["gốm", "sơn", "an"].map(NameToken::new) {
            assert_eq!(parts.sixteenths(&token), whole.sixteenths(&token));
        }
    }

    #[test]
    fn no_token_is_rarer_than_the_cap() {
        let huge = Rarity {
            names: 1 << 30,
            ..Rarity::default()
        };
        assert_eq!(huge.sixteenths(&NameToken::new("sơn")), RAREST);
    }
}
