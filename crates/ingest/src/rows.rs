//! Which rows below a heading are data, and which are sections, totals, notes and signatures.

use crate::grid::{Row, Value};
use crate::heading::Heading;
use vietext::fold;

/// What a row below a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Data,
    /// '(1) (2) (3)' or '1 2 3' or 'a b c' under the heading.
    Numbering,
    /// 'I', 'II' and a title; what follows belongs to it.
    Section,
    /// 'Cộng', 'Tổng cộng'.
    Total,
    /// Place and date, offices of signatories: the table is over.
    End,
    /// Anything else that is not data.
    Other,
}

/// Tells the rows of one table apart, from the heading down.
pub(crate) struct Classifier<'h> {
    heading: &'h Heading<'h>,
    /// What stands for a number in a template's row of examples.
    example_mark: &'h str,
    /// How many of the columns found the form requires.
    required: usize,
    fresh: bool,
    ended: bool,
}

impl<'h> Classifier<'h> {
    pub(crate) fn new(heading: &'h Heading<'h>, example_mark: &'h str) -> Self {
        let required = heading
            .columns
            .values()
            .filter(|&&place| heading.form.columns[place].required)
            .count();
        Self {
            heading,
            example_mark,
            required,
            fresh: true,
            ended: false,
        }
    }

    /// The kind of the next row; rows must come in their order.
    pub(crate) fn next(&mut self, row: &Row) -> Kind {
        let fresh = std::mem::take(&mut self.fresh);
        if fresh && is_numbering(row) {
            return Kind::Numbering;
        }
        let kind = self.kind(row);
        self.ended |= kind == Kind::End;
        kind
    }

    /// The form's columns that hold something in a row.
    fn filled<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = &'r programme::Column> {
        let columns = &self.heading.form.columns;
        self.heading
            .columns
            .iter()
            .filter(|(col, _)| row.cell(**col).is_some())
            .map(|(_, &place)| &columns[place])
    }

    fn kind(&self, row: &Row) -> Kind {
        let number = self.heading.number_column.and_then(|col| row.cell(col));
        if let Some(Value::Text(mark)) = number
            && !self.example_mark.is_empty()
            && **mark == *self.example_mark
        {
            return Kind::Other;
        }
        let numbered = number.is_some_and(is_ordinal);
        if !numbered {
            if row.texts().count() > 0 && row.texts().all(|(_, text)| is_signature(text)) {
                return Kind::End;
            }
            if row.texts().any(|(_, text)| is_total(text)) {
                return Kind::Total;
            }
        }
        if number.is_some_and(is_section_number)
            && self
                .filled(row)
                .filter(|c| !c.kind.is_number())
                .take(2)
                .count()
                < 2
        {
            return Kind::Section;
        }
        let required_filled = || self.filled(row).filter(|column| column.required).count();
        if self.ended {
            let enough = numbered
                && required_filled() * 2 >= self.required
                && self.filled(row).take(2).count() == 2;
            return if enough { Kind::Data } else { Kind::Other };
        }
        match self.filled(row).take(2).count() {
            0 => Kind::Other,
            1 if !numbered => {
                // A lone text is a section's title or a note, unless the form asks for nothing more.
                let is_note = row
                    .texts()
                    .any(|(_, text)| fold(text).starts_with("ghi chu") || starts_as_section(text));
                if required_filled() == self.required && !is_note {
                    Kind::Data
                } else {
                    Kind::Other
                }
            }
            _ => Kind::Data,
        }
    }
}

fn is_ordinal(value: &Value) -> bool {
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

fn is_section_number(value: &Value) -> bool {
    let Value::Text(text) = value else {
        return false;
    };
    let text = text.trim_end_matches(['.', ')', '/']);
    is_roman(text) || (text.chars().count() == 1 && text.chars().all(char::is_alphabetic))
}

fn starts_as_section(text: &str) -> bool {
    text.split_once(['.', ')', '/', '-'])
        .is_some_and(|(number, _)| is_roman(number.trim()))
}

fn is_numbering(row: &Row) -> bool {
    let mark = |value: &Value| match value {
        Value::Number(_) => {
            Value::decimal_of(value).and_then(|d| d.to_string().parse::<u32>().ok())
        }
        Value::Text(text) => {
            let inner = text.trim_matches(['(', ')', '[', ']', ' ']);
            inner.parse().ok().or_else(|| {
                let letter = inner.chars().count() == 1 && inner.chars().all(char::is_alphabetic);
                (letter || (text.contains('=') && text.len() <= 24)).then_some(0)
            })
        }
        _ => None,
    };
    let marks: Option<Vec<u32>> = row.cells.iter().map(|cell| mark(&cell.value)).collect();
    marks.is_some_and(|marks| {
        let numbers: Vec<u32> = marks.iter().copied().filter(|&n| n > 0).collect();
        marks.len() >= 2
            && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
            && numbers.first().is_none_or(|&n| n <= 2)
    })
}

/// 'Cộng', 'TỔNG CỘNG', 'Tổng số', 'Cộng nhóm I', 'Tổng cộng (=I+II)'; not 'Tổng công ty' and not 'Cộng Đồng Xanh'.
pub(crate) fn is_total(text: &str) -> bool {
    if !text.starts_with(['c', 'C', 't', 'T']) {
        return false;
    }
    let head = text.split(['(', ':', '=']).next().unwrap_or_default();
    let lower = head.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let rest = match words.as_slice() {
        ["tổng", "cộng" | "số", rest @ ..] | ["tong", "cong" | "so", rest @ ..] => rest,
        ["cộng" | "tổng" | "cong" | "tong", rest @ ..] => rest,
        _ => return false,
    };
    rest.iter().all(|word| {
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

fn is_signature(text: &str) -> bool {
    let folded = fold(text);
    let offices = [
        "nguoi lap",
        "nguoi lap bieu",
        "nguoi lap bao cao",
        "nguoi tong hop",
        "giam doc",
        "pho giam doc",
        "thu truong",
        "thu truong don vi",
        "lanh dao don vi",
        "lanh dao",
        "ke toan truong",
        "truong phong",
        "chu tich",
        "noi nhan",
    ];
    offices.contains(&folded.as_str())
        || folded.contains("ky ten")
        || folded.contains("ghi ro ho ten")
        || folded.starts_with("tm ")
        || folded.starts_with("kt giam doc")
        || is_place_and_date(&folded)
}

/// 'Đồng Nai, ngày 25 tháng 11 năm 2023', also with the numbers left blank.
fn is_place_and_date(folded: &str) -> bool {
    let words: Vec<&str> = folded.split(' ').collect();
    let place = |word: &str| words.iter().position(|w| *w == word);
    match (place("ngay"), place("thang"), place("nam")) {
        (Some(day), Some(month), Some(year)) => {
            day > 0 && day < month && month < year && year - day <= 4 && words.len() <= 12
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_place_and_date, is_signature, is_total};
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

    #[test]
    fn signatures_are_told_from_data() {
        for text in [
            "NGƯỜI LẬP BIỂU",
            "GIÁM ĐỐC",
            "(Ký, ghi rõ họ tên)",
            "Đồng Nai, ngày 25 tháng 11 năm 2023",
            "KT. GIÁM ĐỐC",
        ] {
            assert!(is_signature(text), "{text}");
        }
        assert!(!is_place_and_date(&fold("ngày 5 tháng 3 năm 2024")));
        assert!(!is_signature("Công ty TNHH Giám Đốc Trẻ"));
    }
}
