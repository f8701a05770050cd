use crate::*;
use proptest::prelude::*;

/// Words of Vietnamese syllables, with marks.
fn vietnamese() -> impl Strategy<Value = String> {
    let syllables = "công ty nghiệp hữu hạn cổ phần trách nhiệm sản xuất thương mại dịch vụ đồng nai biên hòa vĩnh cửu xuân lộc \
        nông lâm thủy quý kỹ thuật huyện ấp ngõ đường lũy kế bưởi chôm quốc gia giải thưởng khuyến khích ước lượng ở về ý";
    let words: Vec<String> = syllables.split_whitespace().map(str::to_owned).collect();
    proptest::collection::vec(proptest::sample::select(words), 1..8)
        .prop_map(|words| words.join(" "))
}

/// Words of other languages with accents.
fn foreign() -> impl Strategy<Value = String> {
    let words = "élève garçon où être forêt hôtel île façon Noël naïf aiguë für über schön groß Mädchen Ärger Größe Straße \
        résumé café jalapeño naïve Zoë coöperate société générale qualité à déjà vu père mère très près fête bête côte \
        öffnen Köln München Fräulein führen señor mañana corazón più perché città não coração ação é";
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    proptest::collection::vec(proptest::sample::select(words), 1..8)
        .prop_map(|words| words.join(" "))
}

/// Folding and the key as the Unicode tables give them, letter by letter and slowly.
fn by_the_tables(text: &str) -> (String, String) {
    use unicode_normalization::UnicodeNormalization;
    let decomposed: String = text.nfd().collect();
    (fold(&decomposed), tone_key(&decomposed))
}

proptest! {
    #[test]
    fn letters_that_are_looked_up_are_what_the_tables_say(text in "[ -~\u{a0}-\u{24f}\u{1e00}-\u{1eff}\u{300}-\u{303}\u{309}\u{31b}\u{323}\u{4e00}ﬁ]{0,24}") {
        prop_assert_eq!((fold(&text), tone_key(&text)), by_the_tables(&text));
    }

    #[test]
    fn composed_vietnamese_is_what_the_tables_say(text in vietnamese()) {
        prop_assert_eq!((fold(&text), tone_key(&text)), by_the_tables(&text));
        let capitals = text.to_uppercase();
        prop_assert_eq!((fold(&capitals), tone_key(&capitals)), by_the_tables(&capitals));
    }

    #[test]
    fn other_languages_are_not_taken_for_an_old_encoding(text in foreign()) {
        prop_assert_eq!(modern(&text, None), None);
        prop_assert_eq!(modern(&text.to_uppercase(), None), None);
    }

    #[test]
    fn encoding_and_decoding_is_the_identity(text in vietnamese()) {
        for legacy in [Legacy::Tcvn3, Legacy::Vni] {
            prop_assert_eq!(decode_legacy(&encode_legacy(&text, legacy), legacy), text.clone());
        }
        let capitals = text.to_uppercase();
        prop_assert_eq!(decode_legacy(&encode_legacy(&capitals, Legacy::Vni), Legacy::Vni), capitals);
    }

    #[test]
    fn unicode_vietnamese_is_never_taken_for_an_old_encoding(text in vietnamese()) {
        prop_assert_eq!(modern(&text, None), None);
        prop_assert_eq!(modern(&text.to_uppercase(), None), None);
    }

    #[test]
    fn comparing_forms_are_stable(text in "\\PC{0,40}") {
        prop_assert_eq!(fold(&fold(&text)), fold(&text));
        let cleaned = clean(&text);
        prop_assert_eq!(clean(&cleaned), &*cleaned);
        prop_assert_eq!(tone_key(&tone_key(&text)), tone_key(&text));
        let _ = (name_key(&text), code_key(&text), is_syllable(&text), readings(&text));
    }

    #[test]
    fn case_and_composition_do_not_matter(text in vietnamese()) {
        use unicode_normalization::UnicodeNormalization;
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(name_key(&decomposed), name_key(&text));
        prop_assert_eq!(name_key(&text.to_uppercase()), name_key(&text));
        prop_assert_eq!(fold(&decomposed), fold(&text.to_uppercase()));
    }
}
