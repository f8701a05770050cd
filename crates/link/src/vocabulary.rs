use crate::address::Address;
use crate::memo::Memo;
use crate::name::Name;
use crate::word::{Words, hash};
use foldhash::{HashMap, HashSet};
use model::Linkage;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vietext::fold;

/// Which communes of today a text may name, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Area([u64; 4]);

impl Area {
    fn insert(&mut self, unit: usize) {
        if let Some(word) = self.0.get_mut(unit / 64) {
            *word |= 1 << (unit % 64);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }
}

/// A foreign phrase and the Vietnamese words for it.
type Sense = (Vec<String>, Vec<String>);

/// The words a matcher knows, ready to be looked up without marks.
pub(crate) struct Vocabulary {
    /// Legal forms by their first word, the longest phrases first: the words, the place of the form.
    forms: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Code and kin of each form.
    pub form_codes: Vec<(String, String)>,
    /// Forms as written at the head of a name, for near spellings.
    pub heads: Vec<(Vec<String>, usize)>,
    pub branches: Vec<Vec<String>>,
    translations: HashMap<String, Vec<Sense>>,
    pub titles: Vec<Vec<String>>,
    pub fillers: HashSet<String>,
    pub unit_words: Vec<Vec<String>>,
    /// Places by their first word, the longest first.
    places: HashMap<String, Vec<Vec<String>>>,
    /// Communes by name, districts by name: where they are today.
    wards: HashMap<String, Area>,
    districts: HashMap<String, Area>,
}

fn words(phrase: &str) -> Vec<String> {
    fold(phrase)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn longest_first(phrases: &[String]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = phrases
        .iter()
        .map(|phrase| words(phrase))
        .filter(|w| !w.is_empty())
        .collect();
    all.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    all
}

impl Vocabulary {
    pub(crate) fn new(linkage: &Linkage) -> Self {
        let mut forms: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::default();
        let mut heads = Vec::new();
        for (place, form) in linkage.forms.iter().enumerate() {
            for phrase in longest_first(&form.phrases) {
                heads.push((phrase.clone(), place));
                forms
                    .entry(phrase[0].clone())
                    .or_default()
                    .push((phrase, place));
            }
        }
        heads.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        forms
            .values_mut()
            .for_each(|list| list.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len())));
        let mut translations: HashMap<String, Vec<Sense>> = HashMap::default();
        for translation in &linkage.translations {
            let foreign = words(&translation.foreign);
            if let Some(first) = foreign.first() {
                translations
                    .entry(first.clone())
                    .or_default()
                    .push((foreign, words(&translation.vi)));
            }
        }
        translations
            .values_mut()
            .for_each(|list| list.sort_by_key(|(foreign, _)| std::cmp::Reverse(foreign.len())));
        let unit_words = longest_first(&linkage.unit_words);
        let bare = |name: &str| without_unit_word(&words(name), &unit_words).to_vec();
        let mut now: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in &linkage.units {
            let next = now.len();
            now.entry(&unit.now).or_insert(next);
        }
        let (mut wards, mut districts) = (
            HashMap::<String, Area>::default(),
            HashMap::<String, Area>::default(),
        );
        let mut place_names: BTreeSet<Vec<String>> =
            linkage.places.iter().map(|place| words(place)).collect();
        for unit in &linkage.units {
            let bit = now.get(unit.now.as_str()).copied().unwrap_or_default();
            for name in [&unit.ward, &unit.now] {
                wards.entry(bare(name).join(" ")).or_default().insert(bit);
            }
            let district = bare(&unit.district);
            districts.entry(district.join(" ")).or_default().insert(bit);
            // A commune may bear any name; districts and provinces are what names of enterprises end in.
            place_names.insert(district);
        }
        let mut places: HashMap<String, Vec<Vec<String>>> = HashMap::default();
        for place in place_names {
            if let Some(first) = place.first() {
                places.entry(first.clone()).or_default().push(place);
            }
        }
        places
            .values_mut()
            .for_each(|list| list.sort_by_key(|place| std::cmp::Reverse(place.len())));
        Self {
            forms,
            form_codes: linkage
                .forms
                .iter()
                .map(|form| (form.code.clone(), form.kin.clone()))
                .collect(),
            heads,
            branches: longest_first(&linkage.branches),
            translations,
            titles: longest_first(&linkage.titles),
            fillers: linkage.fillers.iter().map(|word| fold(word)).collect(),
            unit_words,
            places,
            wards,
            districts,
        }
    }

