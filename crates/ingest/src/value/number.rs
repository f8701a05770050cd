//! Numbers as people write them.

use rust_decimal::Decimal;
use vietext::fold;

/// Which sign a text uses between the whole and the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DecimalNotation {
    /// `1.234,5` (TT 07/2020/TT-BKHCN, note of form 02-BC).
    CommaDecimal,
    /// `1,234.5`.
    DotDecimal,
}

impl DecimalNotation {
    /// The sign between thousands, and the one before the fraction.
    fn signs(self) -> (char, char) {
        match self {
            Self::CommaDecimal => ('.', ','),
            Self::DotDecimal => (',', '.'),
        }
    }
}

/// What the word behind a number says it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Money, in units of so many đồng.
    Money(i64),
    /// People or enterprises.
    Heads,
}

/// What a text says as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// One reading, with what the cell itself says it counts.
    One(Decimal, Option<Counted>),
    /// `1.234`: with the separator between thousands, and between whole and fraction.
    Either {
        thousands: Decimal,
        fraction: Decimal,
        unit: Option<Counted>,
    },
}

/// Reads a number written as `1.234.567,89`, `1,234,567.89`, `1 234`, `(120)`, `850 triệu`, `1,2 tỷ`,
/// `15 triệu 500 nghìn`, `45 người`.
///
/// A lone separator before exactly three digits has two readings unless `notation` says which sign is the
/// fraction's. Nothing if the text is no number.
pub(crate) fn number(text: &str, notation: Option<DecimalNotation>) -> Option<Number> {
    if let Some(dong) = in_steps(text) {
        return Some(Number::One(dong, Some(Counted::Money(1))));
    }
    let (mut digits, unit) = without_unit(text)?;
    let bracketed = digits
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let mut negative = bracketed.is_some();
    digits = bracketed.unwrap_or(digits).trim();
    if let Some(rest) = digits.strip_prefix(['-', '−', '–']) {
        negative = !negative;
        digits = rest.trim();
    } else if let Some(rest) = digits.strip_prefix('+') {
        digits = rest.trim();
    }
    // Blanks and apostrophes part thousands only; which places they may have is checked below.
    let plain: String = digits
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .collect();
    if digits.contains(|c: char| c.is_whitespace() || c == '\'') && !spaced_by_threes(digits) {
        return None;
    }
    let signed = |value: Decimal| if negative { -value } else { value };
    let (dots, commas) = (plain.matches('.').count(), plain.matches(',').count());
    let read_as = |notation: DecimalNotation| read(&plain, notation).map(signed);
    match (dots, commas) {
        (0, 0) => {
            read(&plain, DecimalNotation::DotDecimal).map(|value| Number::One(signed(value), unit))
        }
        // Of two different signs the last one is before the fraction.
        (1.., 1..) => {
            let notation = if plain.rfind(',') > plain.rfind('.') {
                DecimalNotation::CommaDecimal
            } else {
                DecimalNotation::DotDecimal
            };
            read_as(notation).map(|value| Number::One(value, unit))
        }
        // A sign that stands twice parts thousands: a number has one fraction.
        (2.., 0) => read_as(DecimalNotation::CommaDecimal).map(|value| Number::One(value, unit)),
        (0, 2..) => read_as(DecimalNotation::DotDecimal).map(|value| Number::One(value, unit)),
        // One lone sign: with three digits behind it, it may be either.
        _ => {
            let (thousands, fraction) = if dots == 1 {
                (DecimalNotation::CommaDecimal, DecimalNotation::DotDecimal)
            } else {
                (DecimalNotation::DotDecimal, DecimalNotation::CommaDecimal)
            };
            match (read_as(thousands), read_as(fraction), notation) {
                (Some(value), Some(_), Some(known)) if known == thousands => {
                    Some(Number::One(value, unit))
                }
                (Some(_), Some(value), Some(_)) => Some(Number::One(value, unit)),
                (Some(thousands), Some(fraction), None) => Some(Number::Either {
                    thousands,
                    fraction,
                    unit,
                }),
                (None, Some(value), _) => Some(Number::One(value, unit)),
                _ => None,
            }
        }
    }
}

/// The notation that a text shows beyond doubt, if any.
pub(crate) fn notation(text: &str) -> Option<DecimalNotation> {
    let (digits, _) = without_unit(text)?;
    let (dots, commas) = (digits.matches('.').count(), digits.matches(',').count());
    match (number(text, None)?, dots, commas) {
        (Number::Either { .. }, ..) | (_, 0, 0) => None,
        (_, 1.., 1..) => Some(if digits.rfind(',') > digits.rfind('.') {
            DecimalNotation::CommaDecimal
        } else {
            DecimalNotation::DotDecimal
        }),
        (_, 2.., 0) | (_, 0, 1) => Some(DecimalNotation::CommaDecimal),
        (_, 0, 2..) | (_, 1, 0) => Some(DecimalNotation::DotDecimal),
    }
}

