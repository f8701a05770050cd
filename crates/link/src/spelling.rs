//! Whether two texts are spellings of one name: of a person, a club, a school, a course.

use crate::edit_distance::edit_distance;
use crate::phrase::{longest_first, starts_with};
use vietext::{fold, tone_key};

/// How near two texts are that name something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    /// They name something else.
    Different,
    /// They may be one name: their marks differ, or a letter does.
    Near,
    /// They are one name unless another is shortened alike: words stand as their first letters, or are left out.
    Shortened,
    /// They are one name: the same but for case, blanks and punctuation, or for marks that one of them does not write at all.
    Equal,
}

/// What stands before the name of a person and is no part of it: 'Ông', 'Giám đốc'.
#[derive(Debug, Clone, Default)]
pub struct Titles(Vec<Vec<String>>);

impl Titles {
    /// Of titles as they are written.
    pub fn new(titles: &[String]) -> Self {
        Self(longest_first(titles))
    }
}

/// A text that names something, as it is compared.
///
/// ```
/// use link::{Name, Spelling, Titles};
/// let name = |text| Name::new(text, &Titles::default());
/// let club = name("Câu lạc bộ Năng suất chất lượng");
/// assert_eq!(club.compare(&name("CÂU LẠC BỘ NĂNG SUẤT - CHẤT LƯỢNG")), Spelling::Equal);
/// assert_eq!(club.compare(&name("CLB NSCL")), Spelling::Shortened);
/// assert_eq!(club.compare(&name("Câu lạc bộ Tiếng Anh")), Spelling::Different);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// With its marks.
    key: String,
    /// Without them.
    folded: String,
}

