//! What free texts say of the codes of a list: how other programmes' lists word what they gave.

use crate::catalogue::CodeList;
use crate::text_reading::TextReading;
use std::collections::BTreeSet;
use vietext::fold;

/// What a free text says of the codes of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextMeaning<'l> {
    /// It names these, at least one.
    Codes(BTreeSet<&'l str>),
    /// It names something else than any of the list.
    NoneOfList,
    /// It says nothing that is known.
    Unknown,
}

/// Codes, if there are any.
fn told(codes: BTreeSet<&str>) -> Option<BTreeSet<&str>> {
    (!codes.is_empty()).then_some(codes)
}

impl CodeList {
    /// What a free text says of the codes of this list; `tools` are the codes of the tools that it names.
    ///
    /// A code or its title decides where it stands alone or among others. Else all readings that apply tell together; one that
    /// says that the text is about something else holds where no code is told, and weak ones where nothing is. A list without
    /// readings is read by its keywords.
    pub fn read_text(&self, text: &str, tools: &BTreeSet<&str>) -> TextMeaning<'_> {
        let found = self.find_all(text);
        let of_keywords = || {
            let known = found
                .iter()
                .filter(|found| Some(found.code) != self.unclassified.as_deref());
            told(known.map(|found| self.own_code(found.code)).collect())
        };
        let is_exact = !found.is_empty() && found.iter().all(|found| found.words.is_none());
        if is_exact || self.readings.is_empty() {
            return of_keywords().map_or(TextMeaning::Unknown, TextMeaning::Codes);
        }
        let folded = fold(text);
        let (weak, strong): (Vec<&TextReading>, Vec<&TextReading>) = self
            .readings
            .iter()
            .filter(|reading| reading.applies(&folded, tools))
            .partition(|reading| reading.is_weak);
        let codes = |readings: &[&'_ TextReading]| -> BTreeSet<&'_ str> {
            let all = readings.iter().flat_map(|reading| &reading.codes);
            all.map(|code| self.own_code(code)).collect()
        };
        if let Some(codes) = told(codes(&strong)) {
            return TextMeaning::Codes(codes);
        }
        if !strong.is_empty() {
            return TextMeaning::NoneOfList;
        }
        let last = told(codes(&weak)).or_else(of_keywords);
        last.map_or(TextMeaning::Unknown, TextMeaning::Codes)
    }

    /// A code as this list has it.
    fn own_code(&self, code: &str) -> &str {
        self.entry(code).map_or("", |entry| entry.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::TextMeaning;
    use crate::Programme;
    use std::collections::BTreeSet;
    use std::sync::LazyLock;

    static PROGRAMME: LazyLock<Programme> =
        LazyLock::new(|| Programme::default_programme().unwrap());

    /// The codes that a text tells, '-' for something else, '?' for nothing.
    fn read(text: &str) -> String {
        let tools = PROGRAMME.lists["tool"].held(text);
        match PROGRAMME.lists["content"].read_text(text, &tools) {
            TextMeaning::Codes(codes) => codes.into_iter().collect::<Vec<_>>().join(" "),
            TextMeaning::NoneOfList => "-".to_owned(),
            TextMeaning::Unknown => "?".to_owned(),
        }
    }

    #[test]
    fn a_tool_tells_its_content_and_certifying_it_another() {
        assert_eq!(read("Mua tài liệu ISO 9001:2015"), "3a1");
        assert_eq!(read("Đánh giá cấp chứng nhận ISO 22000"), "3b2");
        assert_eq!(read("Tư vấn xây dựng và chứng nhận ISO 22000"), "3a1 3b2");
        assert_eq!(read("Chứng nhận Viet GAP"), "3b2");
        assert_eq!(read("Đào tạo 5S"), "3a1");
    }

    #[test]
    fn several_contents_stand_in_one_text_and_a_code_decides() {
        assert_eq!(read("Áp dụng HTQL ISO 9001 và chuyển đổi số"), "3a1 3b3");
        assert_eq!(read("Phần mềm truy xuất nguồn gốc"), "3b1");
        assert_eq!(read("IV.3.a1; IV.3.b3"), "3a1 3b3");
        assert_eq!(read("Thử nghiệm nhà máy thông minh"), "3a2");
        assert_eq!(read("Áp dụng tiêu chuẩn nhà máy thông minh"), "3b5");
    }

    #[test]
    fn something_else_is_told_and_a_text_that_says_nothing_is_not() {
        for text in [
            "Hỗ trợ lãi suất vay vốn",
            "Gian hàng hội chợ",
            "Đăng ký bảo hộ nhãn hiệu",
        ] {
            assert_eq!(read(text), "-", "{text}");
        }
        for text in ["Hỗ trợ", "Theo QĐ 23/2021", "Hỗ trợ khác", ""] {
            assert_eq!(read(text), "?", "{text}");
        }
        // Something of the list beside it decides.
        assert_eq!(read("Hội chợ và chứng nhận ISO 22000"), "3b2");
        // A certificate of nobody knows what, unless it is plainly of something else.
        assert_eq!(read("Chứng nhận Kỳ Lộ"), "3b2");
        assert_eq!(read("Giấy chứng nhận đăng ký nhãn hiệu"), "-");
    }

    #[test]
    fn every_reading_applies_to_what_it_says_and_names_codes_of_the_lists() {
        let (contents, tools) = (&PROGRAMME.lists["content"], &PROGRAMME.lists["tool"]);
        assert!(!contents.readings.is_empty());
        for reading in &contents.readings {
            assert!(
                !(reading.words.is_empty() && reading.tools.is_empty()),
                "{reading:?}"
            );
            for code in &reading.codes {
                assert!(contents.entry(code).is_some(), "{code}");
            }
            for tool in &reading.tools {
                assert!(tools.entry(tool).is_some(), "{tool}");
            }
            let beside = reading.with.first().cloned().unwrap_or_default();
            for word in &reading.words {
                let text = format!("{word} {beside}");
                let is_barred = reading
                    .without
                    .iter()
                    .any(|barred| vietext::contains_phrase(&text, barred));
                let applies = reading.applies(&text, &BTreeSet::new());
                assert!(applies || is_barred, "{text}: {reading:?}");
            }
        }
    }
}