/// Without the mark that sends a reader to a note below the table: '81 (*)', '40,5**'.
fn without_mark(text: &str) -> &str {
    let text = text.trim();
    let bare = text
        .strip_suffix(')')
        .and_then(|rest| rest.trim_end_matches('*').strip_suffix('('))
        .unwrap_or(text);
    let bare = if text.contains('*') { bare } else { text };
    bare.trim_end_matches('*').trim_end()
}

/// Splits the unit off the end of a number: '850 triệu' is 850 and a million.
fn without_unit(text: &str) -> Option<(&str, Option<Counted>)> {
    let text = without_mark(text);
    let end = text
        .rfind(|c: char| c.is_ascii_digit() || c == ')')
        .map_or(0, |at| at + 1);
    let (digits, words) = text.split_at(end);
    // An amount of a document ends in './.'.
    let words = words.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '/'));
    if digits.is_empty() {
        return None;
    }
    if words.is_empty() {
        return Some((digits, None));
    }
    // Other words make it no number: '3 lớp' is a text, '50 triệu/năm' and '1 tỷ USD' are other amounts.
    Some((digits, Some(counted(words)?)))
}

/// What a word behind a number says, all of it being known.
fn counted(words: &str) -> Option<Counted> {
    if words == "₫" {
        return Some(Counted::Money(1));
    }
    let folded = fold(words);
    let heads = [
        "nguoi",
        "luot nguoi",
        "luot",
        "lao dong",
        "ld",
        "nguoi lao dong",
        "nhan vien",
        "hoc vien",
        "hv",
        "dai bieu",
        "can bo",
        "chuyen gia",
        "thanh vien",
        "hoi vien",
        "doanh nghiep",
        "dn",
    ];
    if heads.contains(&folded.as_str()) {
        return Some(Counted::Heads);
    }
    let folded = folded.strip_suffix(" chan").unwrap_or(&folded);
    let is_dong = |word: &str| {
        matches!(
            word,
            "d" | "dong" | "vnd" | "dong viet nam" | "viet nam dong"
        )
    };
    if is_dong(folded) {
        return Some(Counted::Money(1));
    }
    let (scale, rest) = folded.split_once(' ').unwrap_or((folded, ""));
    let dong = match scale {
        "ngd" if rest.is_empty() => 1_000,
        "trd" | "trdong" if rest.is_empty() => 1_000_000,
        "tyd" if rest.is_empty() => 1_000_000_000,
        _ => scale_of(scale)?,
    };
    (rest.is_empty() || is_dong(rest)).then_some(Counted::Money(dong))
}

/// How many đồng a folded word of scale is.
fn scale_of(folded: &str) -> Option<i64> {
    match folded {
        "k" | "nghin" | "ngan" => Some(1_000),
        "tr" | "trieu" => Some(1_000_000),
        "ty" | "ti" => Some(1_000_000_000),
        _ => None,
    }
}

/// Reads an amount that is said in steps: '15 triệu 500 nghìn', '1 tỷ 200 triệu đồng', in đồng. Each step is a whole number
/// smaller than the step before.
fn in_steps(text: &str) -> Option<Decimal> {
    if text.contains(['.', ',', '-', '/']) || !text.contains(char::is_alphabetic) {
        return None;
    }
    // '15tr500k' is four words, too.
    let mut apart = String::new();
    for c in fold(text).chars() {
        let is_digit = |c: char| c.is_ascii_digit();
        if apart
            .chars()
            .last()
            .is_some_and(|last| is_digit(last) != is_digit(c))
        {
            apart.push(' ');
        }
        apart.push(c);
    }
    let words: Vec<&str> = apart.split_whitespace().collect();
    let words = match words.as_slice() {
        [rest @ .., "dong" | "d" | "vnd"] => rest,
        all => all,
    };
    if words.len() < 4 || !words.len().is_multiple_of(2) {
        return None;
    }
    let mut dong = 0_i64;
    let mut above = i64::MAX;
    for step in words.chunks_exact(2) {
        let number: i64 = step[0].parse().ok().filter(|_| step[0].len() <= 6)?;
        let scale = scale_of(step[1]).filter(|scale| *scale < above)?;
        let amount = number.checked_mul(scale).filter(|amount| *amount < above)?;
        dong = dong.checked_add(amount)?;
        above = scale;
    }
    Some(Decimal::from(dong))
}

/// Whether the groups after the first blank have three digits, up to a separator of the fraction.
fn spaced_by_threes(digits: &str) -> bool {
    let whole = digits.split(['.', ',']).next().unwrap_or_default();
    let mut groups = whole.split(|c: char| c.is_whitespace() || c == '\'');
    groups
        .next()
        .is_some_and(|first| (1..=3).contains(&first.len()))
        && groups.all(|group| group.len() == 3)
}

