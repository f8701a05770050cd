//! Texts as they are compared: cleaned, folded, and as keys.

use crate::letter::{Letter, is_tone, letter};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Composes a text (NFC), drops what cannot be seen, and makes every run of blanks one space.
///
/// A text of spaces, no-break spaces and zero-width characters is blank. What cannot be seen by itself but may change how
/// digits beside it are read stays: a soft hyphen is shown as a minus, and what turns the direction of letters turns
/// digits round. So does a soft hyphen in a text without letters of Unicode, since TCVN3 has 'ư' in its place.
///
/// ```
/// assert_eq!(vietext::clean("\u{a0} Thời gian\u{200b}  kết thúc\u{a0}"), "Thời gian kết thúc");
/// assert_eq!(vietext::clean(" \u{feff}\u{a0}"), "");
/// assert_eq!(vietext::clean("\u{202d}120\u{202c}"), "120");
/// assert_eq!(vietext::clean("\u{202e}120\u{202c}"), "\u{202e}120");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) && !text.contains("  ") {
        return Cow::Borrowed(text.trim());
    }
    if is_clean(text) {
        return Cow::Borrowed(text);
    }
    let letters: Vec<char> = text.nfc().collect();
    let stays = StayingMarks::of(&letters);
    let mut cleaned = String::with_capacity(text.len());
    let mut gap = false;
    for (at, &c) in letters.iter().enumerate() {
        if is_invisible(c) && !stays.holds(at, c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            gap = !cleaned.is_empty();
        } else {
            if gap {
                cleaned.push(' ');
                gap = false;
            }
            cleaned.push(c);
        }
    }
    Cow::Owned(cleaned)
}

const SOFT_HYPHEN: char = '\u{ad}';

/// Whether a letter takes no room: zero-width spaces and joiners, and what says in which direction letters run.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        SOFT_HYPHEN
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

/// What of a text must stay though it cannot be seen.
struct StayingMarks {
    /// By its place, whether the letter that is seen next on either side of it is a digit.
    beside_digit: Vec<bool>,
    has_digit: bool,
    has_unicode: bool,
}

impl StayingMarks {
    fn of(letters: &[char]) -> Self {
        let is_seen = |c: char| !is_invisible(c) && !c.is_whitespace();
        let mut beside_digit = vec![false; letters.len()];
        let mut note = |at: usize, is_digit: &mut bool| {
            let c = letters[at];
            if is_seen(c) {
                *is_digit = c.is_ascii_digit();
            } else {
                beside_digit[at] |= *is_digit;
            }
        };
        let mut before = false;
        (0..letters.len()).for_each(|at| note(at, &mut before));
        let mut after = false;
        (0..letters.len()).rev().for_each(|at| note(at, &mut after));
        Self {
            beside_digit,
            has_digit: letters.iter().any(char::is_ascii_digit),
            has_unicode: letters
                .iter()
                .any(|c| u32::from(*c) > 0xff && c.is_alphabetic()),
        }
    }

    fn holds(&self, at: usize, c: char) -> bool {
        match c {
            SOFT_HYPHEN => self.beside_digit[at] || !self.has_unicode,
            // Right-to-left embedding, override and isolate go on until they are ended.
            '\u{202b}' | '\u{202e}' | '\u{2067}' => self.has_digit,
            _ => false,
        }
    }
}

/// Whether cleaning would change nothing, told without composing.
fn is_clean(text: &str) -> bool {
    let mut after_space = true;
    // Latin letters with their marks in one are composed already.
    let mut composed = true;
    for c in text.chars() {
        // Nearly all letters are done here.
        if matches!(c, '!'..='~' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') {
            after_space = false;
            continue;
        }
        let space = c == ' ';
        let is_latin = matches!(u32::from(c), 0..=0x24f | 0x1e00..=0x1eff);
        composed &= is_latin;
        if (space && after_space) || (c.is_whitespace() && !space) || c.is_control() {
            return false;
        }
        if c == SOFT_HYPHEN || (!is_latin && is_invisible(c)) {
            return false;
        }
        after_space = space;
    }
    !after_space && (composed || is_nfc_quick(text.chars()) == IsNormalized::Yes)
}

