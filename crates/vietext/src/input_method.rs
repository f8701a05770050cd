//! Words that were typed in Telex or VNI with the input method switched off.

use crate::letter::is_tone;
use crate::syllable::is_syllable;
use unicode_normalization::UnicodeNormalization;

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
    // 'nghiêng', one of the longest, has nine letters typed with all its keys.
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
        undo_vni(&letters, tone)
    } else {
        undo_telex(&letters, tone)
    }?;
    is_syllable(&typed).then_some(typed)
}

/// A word as Telex makes it: 's f r x j' are tones, a doubled vowel has a hat, 'w' a breve or horn, 'dd' is đ. `None` for
/// two tones.
fn undo_telex(letters: &[char], mut tone: Option<char>) -> Option<String> {
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
            // The key may come late: 'tranaj' as well as 'traanj', 'dongd' as well as 'ddong'.
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

/// A word as VNI makes it: '1' to '5' are tones, '6' is a hat, '7' a horn, '8' a breve, '9' the stroke of đ. `None` for
/// two tones, or a digit that finds no letter to change.
fn undo_vni(letters: &[char], mut tone: Option<char>) -> Option<String> {
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
    use super::typed;

    fn read(word: &str) -> String {
        typed(word).unwrap_or_else(|| word.to_owned())
    }

    #[test]
    fn telex_keys_are_read() {
        for (word, meant) in [
            ("traanj", "trận"),
            ("xuaan", "xuân"),
            ("haan", "hân"),
            ("dichj", "dịch"),
            ("ddoongf", "đồng"),
            ("ddoong", "đông"),
            ("coong", "công"),
            ("phuwowcs", "phước"),
            ("xuuan", "xuuan"),
        ] {
            assert_eq!(read(word), meant);
        }
    }

    #[test]
    fn vni_keys_are_read() {
        for (word, meant) in [
            ("tin1", "tín"),
            ("co6ng", "công"),
            ("so7n", "sơn"),
            ("hu7u4", "hữu"),
            ("xua6t1", "xuất"),
            ("d9o6ng2", "đồng"),
            ("tra8ng", "trăng"),
        ] {
            assert_eq!(read(word), meant);
        }
    }

    #[test]
    fn a_word_half_typed_keeps_the_marks_it_has() {
        for (word, meant) in [
            ("lọoc", "lộc"),
            ("khảau", "khẩu"),
            ("tạ6p", "tập"),
            ("vạan", "vận"),
        ] {
            assert_eq!(read(word), meant);
        }
    }

    #[test]
    fn brands_codes_and_foreign_words_are_left_alone() {
        for word in [
            "vina",
            "hud101",
            "4a",
            "g7",
            "tech",
            "steel",
            "plastics",
            "logistics",
        ] {
            assert_eq!(typed(word), None, "{word}");
        }
    }

    #[test]
    fn a_syllable_is_left_alone_though_its_letters_are_keys() {
        // 'as' would be 'á' in Telex, and 'hoa' is a word.
        for word in ["công", "hoa", "hải"] {
            assert_eq!(typed(word), None, "{word}");
        }
    }

    #[test]
    fn two_tones_in_one_word_are_no_word() {
        assert_eq!(typed("coongsf"), None);
        assert_eq!(typed("tin12"), None);
    }
}
