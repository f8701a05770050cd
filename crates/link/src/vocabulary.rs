//! The words of a programme that take names apart, ready to be looked up without marks.

use crate::gazetteer::Gazetteer;
use crate::hash::{HashedMap, hash};
use crate::phrase::{leading, longest_first, starts_with, words};
use crate::token::NameToken;
use foldhash::{HashMap, HashSet};
use model::{LegalForm, Linkage};
use std::cmp::Reverse;
use vietext::fold;

/// A foreign phrase and the Vietnamese words for it.
type Sense = (Vec<String>, Vec<String>);

/// What phrases of a name a word may begin. Most words begin none, and the phrases are not gone through for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PhraseBeginnings {
    /// A legal form, or all of one whose words run together.
    pub form: bool,
    /// Words for a dependent unit.
    pub branch: bool,
    /// Words for a time that an enterprise is in a list.
    pub round: bool,
}

/// The words that a matcher knows.
pub(crate) struct Vocabulary {
    /// What the first words of phrases begin, by their hashes.
    beginnings: HashedMap<PhraseBeginnings>,
    /// Legal forms by their first word, the longest phrases first: the words, the place of the form.
    forms: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Code and kin of each form.
    form_codes: Vec<(String, String)>,
    /// All ways of writing a form, the longest first, to find misspelt ones.
    pub form_phrases: Vec<(Vec<String>, usize)>,
    /// Forms whose words run together, each whole or by its first letter: 'cttnhh', 'congtycp'.
    glued_forms: HashMap<String, usize>,
    /// Words that say with a number for which time an enterprise is in a list.
    pub rounds: Vec<Vec<String>>,
    /// Single words that say that a form is written in a foreign language.
    foreign_forms: HashSet<String>,
    branches: Vec<Vec<String>>,
    translations: HashMap<String, Vec<Sense>>,
    /// What stands before a person's name, folded, the longest first.
    pub titles: Vec<String>,
    /// Place names.
    pub gazetteer: Gazetteer,
}

impl Vocabulary {
    pub(crate) fn new(linkage: &Linkage) -> Self {
        let mut forms: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::default();
        let mut form_phrases = Vec::new();
        for (place, form) in linkage.forms.iter().enumerate() {
            for phrase in longest_first(&form.phrases) {
                form_phrases.push((phrase.clone(), place));
                let of_word = forms.entry(phrase[0].clone()).or_default();
                of_word.push((phrase, place));
            }
        }
        form_phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        let glued_forms = glued_forms(&form_phrases, &linkage.forms);
        forms
            .values_mut()
            .for_each(|list| list.sort_by_key(|(phrase, _)| Reverse(phrase.len())));
        // By the first word: names are long, the lists longer, and most words begin no phrase.
        let mut translations: HashMap<String, Vec<Sense>> = HashMap::default();
        for translation in &linkage.translations {
            let foreign = words(&translation.foreign);
            if let Some(first) = foreign.first() {
                let of_word = translations.entry(first.clone()).or_default();
                of_word.push((foreign, words(&translation.vi)));
            }
        }
        translations
            .values_mut()
            .for_each(|list| list.sort_by_key(|(foreign, _)| Reverse(foreign.len())));
        let (rounds, branches) = (
            longest_first(&linkage.rounds),
            longest_first(&linkage.branches),
        );
        let mut beginnings = HashedMap::<PhraseBeginnings>::default();
        let mut note = |word: &str, begins: fn(&mut PhraseBeginnings)| {
            begins(beginnings.entry(hash(word.as_bytes())).or_default());
        };
        let heads = forms.keys().chain(glued_forms.keys());
        heads.for_each(|word| note(word, |of| of.form = true));
        let first = |phrase: &Vec<String>| phrase.first().cloned().unwrap_or_default();
        for phrase in &branches {
            note(&first(phrase), |of| of.branch = true);
        }
        for phrase in &rounds {
            note(&first(phrase), |of| of.round = true);
        }
        Self {
            beginnings,
            forms,
            form_codes: linkage
                .forms
                .iter()
                .map(|form| (form.code.clone(), form.kin.clone()))
                .collect(),
            form_phrases,
            glued_forms,
            rounds,
            foreign_forms: linkage
                .foreign_forms
                .iter()
                .map(|word| fold(word))
                .collect(),
            branches,
            translations,
            titles: longest_first(&linkage.titles)
                .iter()
                .map(|title| title.join(" "))
                .collect(),
            gazetteer: Gazetteer::new(linkage),
        }
    }

    /// What phrases a word of a name may begin.
    pub(crate) fn begun_by(&self, token: &NameToken) -> PhraseBeginnings {
        self.beginnings
            .get(&token.hash)
            .copied()
            .unwrap_or_default()
    }

