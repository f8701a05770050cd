//! Periods as people write them.

use crate::value::date::{quarter_number, range};
use chrono::{Datelike, NaiveDate};
use model::Period;
use std::collections::BTreeSet;
use vietext::{clean, fold};

/// What a text says of the period of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodText {
    Is(Period),
    /// It speaks of a time, but not of one year, or one year up to a quarter: a month, several years, two quarters.
    Unclear,
    /// It speaks of no time.
    Nothing,
}

/// The period that a text written for it names: 'Năm 2023', 'Quý IV/2024 (lũy kế từ đầu năm)', '6 tháng đầu năm 2024',
/// 'III/2024', '15/12/2023 đến 14/12/2024'. Each number in it must be part of that, or it is unclear.
pub(crate) fn period(text: &str) -> PeriodText {
    read(text, true)
}

/// The period that the name of a file names: other numbers in it count versions and documents.
pub(crate) fn period_in_name(name: &str) -> Option<Period> {
    match read(name, false) {
        PeriodText::Is(period) => Some(period),
        PeriodText::Unclear | PeriodText::Nothing => None,
    }
}

/// Reads what stands in brackets by itself: it may say the same once more, and nothing else.
fn read(text: &str, is_strict: bool) -> PeriodText {
    let (mut outside, mut insides) = (String::new(), Vec::new());
    for (i, part) in text.split('(').enumerate() {
        let (inside, after) = match part.split_once(')') {
            Some((inside, after)) if i > 0 => (inside, after),
            _ if i > 0 => (part, ""),
            _ => ("", part),
        };
        insides.push(inside);
        outside.push(' ');
        outside.push_str(after);
    }
    // 'Quý III (năm 2024)' is one sentence.
    if !names_year(&outside) {
        return read_part(&text.replace(['(', ')'], " "), None, is_strict);
    }
    let mut found = read_part(&outside, None, is_strict);
    for inside in insides {
        let year = match found {
            PeriodText::Is(period) => Some(period.calendar_year()),
            PeriodText::Unclear | PeriodText::Nothing => None,
        };
        found = match (found, read_part(inside, year, is_strict)) {
            (found, PeriodText::Nothing) => found,
            (PeriodText::Nothing, inside) => inside,
            (PeriodText::Is(one), PeriodText::Is(other)) if one == other => found,
            _ => PeriodText::Unclear,
        };
    }
    found
}

/// Reads a text without brackets; `year` is the year that is meant if it names none.
fn read_part(text: &str, year: Option<i32>, is_strict: bool) -> PeriodText {
    let lower = clean(text).to_lowercase();
    let since = lower.find("từ ").map(|at| &lower[at..]);
    let behind_label = lower.split_once(':').map(|(_, behind)| behind);
    let spans = [Some(lower.as_str()), since, behind_label];
    if let Some((first, last)) = spans.into_iter().flatten().find_map(range) {
        return span(first.first, last.last).map_or(PeriodText::Unclear, PeriodText::Is);
    }
    let folded = fold(&lower);
    let words: Vec<&str> = folded.split(' ').collect();
    Words::new(&words).say(year, is_strict)
}

/// The period that goes from one day to another: from the first day of a year, or as reports by decree 09/2019/NĐ-CP from
/// the 15th of the month before to the 14th of a quarter's last month.
fn span(first: NaiveDate, last: NaiveDate) -> Option<Period> {
    let year = last.year();
    let is_calendar = (first.year(), first.month(), first.day()) == (year, 1, 1);
    let is_decree = (first.year(), first.month(), first.day()) == (year - 1, 12, 15);
    let quarter = u8::try_from(last.month() / 3)
        .ok()
        .filter(|_| last.month().is_multiple_of(3));
    let period = match quarter? {
        4 => Period::year(year)?,
        quarter => Period::quarter(year, quarter)?,
    };
    let ends = (is_calendar && period.last_day() == last) || (is_decree && last.day() == 14);
    ends.then_some(period)
}

/// What the words of a text say of a time.
#[derive(Default)]
struct Words {
    years: Vec<i32>,
    /// Up to which quarter, 4 being also the fourth by name.
    quarters: BTreeSet<u32>,
    /// Whether all of the year is named, beside its year: 'cả năm', '12 tháng'.
    whole_year: bool,
    /// Whether it names a time that is no period: a month, a school year, the second half of a year.
    other_time: bool,
    /// Whether it holds a number that is part of none of these.
    other_number: bool,
    /// Whether it says 'đầu năm', beside which the year may be named once more.
    since_new_year: bool,
}

impl Words {
    fn new(words: &[&str]) -> Self {
        let mut said = Self::default();
        let mut at = 0;
        while at < words.len() {
            at += said.take(words, at);
        }
        said
    }

