//! Which cell says what: names and addresses that stand in one another's place.

use crate::address_parts::{AddressPart, address_parts, partable};
use crate::gazetteer::Gazetteer;
use crate::party::Party;
use crate::phrase::words;
use crate::vocabulary::Vocabulary;
use std::borrow::Cow;
use vietext::fold;

/// The name and the address of a record, as its cells are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MeantCells<'a> {
    pub name: Cow<'a, str>,
    pub address: Cow<'a, str>,
}

impl<'a> MeantCells<'a> {
    pub(crate) fn of(party: &Party<'a>, vocabulary: &Vocabulary) -> Self {
        let address = party.address.unwrap_or_default();
        if !address.is_empty() && are_swapped(party.name, address, vocabulary) {
            return Self {
                name: Cow::Borrowed(address),
                address: Cow::Borrowed(party.name),
            };
        }
        let cut = match address.is_empty() {
            true => address_behind(party.name, vocabulary),
            false => None,
        };
        match cut {
            Some((name, address)) => Self {
                name: Cow::Owned(name),
                address: Cow::Owned(address),
            },
            None => Self {
                name: Cow::Borrowed(party.name),
                address: Cow::Borrowed(address),
            },
        }
    }
}

/// Whether the address begins with a legal form, and the name has none and ends in a unit or begins with a house.
fn are_swapped(name: &str, address: &str, vocabulary: &Vocabulary) -> bool {
    let begins_form = |text: &str| {
        // As most addresses do.
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        let first = words.find(|word| !word.is_empty()).map(fold);
        first.is_some_and(|word| vocabulary.begins_form(&word))
    };
    // Nearly all records are done here.
    if !begins_form(address) || begins_form(name) {
        return false;
    }
    vocabulary.form_at(&words(address)).is_some() && is_address(name, &vocabulary.gazetteer)
}

fn is_address(text: &str, gazetteer: &Gazetteer) -> bool {
    let text = partable(text);
    let parts = address_parts(&text, gazetteer);
    let named = |part: &AddressPart<'_>| gazetteer.names_unit_at(&part.words(), 0);
    parts.iter().any(named) || (parts.len() > 1 && has_house(&text))
}

/// Whether a text has a number behind nothing but words that name no place: 'Số 12', '12/3 Lê Lợi'.
fn has_house(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// A name, and the address that stands in its cell behind it.
fn address_behind(text: &str, vocabulary: &Vocabulary) -> Option<(String, String)> {
    // Nearly all names are done here.
    if !(text.contains([',', ';', '\n']) || text.contains(" - ")) {
        return None;
    }
    let gazetteer = &vocabulary.gazetteer;
    let text = partable(text);
    let parts = address_parts(&text, gazetteer);
    let names_unit = |at: usize| gazetteer.names_unit_at(&parts[at].words(), 0);
    // A unit that is called one, or the branch's place would be taken for an address.
    let unit = (1..parts.len()).find(|&at| names_unit(at))?;
    let begins_address = |at: usize| {
        let words = parts[at].words();
        let first = words.first().copied().unwrap_or_default();
        gazetteer.hamlet_kind(&words).is_some()
            || gazetteer.is_filler(first)
            || first.starts_with(|c: char| c.is_ascii_digit())
    };
    // Where the address begins: the parts before the unit that are a house, a street or a hamlet.
    let begin = (1..unit)
        .rev()
        .take_while(|&at| begins_address(at) || names_unit(at))
        .last()
        .unwrap_or(unit);
    let join = |parts: &[AddressPart<'_>]| {
        let texts: Vec<&str> = parts.iter().map(|part| part.text).collect();
        texts.join(", ")
    };
    let is_branch = parts.iter().any(|part| {
        let words = part.words();
        let from = |at: usize| vocabulary.branch_at(&words[at..]);
        // A short word for a branch is one at the beginning of a part only.
        from(0).is_some()
            || (1..words.len())
                .filter_map(from)
                .any(|phrase| phrase.len() > 1)
    });
    (!is_branch).then(|| (join(&parts[..begin]), join(&parts[begin..])))
}

#[cfg(test)]
mod tests {
    use super::MeantCells;
    use crate::party::Party;
    use crate::testing::LINKAGE;
    use crate::vocabulary::Vocabulary;
    use std::sync::LazyLock;

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::new(&LINKAGE));

    fn meant(name: &str, address: &str) -> (String, String) {
        let party = Party {
            name,
            address: (!address.is_empty()).then_some(address),
            ..Party::default()
        };
        let cells = MeantCells::of(&party, &VOCABULARY);
        (cells.name.into_owned(), cells.address.into_owned())
    }

    fn pair(name: &str, address: &str) -> (String, String) {
        (name.to_owned(), address.to_owned())
    }

    #[test]
    fn a_name_and_an_address_in_one_anothers_cell_are_put_right() {
        let right = pair("Công ty TNHH Sơn Hà", "12 Lê Lợi, phường Trảng Dài");
        assert_eq!(meant(&right.0, &right.1), right);
        assert_eq!(meant(&right.1, &right.0), right);
        // Two names, or a name without a form in its own place.
        assert_eq!(
            meant("Sơn Hà", "Công ty CP Sơn Hà"),
            pair("Sơn Hà", "Công ty CP Sơn Hà")
        );
    }

    #[test]
    fn an_address_behind_a_name_in_one_cell_is_cut_off() {
        let right = pair(
            "Công ty TNHH Sơn Hà",
            "12 Lê Lợi, phường Trảng Dài, Biên Hòa",
        );
        for text in [
            "Công ty TNHH Sơn Hà, 12 Lê Lợi, phường Trảng Dài, Biên Hòa",
            "Công ty TNHH Sơn Hà - 12 Lê Lợi - phường Trảng Dài - Biên Hòa",
            "Công ty TNHH Sơn Hà\n12 Lê Lợi, phường Trảng Dài, Biên Hòa",
        ] {
            assert_eq!(meant(text, ""), right, "{text}");
        }
    }

    #[test]
    fn commas_and_branches_in_a_name_are_no_address() {
        for name in [
            "Công ty TNHH Sản xuất, Thương mại Sơn Hà",
            "Công ty TNHH Sơn Hà - Chi nhánh huyện Vĩnh Cửu",
            "Công ty TNHH Sơn Hà - Vĩnh Cửu",
        ] {
            assert_eq!(meant(name, ""), pair(name, ""));
        }
    }
}