    /// The form whose phrase stands at the head of these words, and how many words it has.
    pub(crate) fn form_at<S: AsRef<str>>(&self, plain: &[S]) -> Option<(usize, usize)> {
        let list = self.forms.get(plain.first()?.as_ref())?;
        list.iter()
            .find(|(phrase, _)| starts_with(plain, phrase))
            .map(|(phrase, place)| (*place, phrase.len()))
    }

    /// The form that a word is, whose words run together.
    pub(crate) fn glued_form(&self, word: &str) -> Option<usize> {
        self.glued_forms.get(word).copied()
    }

    /// Whether a word begins a legal form.
    pub(crate) fn begins_form(&self, word: &str) -> bool {
        self.forms.contains_key(word) || self.glued_forms.contains_key(word)
    }

    /// The code of a form; blank for words that say 'company' and no more.
    pub(crate) fn form_code(&self, form: usize) -> &str {
        self.form_codes.get(form).map_or("", |(code, _)| code)
    }

    /// The kin of a form: forms that are often written for one another have one.
    pub(crate) fn form_kin(&self, form: usize) -> &str {
        self.form_codes.get(form).map_or("", |(_, kin)| kin)
    }

    /// Whether a word alone says that a legal form is written in a foreign language: 'ltd'.
    pub(crate) fn is_foreign_form(&self, word: &str) -> bool {
        self.foreign_forms.contains(word)
    }

    /// The phrase for a dependent unit at the head of these words.
    pub(crate) fn branch_at<S: AsRef<str>>(&self, plain: &[S]) -> Option<&Vec<String>> {
        leading(plain, &self.branches)
    }

    /// Whether a word is part of a phrase for a dependent unit.
    pub(crate) fn is_branch_word(&self, plain: &str) -> bool {
        self.branches.iter().flatten().any(|word| word == plain)
    }

    /// What a foreign phrase at the head of these words says, and how many words it has.
    pub(crate) fn translation_at<S: AsRef<str>>(&self, plain: &[S]) -> Option<(&[String], usize)> {
        let list = self.translations.get(plain.first()?.as_ref())?;
        list.iter()
            .find(|(phrase, _)| starts_with(plain, phrase))
            .map(|(phrase, vi)| (vi.as_slice(), phrase.len()))
    }
}

/// A form that runs together has so many letters at least: 'cp' and 'hd' are letters of names.
const LEAST_GLUED: usize = 4;
/// Longer phrases are never run together, and each word doubles the ways to do it.
const MOST_GLUED_WORDS: usize = 5;

/// All ways in which the words of forms run together. Of two forms the shorter phrase has it, then the first in order.
fn glued_forms(phrases: &[(Vec<String>, usize)], forms: &[LegalForm]) -> HashMap<String, usize> {
    let mut glued = HashMap::default();
    let has_code = |form: usize| forms.get(form).is_some_and(|form| !form.code.is_empty());
    let of_words = phrases
        .iter()
        .rev()
        .filter(|(phrase, form)| (2..=MOST_GLUED_WORDS).contains(&phrase.len()) && has_code(*form));
    for (phrase, form) in of_words {
        let mut ways = vec![String::new()];
        for word in phrase {
            let first: String = word.chars().take(1).collect();
            let longer = |way: &String| [format!("{way}{first}"), format!("{way}{word}")];
            ways = ways.iter().flat_map(longer).collect();
        }
        for way in ways.into_iter().filter(|way| way.len() >= LEAST_GLUED) {
            glued.entry(way).or_insert(*form);
        }
    }
    glued
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;
    use crate::phrase::words;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    #[test]
    fn the_longest_form_at_the_head_is_found() {
        let code = |text: &str| {
            let (form, length) = VOCABULARY.form_at(&words(text))?;
            Some((VOCABULARY.form_code(form), length))
        };
        assert_eq!(code("Công ty TNHH MTV Sơn Hà"), Some(("TNHHMTV", 4)));
        assert_eq!(code("Công ty TNHH Sơn Hà"), Some(("TNHH", 3)));
        assert_eq!(code("Công ty Sơn Hà"), Some(("", 2)));
        assert_eq!(code("Sơn Hà"), None);
    }

    #[test]
    fn a_form_whose_words_run_together_is_found() {
        let code = |word| {
            VOCABULARY
                .glued_form(word)
                .map(|form| VOCABULARY.form_code(form))
        };
        for (word, expected) in [
            ("cttnhh", "TNHH"),
            ("congtycp", "CP"),
            ("ctcp", "CP"),
            ("cttnhhmtv", "TNHHMTV"),
        ] {
            assert_eq!(code(word), Some(expected), "{word}");
        }
        assert_eq!(code("cp"), None);
        assert_eq!(code("sonha"), None);
    }

    #[test]
    fn the_longest_translation_is_found() {
        let (vi, length) = VOCABULARY
            .translation_at(&words("import and export wood"))
            .unwrap();
        assert_eq!((vi.join(" ").as_str(), length), ("xuat nhap khau", 3));
        assert!(VOCABULARY.translation_at(&words("gỗ")).is_none());
    }
}
