//! Dates as people write them.

use chrono::{Datelike, Days, Months, NaiveDate};
use std::ops::RangeInclusive;
use vietext::{clean, fold};

/// The years that a date may be of: nothing that is reported began before, and a later one is a slip of the finger.
const YEARS: RangeInclusive<i32> = 1990..=2100;

/// A day, month, quarter or year: its first and its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateSpan {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl DateSpan {
    pub(crate) fn day(day: NaiveDate) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// So many months from the first day of one on; nothing if that is no month, or its year is none of ours.
    pub(crate) fn months(year: i32, month: u32, months: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1).filter(|day| is_possible(*day))?;
        let last = first
            .checked_add_months(Months::new(months))?
            .checked_sub_days(Days::new(1))?;
        Some(Self { first, last })
    }
}

/// Which of two small numbers of a date is the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DayOrder {
    /// The first, as everywhere in Việt Nam.
    #[default]
    DayFirst,
    /// The second, since some dates fit that way only and none the other.
    MonthFirst,
    /// Some dates fit one way only, some the other.
    Unsure,
}

/// Which way some texts write dates, from those that fit one way only: '20/08/2024', '08/20/2024'.
pub(crate) fn day_order<'t>(texts: impl IntoIterator<Item = &'t str>) -> DayOrder {
    let (mut day_first, mut month_first) = (false, false);
    for (first, second) in texts.into_iter().filter_map(day_and_month) {
        day_first |= (13..=31).contains(&first) && second <= 12;
        month_first |= (13..=31).contains(&second) && first <= 12;
    }
    match (day_first, month_first) {
        (_, false) => DayOrder::DayFirst,
        (false, true) => DayOrder::MonthFirst,
        (true, true) => DayOrder::Unsure,
    }
}

/// The two numbers before the year of the last date in a text of numbers: 5 and 3 of '05/03/2024'.
pub(crate) fn day_and_month(text: &str) -> Option<(u32, u32)> {
    // Most texts of a column of dates begin with a digit, or are no dates.
    let folded = fold(text);
    let words = date_words(&folded);
    let last = |place: usize| {
        place
            .checked_sub(2)
            .map(|first| (words[first], words[first + 1]))
    };
    let year = words.iter().rposition(|word| full_year(word).is_some());
    let year = year.or_else(|| (words.len() == 3 && any_year(words[2]).is_some()).then_some(2))?;
    let (first, second) = last(year)?;
    let number = |word: &str| {
        word.parse()
            .ok()
            .filter(|n| word.len() <= 2 && (1..=31).contains(n))
    };
    Some((number(first)?, number(second)?))
}

/// Whether a day is of a year that a date may be of.
pub(crate) fn is_possible(day: NaiveDate) -> bool {
    YEARS.contains(&day.year())
}

/// All of a year that a date may be of.
pub(crate) fn year_of(year: i32) -> Option<DateSpan> {
    DateSpan::months(year, 1, 12)
}

/// The day of an Excel serial number kept as text or as a bare number; 1 is 1 January 1900.
pub(crate) fn serial(number: i64) -> Option<NaiveDate> {
    let days = u64::try_from(number).ok().filter(|n| *n < 100_000)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?
        .checked_add_days(Days::new(days))
        .filter(|day| is_possible(*day))
}

/// Reads `05/03/2024`, `5-3-2024`, `5.3.24`, `2024-03-05`, `ngày 5 tháng 3 năm 2024`, `05/2024`, `tháng 5/2024`,
/// `Quý II/2024`, `năm 2024`, or a serial number as text. Nothing if the text is no date.
///
/// Day before month, as everywhere in Việt Nam; a month only if no day is given.
pub(crate) fn date(text: &str) -> Option<DateSpan> {
    calendar_date(text).or_else(|| {
        let text = text.trim();
        let number = text.parse().ok().filter(|_| text.len() <= 5)?;
        serial(number).map(DateSpan::day)
    })
}

/// The words of a folded date that say something: without 'ngày', 'tháng', 'năm', and the T of 'T5/2024'.
fn date_words(folded: &str) -> Vec<&str> {
    let month = |word: &str| word.strip_prefix('t').is_some_and(is_short_number);
    folded
        .split(' ')
        .filter(|w| !matches!(*w, "" | "ngay" | "thang" | "nam" | "t"))
        .map(|word| if month(word) { &word[1..] } else { word })
        .collect()
}

