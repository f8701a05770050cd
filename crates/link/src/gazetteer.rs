//! The administrative units of a programme and other place names, ready to be looked up without marks.

use crate::phrase::{leading, longest_first, starts_with, words};
use foldhash::{HashMap, HashSet};
use model::Linkage;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Which communes of today a text may name, one bit each: a name alone is ambiguous, and a unit from before a merger is
/// a part of one of today or spread over several.
///
/// Room for 256 communes. What is beyond is not known, and not known is not different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Area([u64; 4]);

impl Area {
    fn insert(&mut self, commune: usize) {
        if let Some(bits) = self.0.get_mut(commune / 64) {
            *bits |= 1 << (commune % 64);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|&bits| bits == 0)
    }

    /// Whether it is a single commune.
    pub(crate) fn is_one(&self) -> bool {
        self.0.iter().map(|bits| bits.count_ones()).sum::<u32>() == 1
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }
}

/// Place names and what they mean.
pub(crate) struct Gazetteer {
    /// 'xã', 'huyện', 'p': they stand before a unit's name.
    unit_words: Vec<Vec<String>>,
    /// The first words of those of more than a letter.
    unit_beginnings: HashSet<String>,
    /// Those of them that stand before a district only.
    district_words: Vec<Vec<String>>,
    /// Those of them that stand before a province.
    province_words: Vec<Vec<String>>,
    /// Words before the name of a place below a commune, each with the one spelling of its kind.
    hamlet_words: Vec<(Vec<String>, String)>,
    /// Words of an address that name no place: 'số', 'đường'.
    fillers: HashSet<String>,
    /// Communes by name, old and new: where they are today.
    communes: HashMap<String, Area>,
    /// Districts by name: the communes of today that lie in them.
    districts: HashMap<String, Area>,
    /// Provinces and the country: an address ends in them, and they narrow nothing.
    wider: BTreeSet<Vec<String>>,
    country: Vec<String>,
    /// Places that names of enterprises end in, by their first word, the longest first.
    name_endings: HashMap<String, Vec<Vec<String>>>,
}

impl Gazetteer {
    pub(crate) fn new(linkage: &Linkage) -> Self {
        let unit_words = longest_first(&linkage.unit_words);
        let bare = |name: &str| without_unit_word(&words(name), &unit_words).to_vec();
        // Communes are numbered in the order in which the list names them.
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in &linkage.units {
            let next = numbers.len();
            numbers.entry(&unit.now).or_insert(next);
        }
        let mut communes = HashMap::<String, Area>::default();
        let mut districts = HashMap::<String, Area>::default();
        // The country stands in no list of units.
        let country = words("Việt Nam");
        let mut wider = BTreeSet::from([country.clone()]);
        let mut endings: BTreeSet<Vec<String>> =
            linkage.places.iter().map(|place| words(place)).collect();
        for unit in &linkage.units {
            let number = numbers.get(unit.now.as_str()).copied().unwrap_or_default();
            // Many write the old name for years after a merger, and some the new one only.
            for name in [&unit.ward, &unit.now] {
                let commune = communes.entry(bare(name).join(" ")).or_default();
                commune.insert(number);
            }
            let district = bare(&unit.district);
            let area = districts.entry(district.join(" ")).or_default();
            area.insert(number);
            wider.insert(bare(&unit.province));
            // Districts, and not communes: a commune may bear any name, and 'Tân Phú' at the end of an enterprise's
            // name would be taken for one.
            endings.insert(district);
        }
        let mut name_endings: HashMap<String, Vec<Vec<String>>> = HashMap::default();
        for ending in endings {
            if let Some(first) = ending.first() {
                name_endings.entry(first.clone()).or_default().push(ending);
            }
        }
        name_endings
            .values_mut()
            .for_each(|list| list.sort_by_key(|ending| Reverse(ending.len())));
        Self {
            district_words: longest_first(&linkage.district_words),
            hamlet_words: hamlet_words(&linkage.hamlet_words),
            unit_beginnings: unit_words
                .iter()
                .filter(|phrase| phrase.len() > 1 || phrase[0].len() > 1)
                .map(|phrase| phrase[0].clone())
                .collect(),
            fillers: linkage
                .fillers
                .iter()
                .map(|word| vietext::fold(word))
                .collect(),
            unit_words,
            communes,
            districts,
            province_words: longest_first(&linkage.province_words),
            wider,
            country,
            name_endings,
        }
    }

