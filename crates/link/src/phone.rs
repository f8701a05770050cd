//! Phone numbers.

/// A record's phone numbers; 0 for none.
pub(crate) type Phones = [u64; 2];

/// How long a number is within the country, without its leading zero. What is shorter is an extension, what is longer
/// is two numbers run together.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=11;

/// The numbers that a text gives, at most two, as they are dialled within the country without the leading zero.
///
/// A spreadsheet may have dropped that zero, so it never counts; '+84' is taken off.
pub(crate) fn phones(text: &str) -> Phones {
    let mut found = [0; 2];
    let mut next = 0;
    for part in text.split(['/', ';', ',']) {
        let digits: String = part
            .strip_suffix(".0")
            .unwrap_or(part)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        // A number within the country may begin with 84 as well; then less than nine digits are left behind it.
        let national = digits
            .strip_prefix("84")
            .filter(|rest| rest.len() >= 9)
            .unwrap_or(&digits);
        let national = national.trim_start_matches('0');
        if DIGITS.contains(&national.len()) && next < found.len() {
            found[next] = national.parse().unwrap_or(0);
            next += 1;
        }
    }
    found
}

/// Whether two records share a number; `None` if one has none, since missing is not different.
pub(crate) fn share_phone(a: Phones, b: Phones) -> Option<bool> {
    let known = |phones: Phones| phones.into_iter().filter(|&phone| phone != 0);
    if known(a).next().is_none() || known(b).next().is_none() {
        return None;
    }
    Some(known(a).any(|phone| known(b).any(|other| other == phone)))
}

#[cfg(test)]
mod tests {
    use super::{phones, share_phone};

    #[test]
    fn one_number_in_all_its_spellings() {
        for text in [
            "0251 686 0591",
            "02516860591",
            "+842516860591",
            "2516860591",
            "2516860591.0",
            "0251.686.0591",
        ] {
            assert_eq!(phones(text), [2_516_860_591, 0], "{text}");
        }
    }

    #[test]
    fn two_numbers_of_one_cell_are_two_and_a_third_is_dropped() {
        assert_eq!(
            phones("0901234567 / 0251 3822 123"),
            [901_234_567, 2_513_822_123]
        );
        assert_eq!(
            phones("0901234567; 0901234568, 0901234569"),
            [901_234_567, 901_234_568]
        );
    }

    #[test]
    fn what_is_too_short_or_too_long_is_no_number() {
        for text in ["", "không", "113", "0901234567 0251 3822 123"] {
            assert_eq!(phones(text), [0, 0], "{text}");
        }
    }

    #[test]
    fn a_number_that_begins_with_84_keeps_it() {
        assert_eq!(phones("842 345 678"), [842_345_678, 0]);
    }

    #[test]
    fn one_shared_number_is_enough_and_a_missing_one_says_nothing() {
        let (a, b) = (phones("0901234567/0901234568"), phones("0901234568"));
        assert_eq!(share_phone(a, b), Some(true));
        assert_eq!(share_phone(a, phones("0901234569")), Some(false));
        assert_eq!(share_phone(a, phones("")), None);
        assert_eq!(share_phone(phones(""), phones("")), None);
    }
}
