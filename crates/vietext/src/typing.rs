//! Texts that were damaged on their way: read in the wrong encoding, or typed with an input method switched off.

use crate::letter::is_tone;
use crate::{decode_legacy, is_syllable, readings};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A text as it was meant: old encodings and UTF-8 that was read as CP1252 are decoded.
///
/// What is not more Vietnamese afterwards stays as it is.
///
/// ```
/// use vietext::mend;
/// assert_eq!(mend("C«ng ty TÝn NghÜa"), "Công ty Tín Nghĩa");
/// assert_eq!(mend("Cty CP Äiá»‡n Thanh LiÃªn"), "Cty CP Điện Thanh Liên");
/// assert_eq!(mend("Công ty Điện Quang"), "Công ty Điện Quang");
/// ```
pub fn mend(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    if let Some(decoded) = utf8_read_as_cp1252(text) {
        return Cow::Owned(decoded);
    }
    // Latin-1 letters only: today's Vietnamese has others nearly always.
    if text
        .chars()
        .any(|c| u32::from(c) > 0xff && c.is_alphabetic())
    {
        return Cow::Borrowed(text);
    }
    match readings(text).first() {
        Some((_, legacy)) => Cow::Owned(decode_legacy(text, *legacy)),
        None => Cow::Borrowed(text),
    }
}

/// The bytes of CP1252 at 0x80 to 0x9f; those it leaves out stand for themselves.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn utf8_read_as_cp1252(text: &str) -> Option<String> {
    // Every letter of Vietnamese beyond ASCII begins with one of these bytes.
    if !text.contains(['Ã', 'Ä', 'Å', 'Æ', 'á']) {
        return None;
    }
    let byte = |c: char| match u32::from(c) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
        _ => CP1252
            .iter()
            .position(|&known| known == c)
            .and_then(|at| u8::try_from(at + 0x80).ok()),
    };
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte(c) {
            // A no-break space inside a letter became a space.
            Some(b' ') if matches!(bytes.last(), Some(0xc3)) => bytes.push(0xa0),
            // The second byte of Đ has no character, and many programs drop it.
            Some(byte) if !(0x80..0xc0).contains(&byte) => {
                if bytes.last() == Some(&0xc4) {
                    bytes.push(0x90);
                }
                bytes.push(byte);
            }
            Some(byte) => bytes.push(byte),
            None => return None,
        }
    }
    let decoded = String::from_utf8(bytes).ok()?;
    (decoded.chars().count() < text.chars().count()).then_some(decoded)
}

/// A word as it was meant where it was typed in Telex or VNI with the input method off, wholly or in part:
/// 'coong', 'PHUWOWCS', 'vạan', 'D9O6NG2'. Nothing where it is a syllable already, or does not become one.
///
/// ```
/// use vietext::typed;
/// assert_eq!(typed("coong").as_deref(), Some("công"));
/// assert_eq!(typed("phuwowcs").as_deref(), Some("phước"));
/// assert_eq!(typed("vạan").as_deref(), Some("vận"));
/// assert_eq!(typed("d9o6ng2").as_deref(), Some("đồng"));
/// assert_eq!(typed("logistics"), None);
/// assert_eq!(typed("công"), None);
/// ```
pub fn typed(word: &str) -> Option<String> {
    let word = word.to_lowercase();
    if word.chars().count() > 10 {
        return None;
    }
    // 'oo' is a rhyme of loan words, and far more often an ô typed.
    let doubled = word
        .nfd()
        .filter(|c| c.is_alphabetic())
        .collect::<String>()
        .contains("oo");
    if is_syllable(&word) && !doubled {
        return None;
    }
    // The tone that a mark in the word already gives; the marks of letters stay with them.
    let (mut tone, mut letters) = (None, String::new());
    for c in word.nfd() {
        match c {
            _ if is_tone(c) => tone = Some(c),
            _ => letters.push(c),
        }
    }
    let letters: Vec<char> = letters.nfc().collect();
    let typed = if letters.iter().any(char::is_ascii_digit) {
        vni(&letters, tone)
    } else {
        telex(&letters, tone)
    }?;
    is_syllable(&typed).then_some(typed)
}