    /// Takes what begins at a word; gives back how many words that was.
    fn take(&mut self, words: &[&str], at: usize) -> usize {
        let word = words[at];
        let next = words.get(at + 1).copied().unwrap_or_default();
        let before = at.checked_sub(1).map_or("", |at| words[at]);
        if let Some(year) = year(word) {
            self.years.push(year);
            return 1;
        }
        if let Some((year, quarter)) = year_and_quarter(word) {
            self.years.push(year);
            self.quarters.insert(quarter);
            return 1;
        }
        match (word, next) {
            ("quy" | "qui" | "q", _) => {
                let Some(quarter) = quarter_number(next) else {
                    return 1;
                };
                self.quarters.insert(quarter);
                return 2 + self.take_more_quarters(words, at + 2);
            }
            ("nam", "hoc") | ("hoc", "ky" | "ki") | ("giai", "doan") => {
                self.other_time = true;
                return 2;
            }
            ("ca", "nam") => {
                self.whole_year = true;
                return 2;
            }
            ("dau", "nam") => {
                self.since_new_year = true;
                return 2;
            }
            // 'Tháng 9', and '6 tháng cuối năm'.
            ("thang", month) if is_number(month) && year(month).is_none() => {
                self.other_time = true;
                return 2;
            }
            ("cuoi" | "nua", _) => {
                self.other_time = true;
                return 1;
            }
            (months, "thang") if months_number(months).is_some() => {
                self.take_months(months);
                return 2;
            }
            _ => {}
        }
        if let Some(quarter) = ["quy", "qui", "q"]
            .iter()
            .find_map(|name| quarter_number(word.strip_prefix(name)?))
        {
            self.quarters.insert(quarter);
        } else if word.strip_suffix('t').is_some_and(is_number) {
            self.take_months(word.trim_end_matches('t'));
        } else if matches!(word, "i" | "ii" | "iii" | "iv")
            && (year(next).is_some() || year(before).is_some())
        {
            // 'III/2024' is a quarter, 'Kỳ I/2024' may be half a year.
            match quarter_number(word).filter(|_| !matches!(before, "ky" | "ki")) {
                Some(quarter) => self.quarters.extend([quarter]),
                None => self.other_time = true,
            }
        } else if word.contains(|c: char| c.is_ascii_digit()) {
            self.other_number = true;
        }
        1
    }

    /// The further quarters of 'quý I, II' and 'quý 3 và 4'; gives back how many words that was.
    fn take_more_quarters(&mut self, words: &[&str], from: usize) -> usize {
        let mut at = from;
        loop {
            let place = at + usize::from(words.get(at) == Some(&"va"));
            let quarter = words
                .get(place)
                .filter(|word| is_number(word) || matches!(**word, "i" | "ii" | "iii" | "iv"))
                .and_then(|word| quarter_number(word));
            let counts_months = words.get(place + 1) == Some(&"thang");
            match quarter {
                Some(quarter) if !counts_months => {
                    self.quarters.insert(quarter);
                    at = place + 1;
                }
                _ => return at - from,
            }
        }
    }

    /// What is reported after three, six or nine months is the year up to that quarter.
    fn take_months(&mut self, months: &str) {
        match months_number(months) {
            Some(12) => self.whole_year = true,
            Some(months) if months.is_multiple_of(3) && (3..=9).contains(&months) => {
                self.quarters.insert(months / 3);
            }
            _ => self.other_time = true,
        }
    }

