//! Texts written for the fonts from before Unicode: TCVN3 (ABC, '.VnTime') and VNI ('VNI-Times').
//!
//! In a workbook such a text is ordinary characters of Latin-1, one for each byte of the old encoding; only the font
//! made Vietnamese of them. The tables are those of TCVN 5712-3 and of VNI-Windows.

use std::collections::HashMap;
use std::sync::LazyLock;

/// An encoding from before Unicode.
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

/// The encodings as maps, both ways.
struct EncodingTables {
    tcvn3: HashMap<char, char>,
    to_tcvn3: HashMap<char, char>,
    vni: HashMap<(char, char), char>,
    vni_single: HashMap<char, char>,
    to_vni: HashMap<char, String>,
}

static TABLES: LazyLock<EncodingTables> = LazyLock::new(|| {
    use unicode_normalization::UnicodeNormalization;
    let mut tables = EncodingTables {
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
    // VNI writes ơ and ư as ô and ö: the horn is theirs already, and only a tone may follow.
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
            // The letters that stand alone in VNI come first and stay.
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

#[cfg(test)]
mod tests {
    use super::{Legacy, decode_legacy, encode_legacy, legacy_font};

    const SAMPLES: [&str; 6] = [
        "Công ty Trách nhiệm hữu hạn Cơ khí Tín Nghĩa",
        "Ngân sách nhà nước hỗ trợ",
        "Đơn vị tính: nghìn đồng",
        "thuỷ tinh, kỹ thuật, quý IV, lũy kế",
        "Huyện Vĩnh Cửu, xã Thạnh Phú, ấp Bình Ý",
        "Khó khăn, vướng mắc; đề xuất, kiến nghị",
    ];

    #[test]
    fn what_is_encoded_in_vni_is_decoded() {
        for text in SAMPLES
            .into_iter()
            .chain(["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        {
            let encoded = encode_legacy(text, Legacy::Vni);
            assert_eq!(decode_legacy(&encoded, Legacy::Vni), text);
        }
    }

    #[test]
    fn what_is_encoded_in_tcvn3_is_decoded_but_for_the_case_of_toned_capitals() {
        for text in SAMPLES {
            let decoded = decode_legacy(&encode_legacy(text, Legacy::Tcvn3), Legacy::Tcvn3);
            assert_eq!(decoded.to_lowercase(), text.to_lowercase());
        }
    }

    #[test]
    fn a_word_in_capitals_comes_out_of_tcvn3_in_capitals() {
        for text in ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Huyện VĨNH CỬU"] {
            let decoded = decode_legacy(&encode_legacy(text, Legacy::Tcvn3), Legacy::Tcvn3);
            assert_eq!(decoded, text);
        }
    }

    #[test]
    fn a_text_that_is_no_old_encoding_passes_through_what_the_table_lacks() {
        assert_eq!(
            decode_legacy("ISO 9001:2015 – x", Legacy::Tcvn3),
            "ISO 9001:2015 – x"
        );
        assert_eq!(
            decode_legacy("ISO 9001:2015 – x", Legacy::Vni),
            "ISO 9001:2015 – x"
        );
    }

    #[test]
    fn fonts_name_their_encoding() {
        for (font, legacy) in [
            (".VnTime", Some(Legacy::Tcvn3)),
            (".VNARIALH", Some(Legacy::Tcvn3)),
            ("VNI-Times", Some(Legacy::Vni)),
            ("VNI Times", Some(Legacy::Vni)),
            ("Times New Roman", None),
            ("Vniversal", None),
        ] {
            assert_eq!(legacy_font(font), legacy, "{font}");
        }
    }
}
