//! The encoding of a text, by what is in it: a list is written by whatever program a person had, and nothing says how.
//!
//! Read in the wrong encoding, names are those of other enterprises, or of none. So an encoding is taken only where the
//! text shows it: by a mark, by being valid UTF-8, by its zeros, or by being Vietnamese in one encoding and not in the
//! other.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use std::borrow::Cow;
use vietext::{Legacy, decode_legacy, is_syllable};

/// Why bytes are not read as a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoText {
    /// They are none in any encoding.
    #[error("not a text; a list to match is a text with columns (.csv)")]
    Binary,
    /// They are a text, and what it says depends on the encoding, which nothing shows.
    #[error("a text in an encoding that cannot be told; save it as CSV UTF-8")]
    Unsure,
}

/// So many words are enough to tell an encoding.
const WORDS: usize = 20_000;

/// Whether bytes are a text, in whatever encoding.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    decode(bytes) != Err(NoText::Binary)
}

/// Reads bytes in the encoding that they show.
///
/// Texts of fonts from before Unicode come as the Latin letters that these fonts were typed in.
///
/// # Errors
/// When they are no text, or may be one in several encodings.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NoText> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strictly(encoding, &bytes[mark..]);
    }
    // No text has a letter of the number 0: only UTF-16, in which each letter of ASCII has a byte of 0.
    if bytes.contains(&0) {
        return strictly(utf16(bytes), bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.into());
    }
    of_one_byte(bytes)
}

fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, NoText> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .filter(|text| !has_control(text))
        .ok_or(NoText::Binary)
}

/// Whether something in a text is no part of one.
pub(crate) fn has_control(text: &str) -> bool {
    let mut letters = text.chars();
    letters.any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}'))
}

fn utf16(bytes: &[u8]) -> &'static Encoding {
    utf16_by_zeros(zeros(bytes))
}

/// How many bytes of 0 stand at even and at odd places.
pub(crate) fn zeros(bytes: &[u8]) -> [usize; 2] {
    [0, 1].map(|from| {
        let bytes = bytes.iter().skip(from).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    })
}

/// Which byte of a letter comes first, by where the zeros stand.
pub(crate) fn utf16_by_zeros([even, odd]: [usize; 2]) -> &'static Encoding {
    match odd >= even {
        true => UTF_16LE,
        false => UTF_16BE,
    }
}

/// Reads a text whose letters take one byte each: Windows-1258 for Vietnamese, or Windows-1252, in which fonts from
/// before Unicode were typed as well.
fn of_one_byte(bytes: &[u8]) -> Result<Cow<'_, str>, NoText> {
    let (text, _) = one_byte_encoding(bytes)?.decode_without_bom_handling(bytes);
    Ok(text)
}

/// The encoding of a text, or of enough of it, whose letters take one byte each.
///
/// # Errors
/// When nothing shows it.
pub(crate) fn one_byte_encoding(bytes: &[u8]) -> Result<&'static Encoding, NoText> {
    let (vietnamese, _) = WINDOWS_1258.decode_without_bom_handling(bytes);
    let (latin, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    if vietnamese == latin {
        return Ok(WINDOWS_1252);
    }
    let in_vietnamese = Words::of(&vietnamese);
    let readings = [
        Words::of(&latin),
        Words::of(&decode_legacy(&latin, Legacy::Tcvn3)),
        Words::of(&decode_legacy(&latin, Legacy::Vni)),
    ];
    if readings
        .iter()
        .all(|latin| in_vietnamese.is_clearly_more(latin))
    {
        return Ok(WINDOWS_1258);
    }
    if readings
        .iter()
        .any(|latin| latin.is_clearly_more(&in_vietnamese))
    {
        return Ok(WINDOWS_1252);
    }
    Err(NoText::Unsure)
}

