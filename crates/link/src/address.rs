use crate::vocabulary::{Area, Vocabulary, without_unit_word};
use crate::word::hash;
use vietext::{clean, fold, mend};

/// An address, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address {
    /// The house or lot; 0 for none.
    pub house: u64,
    /// Street, hamlet, quarter, industrial zone: hashes, sorted.
    pub locals: Vec<u64>,
    /// Which communes of today it may be in.
    pub area: Area,
}

/// How two addresses stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addresses {
    /// One is not there, or says too little.
    Unknown,
    /// The same house, lot or small place.
    Same,
    /// Other houses.
    Different,
}

impl Address {
    /// Reads an address and a district; either may be blank.
    pub(crate) fn read(address: &str, district: &str, vocabulary: &Vocabulary) -> Self {
        let mut read = Self::default();
        let mut areas = Areas::default();
        let address = mend(address);
        let address = clean(&address);
        for part in address.split([',', ';']) {
            let folded = fold(part);
            let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
            if words.is_empty() || areas.add(&words, vocabulary) {
                continue;
            }
            read.add_local(part, &words, vocabulary);
        }
        let district = fold(&mend(district));
        let words: Vec<&str> = district
            .split(' ')
            .filter(|word| !word.is_empty())
            .collect();
        areas.add_district(&words, vocabulary);
        read.area = areas.all();
        read.locals.sort_unstable();
        read.locals.dedup();
        read
    }

    /// A part of the address below the commune: 'Số 12/3, đường Lê Lợi', 'C74 KCN Nhơn Trạch 2', 'Tổ 9'.
    fn add_local(&mut self, part: &str, words: &[&str], vocabulary: &Vocabulary) {
        let is_filler = |word: &&str| vocabulary.fillers.contains(*word);
        let small = matches!(
            words,
            ["to" | "ap" | "thon" | "khom" | "kp", ..] | ["khu", "pho", ..]
        );
        if small {
            let last = words.last().copied().unwrap_or_default();
            let kind = if words[0] == "khu" { "kp" } else { words[0] };
            self.locals.push(hash(format!("{kind} {last}").as_bytes()));
            return;
        }
        // The number of a house as it is written, with strokes, and its letters in any case: '362/44', 'I-88'.
        let house = part
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .position(|word| word.bytes().any(|b| b.is_ascii_digit()) && word.len() <= 12);
        let mut rest = String::new();
        let mut fillers_only = true;
        for (i, word) in part.split_whitespace().enumerate() {
            if self.house == 0 && self.locals.is_empty() && house == Some(i) && fillers_only {
                let written: String = word
                    .to_lowercase()
                    .chars()
                    .filter(|c| c.is_alphanumeric() || *c == '/')
                    .collect();
                self.house = hash(written.as_bytes());
                fillers_only = false;
                continue;
            }
            let folded = fold(word);
            fillers_only &= is_filler(&folded.as_str());
            for word in folded
                .split(' ')
                .filter(|word| !word.is_empty() && !is_filler(word))
            {
                if !rest.is_empty() {
                    rest.push(' ');
                }
                rest.push_str(word);
            }
        }
        if !rest.is_empty() {
            self.locals.push(hash(rest.as_bytes()));
        }
    }

    pub(crate) fn compare(&self, other: &Self) -> Addresses {
        let shared = self
            .locals
            .iter()
            .filter(|local| other.locals.binary_search(local).is_ok())
            .count();
        match (self.house, other.house) {
            (0, 0) | (0, _) | (_, 0) => {
                let fewer = self.locals.len().min(other.locals.len());
                match () {
                    () if fewer < 2 => Addresses::Unknown,
                    () if shared >= 2 && shared == fewer => Addresses::Same,
                    () if shared == 0 => Addresses::Different,
                    () => Addresses::Unknown,
                }
            }
            (a, b) if a == b && shared > 0 => Addresses::Same,
            _ if self.locals.is_empty() || other.locals.is_empty() => Addresses::Unknown,
            _ => Addresses::Different,
        }
    }
}

/// The administrative units an address names.
#[derive(Default)]
struct Areas {
    ward: Area,
    district: Area,
}

impl Areas {
    /// Takes a part that names a unit; says whether it does.
    fn add(&mut self, words: &[&str], vocabulary: &Vocabulary) -> bool {
        let bare = without_unit_word(words, &vocabulary.unit_words);
        let (ward, district) = vocabulary.unit(&bare.join(" "));
        if bare.len() == words.len()
            && words
                .iter()
                .any(|word| word.bytes().any(|b| b.is_ascii_digit()))
        {
            return false;
        }
        if ward.is_empty() && district.is_empty() {
            // The province, the country, a unit nobody knows: no house stands there.
            return bare.len() < words.len()
                || matches!(words, ["dong", "nai"] | ["binh", "phuoc"] | ["viet", "nam"]);
        }
        let is_district = matches!(
            words,
            ["huyen" | "h" | "tp" | "tx", ..] | ["thanh", "pho", ..] | ["thi", "xa", ..]
        );
        // 'Huyện Long Thành' is not the commune of that name; a bare name may be either, the wider one last.
        if is_district
            || (bare.len() == words.len() && !self.ward.is_empty() && !district.is_empty())
        {
            self.district = if district.is_empty() { ward } else { district };
        } else if bare.len() == words.len() && self.ward.is_empty() && ward.is_empty() {
            self.district = district;
        } else {
            self.ward = if ward.is_empty() { district } else { ward };
        }
        true
    }

    /// Takes what stands where a district is asked for. 'Biên Hòa' alone, or a list's code for it, may be the city as it
    /// was or the ward that bears its name today: it is in one of the two.
    fn add_district(&mut self, words: &[&str], vocabulary: &Vocabulary) {
        let (ward, district) = vocabulary.unit(&words.join(" "));
        if ward.is_empty() || district.is_empty() {
            self.add(words, vocabulary);
        } else {
            self.district = ward.or(&district);
        }
    }

    fn all(&self) -> Area {
        let both = self.ward.and(&self.district);
        match () {
            () if !both.is_empty() => both,
            () if self.district.is_empty() => self.ward,
            () if self.ward.is_empty() => self.district,
            // A commune that is not in the district as it was: it bears a new name.
            () => self.ward,
        }
    }
}
