/// The numbers a text gives, at most two, as they are dialled within the country; 0 for none.
///
/// A leading zero lost in a spreadsheet is given back, '+84' is taken off.
pub(crate) fn phones(text: &str) -> [u64; 2] {
    let mut found = [0; 2];
    let mut next = 0;
    for part in text.split(['/', ';', ',']) {
        let digits: String = part
            .strip_suffix(".0")
            .unwrap_or(part)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let national = digits
            .strip_prefix("84")
            .filter(|rest| rest.len() >= 9)
            .unwrap_or(&digits);
        let national = national.trim_start_matches('0');
        if (8..=11).contains(&national.len()) && next < found.len() {
            found[next] = national.parse().unwrap_or(0);
            next += 1;
        }
    }
    found
}

/// Whether two records share a number; nothing where one has none.
pub(crate) fn share(a: [u64; 2], b: [u64; 2]) -> Option<bool> {
    let known = |phones: [u64; 2]| phones.into_iter().filter(|&phone| phone != 0);
    if known(a).next().is_none() || known(b).next().is_none() {
        return None;
    }
    Some(known(a).any(|phone| known(b).any(|other| other == phone)))
}

#[cfg(test)]
mod tests {
    use super::phones;

    #[test]
    fn numbers_as_they_come() {
        for text in [
            "0251 686 0591",
            "02516860591",
            "+842516860591",
            "2516860591",
            "2516860591.0",
            "0251.686.0591",
        ] {
            assert_eq!(phones(text)[0], 2_516_860_591, "{text}");
        }
        assert_eq!(
            phones("0901234567 / 0251 3822 123"),
            [901_234_567, 2_513_822_123]
        );
    }
}
