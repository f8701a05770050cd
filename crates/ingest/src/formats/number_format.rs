//! Number formats as Excel writes them (ECMA-376 18.8.31): where they make a person read something else than the
//! value that is stored.
//!
//! .xlsx, .xls and .xlsb store these codes; an .ods' number styles are written as such a code first.

use crate::grid::{CellFormat, Shows, UnitWord, Value};
use vietext::fold;

/// A number format: which of its sections shows a value, and how.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct NumberFormat {
    /// For numbers above 0 or of the first condition, below 0 or of the second, and 0 or all others.
    numbers: [Section; 3],
    /// For texts, if they are not shown as they are.
    texts: CellFormat,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Section {
    condition: Option<Condition>,
    format: CellFormat,
    /// Whether it says where a text goes: `@`.
    holds_text: bool,
}

/// `[>=1000000]`: which numbers a section is for.
#[derive(Debug, Clone, PartialEq)]
struct Condition {
    relation: String,
    bound: f64,
}

impl NumberFormat {
    /// Reads a format code; whatever it holds that changes nothing of what is read from the value is passed over.
    pub(crate) fn parse(code: &str) -> Self {
        if code.is_empty() {
            return Self::default();
        }
        let sections: Vec<Section> = sections(code)
            .into_iter()
            .take(4)
            .map(Section::parse)
            .collect();
        // A last section with '@' is for texts, even if it is not the fourth.
        let (numbers, texts) = match sections.as_slice() {
            [numbers @ .., last] if sections.len() == 4 || last.holds_text => {
                (numbers, last.format)
            }
            all => (all, CellFormat::default()),
        };
        let at = |place: usize| numbers.get(place).cloned();
        let first = at(0).unwrap_or_default();
        let second = at(1).unwrap_or_else(|| first.clone());
        let third = at(2).unwrap_or_else(|| first.clone());
        Self {
            numbers: [first, second, third],
            texts,
        }
    }

    /// The format of that number where a workbook does not write its code (ECMA-376 18.8.30).
    pub(crate) fn built_in(number: u32) -> Self {
        // Of those that every Excel has alike only these show something else than their value.
        match number {
            9 => Self::parse("0%"),
            10 => Self::parse("0.00%"),
            17 => Self::parse("mmm-yy"),
            _ => Self::default(),
        }
    }

    /// Whether any value is shown as something else than it is.
    pub(crate) fn matters(&self) -> bool {
        let plain = CellFormat::default();
        self.texts != plain || self.numbers.iter().any(|section| section.format != plain)
    }

    /// How a value is shown.
    pub(crate) fn of(&self, value: &Value) -> CellFormat {
        let format = match value {
            Value::Number(number) => self.section(*number).format,
            Value::Date(_) => self.numbers[0].format,
            Value::Text(_) | Value::Bool(_) => self.texts,
            Value::Error(_) | Value::Formula(_) => CellFormat::default(),
        };
        match value {
            // Many a format leaves zeros out: a blank and a zero say the same.
            Value::Number(0.0) if format.shows == Shows::Nothing => CellFormat::default(),
            _ => format,
        }
    }

    fn section(&self, number: f64) -> &Section {
        let [first, second, third] = &self.numbers;
        let meets = |section: &Section| {
            let condition = section.condition.as_ref();
            condition.is_some_and(|condition| condition.is_met_by(number))
        };
        match (&first.condition, &second.condition) {
            (None, None) if number > 0.0 => first,
            (None, None) if number < 0.0 => second,
            (None, None) => third,
            _ if meets(first) => first,
            _ if meets(second) => second,
            (Some(_), Some(_)) => third,
            _ => second,
        }
    }
}

/// The sections of a code, which semicolons part unless they are quoted or escaped.
fn sections(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut start = 0;
    let mut chars = code.char_indices();
    let mut is_quoted = false;
    let mut in_brackets = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            ';' if !in_brackets => {
                sections.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&code[start..]);
    sections
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let relation: String = text
            .chars()
            .take_while(|c| matches!(c, '<' | '>' | '='))
            .collect();
        let bound = text[relation.len()..].trim().parse().ok()?;
        (!relation.is_empty()).then_some(Self { relation, bound })
    }

    fn is_met_by(&self, number: f64) -> bool {
        match self.relation.as_str() {
            "<" => number < self.bound,
            "<=" => number <= self.bound,
            ">" => number > self.bound,
            ">=" => number >= self.bound,
            "=" => number == self.bound,
            "<>" => number != self.bound,
            _ => false,
        }
    }
}

