//! Headings understood by their words.

use crate::form::Form;
use std::collections::BTreeMap;
use vietext::fold;

/// The words by which headings are understood, of the base and the programme's own.
#[derive(Debug, Clone, Default)]
pub struct HeadingWords {
    pub(crate) abbreviations: BTreeMap<String, Vec<String>>,
    /// Words that change nothing in any heading.
    pub(crate) fillers: Phrases,
    /// Words that make it another amount than the one that is reported, those of `changing` among them.
    pub(crate) other: Phrases,
    /// Those of them that may change the amount that is reported.
    pub(crate) changing: Phrases,
    /// Words that make a column one of money.
    pub(crate) money: Phrases,
    pub(crate) concepts: BTreeMap<String, Concept>,
}

/// What a column may hold, by the words that say so.
#[derive(Debug, Clone, Default)]
pub struct Concept {
    pub(crate) names: Phrases,
    pub(crate) fillers: Phrases,
    /// Whether it is money that a report adds up, not what an enterprise turns over.
    pub funds: bool,
    /// The concept of the last day, if this one is the first day of something.
    pub until: Option<String>,
}

/// How much of a heading a concept explains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Explained {
    /// Nothing: none of its names stands there.
    Nothing,
    /// One of its names stands there, beside words that may make it something else.
    Part,
    /// All words: it is this and nothing else.
    Whole,
}

/// A heading as its words, folded, with abbreviations spelt out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadingText {
    words: Vec<String>,
}

/// Phrases of folded words, by their first word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Phrases(BTreeMap<String, Vec<Vec<String>>>);

impl Phrases {
    /// Adds texts, those words spelt out that are written short.
    pub(crate) fn add_all(&mut self, short: &BTreeMap<String, Vec<String>>, texts: &[String]) {
        texts
            .iter()
            .for_each(|text| self.add(spelt_out(short, text)));
    }

    fn add(&mut self, words: Vec<String>) {
        if let Some(first) = words.first() {
            let phrases = self.0.entry(first.clone()).or_default();
            phrases.push(words);
            // The longest first, so that a whole phrase is found before its beginning.
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        }
    }

    /// How many words each phrase has that begins at the beginning of these.
    fn lengths<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        let phrases = words.first().and_then(|first| self.0.get(first));
        phrases
            .into_iter()
            .flatten()
            .filter(|phrase| words.starts_with(phrase))
            .map(Vec::len)
    }

    /// Whether one of them stands anywhere among these words.
    fn stand_in(&self, words: &[String]) -> bool {
        (0..words.len()).any(|at| self.lengths(&words[at..]).next().is_some())
    }
}

impl HeadingText {
    /// Its words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The years it names.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.words.iter().filter_map(|word| year(word))
    }
}

/// The folded words of a text, those spelt out that are written short.
pub(crate) fn spelt_out(short: &BTreeMap<String, Vec<String>>, text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words
        .flat_map(|word| match short.get(word) {
            Some(long) => long.clone(),
            None => vec![word.to_owned()],
        })
        .collect()
}

fn year(word: &str) -> Option<i32> {
    let year = word.parse().ok().filter(|_| word.len() == 4)?;
    (1990..=2100).contains(&year).then_some(year)
}

/// Whether a heading has a sign that makes of money something else: a share, or another currency.
pub fn has_sign(heading: &str) -> bool {
    SIGNS.iter().any(|(sign, _)| heading.contains(*sign))
}

/// Signs that say something, and the words for them.
const SIGNS: [(char, &str); 5] = [
    ('%', " phần trăm "),
    ('$', " usd "),
    ('€', " eur "),
    ('£', " gbp "),
    ('¥', " jpy "),
];

/// Whether the first of some words is a figure that says nothing: the number of a column or a form. '10' before 'triệu' is
/// part of a unit, '1.000' before 'đồng' is one.
fn is_figure(words: &[String]) -> bool {
    let is_figure = |word: &String| word.bytes().all(|byte| byte.is_ascii_digit());
    let (Some(first), next) = (words.first(), words.get(1)) else {
        return false;
    };
    let is_scale = matches!(first.as_str(), "1" | "000" | "1000" | "000000" | "1000000");
    let begins_unit = next.is_some_and(|next| {
        matches!(
            next.as_str(),
            "nghin" | "ngan" | "trieu" | "ty" | "ti" | "dong" | "d" | "vnd" | "trd" | "tr"
        )
    });
    is_figure(first) && (is_scale || !begins_unit)
}

impl HeadingWords {
    /// The words of a heading.
    pub fn text(&self, heading: &str) -> HeadingText {
        // Folding drops signs, but a share or dollars are no amount of đồng.
        let mut text = heading.to_owned();
        for (sign, word) in SIGNS {
            if text.contains(sign) {
                text = text.replace(sign, word);
            }
        }
        HeadingText {
            words: self.spelt_out(&text),
        }
    }

    /// The folded words of a text, abbreviations spelt out.
    pub(crate) fn spelt_out(&self, text: &str) -> Vec<String> {
        spelt_out(&self.abbreviations, text)
    }

    /// The concept of that name.
    pub fn concept(&self, name: &str) -> Option<&Concept> {
        self.concepts.get(name)
    }

