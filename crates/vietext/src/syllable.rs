//! Which words are Vietnamese syllables: a closed set of initials, rhymes and tones.

use crate::fold::fold;
use crate::letter::is_tone;
use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

const INITIALS: &[&str] = &[
    "", "b", "c", "ch", "d", "đ", "g", "gh", "gi", "h", "k", "kh", "l", "m", "n", "ng", "ngh",
    "nh", "p", "ph", "qu", "r", "s", "t", "th", "tr", "v", "x",
];

/// Rhymes without their tone; each with what may stand behind its vowels.
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây \
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot \
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uên uênh uêt ui um un ung uôc uôi uôm uôn uông uôt \
uơ up ut uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu \
y ya yêm yên yêng yêt yêu ynh yt ych";

static RHYME_SET: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| RHYMES.split_whitespace().collect());

/// Whether a word is a Vietnamese syllable, in any case, with at most one tone.
///
/// ```
/// assert!(vietext::is_syllable("Nghĩa") && vietext::is_syllable("QUÝ") && vietext::is_syllable("thuỷ"));
/// assert!(!vietext::is_syllable("Müller") && !vietext::is_syllable("c¸o") && !vietext::is_syllable("naïve"));
/// ```
pub fn is_syllable(word: &str) -> bool {
    let mut tone = None;
    let mut bare = String::with_capacity(word.len());
    for c in word.nfd().flat_map(char::to_lowercase) {
        match c {
            _ if is_tone(c) => {
                if tone.replace(c).is_some() {
                    return false;
                }
            }
            _ => bare.push(c),
        }
    }
    let bare: String = bare.nfc().collect();
    let fits = |initial: &&str| {
        bare.strip_prefix(*initial).is_some_and(|rhyme| {
            let closed = rhyme.ends_with(['c', 'p', 't']) || rhyme.ends_with("ch");
            // A stopped syllable is high or low only.
            RHYME_SET.contains(rhyme)
                && (!closed || matches!(tone, None | Some('\u{301}' | '\u{323}')))
        })
    };
    // 'gì' and 'giếng' spell the i once.
    INITIALS.iter().any(fits)
        || bare == "gi"
        || bare
            .strip_prefix('g')
            .is_some_and(|rest| rest.starts_with("iê") && RHYME_SET.contains(rest))
}

/// Whether a word of ASCII letters is a Vietnamese syllable that has lost its marks.
///
/// ```
/// assert!(vietext::is_bare_syllable("thuong") && vietext::is_bare_syllable("Dong"));
/// assert!(!vietext::is_bare_syllable("vinatex") && !vietext::is_bare_syllable("tm"));
/// ```
pub fn is_bare_syllable(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let fits = |initial: &&str| {
        word.strip_prefix(*initial)
            .is_some_and(|rhyme| BARE_RHYME_SET.contains(rhyme))
    };
    // With its mark 'đ' is an initial as well, and a word that has it has not lost its marks.
    word.is_ascii() && (INITIALS.iter().any(fits) || word == "gi")
}

static BARE_RHYME_SET: LazyLock<HashSet<String>> =
    LazyLock::new(|| RHYMES.split_whitespace().map(fold).collect());

#[cfg(test)]
mod tests {
    use super::{is_bare_syllable, is_syllable};

    #[test]
    fn vietnamese_words_are_syllables() {
        for word in "Công ty Trách nhiệm hữu hạn nghiệp thương mại xuất khẩu quốc gia giếng nước khuỷu tay quyết định oằn uyển \
            quýt đắc gì hòa hoà loè"
            .split_whitespace()
        {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn words_of_other_languages_and_of_old_encodings_are_none() {
        for word in [
            "Société",
            "Köln",
            "brûlée",
            "déjà",
            "façade",
            "nghiep2",
            "ho¹t",
            "Ñandú",
            "élève",
            "",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn a_stopped_syllable_is_high_or_low_only() {
        assert!(is_syllable("cát") && is_syllable("cạt") && is_syllable("cat"));
        for word in ["càt", "cảt", "cãt", "sàch", "tòc", "hòp"] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn two_tones_are_no_syllable() {
        assert!(!is_syllable("cá\u{300}"));
    }

    #[test]
    fn a_syllable_without_its_marks_is_known_in_any_case() {
        for word in ["thuong", "DONG", "Nghiep", "gi", "yen"] {
            assert!(is_bare_syllable(word), "{word}");
        }
        for word in ["vinatex", "tm", "coong2", "đong", "w", ""] {
            assert!(!is_bare_syllable(word), "{word}");
        }
    }
}