fn is_short_number(word: &str) -> bool {
    (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a date that is written with its year.
fn calendar_date(text: &str) -> Option<DateSpan> {
    let folded = fold(text);
    let words = date_words(&folded);
    // Before the rest: 'Quý 2/2024' would be a month otherwise.
    if let Some(quarter) = quarter(&folded) {
        let year = words.iter().find_map(|w| full_year(w))?;
        // 'Quý I, II/2024' says more than one quarter.
        let expected = 2 + usize::from(words.iter().any(|w| matches!(*w, "quy" | "qui")));
        return (words.len() == expected)
            .then(|| DateSpan::months(year, quarter * 3 - 2, 3))
            .flatten();
    }
    let number = |word: &str| -> Option<u32> { word.parse().ok().filter(|_| word.len() <= 4) };
    let numbers: Vec<u32> = words.iter().map(|w| number(w)).collect::<Option<_>>()?;
    match *numbers.as_slice() {
        // Three numbers are a day; more are a day with its time of day, which does not matter.
        [a, b, c, ref time @ ..] if time.is_empty() || (time.len() <= 3 && text.contains(':')) => {
            let day = match full_year(words[0]) {
                Some(year) => NaiveDate::from_ymd_opt(year, b, c),
                None => NaiveDate::from_ymd_opt(any_year(words[2])?, b, a),
            };
            day.map(DateSpan::day)
        }
        [a, b] => match (full_year(words[0]), full_year(words[1])) {
            (None, Some(year)) => DateSpan::months(year, a, 1),
            (Some(year), None) => DateSpan::months(year, b, 1),
            _ => None,
        },
        [_] => full_year(words[0]).and_then(year_of),
        _ => None,
    }
}

/// Reads two dates, of which the second does not come before the first: `từ 01/3/2024 đến 30/6/2024`,
/// `04/2024 - 09/2024`, `15/3-20/8/2024`, `Quý I - Quý III/2024`, and days in a row: `10-12/5/2024`, `20, 21/6/2024`.
/// What the first lacks, it has in common with the second.
pub(crate) fn range(text: &str) -> Option<(DateSpan, DateSpan)> {
    let lower = clean(text).to_lowercase();
    let lower = ["từ", "tu"]
        .iter()
        .find_map(|word| lower.strip_prefix(word)?.strip_prefix([' ', ':']))
        .unwrap_or(&lower);
    let (first, second) = match ends(lower) {
        Some((first, second)) => {
            let second = calendar_date(second)?;
            (
                calendar_date(first).or_else(|| partial(first, second))?,
                second,
            )
        }
        None => days_in_a_row(lower)?,
    };
    (first.first <= second.first).then_some((first, second))
}

/// The two texts on both sides of the one word or sign that means 'until'.
fn ends(lower: &str) -> Option<(&str, &str)> {
    for word in [" đến ", " den ", " tới ", " toi "] {
        if let Some((first, second)) = lower.split_once(word) {
            let second = second.trim_start().strip_prefix("hết ").unwrap_or(second);
            return Some((first, second));
        }
    }
    let is_sign = |c: char| matches!(c, '-' | '–' | '—' | '−' | '→' | '~');
    let signs: Vec<(usize, char)> = lower.char_indices().filter(|(_, c)| is_sign(*c)).collect();
    // '15-3-2024 - 20-8-2024': a sign between blanks parts more than one without. Two of them part a day from its month.
    let is_apart = |&&(at, sign): &&(usize, char)| {
        lower[..at].ends_with(' ') || lower[at + sign.len_utf8()..].starts_with([' ', '>'])
    };
    let apart: Vec<&(usize, char)> = signs.iter().filter(is_apart).collect();
    let &(at, sign) = match (apart.as_slice(), signs.as_slice()) {
        ([one], _) => *one,
        ([], [one]) => one,
        _ => return None,
    };
    let second = lower[at + sign.len_utf8()..].trim_start_matches('>');
    Some((&lower[..at], second))
}

/// A first date that leaves out what it has in common with the second: '15/3' of '15/3-20/8/2024'.
fn partial(text: &str, second: DateSpan) -> Option<DateSpan> {
    let folded = fold(text);
    let year = second.first.year();
    if let Some(quarter) = quarter(&folded) {
        let is_quarter = DateSpan::months(year, second.first.month(), 3) == Some(second);
        let whole = date_words(&folded).len() <= 2;
        return (is_quarter && whole)
            .then(|| DateSpan::months(year, quarter * 3 - 2, 3))
            .flatten();
    }
    let numbers: Vec<u32> = date_words(&folded)
        .iter()
        .map(|word| word.parse().ok().filter(|_| word.len() <= 2))
        .collect::<Option<_>>()?;
    let is_day = second.first == second.last;
    let is_month = DateSpan::months(year, second.first.month(), 1) == Some(second);
    match *numbers.as_slice() {
        [day] if is_day && !folded.contains("thang") => {
            NaiveDate::from_ymd_opt(year, second.first.month(), day).map(DateSpan::day)
        }
        [month] if is_month => DateSpan::months(year, month, 1),
        [day, month] if is_day => NaiveDate::from_ymd_opt(year, month, day).map(DateSpan::day),
        _ => None,
    }
}

/// 'ngày 20, 21/6/2024': days of one month, each after the one before.
fn days_in_a_row(lower: &str) -> Option<(DateSpan, DateSpan)> {
    let together = lower.replace(" và ", ",").replace(['&', ';'], ",");
    let (days, last) = together.rsplit_once(',')?;
    let last = calendar_date(last).filter(|span| span.first == span.last)?;
    let days: Vec<DateSpan> = days
        .split(',')
        .map(|day| partial(day, last))
        .collect::<Option<_>>()?;
    let in_month = |day: &DateSpan| day.first.month() == last.first.month();
    let in_order = days.windows(2).all(|two| two[0].first < two[1].first);
    let first = *days.first()?;
    (in_order && days.iter().all(in_month) && days.last()?.first < last.first)
        .then_some((first, last))
}

fn full_year(word: &str) -> Option<i32> {
    word.parse()
        .ok()
        .filter(|year| word.len() == 4 && YEARS.contains(year))
}

fn any_year(word: &str) -> Option<i32> {
    match word.len() {
        // All that is reported happens in these years; '95' is none of them.
        2 => word
            .parse::<i32>()
            .ok()
            .filter(|short| *short < 50)
            .map(|short| 2000 + short),
        _ => full_year(word),
    }
}

/// The quarter a folded text names: 'quy ii 2024', 'quy 2', 'q2'; the first of several.
fn quarter(folded: &str) -> Option<u32> {
    let words: Vec<&str> = folded.split(' ').collect();
    let named = |(at, word): (usize, &&str)| {
        let number = match *word {
            "quy" | "qui" => words.get(at + 1).copied().unwrap_or_default(),
            _ => ["quy", "qui", "q"]
                .iter()
                .find_map(|name| word.strip_prefix(name))?,
        };
        quarter_number(number)
    };
    words.iter().enumerate().find_map(named)
}

/// A quarter's number by itself: '3', '03', 'III', 'ba'.
pub(crate) fn quarter_number(folded: &str) -> Option<u32> {
    match folded {
        "1" | "01" | "i" | "mot" => Some(1),
        "2" | "02" | "ii" | "hai" => Some(2),
        "3" | "03" | "iii" | "ba" => Some(3),
        "4" | "04" | "iv" | "bon" | "tu" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{DayOrder, date, day_order, range};

    #[test]
    fn ways_of_writing() {
        for (text, first, last) in [
            ("05/03/2024", "2024-03-05", "2024-03-05"),
            ("5-3-2024", "2024-03-05", "2024-03-05"),
            ("15.10.2024", "2024-10-15", "2024-10-15"),
            ("5/3/24", "2024-03-05", "2024-03-05"),
            ("2024-03-05", "2024-03-05", "2024-03-05"),
            ("2024-03-05 00:00:00", "2024-03-05", "2024-03-05"),
            ("ngày 5 tháng 3 năm 2024", "2024-03-05", "2024-03-05"),
            ("05/2024", "2024-05-01", "2024-05-31"),
            ("tháng 5/2024", "2024-05-01", "2024-05-31"),
            ("T5/2024", "2024-05-01", "2024-05-31"),
            ("T.05-2024", "2024-05-01", "2024-05-31"),
            ("Tháng 02 năm 2024", "2024-02-01", "2024-02-29"),
            ("Quý II/2024", "2024-04-01", "2024-06-30"),
            ("quý 4 năm 2023", "2023-10-01", "2023-12-31"),
            ("Q1/2024", "2024-01-01", "2024-03-31"),
            ("năm 2024", "2024-01-01", "2024-12-31"),
            ("34451", "1994-04-27", "1994-04-27"),
        ] {
            let span = date(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (
                    span.first.to_string().as_str(),
                    span.last.to_string().as_str()
                ),
                (first, last),
                "{text}"
            );
        }
        for text in [
            "",
            "đầu năm",
            "31/02/2024",
            "13/2024",
            "5",
            "2024-13-01",
            "Quý V/2024",
            "Quý II",
            "05/03",
            "Quý I, II/2024",
            "15/3/2024, 20/8/24",
            "5/3/95",
            "5/3/1024",
            "5/3/0204",
            "5/3/20240",
            "1989",
            "32873",
            "08/20/2024",
            "15/03/2024 lần 2",
            "T2 15/03/2024",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn two_dates_in_one_text() {
        for (text, first, second) in [
            ("từ 01/3/2024 đến 30/6/2024", "2024-03-01", "2024-06-30"),
            (
                "Từ ngày 01/3/2024 đến hết ngày 30/6/2024",
                "2024-03-01",
                "2024-06-30",
            ),
            ("01/3/2024 tới 30/6/2024", "2024-03-01", "2024-06-30"),
            ("04/2024 - 09/2024", "2024-04-01", "2024-09-30"),
            ("tháng 4 đến tháng 9/2024", "2024-04-01", "2024-09-30"),
            ("10-12/5/2024", "2024-05-10", "2024-05-12"),
            ("Ngày 20, 21/6/2024", "2024-06-20", "2024-06-21"),
            ("20, 21 và 22/6/2024", "2024-06-20", "2024-06-22"),
            ("15/3-20/8/2024", "2024-03-15", "2024-08-20"),
            ("15/3/2024-20/8/2024", "2024-03-15", "2024-08-20"),
            ("15-3-2024 - 20-8-2024", "2024-03-15", "2024-08-20"),
            ("15/3/2024 -> 20/8/2024", "2024-03-15", "2024-08-20"),
            ("15.3.2024 – 20.8.2024", "2024-03-15", "2024-08-20"),
            ("Quý I - Quý III/2024", "2024-01-01", "2024-09-30"),
            ("Q1-Q3/2024", "2024-01-01", "2024-09-30"),
            ("2023-2024", "2023-01-01", "2024-12-31"),
            ("15/12/2023 đến 14/12/2024", "2023-12-15", "2024-12-14"),
        ] {
            let (from, to) = range(text).unwrap_or_else(|| panic!("{text}"));
            let found = (from.first.to_string(), to.last.to_string());
            assert_eq!(
                (found.0.as_str(), found.1.as_str()),
                (first, second),
                "{text}"
            );
        }
        for text in [
            "",
            "5-3-2024",
            "3-5-2024",
            "3 - 5 - 2024",
            "2024-03-05",
            "05/2024",
            "5-2024",
            "2024-Q4",
            "15/11-20/2/2024",
            "30/6/2024 - 01/3/2024",
            "từ 3/2024 đến nay",
            "15/3/2024 và 20/8/2024",
            "21, 20/6/2024",
            "31-32/5/2024",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn dates_that_fit_one_way_only_show_the_order() {
        let order = |texts: &[&str]| day_order(texts.iter().copied());
        assert_eq!(order(&["05/03/2024", "x"]), DayOrder::DayFirst);
        assert_eq!(order(&["05/03/2024", "20/08/2024"]), DayOrder::DayFirst);
        assert_eq!(order(&["05/03/2024", "08/20/2024"]), DayOrder::MonthFirst);
        assert_eq!(order(&["20/08/2024", "8-20-24"]), DayOrder::Unsure);
        assert_eq!(order(&["2024-08-20", "05/2024"]), DayOrder::DayFirst);
    }
}
