//! Marks by which rows that are no data show themselves. These are the words of any Vietnamese table; a programme's own
//! are in its `words.toml`.

use crate::grid::{Cell, Value};
use vietext::{contains_phrase, fold};

/// '1', '1.', '1.2)': the number of a row.
pub(crate) fn is_ordinal(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Text(text) => {
            let text = text.trim_end_matches(['.', ')']);
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        }
        _ => false,
    }
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

/// 'I', 'II.', 'A)': the number of a section.
pub(crate) fn is_section_number(value: &Value) -> bool {
    let Value::Text(text) = value else {
        return false;
    };
    let text = text.trim_end_matches(['.', ')', '/']);
    // Roman numbers and single letters look alike: 'I' and 'V' are both.
    is_roman(text) || (text.chars().count() == 1 && text.chars().all(char::is_alphabetic))
}

/// 'I. Doanh nghiệp nhỏ': a section's number and title in one cell.
pub(crate) fn starts_as_section(text: &str) -> bool {
    // Nearly all texts are ruled out by their first letter.
    text.trim_start().starts_with(['I', 'V', 'X'])
        && text
            .split_once(['.', ')', '/', '-'])
            .is_some_and(|(number, _)| is_roman(number.trim()))
}

/// '(1) (2) (3)', '1 2 3' or 'a b c', also with sums as '(4)=(2)+(3)': the numbers of the columns, counted up by one.
pub(crate) fn is_numbering<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> bool {
    let mark = |value: &Value| match value {
        Value::Number(_) => value
            .as_decimal()
            .and_then(|d| d.to_string().parse::<u32>().ok()),
        Value::Text(text) => {
            let inner = text.trim_matches(['(', ')', '[', ']', ' ']);
            inner.parse().ok().or_else(|| {
                let letter = inner.chars().count() == 1 && inner.chars().all(char::is_alphabetic);
                (letter || (text.contains('=') && text.len() <= 24)).then_some(0)
            })
        }
        _ => None,
    };
    let marks: Option<Vec<(u32, u32)>> = cells
        .into_iter()
        .map(|cell| Some((cell.col, mark(&cell.value)?)))
        .collect();
    marks.is_some_and(|marks| {
        let numbers: Vec<(u32, u32)> = marks.iter().copied().filter(|(_, n)| *n > 0).collect();
        // Where columns are hidden, their numbers are left out.
        let follows = |pair: &[(u32, u32)]| {
            let ((col, number), (next_col, next)) = (pair[0], pair[1]);
            next == number + 1 || next == number + (next_col - col)
        };
        marks.len() >= 2
            && numbers.windows(2).all(follows)
            && numbers.first().is_none_or(|&(_, n)| n <= 2)
    })
}

/// Dots or a line where something was to be filled in: '…', '....', '___'.
pub(crate) fn is_dots(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '.' | '…' | '_' | ' '))
}

/// 'Cộng', 'TỔNG CỘNG', 'Tổng số', 'Cộng nhóm I', 'Tổng cộng (=I+II)'; not 'Tổng công ty' and not 'Cộng Đồng Xanh'.
pub(crate) fn is_total(text: &str) -> bool {
    // Nearly all texts are ruled out by their first two letters, 'Công ty' and its like among them.
    let mut letters = text.chars();
    let first = letters.next();
    if !matches!(first, Some('c' | 'C' | 't' | 'T'))
        || !matches!(letters.next(), Some('o' | 'O' | 'ổ' | 'Ổ' | 'ộ' | 'Ộ'))
    {
        return false;
    }
    // What follows says what is summed: '(=I+II)', ': 5'.
    let head = text.split(['(', ':', '=']).next().unwrap_or_default();
    let first = head.split_whitespace().next().unwrap_or_default();
    if !["tổng", "cộng", "tong", "cong"].contains(&&*first.to_lowercase()) {
        return false;
    }
    let lower = head.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let rest = match words.as_slice() {
        ["tổng", "cộng" | "số", rest @ ..] | ["tong", "cong" | "so", rest @ ..] => rest,
        ["cộng" | "tổng" | "cong" | "tong", rest @ ..] => rest,
        _ => return false,
    };
    rest.iter().all(|word| {
        // Words that may follow; any other is part of a name.
        let known = [
            "nhóm", "mục", "phần", "biểu", "các", "lũy", "kế", "chung", "toàn", "bộ", "lại",
            "kinh", "phí",
        ];
        known.contains(word)
            || word
                .chars()
                .all(|c| matches!(c, 'i' | 'v' | 'x' | '+') || c.is_ascii_digit())
    })
}