    /// The form's column of the last days that belong to a column of first days.
    pub fn last_day_of(&self, form: &Form, place: usize) -> Option<usize> {
        let concept = form.columns[place].concept.as_ref()?;
        let until = self.concepts.get(concept)?.until.as_ref()?;
        form.columns
            .iter()
            .position(|column| column.concept.as_ref() == Some(until))
    }

    /// How much of a heading a concept explains.
    ///
    /// Figures are passed over, years too: which year it is, is the reader's question.
    pub fn explained(&self, concept: &Concept, text: &HeadingText) -> Explained {
        let words = text.words();
        if !concept.names.stand_in(words) {
            return Explained::Nothing;
        }
        // For each place that can be reached by phrases from the beginning, whether a name was among them: both ways of
        // getting there are kept.
        let mut reached = vec![[false; 2]; words.len() + 1];
        reached[0][0] = true;
        for at in 0..words.len() {
            let rest = &words[at..];
            for named in [false, true] {
                if !reached[at][usize::from(named)] {
                    continue;
                }
                for length in concept.names.lengths(rest) {
                    reached[at + length][1] = true;
                }
                let fillers = concept
                    .fillers
                    .lengths(rest)
                    .chain(self.fillers.lengths(rest));
                for length in fillers.chain(is_figure(&words[at..]).then_some(1)) {
                    reached[at + length][usize::from(named)] = true;
                }
            }
        }
        if reached[words.len()][1] {
            Explained::Whole
        } else {
            Explained::Part
        }
    }

    /// Whether all words of a text change nothing in a heading.
    pub fn is_filler(&self, text: &HeadingText) -> bool {
        let words = text.words();
        let mut reached = vec![false; words.len() + 1];
        reached[0] = true;
        for at in 0..words.len() {
            if reached[at] {
                let fillers = self.fillers.lengths(&words[at..]);
                for length in fillers.chain(is_figure(&words[at..]).then_some(1)) {
                    reached[at + length] = true;
                }
            }
        }
        reached[words.len()]
    }

    /// Whether a text makes of what stands under it another amount than the one that is reported, unless the concept has
    /// those words itself.
    pub fn is_other(&self, concept: Option<&Concept>, text: &HeadingText) -> bool {
        let words = text.words();
        (0..words.len()).any(|at| {
            let rest = &words[at..];
            let own = concept.is_some_and(|concept| {
                let own = concept
                    .names
                    .lengths(rest)
                    .chain(concept.fillers.lengths(rest));
                own.chain(self.fillers.lengths(rest)).next().is_some()
            });
            !own && self.other.lengths(rest).next().is_some()
        })
    }

    /// Whether a text makes of what stands under it an amount that leaves the one which is reported as it is: a plan, a loan,
    /// a share; not what was given back or added up.
    pub fn is_plainly_other(&self, text: &HeadingText) -> bool {
        let words = text.words();
        self.other.stand_in(words) && !self.changing.stand_in(words)
    }

    /// Whether a text names what may change an amount: 'Điều chỉnh', 'Thu hồi'.
    pub fn is_changing(&self, text: &HeadingText) -> bool {
        self.changing.stand_in(text.words())
    }

    /// Whether a text speaks of money.
    pub fn is_money(&self, text: &HeadingText) -> bool {
        self.money.stand_in(text.words())
    }
}

#[cfg(test)]
mod tests {
    use super::Explained;
    use crate::Programme;

    /// How much of a heading a concept explains.
    fn explained(concept: &str, heading: &str) -> Explained {
        let programme = Programme::default_programme().unwrap();
        let words = &programme.heading_words;
        words.explained(words.concept(concept).unwrap(), &words.text(heading))
    }

    #[test]
    fn a_heading_is_understood_if_each_of_its_words_is() {
        for heading in [
            "Kinh phí hỗ trợ từ ngân sách (triệu đồng)",
            "NSNN hỗ trợ",
            "Hỗ trợ từ NSNN (tr.đ)",
            "KINH PHÍ NGÂN SÁCH TỈNH CẤP",
        ] {
            assert_eq!(
                explained("state-funds", heading),
                Explained::Whole,
                "{heading}"
            );
        }
    }

    #[test]
    fn words_that_make_it_something_else_leave_it_open() {
        for heading in ["NSNN năm trước", "NSNN dự kiến", "Tỷ lệ NSNN"] {
            assert_eq!(
                explained("state-funds", heading),
                Explained::Part,
                "{heading}"
            );
        }
        assert_eq!(explained("state-funds", "Địa chỉ"), Explained::Nothing);
    }

    #[test]
    fn a_phrase_is_other_unless_the_concept_means_it() {
        let programme = Programme::default_programme().unwrap();
        let words = &programme.heading_words;
        let text = words.text("Dự toán");
        assert!(words.is_other(words.concept("state-funds"), &text));
        assert!(!words.is_other(words.concept("planned"), &text));
        assert!(words.is_filler(&words.text("(1.000 đồng)")) && !words.is_filler(&text));
    }

    #[test]
    fn years_are_named() {
        let programme = Programme::default_programme().unwrap();
        let text = programme.heading_words.text("NSNN năm 2023 (cột 12)");
        assert_eq!(text.years().collect::<Vec<_>>(), [2023]);
    }
}