/// What a section was seen to hold.
#[derive(Default)]
struct Seen {
    literals: String,
    /// A place for a digit, a date, a text, or the value as it is.
    shows_something: bool,
    digits: bool,
    /// Commas behind the last place for a digit so far.
    commas: u8,
    thousands: u8,
    percent: bool,
    text: bool,
    year: bool,
    month: bool,
    finer: bool,
}

impl Section {
    fn parse(code: &str) -> Self {
        let mut seen = Seen::default();
        let mut condition = None;
        let mut rest = code;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            rest = match c {
                '"' => {
                    let end = after.find('"').unwrap_or(after.len());
                    seen.literals.push_str(&after[..end]);
                    after.get(end + 1..).unwrap_or_default()
                }
                '\\' => seen.take_literal(after),
                // Room as wide as the next letter, or filled with it.
                '_' | '*' => {
                    seen.literals.push(' ');
                    skip(after, 1)
                }
                '[' => {
                    let end = after.find(']').unwrap_or(after.len());
                    condition = seen.see_brackets(&after[..end]).or(condition);
                    after.get(end + 1..).unwrap_or_default()
                }
                _ if starts_with(rest, "general") => {
                    seen.shows_something = true;
                    skip(rest, "general".len())
                }
                _ if starts_with(rest, "am/pm") => {
                    seen.finer = true;
                    skip(rest, "am/pm".len())
                }
                _ if starts_with(rest, "a/p") => {
                    seen.finer = true;
                    skip(rest, "a/p".len())
                }
                'E' | 'e' if after.starts_with(['+', '-']) => skip(after, 1),
                _ => {
                    seen.see(c);
                    after
                }
            };
        }
        Self {
            condition,
            format: seen.format(),
            holds_text: seen.text,
        }
    }
}

/// Whether it begins with those letters, small or capital; they are ASCII.
fn starts_with(text: &str, letters: &str) -> bool {
    text.get(..letters.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(letters))
}

/// What follows so many letters.
fn skip(text: &str, letters: usize) -> &str {
    text.char_indices()
        .nth(letters)
        .map_or("", |(at, _)| &text[at..])
}

impl Seen {
    fn take_literal<'a>(&mut self, text: &'a str) -> &'a str {
        self.literals.extend(text.chars().next());
        skip(text, 1)
    }

    /// What stands in brackets: a sign of money, a condition, a time longer than a day, or what changes nothing, such
    /// as a colour.
    fn see_brackets(&mut self, text: &str) -> Option<Condition> {
        if let Some(money) = text.strip_prefix('$') {
            // Behind the last hyphen stands the number of a language.
            let sign = money.rsplit_once('-').map_or(money, |(sign, _)| sign);
            self.literals.push_str(sign);
            return None;
        }
        if !text.is_empty()
            && text
                .chars()
                .all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'))
        {
            self.finer = true;
        }
        Condition::parse(text)
    }

    fn see(&mut self, c: char) {
        match c {
            '0' | '#' | '?' => {
                self.digits = true;
                // Those before it part thousands.
                self.commas = 0;
                self.literals.push(' ');
            }
            ',' if self.digits => self.commas = self.commas.saturating_add(1),
            '.' => {
                self.thousands = self.thousands.saturating_add(self.commas);
                self.commas = 0;
            }
            '%' => self.percent = true,
            '@' => self.text = true,
            'y' | 'Y' => self.year = true,
            'm' | 'M' => self.month = true,
            'd' | 'D' | 'h' | 'H' | 's' | 'S' => self.finer = true,
            _ => self.literals.push(c),
        }
    }

    fn format(&self) -> CellFormat {
        let dates = self.year || self.month || self.finer;
        let shows_something = self.shows_something
            || self.digits
            || self.text
            || dates
            || !self.literals.trim().is_empty();
        let shows = match () {
            () if !shows_something => Shows::Nothing,
            () if self.percent && self.digits => Shows::Percent,
            () if self.year && self.month && !self.finer && !self.digits => Shows::Month,
            () if self.year && !self.finer && !self.month && !self.digits => Shows::Year,
            () => Shows::Value,
        };
        CellFormat {
            shows,
            thousands: self.thousands.saturating_add(self.commas),
            unit: unit_word(&self.literals).filter(|_| !dates),
            is_struck: false,
        }
    }
}