/// Titles of rows of which it is not clear that they count: 'Doanh nghiệp không đủ điều kiện', 'Đề nghị hỗ trợ năm sau', or
/// another year than the one reported on.
pub(crate) fn says_not_counted(title: &str, reported: Option<i32>) -> bool {
    const WORDS: [&str; 16] = [
        "khong duoc ho tro",
        "khong ho tro",
        "khong du dieu kien",
        "khong dat",
        "khong tinh",
        "bi loai",
        "dung ho tro",
        "thu hoi",
        "de nghi ho tro",
        "de xuat ho tro",
        "du kien",
        "chua phe duyet",
        "chua duoc",
        "dang xem xet",
        "doi chieu",
        "nam sau",
    ];
    let folded = fold(title);
    let years: Vec<i32> = folded
        .split(' ')
        .filter_map(|word| word.parse().ok())
        .filter(|year| (1990..=2100).contains(year))
        .collect();
    let is_other_year = reported.is_some_and(|year| !years.is_empty() && !years.contains(&year));
    is_other_year || WORDS.iter().any(|words| contains_phrase(&folded, words))
}

/// Marks by which a sender says that a row goes: 'hủy', 'không tính', 'Đã hủy, không chi'.
pub(crate) fn is_removed(text: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "da huy",
        "huy bo",
        "khong chi",
        "khong tinh",
        "chua chi",
        "khong duoc ho tro",
        "khong thuc hien",
        "da thu hoi",
    ];
    if text.len() > 80 {
        return false;
    }
    let folded = fold(text);
    let begins = |words: &&str| {
        let rest = folded.strip_prefix(*words);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if BEGINNINGS.iter().any(begins) {
        return true;
    }
    matches!(
        folded.as_str(),
        "huy"
            | "huy bo"
            | "da huy"
            | "khong tinh"
            | "bo"
            | "bo dong nay"
            | "loai"
            | "loai bo"
            | "xoa"
            | "xoa dong nay"
            | "khong tinh dong nay"
            | "khong thuc hien"
            | "ghi nham"
            | "nhap nham"
    )
}

/// As [`char::is_alphanumeric`], which searches a table for letters with marks.
pub(crate) fn is_alphanumeric(c: char) -> bool {
    // Vietnamese ones are all in these blocks, or among Latin-1.
    matches!(c, '\u{100}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') || c.is_alphanumeric()
}

/// 'Ví dụ: Công ty A': an example that stands where a row should.
pub(crate) fn is_example(text: &str) -> bool {
    // Nearly all texts are ruled out by their first letter.
    let first = text.chars().find(|c| is_alphanumeric(*c));
    if !matches!(first, Some('v' | 'V')) {
        return false;
    }
    let beginning: String = text.chars().take(8).collect();
    let folded = fold(&beginning);
    folded.starts_with("vi du") || folded.starts_with("vd ")
}

/// 'Ghi chú: …', '(*) …': a note below a table.
pub(crate) fn is_note(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with(['*', '(']) || fold(text).starts_with("ghi chu")
}

