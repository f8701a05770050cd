//! Texts written for the fonts of before Unicode: TCVN3 (ABC, '.VnTime') and VNI ('VNI-Times').
//!
//! In a workbook such a text is ordinary characters of Latin-1, one for each byte of the old encoding; only the font
//! made Vietnamese of them. The tables are those of TCVN 5712-3 and of VNI-Windows.

use crate::letter::is_tone;
use std::collections::HashMap;
use std::sync::LazyLock;

/// An encoding of before Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Legacy {
    /// One byte a letter; toned capitals share the bytes of small letters.
    Tcvn3,
    /// A base letter, then a byte for its marks.
    Vni,
}

const TCVN3: &str = "A1Ă A2Â A3Ê A4Ô A5Ơ A6Ư A7Đ A8ă A9â AAê ABô ACơ ADư AEđ B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ \
C7ầ C8ẩ C9ẫ CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ E8ố \
E9ộ EAờ EBở ECỡ EDớ EEợ EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ";

/// Letters of VNI that stand alone.
const VNI_SINGLE: &[(char, char)] = &[
    ('Ñ', 'Đ'),
    ('ñ', 'đ'),
    ('Ô', 'Ơ'),
    ('ô', 'ơ'),
    ('Ö', 'Ư'),
    ('ö', 'ư'),
    ('Ì', 'Ì'),
    ('Í', 'Í'),
    ('Æ', 'Ỉ'),
    ('Ó', 'Ĩ'),
    ('Ò', 'Ị'),
    ('ì', 'ì'),
    ('í', 'í'),
    ('æ', 'ỉ'),
    ('ó', 'ĩ'),
    ('ò', 'ị'),
    ('Î', 'Ỵ'),
    ('î', 'ỵ'),
];

/// The byte behind a vowel, small, and the marks it stands for: hat or breve first, then the tone.
const VNI_MARKS: &[(char, &str)] = &[
    ('ù', "\u{301}"),
    ('ø', "\u{300}"),
    ('û', "\u{309}"),
    ('õ', "\u{303}"),
    ('ï', "\u{323}"),
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];

struct Tables {
    tcvn3: HashMap<char, char>,
    to_tcvn3: HashMap<char, char>,
    vni: HashMap<(char, char), char>,
    vni_single: HashMap<char, char>,
    to_vni: HashMap<char, String>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    use unicode_normalization::UnicodeNormalization;
    let mut tables = Tables {
        tcvn3: HashMap::new(),
        to_tcvn3: HashMap::new(),
        vni: HashMap::new(),
        vni_single: VNI_SINGLE.iter().copied().collect(),
        to_vni: VNI_SINGLE
            .iter()
            .map(|&(byte, letter)| (letter, byte.to_string()))
            .collect(),
    };
    for entry in TCVN3.split_whitespace() {
        let (code, letter) = entry.split_at(2);
        let byte = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        if let (Some(byte), Some(letter)) = (byte, letter.chars().next()) {
            tables.tcvn3.insert(byte, letter);
            tables.to_tcvn3.insert(letter, byte);
        }
    }
    // Ô and Ö carry only tones; the horn is theirs already.
    let bases = "aeiouyAEIOUY".chars().map(|c| (c, c)).chain([
        ('ô', 'ơ'),
        ('ö', 'ư'),
        ('Ô', 'Ơ'),
        ('Ö', 'Ư'),
    ]);
    for (written, base) in bases {
        for &(mark, marks) in VNI_MARKS {
            let composed: String = base
                .to_string()
                .chars()
                .chain(marks.chars())
                .nfc()
                .collect();
            let mut letters = composed.chars();
            let (Some(letter), None) = (letters.next(), letters.next()) else {
                continue;
            };
            let capital: char = mark.to_uppercase().next().unwrap_or(mark);
            tables.vni.insert((written, mark), letter);
            tables.vni.insert((written, capital), letter);
            let behind = if written.is_uppercase() {
                capital
            } else {
                mark
            };
            tables
                .to_vni
                .entry(letter)
                .or_insert_with(|| format!("{written}{behind}"));
        }
    }
    tables
});

/// The encoding a font was made for, by its name: '.VnTime', '.VnArialH', 'VNI-Times'.
pub fn legacy_font(font: &str) -> Option<Legacy> {
    let font = font.to_ascii_lowercase();
    match () {
        () if font.starts_with(".vn") => Some(Legacy::Tcvn3),
        () if font.starts_with("vni-") || font.starts_with("vni ") => Some(Legacy::Vni),
        () => None,
    }
}