/// The unit of money that the words of a format name.
///
/// Unlike a heading it stands beside a number, so that a short form needs no company.
fn unit_word(words: &str) -> Option<UnitWord> {
    let folded = fold(words);
    let words_folded: Vec<&str> = folded.split(' ').collect();
    let has = |known: &[&str]| words_folded.iter().any(|word| known.contains(word));
    // 'ty' is also the last word of 'công ty', and the first of 'tỷ lệ'.
    let is_written_out = words.to_lowercase().contains(['ỷ', 'ỉ']);
    let is_billion = words_folded
        .iter()
        .enumerate()
        .any(|(at, word)| match *word {
            "tyd" | "tid" => true,
            "ty" | "ti" => {
                let next = words_folded.get(at + 1);
                (at == 0 || is_written_out)
                    && next.is_none_or(|next| matches!(*next, "dong" | "vnd" | "d"))
            }
            _ => false,
        });
    // 'ty', 'cong' and the like are known only beside each other; what is left of others is no unit of đồng.
    const KNOWN: [&str; 20] = [
        "", "dong", "vnd", "d", "trieu", "tr", "trd", "trieud", "nghin", "ngan", "ng", "ngd",
        "nghd", "k", "ty", "ti", "tyd", "tid", "viet", "nam",
    ];
    let is_foreign = |c: char| matches!(c, '$' | '€' | '£' | '¥' | '%' | '~' | '≈');
    if words.contains(is_foreign) || words_folded.iter().any(|word| !KNOWN.contains(word)) {
        return Some(UnitWord::Other);
    }
    match () {
        () if is_billion => Some(UnitWord::Billion),
        () if has(&["trieu", "tr", "trd", "trieud"]) => Some(UnitWord::Million),
        () if has(&["nghin", "ngan", "ng", "ngd", "nghd", "k"]) => Some(UnitWord::Thousand),
        () if words.contains('₫') || has(&["dong", "vnd", "d"]) => Some(UnitWord::Dong),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;
    use crate::grid::{CellFormat, Shows, UnitWord, Value};

    fn number(code: &str, number: f64) -> CellFormat {
        NumberFormat::parse(code).of(&Value::Number(number))
    }

    fn text(code: &str) -> CellFormat {
        NumberFormat::parse(code).of(&Value::Text("150".into()))
    }

    fn day(code: &str) -> Shows {
        let day = Value::Date("2024-05-01".parse().unwrap());
        NumberFormat::parse(code).of(&day).shows
    }

    #[test]
    fn ordinary_formats_show_the_value() {
        for code in [
            "",
            "General",
            "0",
            "#,##0",
            "#,##0.00",
            "#,##0;[Red]-#,##0",
            "_(* #,##0_);_(* (#,##0);_(* \"-\"??_);_(@_)",
            "_-* #,##0.00\\ _F_-;\\-* #,##0.00\\ _F_-;_-* \"-\"??\\ _F_-;_-@_-",
            "@",
            "0.00E+00",
            "# ?/?",
            "dd/mm/yyyy",
            "[$-42A]dd/mm/yyyy;@",
            "[h]:mm:ss",
            "h:mm AM/PM",
            "mm:ss.0",
            "0\\%",
            "0\"%\"",
            "#,##0;-#,##0;;@",
        ] {
            for value in [1.0, -1.0, 0.0] {
                assert_eq!(number(code, value).thousands, 0, "{code}");
                assert_eq!(number(code, value).shows, Shows::Value, "{code} {value}");
            }
            assert_eq!(day(code), Shows::Value, "{code}");
            assert_eq!(text(code), CellFormat::default(), "{code}");
        }
    }

    #[test]
    fn a_percent_sign_counts_only_where_it_is_no_letter() {
        for code in ["0%", "0.00%", "0.0\\ %", "[Red]0%;-0%", "0 %"] {
            assert_eq!(number(code, 0.12).shows, Shows::Percent, "{code}");
        }
        assert_eq!(
            NumberFormat::built_in(9).of(&Value::Number(0.12)).shows,
            Shows::Percent
        );
        assert_eq!(text("0%"), CellFormat::default());
    }

    #[test]
    fn commas_behind_the_digits_divide_by_a_thousand_each() {
        for (code, thousands) in [
            ("#,##0,", 1),
            ("#,##0,,", 2),
            ("#,##0,,\" triệu\"", 2),
            ("#,##0.0,", 1),
            ("0,.0", 1),
            ("#,##0,_);(#,##0,)", 1),
            ("0,,\\ ;-0", 2),
            ("#,##0\",\"", 0),
            ("#,##0\\,", 0),
        ] {
            assert_eq!(number(code, 5.0).thousands, thousands, "{code}");
        }
    }

    #[test]
    fn words_beside_the_number_name_its_unit() {
        for (code, unit) in [
            ("#,##0\" triệu\"", Some(UnitWord::Million)),
            ("#,##0\\ \\t\\r", Some(UnitWord::Million)),
            ("#,##0 \"tr.đ\"", Some(UnitWord::Million)),
            ("#,##0\" tỷ đồng\"", Some(UnitWord::Billion)),
            ("#,##0\" tỉ\"", Some(UnitWord::Billion)),
            ("0\" tỷ lệ\"", Some(UnitWord::Other)),
            ("0\" ty\"", Some(UnitWord::Billion)),
            ("0\" công ty\"", Some(UnitWord::Other)),
            ("#,##0\" nghìn đồng\"", Some(UnitWord::Thousand)),
            ("#,##0 đ", Some(UnitWord::Dong)),
            ("#,##0\\ [$₫-42A]", Some(UnitWord::Dong)),
            ("[$VND]\\ #,##0", Some(UnitWord::Dong)),
            ("#,##0\\ \"VNĐ\"", Some(UnitWord::Dong)),
            ("0\" người\"", Some(UnitWord::Other)),
            ("[$$-409]#,##0", Some(UnitWord::Other)),
            ("#,##0\".000\"", Some(UnitWord::Other)),
            ("_(* #,##0_);_(* (#,##0);_(* \"-\"??_);_(@_)", None),
        ] {
            assert_eq!(number(code, 5.0).unit, unit, "{code}");
        }
        assert_eq!(text("@\" triệu\"").unit, Some(UnitWord::Million));
    }

    #[test]
    fn a_day_may_be_shown_as_its_month_or_its_year() {
        for code in [
            "mm/yyyy",
            "[$-42A]mmmm\\ yyyy;@",
            "\"Tháng \"m/yy",
            "mmm-yy",
        ] {
            assert_eq!(day(code), Shows::Month, "{code}");
        }
        assert_eq!(day("yyyy"), Shows::Year);
        assert_eq!(day("\"Năm \"yyyy;@"), Shows::Year);
        assert_eq!(day("d/m"), Shows::Value);
    }

    #[test]
    fn an_empty_section_shows_nothing() {
        for code in [";;;", ";;;;", "\"\";\"\";\"\";\"\"", "[Red];;;", " ; ; ; "] {
            assert_eq!(number(code, 500.0).shows, Shows::Nothing, "{code}");
            assert_eq!(number(code, -500.0).shows, Shows::Nothing, "{code}");
            assert_eq!(text(code).shows, Shows::Nothing, "{code}");
            // A zero that is left out says no more than a blank.
            assert_eq!(number(code, 0.0).shows, Shows::Value, "{code}");
        }
        assert_eq!(number(";-0", 5.0).shows, Shows::Nothing);
        assert_eq!(number("0;;;@", -5.0).shows, Shows::Nothing);
        assert_eq!(text("0;;;@").shows, Shows::Value);
        assert_eq!(text(";;").shows, Shows::Value);
    }

    #[test]
    fn conditions_choose_the_section() {
        let code = "[>=1000000]#,##0,,\" tr\";[>=1000]#,##0,\" k\";0\" đ\"";
        assert_eq!(number(code, 2_000_000.0).thousands, 2);
        assert_eq!(number(code, 2_000.0).thousands, 1);
        assert_eq!(number(code, 2_000.0).unit, Some(UnitWord::Thousand));
        assert_eq!(number(code, 2.0).thousands, 0);
        let two = "[<1]0%;0";
        assert_eq!(number(two, 0.5).shows, Shows::Percent);
        assert_eq!(number(two, 5.0).shows, Shows::Value);
    }

    /// Any text may stand where a code is expected.
    #[test]
    fn nothing_is_too_odd_to_read() {
        for code in [
            "\"", "\\", "[", "[$", "_", "*", "\"a;b", "[>x]0", "Ệ%", "am/",
        ] {
            NumberFormat::parse(code).of(&Value::Number(1.0));
        }
    }
}