/// Titles of groups of enterprises: 'Huyện Long Thành', 'Nhóm ngành gỗ', 'II. …'.
pub(crate) fn is_group_title(text: &str) -> bool {
    const WORDS: [&str; 20] = [
        "huyen",
        "thanh pho",
        "tp",
        "thi xa",
        "xa",
        "phuong",
        "thi tran",
        "nhom",
        "nganh",
        "linh vuc",
        "khu vuc",
        "dia ban",
        "quy",
        "nam",
        "giai doan",
        "chuong trinh",
        "noi dung",
        "ho tro",
        "doanh nghiep",
        "muc",
    ];
    let is_upper = !text.chars().any(char::is_lowercase) && text.chars().any(char::is_alphabetic);
    if is_upper || starts_as_section(text) {
        return true;
    }
    // 'Công ty' and its like are ruled out by their first letters.
    let mut letters = text.chars().filter(|c| c.is_alphanumeric());
    if letters
        .next()
        .is_some_and(|first| matches!(first, 'c' | 'C'))
        && !letters
            .next()
            .is_some_and(|second| matches!(second, 'h' | 'H'))
    {
        return false;
    }
    let folded = fold(text);
    folded.chars().next().is_some_and(|c| c.is_ascii_digit())
        || WORDS.iter().any(|word| {
            folded
                .strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

/// 'Đồng Nai, ngày 25 tháng 11 năm 2023', also with the numbers left blank.
pub(crate) fn is_place_and_date(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    let place = |word: &str| words.iter().position(|w| *w == word);
    match (place("ngay"), place("thang"), place("nam")) {
        (Some(day), Some(month), Some(year)) => {
            // A place comes before the day, and the three stand close together: a sentence with a date in it is longer.
            day > 0 && day < month && month < year && year - day <= 4 && words.len() <= 12
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        is_numbering, is_ordinal, is_place_and_date, is_section_number, is_total, starts_as_section,
    };
    use crate::grid::{Cell, Row, Value};
    use vietext::fold;

    #[test]
    fn totals_are_told_from_names() {
        for text in [
            "Cộng",
            "TỔNG CỘNG",
            "Tổng cộng (=I+II+III)",
            "Tổng số:",
            "Cộng nhóm I",
            "Tong cong",
            "Cộng mục II",
        ] {
            assert!(is_total(text), "{text}");
        }
        for text in [
            "Tổng công ty Tín Nghĩa",
            "Cộng Đồng Xanh",
            "Công ty TNHH Cộng Hòa",
            "Tổng kết hội thi",
        ] {
            assert!(!is_total(text), "{text}");
        }
    }

    fn row(texts: &[&str]) -> Row {
        let cells = (0..).zip(texts).map(|(col, text)| {
            let value = match text.parse() {
                Ok(number) => Value::Number(number),
                Err(_) => Value::text(text).unwrap(),
            };
            Cell::plain(col, value)
        });
        Row {
            index: 0,
            cells: cells.collect(),
        }
    }

    #[test]
    fn numbers_of_columns_are_told_from_a_first_row_of_data() {
        for numbers in [
            &["(1)", "(2)", "(3)"][..],
            &["1", "2", "3"],
            &["a", "b", "1", "2"],
            &["(1)", "(2)", "(3)=(1)+(2)"],
            &["2", "3"],
        ] {
            assert!(is_numbering(&row(numbers).cells), "{numbers:?}");
        }
        for data in [&["1", "3"][..], &["3", "4"], &["1"], &["1", "Công ty A"]] {
            assert!(!is_numbering(&row(data).cells), "{data:?}");
        }
    }

    #[test]
    fn numbers_of_rows_and_of_sections_are_told_apart() {
        for text in ["1", "1.", "1.2", "12)"] {
            assert!(is_ordinal(&Value::Text(text.into())), "{text}");
        }
        for text in ["I", "II.", "A", "a)"] {
            assert!(is_section_number(&Value::Text(text.into())), "{text}");
            assert!(!is_ordinal(&Value::Text(text.into())), "{text}");
        }
        assert!(!is_section_number(&Value::Text("AB".into())));
        assert!(starts_as_section("II. Doanh nghiệp nhỏ"));
        assert!(!starts_as_section("VINA-Tech"));
    }

    #[test]
    fn a_place_before_a_date_is_told_from_a_date() {
        assert!(is_place_and_date(&fold(
            "Đồng Nai, ngày 25 tháng 11 năm 2023"
        )));
        assert!(is_place_and_date(&fold(
            "Biên Hòa, ngày … tháng … năm 2023"
        )));
        assert!(!is_place_and_date(&fold("ngày 5 tháng 3 năm 2024")));
    }
}
