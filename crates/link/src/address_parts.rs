//! The parts of a written address: what stands between commas, semicolons, dashes and line breaks.

use crate::gazetteer::Gazetteer;
use std::borrow::Cow;
use vietext::{clean, fold, mend};

/// A part of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddressPart<'t> {
    /// As it is written.
    pub text: &'t str,
    /// The same, folded.
    folded: String,
}

impl<'t> AddressPart<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            folded: fold(text),
        }
    }

    /// Its folded words.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect()
    }

    /// Adds it to some parts, cut before each unit that follows without a comma: '12 Lê Lợi phường Trảng Dài TP Biên Hòa'.
    fn add_to(self, parts: &mut Vec<Self>, gazetteer: &Gazetteer) {
        // Nearly all parts are done here.
        let mut behind_first = self.folded.split(' ').skip(1);
        if !behind_first.any(|word| gazetteer.may_begin_unit(word)) {
            if !self.folded.trim().is_empty() {
                parts.push(self);
            }
            return;
        }
        let text = self.text;
        let written: Vec<&str> = text.split_whitespace().collect();
        let folded: Vec<String> = written.iter().map(|word| fold(word)).collect();
        let begins = |at: usize| written[at].as_ptr() as usize - text.as_ptr() as usize;
        let mut from = 0;
        for at in (1..written.len()).filter(|&at| gazetteer.names_unit_at(&folded, at)) {
            parts.push(Self::new(text[from..begins(at)].trim_end()));
            from = begins(at);
        }
        match from {
            0 => parts.push(self),
            _ => parts.push(Self::new(&text[from..])),
        }
    }
}

/// An address in order to be parted: mended, with commas for line breaks, since those go when it is cleaned.
pub(crate) fn partable(address: &str) -> Cow<'_, str> {
    let has_lines = |text: &str| text.bytes().any(|b| matches!(b, b'\n' | b'\r'));
    match mend(address) {
        // Nearly all addresses are done here.
        Cow::Borrowed(text) if !has_lines(text) => clean(text),
        mended => {
            let text = mended.replace(['\n', '\r'], ",");
            Cow::Owned(clean(&text).into_owned())
        }
    }
}

/// The parts of a [partable] address, in their order; none is blank.
pub(crate) fn address_parts<'t>(partable: &'t str, gazetteer: &Gazetteer) -> Vec<AddressPart<'t>> {
    let mut parts = Vec::new();
    for part in partable.split([',', ';']) {
        // A dash parts only between blanks: 'Lô 5-6' is one lot.
        for part in part.split(" - ").flat_map(|part| part.split(" – ")) {
            AddressPart::new(part.trim()).add_to(&mut parts, gazetteer);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{address_parts, partable};
    use crate::gazetteer::Gazetteer;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    fn parts(address: &str) -> Vec<String> {
        let address = partable(address);
        let parts = address_parts(&address, &GAZETTEER);
        parts.iter().map(|part| part.text.to_owned()).collect()
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
