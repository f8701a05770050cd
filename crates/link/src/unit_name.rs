//! A part of an address as the name of an administrative unit.

use crate::gazetteer::{Area, Gazetteer};

/// What words say of a unit, whatever stands beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnitName {
    /// They begin with a word for a unit.
    pub has_unit_word: bool,
    /// They begin with a word for a district: 'Huyện Long Thành' is not the commune of that name.
    pub is_district: bool,
    /// They are the name of a province or of the country.
    pub is_wider: bool,
    pub is_country: bool,
    pub has_number: bool,
    /// Where the commune of that name is.
    pub commune: Area,
    /// Where the district of that name is.
    pub district: Area,
}

impl UnitName {
    pub(crate) fn new(words: &[&str], gazetteer: &Gazetteer) -> Self {
        let bare = gazetteer.bare(words);
        let (commune, district) = gazetteer.unit(&bare.join(" "));
        let has_digit = |word: &&str| word.bytes().any(|b| b.is_ascii_digit());
        Self {
            has_unit_word: bare.len() < words.len(),
            is_district: gazetteer.is_district(words),
            is_wider: gazetteer.is_wider_named(words),
            is_country: gazetteer.is_country(words),
            has_number: words.iter().any(has_digit),
            commune,
            district,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::UnitName;
    use crate::gazetteer::Gazetteer;
    use crate::testing::LINKAGE;

    #[test]
    fn a_word_for_a_unit_tells_which_one_is_meant() {
        let gazetteer = Gazetteer::new(&LINKAGE);
        let read = |text: &str| {
            let words = crate::phrase::words(text);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            UnitName::new(&words, &gazetteer)
        };
        let district = read("huyện Long Thành");
        assert!(district.has_unit_word && district.is_district && !district.district.is_empty());
        let bare = read("Long Thành");
        assert!(!bare.has_unit_word && !bare.is_district);
        assert_eq!(bare.district, district.district);
        assert!(read("tỉnh Đồng Nai").is_wider && read("Việt Nam").is_country);
        assert!(read("Đường 10").has_number && !read("Lê Lợi").has_number);
    }
}
