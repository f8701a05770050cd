//! The names of companies as keys.

use crate::fold::tone_key;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Ways of writing the legal form and the commonest lines of business, and the one way they are compared in.
///
/// Luật Doanh nghiệp 59/2020 Điều 37 gives the legal forms and their abbreviations; the others are the short
/// words of business registers.
const SPELLINGS: &[(&str, &str)] = &[
    ("công ty trách nhiệm hữu hạn một thành viên", "TNHHMTV"),
    ("công ty trách nhiệm hữu hạn mtv", "TNHHMTV"),
    ("công ty tnhh một thành viên", "TNHHMTV"),
    ("công ty tnhh mtv", "TNHHMTV"),
    ("công ty tnhh 1 thành viên", "TNHHMTV"),
    ("công ty tnhh 1tv", "TNHHMTV"),
    ("công ty trách nhiệm hữu hạn", "TNHH"),
    ("công ty tnhh", "TNHH"),
    ("công ty cổ phần", "CP"),
    ("công ty cp", "CP"),
    ("ctcp", "CP"),
    ("công ty hợp danh", "HD"),
    ("doanh nghiệp tư nhân", "DNTN"),
    ("doanh nghiệp tn", "DNTN"),
    ("dntn", "DNTN"),
    ("liên hiệp hợp tác xã", "LHHTX"),
    ("hợp tác xã", "HTX"),
    ("htx", "HTX"),
    ("sản xuất", "SX"),
    ("sx", "SX"),
    ("thương mại", "TM"),
    ("tm", "TM"),
    ("dịch vụ", "DV"),
    ("dv", "DV"),
    ("xuất nhập khẩu", "XNK"),
    ("xnk", "XNK"),
    ("xây dựng", "XD"),
    ("xd", "XD"),
    ("vật liệu xây dựng", "VLXD"),
    ("vlxd", "VLXD"),
    ("đầu tư", "ĐT"),
    ("phát triển", "PT"),
];

/// An enterprise's name as it is compared when it is written in full, short, in capitals or with other punctuation.
///
/// Exact otherwise: diacritics, word order, numbers and places all count, so siblings stay apart
/// (Luật Doanh nghiệp 59/2020 Điều 41: a number, 'miền Nam' or 'mới' may mean a subsidiary).
///
/// ```
/// use vietext::name_key;
/// assert_eq!(name_key("Cty TNHH SX - TM Mỹ Hạnh"), name_key("CÔNG TY TNHH Sản xuất Thương mại Mỹ Hạnh"));
/// assert_ne!(name_key("Công ty TNHH Tân Phú 1"), name_key("Công ty TNHH Tân Phú 2"));
/// assert_ne!(name_key("Công ty TNHH Minh Anh"), name_key("Công ty TNHH Anh Minh"));
/// ```
pub fn name_key(name: &str) -> String {
    let key = tone_key(name);
    let mut words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    open_company(&mut words);
    let mut short = String::with_capacity(key.len());
    let mut rest = words.as_slice();
    while let Some((word, after)) = rest.split_first() {
        let (part, after) = match longest_spelling(word, after) {
            Some(spelling) => (spelling.short, &after[spelling.others.len()..]),
            // 'SX và TM' and 'SX TM' are one name (Điều 41.2.đ).
            None if *word == "va\u{300}" => ("", after),
            None => (*word, after),
        };
        if !part.is_empty() && !short.is_empty() {
            short.push(' ');
        }
        short.push_str(part);
        rest = after;
    }
    short
}

/// Opens the short ways of writing 'công ty' at the head of a name: 'cty', 'c ty', 'cong ty'.
fn open_company(words: &mut Vec<&str>) {
    let short = match words[..] {
        ["cty", ..] => 1,
        ["c" | "cong", "ty", ..] => 2,
        _ => return,
    };
    words.splice(..short, COMPANY.iter().map(String::as_str));
}

/// 'Công ty', as keys have it.
static COMPANY: LazyLock<Vec<String>> = LazyLock::new(|| words_of("công ty"));

/// A long way of writing, by its first word elsewhere, and the short one.
struct Spelling {
    /// The words behind the first.
    others: Vec<String>,
    short: &'static str,
}

/// The longest spelling that begins with a word and goes on with those that follow it.
fn longest_spelling(word: &str, after: &[&str]) -> Option<&'static Spelling> {
    static BY_FIRST: LazyLock<BTreeMap<String, Vec<Spelling>>> = LazyLock::new(|| {
        let mut by_first: BTreeMap<String, Vec<Spelling>> = BTreeMap::new();
        for &(long, short) in SPELLINGS {
            let mut others = words_of(long);
            let first = others.remove(0);
            let spelling = Spelling { others, short };
            by_first.entry(first).or_default().push(spelling);
        }
        let longest_first = |of_one: &mut Vec<Spelling>| {
            of_one.sort_by_key(|spelling| Reverse(spelling.others.len()));
        };
        by_first.values_mut().for_each(longest_first);
        by_first
    });
    let fits = |spelling: &&Spelling| {
        after
            .get(..spelling.others.len())
            .is_some_and(|words| words == spelling.others)
    };
    BY_FIRST.get(word)?.iter().find(fits)
}

fn words_of(text: &str) -> Vec<String> {
    tone_key(text).split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::name_key;

    fn all_one(names: &[&str]) {
        for name in names {
            assert_eq!(name_key(name), name_key(names[0]), "{name}");
        }
    }

    #[test]
    fn a_legal_form_in_full_or_short_is_one() {
        all_one(&[
            "Công ty TNHH MTV Đại Thành",
            "CTY TNHH Một Thành Viên ĐẠI THÀNH",
            "C.ty Trách nhiệm hữu hạn MTV Đại Thành",
        ]);
        all_one(&["Doanh nghiệp tư nhân Long Khánh", "DNTN Long Khánh"]);
        all_one(&["Hợp tác xã Long Khánh", "HTX LONG KHÁNH"]);
    }

    #[test]
    fn lines_of_business_in_full_or_short_are_one() {
        all_one(&[
            "Hợp tác xã Sản xuất - Thương mại - Dịch vụ Đức Trí",
            "HTX SX-TM-DV Đức Trí",
            "HTX SX & TM Dịch vụ Đức Trí",
        ]);
    }

    #[test]
    fn the_place_of_the_tone_is_one() {
        all_one(&[
            "Công ty Cổ phần Điện tử Hòa Bình",
            "CTCP Điện tử Hoà Bình",
            "Công ty CP ĐIỆN TỬ HÒA BÌNH",
        ]);
    }

    #[test]
    fn the_longest_spelling_is_taken() {
        assert_eq!(name_key("vật liệu xây dựng"), "VLXD");
        assert!(name_key("công ty tnhh mtv a").starts_with("TNHHMTV"));
    }

    #[test]
    fn near_names_stay_apart() {
        for (a, b) in [
            ("Công ty TNHH Sơn Hà", "Công ty TNHH Sơn Hà 2"),
            ("DNTN Điện tử Trọng Đức", "DNTN Điện tử Trọng Đức Miền Nam"),
            ("Công ty TNHH Hòa Bình", "Công ty TNHH Hóa Bình"),
            ("Công ty TNHH Minh Phát", "Công ty CP Minh Phát"),
        ] {
            assert_ne!(name_key(a), name_key(b));
        }
    }
}
