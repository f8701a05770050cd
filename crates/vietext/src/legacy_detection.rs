//! Which texts are written in an old encoding: those that its table makes more Vietnamese.

use crate::legacy::{Legacy, decode_legacy};
use crate::letter::is_tone;
use crate::syllable::is_syllable;

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
            // A fifth of the words may be names or garbage; with more of them it is a chance resemblance.
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

/// How Vietnamese a text is.
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
        if is_syllable(word) {
            count.marked += 1;
        } else {
            count.odd += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::{modern, readings};
    use crate::legacy::{Legacy, encode_legacy};

    const SAMPLES: [&str; 3] = [
        "Công ty Trách nhiệm hữu hạn Cơ khí Tín Nghĩa",
        "Đơn vị tính: nghìn đồng",
        "Khó khăn, vướng mắc; đề xuất, kiến nghị",
    ];

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

    #[test]
    fn a_font_decides_where_the_text_says_too_little() {
        // One sign is no word to judge by; in a font of TCVN3 it is a letter.
        assert_eq!(modern("§ 4", None), None);
        let decoded = modern("§ 4", Some(Legacy::Tcvn3));
        assert_eq!(decoded, Some(("Đ 4".to_owned(), Legacy::Tcvn3)));
        assert_eq!(modern("So 12", Some(Legacy::Tcvn3)), None);
    }

    #[test]
    fn unicode_typed_in_an_old_font_is_left_alone() {
        assert_eq!(modern("Sở Xây dựng", Some(Legacy::Tcvn3)), None);
        assert_eq!(modern("Sở Xây dựng", Some(Legacy::Vni)), None);
    }

    #[test]
    fn the_better_of_two_readings_is_kept() {
        let found = readings("C«ng ty Cæ phÇn TÝn NghÜa");
        assert_eq!(
            found,
            [("Công ty Cổ phần Tín Nghĩa".to_owned(), Legacy::Tcvn3)]
        );
    }
}