    /// How many of the words at the head name a place that enterprises are told apart by; 0 for none.
    ///
    /// 'Công ty Điện tử Trọng Đức Miền Nam' may be a subsidiary of 'Công ty Điện tử Trọng Đức'
    /// (Luật Doanh nghiệp 59/2020 Điều 41.2.g and 41.3).
    pub(crate) fn name_ending<S: AsRef<str>>(&self, plain: &[S]) -> usize {
        plain
            .first()
            .and_then(|first| self.name_endings.get(first.as_ref()))
            .and_then(|list| leading(plain, list))
            .map_or(0, Vec::len)
    }

    /// Where the unit of this name is: as a commune, as a district.
    pub(crate) fn unit(&self, bare: &str) -> (Area, Area) {
        let find = |map: &HashMap<String, Area>| map.get(bare).copied().unwrap_or_default();
        (find(&self.communes), find(&self.districts))
    }

    /// The name of a unit without 'xã', 'huyện' before it.
    pub(crate) fn bare<'a, S: AsRef<str>>(&self, words: &'a [S]) -> &'a [S] {
        without_unit_word(words, &self.unit_words)
    }

    /// Whether words begin with a word for a district: 'Huyện Long Thành' is not the commune of that name.
    pub(crate) fn is_district<S: AsRef<str>>(&self, words: &[S]) -> bool {
        leading(words, &self.district_words).is_some()
    }

    /// Whether words are the name of a province of the programme or of the country, with a word for a province or none.
    pub(crate) fn is_wider_named<S: AsRef<str>>(&self, words: &[S]) -> bool {
        let bare = without_unit_word(words, &self.province_words);
        let is = |name: &Vec<String>| name.len() == bare.len() && starts_with(bare, name);
        self.wider.iter().any(is)
    }

    /// Whether words are the name of the country.
    pub(crate) fn is_country<S: AsRef<str>>(&self, words: &[S]) -> bool {
        words.len() == self.country.len() && starts_with(words, &self.country)
    }

    /// Whether a word for a unit of more than a letter may begin with a word.
    pub(crate) fn may_begin_unit(&self, word: &str) -> bool {
        self.unit_beginnings.contains(word)
    }

    /// Whether a word for a unit stands at a place of some words, and the name of one that is known behind it. A single letter
    /// is no such word here: 'đường X' is a street.
    pub(crate) fn names_unit_at<S: AsRef<str>>(&self, words: &[S], at: usize) -> bool {
        let here = &words[at..];
        let bare = without_unit_word(here, &self.unit_words);
        let length = here.len() - bare.len();
        if length == 0 || (length == 1 && here[0].as_ref().len() < 2) {
            return false;
        }
        // A unit's name has up to four words; the next unit may follow at once.
        (1..=bare.len().min(4)).any(|count| {
            let name: Vec<&str> = bare[..count].iter().map(AsRef::as_ref).collect();
            let (commune, district) = self.unit(&name.join(" "));
            !commune.is_empty() || !district.is_empty() || self.is_wider_named(&name)
        })
    }

    /// The kind of place below a commune that words begin with, in its one spelling: 'kp 3' is 'khu phố 3'.
    pub(crate) fn hamlet_kind(&self, words: &[&str]) -> Option<&str> {
        let known = self
            .hamlet_words
            .iter()
            .find(|(phrase, _)| starts_with(words, phrase));
        known.map(|(_, kind)| kind.as_str())
    }

    /// Whether a word of an address names no place.
    pub(crate) fn is_filler(&self, word: &str) -> bool {
        self.fillers.contains(word)
    }
}