/// A text as it is compared when case, marks and punctuation do not matter: lower case, no diacritics, đ as d,
/// '&' as 'va', and single spaces between words.
///
/// ```
/// assert_eq!(vietext::fold("SỞ VH, TT&DL"), "so vh tt va dl");
/// assert_eq!(vietext::fold("Sở Văn hoá"), vietext::fold("SO VAN HÓA"));
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char, folded: &mut String| {
        if c.is_ascii_alphanumeric() || c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(c);
        } else if !is_invisible(c) {
            gap = true;
        }
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            push(c.to_ascii_lowercase(), &mut folded);
            continue;
        }
        match letter(c) {
            Some(Letter { base: 'đ', .. }) => push('d', &mut folded),
            Some(Letter { base, .. }) => push(base, &mut folded),
            None if c == '&' => " va ".chars().for_each(|c| push(c, &mut folded)),
            // What is left of a letter without its marks does not depend on those that follow it.
            None => {
                let rest = std::iter::once(c)
                    .nfd()
                    .filter(|c| !is_combining_mark(*c))
                    .flat_map(char::to_lowercase);
                rest.for_each(|c| push(c, &mut folded));
            }
        }
    }
    folded
}

/// A code as it is compared: lower case letters and digits only, with their marks, so that đ stays apart from d.
///
/// ```
/// assert_eq!(vietext::code_key(" IV.4.đ "), "iv4đ");
/// assert_ne!(vietext::code_key("IV.4.đ"), vietext::code_key("IV.4.d"));
/// ```
pub fn code_key(text: &str) -> String {
    text.nfc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text as it is compared when only case, blanks, punctuation and the place of the tone mark do not matter.
///
/// Each word's tone is moved behind it, so 'Hòa' and 'Hoà' are one word while 'Hòa' and 'Hóa' stay two.
///
/// ```
/// assert_eq!(vietext::tone_key("Biên HOÀ"), vietext::tone_key("biên  hòa"));
/// assert_ne!(vietext::tone_key("Hòa"), vietext::tone_key("Hóa"));
/// ```
pub fn tone_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut tone = None;
    let end_word = |key: &mut String, tone: &mut Option<char>| {
        key.extend(tone.take());
        if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    };
    let mut put = |c: char| match c {
        _ if is_tone(c) => tone = Some(c),
        _ if c.is_alphanumeric() || is_combining_mark(c) => key.push(c),
        '&' => {
            end_word(&mut key, &mut tone);
            key.push_str("va\u{300} ");
        }
        _ => end_word(&mut key, &mut tone),
    };
    if text.chars().all(|c| c.is_ascii() || letter(c).is_some()) {
        for c in text.chars() {
            match letter(c) {
                Some(Letter { base, mark, tone }) => {
                    [Some(base), mark, tone]
                        .into_iter()
                        .flatten()
                        .for_each(&mut put);
                }
                None => put(c),
            }
        }
    } else {
        // Marks that stand by themselves are brought into their order first.
        text.nfd().flat_map(char::to_lowercase).for_each(put);
    }
    end_word(&mut key, &mut tone);
    key.truncate(key.trim_end().len());
    key
}

/// Whether the folded text `text` holds the folded words `phrase` next to each other, as whole words.
///
/// ```
/// assert!(vietext::contains_phrase("ap dung cong cu cai tien", "cong cu"));
/// assert!(!vietext::contains_phrase("ap dung cong cuoc", "cong cu"));
/// ```
pub fn contains_phrase(text: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + phrase.len()..].chars().next();
            before.is_none_or(|c| c == ' ') && after.is_none_or(|c| c == ' ')
        })
}

#[cfg(test)]
mod tests {
    use super::{clean, code_key, contains_phrase, fold, tone_key};
    use std::borrow::Cow;

