//! The words of a name in the form in which they are compared.

use crate::hash::hash;
use std::sync::Arc;
use vietext::{fold, is_syllable, tone_key, typed};

/// A word of a name, normalised.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NameToken {
    /// Without diacritics: half of the lists that come in have lost them.
    pub plain: Box<str>,
    /// With its diacritics, the tone moved behind, so that 'hòa' and 'hoà' are one; equal to `plain` if it has none.
    toned: Box<str>,
    /// The hash of `plain`.
    pub hash: u64,
    /// Whether it can be a Vietnamese syllable, with its diacritics or without them. A misspelt word is rarely one.
    pub is_syllable: bool,
    /// Whether it has diacritics.
    pub has_marks: bool,
    /// Whether it is no syllable as it stands and would be one with diacritics: 'thuong'. Who wrote it left them out.
    pub lacks_marks: bool,
    /// Whether it is a number: '2', '15', 'II'. A number tells siblings apart
    /// (Luật Doanh nghiệp 59/2020 Điều 41.2.d), so it never counts as a misspelling of another.
    pub is_number: bool,
}

/// A word of so many letters that is no syllable is a set of initials rather than one typed with the input method off.
const LONGEST_INITIALS: usize = 3;

impl NameToken {
    /// Normalises a word; keyboard remnants such as 'coong' are read as they were meant.
    pub(crate) fn new(raw: &str) -> Self {
        // 'ISM' is a set of initials, though who types it with the input method off may mean 'ím'.
        let meant = typed(raw).filter(|_| raw.chars().count() > LONGEST_INITIALS);
        let text = meant.as_deref().unwrap_or(raw);
        let plain: Box<str> = fold(text).replace(' ', "").into();
        let toned = tone_key(text).replace(' ', "").into_boxed_str();
        let has_marks = *toned != *plain;
        let is_syllable_as_written = is_syllable(text);
        let is_syllable = match has_marks {
            true => is_syllable_as_written,
            false => vietext::is_bare_syllable(&plain),
        };
        // 'V' and 'X' alone are initials more often than numbers.
        let roman = matches!(
            &*plain,
            "i" | "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix"
        );
        let is_number = roman || plain.bytes().all(|b| b.is_ascii_digit());
        Self {
            hash: hash(plain.as_bytes()),
            is_syllable,
            has_marks,
            // A syllable that ends in a stop always bears a tone.
            lacks_marks: !has_marks
                && is_syllable
                && (!is_syllable_as_written
                    || plain.ends_with(['p', 't', 'c'])
                    || plain.ends_with("ch")),
            is_number,
            plain,
            toned,
        }
    }

    /// Whether the diacritics of two words of one spelling differ: 'hòa' and 'hóa'.
    pub(crate) fn differs_in_marks(&self, other: &Self) -> bool {
        self.toned != other.toned
    }
}

/// Makes tokens, each distinct one once: a register of a million names has some thousand distinct words.
#[derive(Default)]
pub(crate) struct TokenPool {
    known: foldhash::HashMap<Box<str>, Arc<NameToken>>,
}

/// A pool keeps at most so many tokens: numbers and misspellings are without end, the words of names are not.
const POOL_SIZE: usize = 1 << 17;

impl TokenPool {
    /// The token of a text, if it was met before. Only words are kept, so that a text that is known is one.
    pub(crate) fn known(&self, raw: &str) -> Option<Arc<NameToken>> {
        self.known.get(raw).map(Arc::clone)
    }

    /// The token of a word: letters and digits only, the capitals, if any, at its head or everywhere.
    pub(crate) fn token(&mut self, raw: &str) -> Arc<NameToken> {
        match self.known.get(raw) {
            Some(token) => Arc::clone(token),
            None => {
                let token = Arc::new(NameToken::new(raw));
                if self.known.len() < POOL_SIZE {
                    self.known.insert(raw.into(), Arc::clone(&token));
                }
                token
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NameToken, TokenPool};
    use std::sync::Arc;

    #[test]
    fn the_place_of_the_tone_and_case_do_not_matter() {
        assert_eq!(NameToken::new("Hòa"), NameToken::new("HOÀ"));
        assert!(!NameToken::new("Hòa").differs_in_marks(&NameToken::new("HOÀ")));
        assert!(NameToken::new("Hòa").differs_in_marks(&NameToken::new("Hóa")));
    }

    #[test]
    fn a_word_that_is_no_syllable_without_marks_lacks_them() {
        for word in ["thuong", "PHAT", "Dien"] {
            assert!(NameToken::new(word).lacks_marks, "{word}");
        }
        // 'Hoa' and 'Nam' are words as they stand, and 'TNHH' is none with marks either.
        for word in ["Hoa", "Nam", "TNHH", "thương", "2"] {
            assert!(!NameToken::new(word).lacks_marks, "{word}");
        }
    }

    #[test]
    fn a_word_typed_with_the_input_method_off_is_read_as_it_was_meant() {
        assert_eq!(NameToken::new("coong"), NameToken::new("công"));
        assert_eq!(NameToken::new("d9o6ng2").plain, "dong".into());
        assert_eq!(NameToken::new("ISM").plain, "ism".into());
    }

    #[test]
    fn syllables_are_told_from_foreign_and_misspelt_words() {
        for word in ["thuong", "thương", "coong", "PHÁT"] {
            assert!(NameToken::new(word).is_syllable, "{word}");
        }
        for word in ["vinatex", "rtách", "tm"] {
            assert!(!NameToken::new(word).is_syllable, "{word}");
        }
    }

    #[test]
    fn numbers_are_digits_and_roman_numerals_but_no_single_v_or_x() {
        for word in ["2", "15", "II", "ix", "I"] {
            assert!(NameToken::new(word).is_number, "{word}");
        }
        for word in ["V", "X", "2a", "hai"] {
            assert!(!NameToken::new(word).is_number, "{word}");
        }
    }

    #[test]
    fn a_pool_makes_each_token_once() {
        let mut pool = TokenPool::default();
        assert!(Arc::ptr_eq(&pool.token("Sơn"), &pool.token("Sơn")));
        assert!(!Arc::ptr_eq(&pool.token("Sơn"), &pool.token("Son")));
    }
}
