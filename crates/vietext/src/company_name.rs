//! The names of companies as keys.

use crate::fold::tone_key;

/// Ways of writing the legal form and the commonest lines of business, and the one way they are compared in.
///
/// Luật Doanh nghiệp 59/2020 Điều 37 gives the legal forms and their abbreviations; the others are the short
/// words of business registers. Longer ones stand before those they begin with.
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
    let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
    let words = company(&words);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut parts: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let spelling = spellings()
            .iter()
            .filter(|(long, _)| {
                words[at..].len() >= long.len()
                    && long.iter().zip(&words[at..]).all(|(a, b)| a == b)
            })
            .max_by_key(|(long, _)| long.len());
        match spelling {
            Some((long, short)) => {
                parts.push((*short).to_owned());
                at += long.len();
            }
            None => {
                // 'SX và TM' and 'SX TM' are one name (Điều 41.2.đ).
                if words[at] != "va\u{300}" {
                    parts.push(words[at].to_owned());
                }
                at += 1;
            }
        }
    }
    parts.join(" ")
}

/// Opens the short ways of writing 'công ty' at the head of a name: 'cty', 'c ty', 'cong ty'.
fn company(words: &[&str]) -> Vec<String> {
    let full = || {
        tone_key("công ty")
            .split(' ')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let rest = |from: usize| words[from..].iter().map(|&word| word.to_owned());
    match words {
        ["cty", ..] => full().into_iter().chain(rest(1)).collect(),
        ["c", "ty", ..] | ["cong", "ty", ..] => full().into_iter().chain(rest(2)).collect(),
        _ => rest(0).collect(),
    }
}

fn spellings() -> &'static [(Vec<String>, &'static str)] {
    static TABLE: std::sync::LazyLock<Vec<(Vec<String>, &'static str)>> =
        std::sync::LazyLock::new(|| {
            SPELLINGS
                .iter()
                .map(|(long, short)| {
                    (
                        tone_key(long).split(' ').map(str::to_owned).collect(),
                        *short,
                    )
                })
                .collect()
        });
    &TABLE
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