/// How Vietnamese a text is.
struct Words {
    /// Words with marks that are Vietnamese syllables.
    marked: usize,
    /// Words with other letters than ASCII that are none.
    odd: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        // Signs belong to their word: as letters of a wrong encoding they are what shows it.
        let words = text
            .split(|c: char| c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphabetic()))
            .filter(|word| !word.is_ascii() && word.chars().nth(1).is_some());
        let mut count = Self { marked: 0, odd: 0 };
        for word in words.take(WORDS) {
            if is_syllable(word) {
                count.marked += 1;
            } else {
                count.odd += 1;
            }
        }
        count
    }

    /// Whether a text is Vietnamese so, but for some names, and much less in another encoding.
    fn is_clearly_more(&self, other: &Self) -> bool {
        self.odd * 4 <= self.marked && self.marked > other.marked && self.odd < other.odd
    }
}

#[cfg(test)]
mod tests {
    use super::{NoText, decode, is_text};
    use vietext::{Legacy, clean, encode_legacy};

    const LIST: &str = "Tên doanh nghiệp;MST\nCông ty TNHH Gốm sứ Thiên Hà;3600100001\nCông ty CP Điều Hoàng Yến;3600100002\n";

    /// As Windows-1258 writes it: tones follow their letters.
    fn windows_1258(text: &str) -> Vec<u8> {
        use unicode_normalization::UnicodeNormalization;
        let mut bytes = Vec::new();
        for c in text.chars() {
            let parts: Vec<char> = std::iter::once(c).nfd().collect();
            // Marks of letters are composed with them, tones are not.
            let is_tone =
                |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
            let letter: String = parts
                .iter()
                .copied()
                .filter(|c| !is_tone(c))
                .nfc()
                .collect();
            for c in letter
                .chars()
                .chain(parts.iter().copied().filter(|c| is_tone(c)))
            {
                bytes.push(match c {
                    '\u{300}' => 0xCC,
                    '\u{309}' => 0xD2,
                    '\u{303}' => 0xDE,
                    '\u{301}' => 0xEC,
                    '\u{323}' => 0xF2,
                    'ă' => 0xE3,
                    'Ă' => 0xC3,
                    'đ' => 0xF0,
                    'Đ' => 0xD0,
                    'ơ' => 0xF5,
                    'Ơ' => 0xD5,
                    'ư' => 0xFD,
                    'Ư' => 0xDD,
                    c => u8::try_from(u32::from(c)).unwrap(),
                });
            }
        }
        bytes
    }

    #[test]
    fn an_encoding_that_shows_is_taken() {
        let little: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            LIST.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", LIST.as_bytes()].concat(),
            [b"\xff\xfe", &little[..]].concat(),
            [b"\xfe\xff", &big[..]].concat(),
            little,
            big,
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(LIST));
        }
        let composed = |bytes: &[u8]| {
            let text = decode(bytes).unwrap().into_owned();
            text.lines()
                .map(|line| clean(line).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            composed(&windows_1258(LIST)),
            LIST.lines().collect::<Vec<_>>()
        );
    }

    #[test]
    fn fonts_from_before_unicode_come_as_latin_letters() {
        for legacy in [Legacy::Tcvn3, Legacy::Vni] {
            let old = encode_legacy(LIST, legacy);
            let bytes = encoding_rs::WINDOWS_1252.encode(&old).0;
            assert_eq!(decode(&bytes).as_deref(), Ok(old.as_str()));
        }
    }

    #[test]
    fn what_may_be_read_in_several_ways_is_not_read() {
        // Names that make no sense in Vietnamese, with letters that the encodings have differently.
        assert_eq!(decode(b"Nu\xf1ez;Yal\xe7\xfdn\n"), Err(NoText::Unsure));
        assert_eq!(decode(b"\xd2\xcc\xf2;\xde\xec"), Err(NoText::Unsure));
        // Letters that they have alike.
        assert_eq!(decode(b"Caf\xe9").as_deref(), Ok("Café"));
    }

    #[test]
    fn what_is_no_text_is_told() {
        assert!(!is_text(b"\xff\x00\x01\x00"));
        assert!(!is_text(&[0, 1, 2, 3, 0, 0xd8]));
        assert!(is_text(b"Nu\xf1ez"));
    }
}
