//! A share of the pairs of one list.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

/// One of several equal shares of the pairs of a list, which are compared apart from one another. Together they are the whole
/// list's pairs, each in one of them.
///
/// As text `3/16`: the third of sixteen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Which, from 1.
    number: usize,
    of: usize,
}

/// A text is no shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a shard is written as 3/16: the third of sixteen")]
pub struct NoShard;

impl Shard {
    /// All pairs.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// All shards of so many as this is one of.
    pub fn siblings(self) -> impl Iterator<Item = Self> {
        (1..=self.of).map(move |number| Self { number, ..self })
    }

    /// Whether the pairs of the record at a place are of it.
    pub(crate) fn has(self, place: usize) -> bool {
        place % self.of + 1 == self.number
    }
}

impl Display for Shard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let (number, of) = text.split_once('/').ok_or(NoShard)?;
        let [number, of] = [number, of].map(|part| part.parse::<usize>().map_err(|_| NoShard));
        let shard = Self {
            number: number?,
            of: of?,
        };
        match (1..=shard.of).contains(&shard.number) {
            true => Ok(shard),
            false => Err(NoShard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NoShard, Shard};

    #[test]
    fn each_place_is_of_one_shard() {
        let shard: Shard = "2/3".parse().unwrap();
        assert_eq!(shard.to_string(), "2/3");
        for place in 0..10 {
            assert_eq!(shard.siblings().filter(|it| it.has(place)).count(), 1);
        }
    }

    #[test]
    fn a_shard_beyond_the_last_is_none() {
        for text in ["0/3", "4/3", "1/0", "3", "a/b", "-1/3"] {
            assert_eq!(text.parse::<Shard>(), Err(NoShard), "{text}");
        }
    }
}
