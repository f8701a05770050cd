//! Phrases: sequences of folded words.

use vietext::fold;

/// The folded words of a text.
pub(crate) fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Phrases in the order in which they are looked for: the longest first, so that 'công ty tnhh mtv' is found before
/// the 'công ty' it begins with; then by their letters, so that the order in a file does not matter.
pub(crate) fn longest_first(phrases: &[String]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = phrases
        .iter()
        .map(|phrase| words(phrase))
        .filter(|words| !words.is_empty())
        .collect();
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all
}

/// Whether words begin with a phrase.
pub(crate) fn starts_with<S: AsRef<str>>(words: &[S], phrase: &[String]) -> bool {
    words.len() >= phrase.len() && phrase.iter().zip(words).all(|(a, b)| a == b.as_ref())
}

/// The first of some phrases that words begin with.
pub(crate) fn leading<'p, S: AsRef<str>>(
    words: &[S],
    phrases: &'p [Vec<String>],
) -> Option<&'p Vec<String>> {
    phrases.iter().find(|phrase| starts_with(words, phrase))
}

#[cfg(test)]
mod tests {
    use super::{leading, longest_first, starts_with, words};

    #[test]
    fn the_longest_phrase_is_found_first_whatever_the_order_in_the_file() {
        let phrases = |order: [&str; 3]| longest_first(&order.map(str::to_owned));
        let one = phrases(["công ty", "CTCP", "Công ty TNHH"]);
        assert_eq!(one, phrases(["CTCP", "Công ty TNHH", "công ty"]));
        assert_eq!(
            leading(&words("cong ty tnhh son"), &one),
            Some(&words("công ty tnhh"))
        );
    }

    #[test]
    fn a_phrase_is_whole_words() {
        assert!(starts_with(&["cong", "ty"], &words("công ty")));
        assert!(!starts_with(&["cong", "tyt"], &words("công ty")));
        assert!(!starts_with(&["cong"], &words("công ty")));
    }
}
