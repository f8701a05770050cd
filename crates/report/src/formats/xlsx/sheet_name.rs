//! Names of sheets that Excel takes.

use model::is_command_sign;
use std::collections::BTreeSet;

/// The most characters of a name, as Excel counts them.
const LONGEST: usize = 31;

/// Names as near to those given as Excel takes them: of at most 31 characters, without those that it refuses, and none like
/// another but for its case. `first` is taken already.
pub(crate) fn fitting_names<'n>(first: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = BTreeSet::from([first.to_lowercase()]);
    names
        .map(|name| {
            let plain: String = name
                .chars()
                .map(|c| match c {
                    '[' | ']' | ':' | '*' | '?' | '/' | '\\' => '-',
                    c if is_command_sign(c) => ' ',
                    c => c,
                })
                .collect();
            let plain = plain.trim().trim_matches('\'');
            // Excel keeps the name 'History' for itself.
            let plain = match plain {
                "" => "-",
                name if name.eq_ignore_ascii_case("history") => "History -",
                name => name,
            };
            let mut fitting = cut(plain, LONGEST);
            let mut number = 2_u32;
            while !taken.insert(fitting.to_lowercase()) {
                let ending = format!(" ({number})");
                fitting = cut(plain, LONGEST - ending.len()) + &ending;
                number += 1;
            }
            fitting
        })
        .collect()
}

/// The beginning of a name, of so many characters as Excel counts them.
fn cut(name: &str, most: usize) -> String {
    let mut count = 0;
    let kept = name.chars().take_while(|c| {
        count += c.len_utf16();
        count <= most
    });
    kept.collect::<String>().trim_end_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::fitting_names;

    #[test]
    fn names_stay_as_they_are_unless_excel_refuses_them() {
        let long = "Biểu 3 - Danh sách doanh nghiệp được hỗ trợ năm 2024";
        let names = [
            "Biểu 3",
            "B/3:4",
            "'Phụ lục'",
            "",
            "history",
            "phiếu",
            long,
            long,
            "BIỂU 3",
            "\u{202e}3\u{1b}a",
        ];
        let fitting = fitting_names("Phiếu", names.into_iter());
        assert_eq!(
            fitting,
            [
                "Biểu 3",
                "B-3-4",
                "Phụ lục",
                "-",
                "History -",
                "phiếu (2)",
                "Biểu 3 - Danh sách doanh nghiệp",
                "Biểu 3 - Danh sách doanh ng (2)",
                "BIỂU 3 (2)",
                "3 a",
            ]
        );
        assert!(fitting.iter().all(|name| name.encode_utf16().count() <= 31));
    }
}