    #[test]
    fn composed_and_decomposed_are_one() {
        let decomposed: String =
            unicode_normalization::UnicodeNormalization::nfd("Sở Khoa học và Công nghệ").collect();
        assert_eq!(clean(&decomposed), "Sở Khoa học và Công nghệ");
        assert_eq!(fold(&decomposed), "so khoa hoc va cong nghe");
        assert_eq!(tone_key(&decomposed), tone_key("SỞ KHOA HỌC VÀ CÔNG NGHỆ"));
    }

    #[test]
    fn ampersand_is_a_word() {
        assert_eq!(fold("KH&CN"), fold("KH và CN"));
        assert_eq!(tone_key("SX & TM"), tone_key("SX và TM"));
    }

    #[test]
    fn cleaning_drops_what_cannot_be_seen_and_joins_blanks() {
        assert_eq!(clean(" Tên\u{a0}\u{200b} đơn\tvị\r\n"), "Tên đơn vị");
        assert_eq!(clean("\u{feff}\u{a0}\u{2060}"), "");
        assert_eq!(clean("a\u{200b}b"), "ab");
    }

    #[test]
    fn what_has_no_width_falls_away() {
        for mark in [
            '\u{180e}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{202d}',
            '\u{2060}', '\u{2066}', '\u{2068}', '\u{2069}', '\u{feff}',
        ] {
            assert_eq!(clean(&format!("{mark}120{mark}")), "120", "{mark:?}");
            assert_eq!(clean(&format!("Sở{mark} Y tế")), "Sở Y tế", "{mark:?}");
            assert_eq!(fold(&format!("Biên{mark}Hòa")), "bienhoa", "{mark:?}");
        }
    }

    #[test]
    fn what_may_change_how_digits_read_stays_beside_them() {
        for mark in ['\u{202b}', '\u{202e}', '\u{2067}'] {
            for text in [format!("{mark}120"), format!("{mark}A 120")] {
                assert_eq!(clean(&format!("{text}\u{202c}")), text);
            }
            assert_eq!(clean(&format!("{mark}Sở")), "Sở");
        }
        for text in ["\u{ad}120", "3600\u{ad}1", "\u{ad} 120", "Số \u{ad}\u{ad}5"] {
            assert_eq!(clean(text), text);
        }
        assert_eq!(clean("Số\u{ad} tiền 5"), "Số tiền 5");
        assert_eq!(clean("doanh\u{ad}nghiệp 5"), "doanhnghiệp 5");
        // 'Dư' in TCVN3.
        assert_eq!(clean("D\u{ad} nî"), "D\u{ad} nî");
    }

    #[test]
    fn a_clean_text_is_not_copied() {
        for text in ["Ten don vi", "Tên đơn vị"] {
            assert!(matches!(clean(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn folding_drops_marks_case_and_punctuation() {
        assert_eq!(
            fold("  Đường số 12/3, P. Trảng Dài! "),
            "duong so 12 3 p trang dai"
        );
        assert_eq!(fold("--"), "");
    }

    #[test]
    fn a_zero_width_character_does_not_part_a_word() {
        assert_eq!(fold("Biên\u{200b}Hòa"), "bienhoa");
    }

    #[test]
    fn a_code_keeps_its_marks_and_loses_its_punctuation() {
        assert_eq!(code_key("IV.3.a (1)"), "iv3a1");
        assert_eq!(code_key("d\u{323}"), "ḍ");
        assert_ne!(code_key("Đ1"), code_key("D1"));
    }

    #[test]
    fn the_tone_moves_behind_its_word_and_stays_in_it() {
        assert_eq!(tone_key("Hòa Bình"), "hoa\u{300} binh\u{300}");
        assert_ne!(tone_key("Hòa Binh"), tone_key("Hoa Bình"));
    }

    #[test]
    fn a_phrase_is_found_as_whole_words_only() {
        assert!(contains_phrase("cong cu", "cong cu"));
        assert!(contains_phrase("cac cong cu moi", "cong cu"));
        assert!(!contains_phrase("cac cong cuoc", "cong cu"));
        assert!(!contains_phrase("tan cong cu", "an cong"));
        assert!(!contains_phrase("cong cu", ""));
    }
}