    /// The form whose phrase stands at the head of these words, and how many words it has.
    pub(crate) fn form_at<S: AsRef<str>>(&self, plain: &[S]) -> Option<(usize, usize)> {
        let list = self.forms.get(plain.first()?.as_ref())?;
        list.iter()
            .find(|(phrase, _)| starts_with(plain, phrase))
            .map(|(phrase, place)| (*place, phrase.len()))
    }

    /// What a foreign phrase at the head of these words says, and how many words it has.
    pub(crate) fn translation_at<S: AsRef<str>>(&self, plain: &[S]) -> Option<(&[String], usize)> {
        let list = self.translations.get(plain.first()?.as_ref())?;
        list.iter()
            .find(|(phrase, _)| starts_with(plain, phrase))
            .map(|(phrase, vi)| (vi.as_slice(), phrase.len()))
    }

    /// How many of the words at the head name a place that enterprises are told apart by; 0 for none.
    pub(crate) fn place_at<S: AsRef<str>>(&self, plain: &[S]) -> usize {
        let list = plain
            .first()
            .and_then(|first| self.places.get(first.as_ref()));
        list.and_then(|list| list.iter().find(|phrase| starts_with(plain, phrase)))
            .map_or(0, Vec::len)
    }

    /// Where the unit of this name is: as a commune, as a district.
    pub(crate) fn unit(&self, bare: &str) -> (Area, Area) {
        let find = |map: &HashMap<String, Area>| map.get(bare).copied().unwrap_or_default();
        (find(&self.wards), find(&self.districts))
    }
}

/// Whether words begin with a phrase.
pub(crate) fn starts_with<S: AsRef<str>>(words: &[S], phrase: &[String]) -> bool {
    words.len() >= phrase.len() && phrase.iter().zip(words).all(|(a, b)| a == b.as_ref())
}

/// The name of a unit without 'xã', 'huyện' before it.
pub(crate) fn without_unit_word<'a, S: AsRef<str>>(
    words: &'a [S],
    unit_words: &[Vec<String>],
) -> &'a [S] {
    match unit_words
        .iter()
        .find(|phrase| words.len() > phrase.len() && starts_with(words, phrase))
    {
        Some(phrase) => &words[phrase.len()..],
        None => words,
    }
}

/// The person a text names, without title, case or marks; 0 for none.
pub(crate) fn person(text: &str, vocabulary: &Vocabulary) -> u64 {
    let folded = fold(&vietext::mend(text));
    let all: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut rest = all.as_slice();
    while let Some(title) = vocabulary
        .titles
        .iter()
        .find(|title| rest.len() > title.len() && starts_with(rest, title))
    {
        rest = &rest[title.len()..];
    }
    if rest.is_empty() {
        0
    } else {
        hash(rest.join(" ").as_bytes())
    }
}

/// A reader of records: the vocabulary, what was read before, and the words met so far.
pub(crate) struct Reader<'v> {
    pub vocabulary: &'v Vocabulary,
    pub words: Words,
    memo: Arc<Memo>,
}

impl<'v> Reader<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary, memo: Arc<Memo>) -> Self {
        Self {
            vocabulary,
            words: Words::default(),
            memo,
        }
    }

    /// A name, not [rated](Name::rate) yet.
    pub(crate) fn name(&mut self, text: &str) -> Arc<Name> {
        self.memo
            .name(text)
            .unwrap_or_else(|| Arc::new(Name::read(text, self)))
    }

    /// An address and a district; either may be blank.
    pub(crate) fn address(&self, address: &str, district: &str) -> Arc<Address> {
        let known = self.memo.address(address, district);
        known.unwrap_or_else(|| Arc::new(Address::read(address, district, self.vocabulary)))
    }
}