impl Name {
    /// Of a text; titles before it are left out unless nothing else stands there.
    pub fn new(text: &str, titles: &Titles) -> Self {
        let key = tone_key(text);
        let folded = fold(text);
        let words: Vec<&str> = folded.split(' ').filter(|it| !it.is_empty()).collect();
        let mut rest = words.as_slice();
        while let Some(title) = titles
            .0
            .iter()
            .find(|title| rest.len() > title.len() && starts_with(rest, title))
        {
            rest = &rest[title.len()..];
        }
        let marked: Vec<&str> = key.split(' ').filter(|it| !it.is_empty()).collect();
        // Folding may part or join words that marks keep: then the marks of what remains are not known.
        let key = match marked.len() == words.len() {
            true => marked[words.len() - rest.len()..].join(" "),
            false => rest.join(" "),
        };
        Self {
            key,
            folded: rest.join(" "),
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Without marks, case and punctuation: names that are equal or differ in marks only share it.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// How near another text is.
    pub fn compare(&self, other: &Self) -> Spelling {
        if self.key == other.key {
            return Spelling::Equal;
        }
        if self.folded == other.folded {
            let is_bare = |name: &Self| name.key == name.folded;
            return match is_bare(self) || is_bare(other) {
                true => Spelling::Equal,
                false => Spelling::Near,
            };
        }
        let words = |name: &Self| -> Vec<String> {
            let words = name.folded.split(' ').filter(|it| !it.is_empty());
            words.map(str::to_owned).collect()
        };
        let (one, other) = (words(self), words(other));
        let mut covered = Covered::of(&one, &other);
        if covered.makes_one_name() {
            return Spelling::Shortened;
        }
        covered.pair(&one, &other, is_slip);
        match covered.makes_one_name() {
            true => Spelling::Near,
            false => Spelling::Different,
        }
    }
}

/// Which words of two texts have a counterpart in the other.
struct Covered {
    sides: [Vec<bool>; 2],
}

impl Covered {
    fn of(one: &[String], other: &[String]) -> Self {
        let mut covered = Self {
            sides: [vec![false; one.len()], vec![false; other.len()]],
        };
        // First letters go first: else 'lạc' of 'câu lạc bộ' is taken for another 'lạc', and 'CLB' finds it no more.
        covered.shorten(0, one, other);
        covered.shorten(1, other, one);
        covered.pair(one, other, |a, b| a == b);
        covered
    }

    /// Pairs words that have no counterpart yet, in their order.
    fn pair(&mut self, one: &[String], other: &[String], is_one: impl Fn(&str, &str) -> bool) {
        for (a, word) in one.iter().enumerate() {
            let mut free = other.iter().enumerate();
            if !self.sides[0][a]
                && let Some((b, _)) =
                    free.find(|(b, other)| !self.sides[1][*b] && is_one(word, other))
            {
                self.sides[0][a] = true;
                self.sides[1][b] = true;
            }
        }
    }

    /// Pairs the words of one side that are the first letters of words beside each other on the other: 'CLB'.
    fn shorten(&mut self, side: usize, short: &[String], long: &[String]) {
        for (a, word) in short.iter().enumerate() {
            let length = word.chars().count();
            let is_no_abbreviation = length < 2 || length > long.len() || long.contains(word);
            if self.sides[side][a] || is_no_abbreviation {
                continue;
            }
            let spells = |at: &usize| {
                let run = *at..*at + length;
                let firsts = long[run.clone()].iter().filter_map(|it| it.chars().next());
                self.sides[1 - side][run].iter().all(|covered| !covered) && firsts.eq(word.chars())
            };
            if let Some(at) = (0..=long.len() - length).find(spells) {
                self.sides[side][a] = true;
                self.sides[1 - side][at..at + length].fill(true);
            }
        }
    }

    /// Whether all words of one side have a counterpart, more than one, and at least half of the other's.
    fn makes_one_name(&self) -> bool {
        let count = |side: usize| self.sides[side].iter().filter(|it| **it).count();
        let is_whole = |side: usize| {
            let (covered, rest) = (count(1 - side), self.sides[1 - side].len());
            self.sides[side].iter().all(|it| *it) && covered > 1 && covered * 2 >= rest
        };
        is_whole(0) || is_whole(1)
    }
}

/// Whether two words differ by a slip of one letter; short ones and numbers are other words then.
fn is_slip(one: &str, other: &str) -> bool {
    let is_word = |word: &str| word.len() > 3 && !word.bytes().any(|b| b.is_ascii_digit());
    is_word(one) && is_word(other) && edit_distance(one, other, 1) <= 1
}

#[cfg(test)]
mod tests {
    use super::{Name, Spelling, Titles};

    fn compare(one: &str, other: &str) -> Spelling {
        let titles = Titles::new(&["ông".to_owned(), "bà".to_owned(), "giám đốc".to_owned()]);
        let [a, b] = [one, other].map(|text| Name::new(text, &titles));
        let found = a.compare(&b);
        assert_eq!(found, b.compare(&a), "{one} and {other}");
        found
    }

    #[test]
    fn case_blanks_punctuation_and_marks_that_are_not_written_make_no_other_name() {
        for other in [
            "NGUYỄN VĂN ÂN",
            "nguyễn  văn ân",
            "Nguyen Van An",
            "Ông Nguyễn Văn Ân",
            "Giám đốc: Nguyễn Văn Ân",
        ] {
            assert_eq!(compare("Nguyễn Văn Ân", other), Spelling::Equal, "{other}");
        }
    }

    #[test]
    fn marks_that_differ_and_slips_may_be_one_name() {
        for [one, other] in [
            ["Nguyễn Văn Hùng", "Nguyễn Văn Hưng"],
            ["Nguyễn Thanh Phương", "Nguyễn Thanh Phươngg"],
        ] {
            assert_eq!(compare(one, other), Spelling::Near, "{one} and {other}");
        }
    }

    #[test]
    fn first_letters_and_words_left_out_shorten_a_name() {
        for [one, other] in [
            ["CLB Năng suất", "Câu lạc bộ năng suất trường Đại học Mẫu"],
            ["ĐH Lạc Hồng", "Trường Đại học Lạc Hồng"],
            ["Sở CT", "Sở Công Thương"],
            ["CLB NSCL Lạc Hồng", "Câu lạc bộ năng suất chất lượng"],
        ] {
            assert_eq!(
                compare(one, other),
                Spelling::Shortened,
                "{one} and {other}"
            );
        }
    }

    #[test]
    fn other_words_are_another_name() {
        for [one, other] in [
            ["Nguyễn Văn An", "Nguyễn Văn Bình"],
            ["Lớp 5S khóa 1", "Lớp 5S khóa 2"],
            ["Trường Đại học Đồng Nai", "Trường Đại học Lạc Hồng"],
            ["Sở Y tế", "Sở Xây dựng"],
            ["An", "Nguyễn Văn An"],
        ] {
            assert_eq!(
                compare(one, other),
                Spelling::Different,
                "{one} and {other}"
            );
        }
    }
}
