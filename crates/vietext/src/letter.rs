//! Letters, taken apart by a table instead of by normalising: folding runs over each cell of each list.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A letter or digit, taken apart: in lower case, with at most one mark of its own and one tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    pub base: char,
    pub mark: Option<char>,
    pub tone: Option<char>,
}

/// huyền, sắc, ngã, hỏi, nặng
pub(crate) fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// The letters of Latin scripts up to here are looked up, and those of Latin Extended Additional.
const LATIN: u32 = 0x250;
const ADDITIONAL: std::ops::Range<u32> = 0x1e00..0x1f00;

/// What the letters are, worked out once from the Unicode tables.
static LETTERS: LazyLock<Vec<Option<Letter>>> = LazyLock::new(|| {
    let known = (0..LATIN).chain(ADDITIONAL);
    known
        .map(|code| char::from_u32(code).and_then(taken_apart))
        .collect()
});

fn taken_apart(c: char) -> Option<Letter> {
    let mut parts = std::iter::once(c).nfd().flat_map(char::to_lowercase);
    let mut letter = Letter {
        base: parts.next().filter(|base| base.is_alphanumeric())?,
        mark: None,
        tone: None,
    };
    for part in parts {
        let place = if is_tone(part) {
            &mut letter.tone
        } else {
            &mut letter.mark
        };
        if !is_combining_mark(part) || place.replace(part).is_some() {
            return None;
        }
    }
    Some(letter)
}

/// A letter or digit, taken apart; nothing where it is none, or there is more to it.
pub(crate) fn letter(c: char) -> Option<Letter> {
    let place = match u32::from(c) {
        code @ 0..LATIN => code,
        code if ADDITIONAL.contains(&code) => LATIN + code - ADDITIONAL.start,
        _ => return None,
    };
    LETTERS.get(place as usize).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Letter, is_tone, letter};

    #[test]
    fn a_letter_has_a_base_a_mark_and_a_tone() {
        let parts = |base, mark, tone| Some(Letter { base, mark, tone });
        assert_eq!(letter('ệ'), parts('e', Some('\u{302}'), Some('\u{323}')));
        assert_eq!(letter('Ặ'), parts('a', Some('\u{306}'), Some('\u{323}')));
        assert_eq!(letter('Ơ'), parts('o', Some('\u{31b}'), None));
        assert_eq!(letter('Đ'), parts('đ', None, None));
        assert_eq!(letter('7'), parts('7', None, None));
    }

    #[test]
    fn signs_and_letters_with_more_to_them_are_not_looked_up() {
        // Two marks of its own; another script; a sign; a mark alone.
        for c in ['ǖ', '中', '&', ' ', '\u{300}'] {
            assert_eq!(letter(c), None, "{c:?}");
        }
    }

    #[test]
    fn there_are_five_tones() {
        assert!("\u{300}\u{301}\u{303}\u{309}\u{323}".chars().all(is_tone));
        // Hat, breve and horn make letters, not tones.
        assert!(!"\u{302}\u{306}\u{31b}".chars().any(is_tone));
    }
}
