//! Texts that were read in the wrong encoding on their way.

use crate::legacy::decode_legacy;
use crate::legacy_detection::readings;
use std::borrow::Cow;

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
    if text.is_ascii() || has_modern_letter(text) {
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

/// Whether a text has a letter of Latin Extended Additional: nearly all texts of today have one, and none that was read in a
/// wrong encoding, since neither CP1252 nor Latin-1 has any.
fn has_modern_letter(text: &str) -> bool {
    // In UTF-8 these letters, U+1E00 to U+1EFF, begin with the bytes E1 B8 to E1 BB, and E1 only ever begins a letter.
    let mut pairs = text.as_bytes().windows(2);
    pairs.any(|pair| pair[0] == 0xe1 && (0xb8..=0xbb).contains(&pair[1]))
}

/// The bytes of CP1252 at 0x80 to 0x9f; those it leaves out stand for themselves.
const CP1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// What a text says whose UTF-8 bytes were taken for CP1252; `None` if it is no such text.
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
    // Whatever is not UTF-8 afterwards was none before, whose sequences are strict enough to tell.
    let decoded = String::from_utf8(bytes).ok()?;
    (decoded.chars().count() < text.chars().count()).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::mend;

    /// A text as a program shows it that takes its UTF-8 for CP1252.
    fn garbled(text: &str) -> String {
        let character = |byte: u8| match byte {
            0x80..=0x9f => super::CP1252[usize::from(byte) - 0x80],
            _ => char::from(byte),
        };
        text.bytes().map(character).collect()
    }

    #[test]
    fn every_letter_of_vietnamese_is_mended() {
        let letters = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
        for text in [letters.to_owned(), letters.to_uppercase()] {
            assert_eq!(mend(&garbled(&text)), text);
        }
    }

    #[test]
    fn a_no_break_space_that_became_a_space_is_a_letter_again() {
        assert_eq!(mend("Tiá»‡m VÃ ng Quá»‘c An"), "Tiệm Vàng Quốc An");
    }

    #[test]
    fn a_dropped_byte_without_a_character_is_given_back() {
        assert_eq!(mend("Äáº¶NG MINH TOÃ€N"), "ĐẶNG MINH TOÀN");
    }

    #[test]
    fn other_languages_stay_as_they_are() {
        for text in [
            "Société Générale",
            "São Paulo",
            "Ångström",
            "Công ty Ánh Dương",
        ] {
            assert_eq!(mend(text), text);
        }
    }

    #[test]
    fn a_text_of_an_old_encoding_is_decoded() {
        assert_eq!(mend("C«ng ty TÝn NghÜa"), "Công ty Tín Nghĩa");
    }
}
