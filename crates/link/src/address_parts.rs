//! The parts of a written address: what stands between commas, semicolons, dashes and line breaks.

use crate::gazetteer::Gazetteer;
use vietext::{clean, fold, mend};

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddressPart {
    /// As it is written.
    pub text: String,
    /// Its folded words.
    pub words: Vec<String>,
}

impl AddressPart {
    fn new(text: &str) -> Self {
        let folded = fold(text);
        let words = folded.split(' ').filter(|word| !word.is_empty());
        Self {
            text: text.to_owned(),
            words: words.map(str::to_owned).collect(),
        }
    }

    /// Cut before each unit that follows without a comma: '12 Lê Lợi phường Trảng Dài TP Biên Hòa'.
    fn cut_before_units(self, gazetteer: &Gazetteer) -> Vec<Self> {
        let written: Vec<&str> = self.text.split_whitespace().collect();
        let folded: Vec<String> = written.iter().map(|word| fold(word)).collect();
        let starts = |&at: &usize| gazetteer.names_unit_at(&folded, at);
        let cuts: Vec<usize> = (1..written.len()).filter(starts).collect();
        if cuts.is_empty() {
            return vec![self];
        }
        let begins = std::iter::once(0).chain(cuts.iter().copied());
        let ends = cuts.iter().copied().chain([written.len()]);
        let parts = begins.zip(ends);
        parts
            .map(|(from, to)| Self::new(&written[from..to].join(" ")))
            .collect()
    }
}

/// The parts of an address, in their order; none is blank.
pub(crate) fn address_parts(address: &str, gazetteer: &Gazetteer) -> Vec<AddressPart> {
    let mended = mend(address);
    // A dash parts only between blanks: 'Lô 5-6' is one lot. Line breaks go before blanks are made one.
    mended
        .split([',', ';', '\n', '\r'])
        .flat_map(|part| part.split(" - "))
        .flat_map(|part| part.split(" – "))
        .map(|part| AddressPart::new(&clean(part)))
        .filter(|part| !part.words.is_empty())
        .flat_map(|part| part.cut_before_units(gazetteer))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::address_parts;
    use crate::gazetteer::Gazetteer;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    fn parts(address: &str) -> Vec<String> {
        let parts = address_parts(address, &GAZETTEER);
        parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn commas_semicolons_dashes_and_line_breaks_part_alike() {
        let expected = ["12 Lê Lợi", "P. Trảng Dài", "Biên Hòa"];
        for address in [
            "12 Lê Lợi, P. Trảng Dài, Biên Hòa",
            "12 Lê Lợi; P. Trảng Dài;Biên Hòa",
            "12 Lê Lợi - P. Trảng Dài – Biên Hòa",
            "12 Lê Lợi\nP. Trảng Dài\r\nBiên Hòa, ",
        ] {
            assert_eq!(parts(address), expected, "{address:?}");
        }
        assert_eq!(parts("Lô 5-6 KCN Amata"), ["Lô 5-6 KCN Amata"]);
    }

    #[test]
    fn units_without_a_comma_before_them_are_parts() {
        assert_eq!(
            parts("12 Lê Lợi phường Trảng Dài thành phố Biên Hòa tỉnh Đồng Nai"),
            [
                "12 Lê Lợi",
                "phường Trảng Dài",
                "thành phố Biên Hòa",
                "tỉnh Đồng Nai"
            ]
        );
        // 'Xã' before what no list has is a word of a name.
        assert_eq!(parts("Khu xã hội An Bình"), ["Khu xã hội An Bình"]);
    }
}
