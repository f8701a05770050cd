//! The numbers of contracts, decisions and certificates.

use crate::likeness::Agreement;
use vietext::fold;

/// Whether two texts give the number of one document: case, signs, zeros before digits and words around it ('HĐ số', 'ngày
/// 5/1/2024') do not matter.
///
/// ```
/// use link::{Agreement, document_numbers};
/// assert_eq!(document_numbers("12/HĐ-SCT", "HĐ số 012/HĐ-SCT ngày 5/1/2024"), Agreement::Equal);
/// assert_eq!(document_numbers("12/HĐ-SCT", "13/HĐ-SCT"), Agreement::Different);
/// assert_eq!(document_numbers("", "13/HĐ-SCT"), Agreement::Unknown);
/// ```
pub fn document_numbers(one: &str, other: &str) -> Agreement {
    let (one, other) = (words(one), words(other));
    if one.is_empty() || other.is_empty() {
        return Agreement::Unknown;
    }
    let (short, long) = match one.len() <= other.len() {
        true => (&one, &other),
        false => (&other, &one),
    };
    // A bare '12' is in many numbers: only a number with its sign is found within a longer text.
    let is_within = || short.len() > 1 && long.windows(short.len()).any(|run| run == short);
    match one == other || is_within() {
        true => Agreement::Equal,
        false => Agreement::Different,
    }
}

/// The words of a number, without zeros before digits; none if there is neither a digit nor a letter.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words
        .map(|word| {
            let digits = word.trim_start_matches('0');
            let starts_with_digit = digits.starts_with(|c: char| c.is_ascii_digit());
            if starts_with_digit { digits } else { word }.to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::document_numbers;
    use crate::likeness::Agreement;

    #[test]
    fn a_number_is_found_among_other_words() {
        for other in ["12/hđ-sct", "HĐ 012/HĐ-SCT", "12/HĐ-SCT, ngày 05/01/2024"] {
            assert_eq!(
                document_numbers("12/HĐ-SCT", other),
                Agreement::Equal,
                "{other}"
            );
        }
    }

    #[test]
    fn another_number_is_not_found_in_a_longer_one() {
        for [one, other] in [
            ["12/HĐ-SCT", "112/HĐ-SCT"],
            ["12", "HĐ 12/HĐ-SCT"],
            ["12/HĐ-SCT", "12/HĐ-SYT"],
        ] {
            assert_eq!(
                document_numbers(one, other),
                Agreement::Different,
                "{one} {other}"
            );
        }
    }
}