/// Decodes a text of an old encoding; what the encoding does not have stays as it is.
///
/// Toned capitals come out small from TCVN3, since their bytes are those of small letters, unless the whole word
/// is in capitals otherwise.
///
/// ```
/// use vietext::{Legacy, decode_legacy};
/// assert_eq!(decode_legacy("C«ng ty Cæ phÇn TÝn NghÜa", Legacy::Tcvn3), "Công ty Cổ phần Tín Nghĩa");
/// assert_eq!(decode_legacy("Coâng ty Coå phaàn Tín Nghóa", Legacy::Vni), "Công ty Cổ phần Tín Nghĩa");
/// ```
pub fn decode_legacy(text: &str, legacy: Legacy) -> String {
    match legacy {
        Legacy::Tcvn3 => decode_tcvn3(text),
        Legacy::Vni => decode_vni(text),
    }
}

fn decode_tcvn3(text: &str) -> String {
    let letters: String = text
        .chars()
        .map(|c| TABLES.tcvn3.get(&c).copied().unwrap_or(c))
        .collect();
    let is_small = |c: char| c.is_ascii_lowercase() || "ăâêôơưđ".contains(c);
    let is_capital = |c: char| c.is_ascii_uppercase() || "ĂÂÊÔƠƯĐ".contains(c);
    let all_capitals = !letters.contains(is_small);
    let mut decoded = String::with_capacity(letters.len());
    for word in letters.split_inclusive(char::is_whitespace) {
        // Toned letters tell no case; the plain ones beside them do.
        let capitals = word.chars().filter(|&c| is_capital(c)).count();
        if !word.contains(is_small) && (capitals > 1 || (capitals == 1 && all_capitals)) {
            decoded.extend(word.chars().flat_map(char::to_uppercase));
        } else {
            decoded.push_str(word);
        }
    }
    decoded
}

fn decode_vni(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let pair = letters
            .peek()
            .and_then(|&mark| TABLES.vni.get(&(letter, mark)));
        match pair {
            Some(&whole) => {
                decoded.push(whole);
                letters.next();
            }
            None => decoded.push(TABLES.vni_single.get(&letter).copied().unwrap_or(letter)),
        }
    }
    decoded
}

/// Encodes a text as a program of that time would have kept it. TCVN3 keeps toned capitals as small letters.
pub fn encode_legacy(text: &str, legacy: Legacy) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut encoded = String::with_capacity(text.len());
    for c in text.nfc() {
        match legacy {
            Legacy::Tcvn3 => {
                let small = || {
                    c.to_lowercase()
                        .next()
                        .and_then(|small| TABLES.to_tcvn3.get(&small))
                };
                encoded.push(
                    TABLES
                        .to_tcvn3
                        .get(&c)
                        .or_else(|| if c.is_ascii() { None } else { small() })
                        .copied()
                        .unwrap_or(c),
                );
            }
            Legacy::Vni => match TABLES.to_vni.get(&c) {
                Some(pair) => encoded.push_str(pair),
                None => encoded.push(c),
            },
        }
    }
    encoded
}

/// Decodes a text that is written in an old encoding, by what its font says, else by what it looks like.
///
/// Without a font, a text counts as old only where that makes it more Vietnamese: more of its words that have other
/// letters than ASCII are then Vietnamese syllables, and none that is one now stops being one. French, German or
/// English with accents stays as it is.
pub fn modern(text: &str, font: Option<Legacy>) -> Option<(String, Legacy)> {
    if text.is_ascii() {
        return None;
    }
    if let Some(legacy) = font {
        // Someone may have typed Unicode in the old font; then decoding would spoil it.
        if is_unicode_vietnamese(text) {
            return None;
        }
        let decoded = decode_legacy(text, legacy);
        return (decoded != text).then_some((decoded, legacy));
    }
    match readings(text).as_slice() {
        [] => None,
        [(decoded, legacy), ..] => Some((decoded.clone(), *legacy)),
    }
}