fn telex(letters: &[char], mut tone: Option<char>) -> Option<String> {
    let mut bare: Vec<char> = Vec::new();
    for (i, &c) in letters.iter().enumerate() {
        let mark = match c {
            's' => Some('\u{301}'),
            'f' => Some('\u{300}'),
            'r' => Some('\u{309}'),
            'x' => Some('\u{303}'),
            'j' => Some('\u{323}'),
            _ => None,
        };
        let after_vowel = bare.iter().any(|b| "aăâeêioôơuưy".contains(*b));
        match (mark, c) {
            (Some(mark), _) if i > 0 && after_vowel => {
                if tone.replace(mark).is_some() {
                    return None;
                }
            }
            (_, 'w') => match bare.iter().rposition(|b| matches!(b, 'a' | 'o' | 'u')) {
                Some(at) => {
                    bare[at] = match bare[at] {
                        'a' => 'ă',
                        'o' => 'ơ',
                        _ => 'ư',
                    };
                    // 'uow' types 'ươ' at once.
                    if bare[at] == 'ơ'
                        && at > 0
                        && bare[at - 1] == 'u'
                        && !(at > 1 && bare[at - 2] == 'q')
                    {
                        bare[at - 1] = 'ư';
                    }
                }
                None => bare.push('ư'),
            },
            (_, 'a' | 'e' | 'o' | 'd') => match bare.iter().rposition(|b| *b == c) {
                Some(at)
                    if at + 1 == bare.len()
                        || (c != 'd' && at + 4 >= bare.len())
                        || (c == 'd' && at == 0) =>
                {
                    bare[at] = match c {
                        'a' => 'â',
                        'e' => 'ê',
                        'o' => 'ô',
                        _ => 'đ',
                    };
                }
                _ => bare.push(c),
            },
            _ => bare.push(c),
        }
    }
    Some(with_tone(&bare, tone))
}

fn vni(letters: &[char], mut tone: Option<char>) -> Option<String> {
    let mut bare: Vec<char> = Vec::new();
    for &c in letters {
        let last = |bare: &[char], of: &str| bare.iter().rposition(|b| of.contains(*b));
        match c {
            '1'..='5' => {
                let mark = ['\u{301}', '\u{300}', '\u{309}', '\u{303}', '\u{323}']
                    [c as usize - '1' as usize];
                if bare.is_empty() || tone.replace(mark).is_some() {
                    return None;
                }
            }
            '6' => {
                let at = last(&bare, "aeo")?;
                bare[at] = ['â', 'ê', 'ô']["aeo".find(bare[at])?];
            }
            '7' => {
                let at = last(&bare, "ou")?;
                bare[at] = if bare[at] == 'o' { 'ơ' } else { 'ư' };
                if bare[at] == 'ơ'
                    && at > 0
                    && bare[at - 1] == 'u'
                    && !(at > 1 && bare[at - 2] == 'q')
                {
                    bare[at - 1] = 'ư';
                }
            }
            '8' => {
                let at = last(&bare, "a")?;
                bare[at] = 'ă';
            }
            '9' => {
                let at = last(&bare, "d")?;
                bare[at] = 'đ';
            }
            _ if c.is_ascii_digit() => return None,
            _ => bare.push(c),
        }
    }
    Some(with_tone(&bare, tone))
}

/// The tone stands on the last marked vowel, else on the vowel before the end; which, does not matter when comparing.
fn with_tone(letters: &[char], tone: Option<char>) -> String {
    let vowel = |c: &char| "aăâeêioôơuưy".contains(*c);
    let marked = letters.iter().rposition(|c| "ăâêôơư".contains(*c));
    let vowels: Vec<usize> = (0..letters.len()).filter(|&i| vowel(&letters[i])).collect();
    let plain = match vowels.as_slice() {
        [.., first, last] if *last + 1 == letters.len() => Some(*first),
        [.., last] => Some(*last),
        [] => None,
    };
    let at = marked.or(plain);
    let mut text = String::new();
    for (i, c) in letters.iter().enumerate() {
        text.push(*c);
        if Some(i) == at {
            text.extend(tone);
        }
    }
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::{mend, typed};

    #[test]
    fn typing_remnants() {
        for (word, meant) in [
            ("traanj", "trận"),
            ("xuaan", "xuân"),
            ("lọoc", "lộc"),
            ("khảau", "khẩu"),
            ("haan", "hân"),
            ("dichj", "dịch"),
            ("ddoongf", "đồng"),
            ("ddoong", "đông"),
            ("coong", "công"),
            ("xuuan", "xuuan"),
            ("tin1", "tín"),
            ("co6ng", "công"),
            ("tạ6p", "tập"),
            ("so7n", "sơn"),
            ("hu7u4", "hữu"),
            ("xua6t1", "xuất"),
        ] {
            assert_eq!(typed(word).unwrap_or_else(|| word.to_owned()), meant);
        }
        for word in ["vina", "hud101", "4a", "g7", "tech", "steel", "plastics"] {
            assert_eq!(typed(word), None, "{word}");
        }
    }

    #[test]
    fn lost_no_break_spaces() {
        assert_eq!(mend("Tiá»‡m VÃ ng Quá»‘c An"), "Tiệm Vàng Quốc An");
        assert_eq!(mend("Äáº¶NG MINH TOÃ€N"), "ĐẶNG MINH TOÀN");
        assert_eq!(mend("Société Générale"), "Société Générale");
    }
}
