use chrono::{Days, Months, NaiveDate};
use vietext::fold;

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

    fn months(year: i32, month: u32, months: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let last = first
            .checked_add_months(Months::new(months))?
            .checked_sub_days(Days::new(1))?;
        Some(Self { first, last })
    }
}

/// The day of an Excel serial number kept as text or as a bare number, 1950 to 2100; 1 is 1 January 1900.
pub(crate) fn serial(number: i64) -> Option<NaiveDate> {
    let days = u64::try_from(number)
        .ok()
        .filter(|n| (18_264..=73_415).contains(n))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// Reads `05/03/2024`, `5-3-2024`, `5.3.24`, `2024-03-05`, `ngày 5 tháng 3 năm 2024`, `05/2024`, `tháng 5/2024`,
/// `Quý II/2024`, `năm 2024`, or a serial number as text. Nothing if the text is no date.
///
/// Day before month, as everywhere in Việt Nam; a month only if no day is given.
pub(crate) fn date(text: &str) -> Option<DateSpan> {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|w| !matches!(*w, "ngay" | "thang" | "nam"))
        .collect();
    let numbers: Option<Vec<u32>> = words
        .iter()
        .map(|w| w.parse().ok().filter(|_| w.len() <= 5))
        .collect();
    // Before the rest: 'Quý 2/2024' would be a month otherwise.
    if let Some(quarter) = quarter(&folded) {
        let year = words.iter().find_map(|w| full_year(w))?;
        return DateSpan::months(year, quarter * 3 - 2, 3);
    }
    let words: Vec<&str> = words.iter().copied().filter(|w| !w.is_empty()).collect();
    // Three numbers are a day, six a day with its time of day, which does not matter.
    match (numbers.as_deref(), words.as_slice()) {
        (Some([d, m, _, ..]), [_, _, y, ..]) if words.len() == 3 || words.len() == 6 => {
            let spanned = match full_year(words[0]) {
                Some(year) => NaiveDate::from_ymd_opt(year, *m, words[2].parse().ok()?),
                None => NaiveDate::from_ymd_opt(any_year(y)?, *m, *d),
            };
            spanned.map(DateSpan::day)
        }
        (Some([a, b]), [first, second]) => match (full_year(first), full_year(second)) {
            (None, Some(year)) => DateSpan::months(year, *a, 1),
            (Some(year), None) => DateSpan::months(year, *b, 1),
            _ => None,
        },
        (Some([n]), [word]) => match full_year(word) {
            Some(year) => DateSpan::months(year, 1, 12),
            None => serial(i64::from(*n)).map(DateSpan::day),
        },
        _ => None,
    }
}

fn full_year(word: &str) -> Option<i32> {
    word.parse()
        .ok()
        .filter(|year| word.len() == 4 && (1950..=2100).contains(year))
}

fn any_year(word: &str) -> Option<i32> {
    match word.len() {
        // All that is reported happens in this century.
        2 => word.parse::<i32>().ok().map(|short| 2000 + short),
        _ => full_year(word),
    }
}

/// The quarter a folded text names: 'quy ii 2024', 'quy 2', 'q2'.
pub(crate) fn quarter(folded: &str) -> Option<u32> {
    let mut words = folded.split(' ').peekable();
    while let Some(word) = words.next() {
        let number = match word {
            "quy" => words.peek().copied().unwrap_or_default(),
            _ => match word.strip_prefix("quy").or_else(|| word.strip_prefix('q')) {
                Some(number) => number,
                None => continue,
            },
        };
        match number {
            "1" | "i" => return Some(1),
            "2" | "ii" => return Some(2),
            "3" | "iii" => return Some(3),
            "4" | "iv" => return Some(4),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::date;

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
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