/// The old encodings that make a text more Vietnamese, and what it says then; both where they do equally well.
pub fn readings(text: &str) -> Vec<(String, Legacy)> {
    if text.is_ascii() || is_unicode_vietnamese(text) {
        return Vec::new();
    }
    let before = syllables(text);
    let mut found: Vec<(Syllables, String, Legacy)> = [Legacy::Tcvn3, Legacy::Vni]
        .into_iter()
        .map(|legacy| (decode_legacy(text, legacy), legacy))
        .filter(|(decoded, _)| decoded != text)
        .map(|(decoded, legacy)| (syllables(&decoded), decoded, legacy))
        .filter(|(after, ..)| {
            after.marked > before.marked && after.odd < before.odd && after.odd * 4 <= after.marked
        })
        .collect();
    if let Some(best) = found
        .iter()
        .map(|(after, ..)| (after.marked, usize::MAX - after.odd))
        .max()
    {
        found.retain(|(after, ..)| (after.marked, usize::MAX - after.odd) == best);
    }
    found
        .into_iter()
        .map(|(_, decoded, legacy)| (decoded, legacy))
        .collect()
}

/// Letters that only Unicode Vietnamese has: no byte of Latin-1 looks so.
fn is_unicode_vietnamese(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(
            c,
            'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'
                ..='\u{1ef9}'
        ) || is_tone(c)
    })
}

struct Syllables {
    /// Words with marks that are Vietnamese syllables.
    marked: usize,
    /// Words with other letters than ASCII that are none.
    odd: usize,
}

fn syllables(text: &str) -> Syllables {
    let mut count = Syllables { marked: 0, odd: 0 };
    // Bytes of the old encodings are signs in Unicode; they belong to their word.
    for word in
        text.split(|c: char| c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphabetic()))
    {
        // One letter alone, as in 'IV.4.đ', says nothing.
        if word.is_ascii() || word.chars().count() < 2 {
            continue;
        }
        if crate::syllable::is_syllable(word) {
            count.marked += 1;
        } else {
            count.odd += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLES: [&str; 6] = [
        "Công ty Trách nhiệm hữu hạn Cơ khí Tín Nghĩa",
        "Ngân sách nhà nước hỗ trợ",
        "Đơn vị tính: nghìn đồng",
        "thuỷ tinh, kỹ thuật, quý IV, lũy kế",
        "Huyện Vĩnh Cửu, xã Thạnh Phú, ấp Bình Ý",
        "Khó khăn, vướng mắc; đề xuất, kiến nghị",
    ];

    #[test]
    fn what_is_encoded_is_decoded() {
        for text in SAMPLES {
            assert_eq!(
                decode_legacy(&encode_legacy(text, Legacy::Vni), Legacy::Vni),
                text
            );
            let tcvn3 = decode_legacy(&encode_legacy(text, Legacy::Tcvn3), Legacy::Tcvn3);
            assert_eq!(tcvn3.to_lowercase(), text.to_lowercase());
        }
        let capitals = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
        assert_eq!(
            decode_legacy(&encode_legacy(capitals, Legacy::Vni), Legacy::Vni),
            capitals
        );
        assert_eq!(
            decode_legacy(&encode_legacy(capitals, Legacy::Tcvn3), Legacy::Tcvn3),
            capitals
        );
    }

    #[test]
    fn old_texts_are_known_without_a_font() {
        for text in SAMPLES {
            for legacy in [Legacy::Tcvn3, Legacy::Vni] {
                let found = modern(&encode_legacy(text, legacy), None);
                let found = found.map(|(decoded, legacy)| (decoded.to_lowercase(), legacy));
                assert_eq!(found, Some((text.to_lowercase(), legacy)), "{text}");
            }
        }
        assert_eq!(modern("Së X©y dùng", None).unwrap().0, "Sở Xây dựng");
        assert_eq!(modern("Kú b¸o c¸o", None).unwrap().0, "Kỳ báo cáo");
    }

    #[test]
    fn other_languages_and_unicode_stay_as_they_are() {
        for text in [
            "Société Générale à Hô Chi Minh",
            "Müller & Söhne GmbH, Köln",
            "naïve façade, déjà vu, piñata",
            "Công ty TNHH Hà Nội",
            "ISO 9001:2015 © 2015 – § 4",
            "Crème brûlée",
            "Ha Noi",
            "São Paulo",
            "Ñandú",
        ] {
            assert_eq!(modern(text, None), None, "{text}");
        }
    }
}