fn read(plain: &str, notation: DecimalNotation) -> Option<Decimal> {
    let (thousands, fraction) = notation.signs();
    let (whole, decimals) = plain.split_once(fraction).unwrap_or((plain, ""));
    let mut groups = whole.split(thousands);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for (i, group) in groups.enumerate() {
        // '0.123' has no thousands, and neither has '1234.567'.
        let leading = i > 0 || ((1..=3).contains(&first.len()) && first != "0");
        if group.len() != 3 || !leading {
            return None;
        }
        digits.push_str(group);
    }
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if digits.is_empty()
        || !all_digits(&digits)
        || !all_digits(decimals)
        || plain.ends_with(fraction)
    {
        return None;
    }
    if decimals.is_empty() {
        digits.parse().ok()
    } else {
        format!("{digits}.{decimals}").parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Counted, DecimalNotation, Number, notation, number};
    use rust_decimal::Decimal;

    fn one(text: &str) -> Option<(String, Option<i64>)> {
        match number(text, None)? {
            Number::One(value, unit) => {
                let dong = unit.map(|unit| match unit {
                    Counted::Money(dong) => dong,
                    Counted::Heads => 0,
                });
                Some((value.normalize().to_string(), dong))
            }
            Number::Either { .. } => None,
        }
    }

    #[test]
    fn ways_of_writing() {
        for (text, value, unit) in [
            ("146,4", "146.4", None),
            ("146.4", "146.4", None),
            ("5.000.000", "5000000", None),
            ("1.234.567,89", "1234567.89", None),
            ("1,234,567.89", "1234567.89", None),
            ("1 234", "1234", None),
            ("1 234 567,5", "1234567.5", None),
            ("(120)", "-120", None),
            ("-7", "-7", None),
            ("850 triệu", "850", Some(1_000_000)),
            ("1,2 tỷ", "1.2", Some(1_000_000_000)),
            ("1,2 tỷ đồng", "1.2", Some(1_000_000_000)),
            ("500.000.000đ", "500000000", Some(1)),
            ("45 người", "45", Some(0)),
            ("120 lđ", "120", Some(0)),
            ("+15", "15", None),
            ("50tr", "50", Some(1_000_000)),
            ("50 tr.đ", "50", Some(1_000_000)),
            ("50 trđ", "50", Some(1_000_000)),
            ("50 tr.đồng", "50", Some(1_000_000)),
            ("500 ngđ", "500", Some(1_000)),
            ("500k", "500", Some(1_000)),
            ("2 tỉ đồng", "2", Some(1_000_000_000)),
            ("15 triệu VNĐ", "15", Some(1_000_000)),
            ("150.000.000 ₫", "150000000", Some(1)),
            ("150.000.000 đồng./.", "150000000", Some(1)),
            ("50 triệu đồng chẵn", "50", Some(1_000_000)),
            ("15 triệu 500 nghìn", "15500000", Some(1)),
            ("1 tỷ 200 triệu đồng", "1200000000", Some(1)),
            ("1 tỷ 200tr", "1200000000", Some(1)),
            ("0,500", "0.5", None),
            ("1234,567", "1234.567", None),
            ("0", "0", None),
            ("81 (*)", "81", None),
            ("40,5**", "40.5", None),
            ("12 tr (*)", "12", Some(1_000_000)),
        ] {
            assert_eq!(one(text), Some((value.to_owned(), unit)), "{text}");
        }
        for text in [
            "",
            "khoảng 10",
            "12 34",
            "1.23.456",
            "1,2,3",
            "mười",
            "10-20",
            "1..2",
            "5,",
            "3 lớp",
            "50 triệu/năm",
            "50 triệu USD",
            "1,2 tỷ USD",
            "5.000 USD",
            "50$",
            "~50",
            "<100",
            "> 5",
            "trên 50",
            "200-250",
            "150 - 200 triệu",
            "500 nghìn 15 triệu",
            "15 triệu 5000 nghìn",
            "15 triệu 500",
            "15tr5",
            "2 tỷ rưỡi",
            "5.000.000 đồng/tháng",
            "5O",
        ] {
            assert_eq!(number(text, None), None, "{text}");
        }
    }

    #[test]
    fn a_lone_separator_before_three_digits_has_two_readings() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        let either = Number::Either {
            thousands: decimal("1234"),
            fraction: decimal("1.234"),
            unit: None,
        };
        assert_eq!(number("1.234", None), Some(either));
        assert_eq!(
            number("1.234", Some(DecimalNotation::CommaDecimal)),
            Some(Number::One(decimal("1234"), None))
        );
        assert_eq!(
            number("1.234", Some(DecimalNotation::DotDecimal)),
            Some(Number::One(decimal("1.234"), None))
        );
        assert_eq!(notation("1.234"), None);
        assert_eq!(notation("12,5"), Some(DecimalNotation::CommaDecimal));
        assert_eq!(notation("1.234.567"), Some(DecimalNotation::CommaDecimal));
    }
}