    fn say(&self, meant: Option<i32>, is_strict: bool) -> PeriodText {
        let speaks = self.whole_year || self.other_time || !self.quarters.is_empty();
        let distinct: BTreeSet<i32> = self.years.iter().copied().collect();
        let year = match (distinct.first(), distinct.len(), meant) {
            (Some(year), 1, _) => *year,
            (None, _, Some(meant)) if speaks => meant,
            (None, ..) if speaks && is_strict => return PeriodText::Unclear,
            (None, ..) => return PeriodText::Nothing,
            (Some(_), ..) => return PeriodText::Unclear,
        };
        let quarters: Vec<u32> = self.quarters.iter().copied().collect();
        // 'Quý III năm 2024 và năm 2024' names two periods.
        let named_again =
            self.years.len() > 1 && !quarters.is_empty() && !self.since_new_year && is_strict;
        if self.other_time || (self.other_number && is_strict) || named_again {
            return PeriodText::Unclear;
        }
        let period = match (quarters.as_slice(), self.whole_year) {
            // The fourth quarter is counted from the start of the year, as the year is.
            ([], _) | ([4], true) => Period::year(year),
            ([quarter], false) => u8::try_from(*quarter)
                .ok()
                .and_then(|quarter| Period::quarter(year, quarter)),
            _ => None,
        };
        period.map_or(PeriodText::Unclear, PeriodText::Is)
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// The year that a word is, if a report may be about it.
pub(crate) fn year(word: &str) -> Option<i32> {
    word.parse()
        .ok()
        .filter(|year| word.len() == 4 && (2000..=2100).contains(year))
}

fn names_year(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded.split(' ');
    words.any(|word| year(word).is_some() || year_and_quarter(word).is_some())
}

/// '2024q3'.
fn year_and_quarter(word: &str) -> Option<(i32, u32)> {
    let (first, second) = word.split_once('q')?;
    Some((year(first)?, quarter_number(second)?))
}

fn months_number(word: &str) -> Option<u32> {
    match word {
        "ba" => Some(3),
        "sau" => Some(6),
        "chin" => Some(9),
        _ if is_number(word) && word.len() <= 2 => word.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{PeriodText, period, period_in_name};

    #[test]
    fn ways_of_writing() {
        for (text, expected) in [
            ("Năm 2023", "2023"),
            ("2023", "2023"),
            ("Cả năm 2024", "2024"),
            ("12 tháng năm 2024", "2024"),
            ("Năm 2024 (ước thực hiện cả năm)", "2024"),
            ("Năm 2024 (báo cáo lần 2)", "2024"),
            ("Quý IV/2024 (lũy kế từ đầu năm)", "2024-Q4"),
            ("Kỳ báo cáo: Quý 3 năm 2024", "2024-Q3"),
            ("Quí 03/2024", "2024-Q3"),
            ("quý ba năm 2024", "2024-Q3"),
            ("QIII-2024", "2024-Q3"),
            ("III/2024", "2024-Q3"),
            ("Kỳ báo cáo: III/2024", "2024-Q3"),
            ("Q3.2024", "2024-Q3"),
            ("2024.Q3", "2024-Q3"),
            ("2024Q3", "2024-Q3"),
            ("3 tháng đầu năm 2024", "2024-Q1"),
            ("6 tháng đầu năm 2024", "2024-Q2"),
            ("Sáu tháng đầu năm 2024", "2024-Q2"),
            ("9 tháng năm 2024", "2024-Q3"),
            ("9T/2024", "2024-Q3"),
            ("Quý III và 9 tháng đầu năm 2024", "2024-Q3"),
            ("Quý III/2024 (9 tháng)", "2024-Q3"),
            ("Quý III (năm 2024)", "2024-Q3"),
            ("Tháng 1 đến tháng 9/2024", "2024-Q3"),
            ("Quý IV và cả năm 2024", "2024"),
            ("Lũy kế từ đầu năm 2024 đến hết quý III/2024", "2024-Q3"),
            ("từ 01/01/2024 đến hết quý III/2024", "2024-Q3"),
            ("15/12/2023 đến 14/12/2024", "2024"),
            ("từ ngày 15/12/2023 đến ngày 14/12/2024", "2024"),
            (
                "Kỳ báo cáo: từ ngày 15/12/2023 đến ngày 14/6/2024",
                "2024-Q2",
            ),
            ("Năm 2024 (từ 15/12/2023 đến 14/12/2024)", "2024"),
            ("01/01/2024 - 31/12/2024", "2024"),
            ("01/2024 - 09/2024", "2024-Q3"),
            ("Quý I - Quý III/2024", "2024-Q3"),
        ] {
            let found = match period(text) {
                PeriodText::Is(period) => period.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_one_period_is_unclear() {
        for text in [
            "Giai đoạn 2021 - 2024",
            "2021-2024",
            "Năm học 2023 - 2024",
            "Học kỳ I năm 2024",
            "Kỳ I/2024",
            "Tháng 9 năm 2024",
            "tháng 10/2024",
            "3/2024",
            "01/03/2024",
            "10 tháng đầu năm 2024",
            "11 tháng năm 2024",
            "6 tháng cuối năm 2024",
            "Nửa đầu năm 2024",
            "01/01/2024 - 30/11/2024",
            "Năm 2024 (số liệu đến 30/11/2024)",
            "Năm 2024 và kế hoạch năm 2025",
            "quý 3/2024, ước quý 4/2024",
            "Quý III và ước cả năm 2024",
            "Quý III/2024 (ước cả năm)",
            "Quý III năm 2024 và năm 2024",
            "Quý I, II/2024",
            "Quý 3 và 4 năm 2024",
            "Quý III so với quý III/2023 và 2024",
            "Quý III",
            "9 tháng",
            "Năm 2024 (quý III)",
            "Từ tháng 1 đến tháng 11/2024",
            "6 tháng đầu năm và cả năm 2024",
            "Đợt 2 năm 2024",
        ] {
            assert_eq!(period(text), PeriodText::Unclear, "{text}");
        }
        for text in ["", "Báo cáo", "Kỳ báo cáo", "Kỳ báo cáo:", "lần 2"] {
            assert_eq!(period(text), PeriodText::Nothing, "{text}");
        }
    }

    #[test]
    fn names_of_files_hold_other_numbers() {
        for (name, expected) in [
            ("Bao cao NSCL Sở Y TẾ 2024-Q4.xls", Some("2024-Q4")),
            ("SCT_2022.xlsx", Some("2022")),
            ("SCT 2024 lan 2.xlsx", Some("2024")),
            ("SCT_2024 (1).xlsx", Some("2024")),
            ("2024-11-20 SCT.xlsx", Some("2024")),
            ("SCT 9 thang 2024.xlsx", Some("2024-Q3")),
            ("SCT 10 thang 2024.xlsx", None),
            ("SCT 2021-2024.xlsx", None),
            ("bao-cao.xlsx", None),
            ("SCT quy 3.xlsx", None),
        ] {
            let found = period_in_name(name).map(|period| period.to_string());
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }
}