fn hamlet_words(kinds: &[Vec<String>]) -> Vec<(Vec<String>, String)> {
    let mut all: Vec<(Vec<String>, String)> = Vec::new();
    for spellings in kinds {
        let kind = spellings.first().map(|first| words(first).join(" "));
        let kind = kind.unwrap_or_default();
        all.extend(
            longest_first(spellings)
                .into_iter()
                .map(|phrase| (phrase, kind.clone())),
        );
    }
    all
}

/// 'Xã' alone is no unit word but a name: something must follow.
fn without_unit_word<'a, S: AsRef<str>>(words: &'a [S], unit_words: &[Vec<String>]) -> &'a [S] {
    let phrase = unit_words
        .iter()
        .find(|phrase| words.len() > phrase.len() && starts_with(words, phrase));
    phrase.map_or(words, |phrase| &words[phrase.len()..])
}

#[cfg(test)]
mod tests {
    use super::Gazetteer;
    use crate::testing::LINKAGE;
    use std::sync::LazyLock;

    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::new(&LINKAGE));

    #[test]
    fn a_commune_of_before_the_merger_is_where_it_is_today() {
        // Xã Minh Hưng and xã Đoàn Kết of huyện Bù Đăng are parts of xã Bù Đăng today.
        let (minh_hung, _) = GAZETTEER.unit("minh hung");
        let (doan_ket, _) = GAZETTEER.unit("doan ket");
        let (bu_dang, as_district) = GAZETTEER.unit("bu dang");
        assert!(!minh_hung.and(&bu_dang).is_empty());
        assert!(!doan_ket.and(&bu_dang).is_empty());
        assert_eq!(
            as_district.and(&bu_dang),
            bu_dang,
            "the district held the commune"
        );
    }

    #[test]
    fn a_name_that_several_communes_bear_is_all_of_them() {
        let (area, _) = GAZETTEER.unit("minh hung");
        let bits: u32 = area.0.iter().map(|bits| bits.count_ones()).sum();
        assert!(bits > 1, "{area:?}");
    }

    #[test]
    fn unit_words_are_taken_off_a_name_and_alone_they_are_one() {
        assert_eq!(
            GAZETTEER.bare(&["thi", "tran", "long", "thanh"]),
            ["long", "thanh"]
        );
        assert_eq!(GAZETTEER.bare(&["p", "trang", "dai"]), ["trang", "dai"]);
        assert_eq!(GAZETTEER.bare(&["xa"]), ["xa"]);
    }

    #[test]
    fn provinces_come_from_the_list_of_units() {
        let is_wider = |text: &str| GAZETTEER.is_wider_named(&crate::phrase::words(text));
        assert!(
            is_wider("Đồng Nai") && is_wider("tỉnh Bình Phước") && is_wider("thành phố Đồng Nai")
        );
        assert!(is_wider("Việt Nam"));
        assert!(!is_wider("Bình Dương") && !is_wider("xã Đồng Nai"));
    }

    #[test]
    fn names_end_in_districts_and_regions_and_not_in_communes() {
        assert_eq!(GAZETTEER.name_ending(&["mien", "nam"]), 2);
        assert_eq!(GAZETTEER.name_ending(&["long", "khanh", "2"]), 2);
        assert_eq!(GAZETTEER.name_ending(&["bom", "bo"]), 0);
    }

    #[test]
    fn spellings_of_one_kind_of_hamlet_are_one_kind() {
        assert_eq!(
            GAZETTEER.hamlet_kind(&["kp", "3"]),
            GAZETTEER.hamlet_kind(&["khu", "pho", "3"])
        );
        assert_ne!(
            GAZETTEER.hamlet_kind(&["ap", "3"]),
            GAZETTEER.hamlet_kind(&["to", "3"])
        );
        assert_eq!(GAZETTEER.hamlet_kind(&["duong", "3"]), None);
    }
}
