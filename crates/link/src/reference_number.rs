//! The numbers of contracts, decisions and certificates, as senders cite them.

use crate::likeness::Agreement;
use vietext::{contains_phrase, fold};

/// The number of a document that a sender cites, as it is compared: case, signs, zeros before digits and 'Số' before it do not matter, and 'Hợp
/// đồng' is 'HĐ'.
///
/// ```
/// use link::{Agreement, ReferenceNumber};
/// let [short, long] = ["31/HĐ-2023", "Số 031/Hợp đồng-2023 ngày 5/1/2023"].map(ReferenceNumber::read);
/// assert_eq!(short.as_ref().unwrap().compare(&long.unwrap()), Agreement::Equal);
/// assert_eq!(ReferenceNumber::read("chưa ký"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferenceNumber(
    /// Its words, with a space between two.
    String,
);

impl ReferenceNumber {
    /// From a text; nothing if it has no digit, as 'chưa ký'.
    pub fn read(text: &str) -> Option<Self> {
        let mut folded = fold(text);
        if folded.contains(CONTRACT) {
            folded = folded.replace(CONTRACT, "hd");
        }
        if !folded.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut words = String::with_capacity(folded.len());
        for word in folded.split(' ').filter(|word| *word != "so") {
            let word = match word.trim_start_matches('0') {
                rest if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
                _ => word,
            };
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        Some(Self(words))
    }

    /// Whether two are of one document: one of them may stand among other words, a day or the words before a number.
    pub fn compare(&self, other: &Self) -> Agreement {
        let (short, long) = match self.0.len() <= other.0.len() {
            true => (&self.0, &other.0),
            false => (&other.0, &self.0),
        };
        // A bare '12' is in many numbers: only a number with its sign is found within a longer text.
        match short == long || (short.contains(' ') && contains_phrase(long, short)) {
            true => Agreement::Equal,
            false => Agreement::Different,
        }
    }
}

/// 'Hợp đồng', folded.
const CONTRACT: &str = "hop dong";

#[cfg(test)]
mod tests {
    use super::ReferenceNumber;
    use crate::likeness::Agreement;

    fn number(text: &str) -> ReferenceNumber {
        ReferenceNumber::read(text).unwrap()
    }

    #[test]
    fn one_number_is_written_in_several_ways() {
        for other in [
            "Số 031/HĐ-2023",
            "31/hđ 2023",
            "31/Hợp đồng-2023",
            "31/HĐ/2023",
        ] {
            assert_eq!(number(other), number("31/HĐ-2023"), "{other}");
        }
        assert_ne!(number("310/HĐ-2023"), number("31/HĐ-2023"));
    }

    #[test]
    fn a_number_is_found_among_other_words() {
        for other in ["12/hđ-sct", "HĐ 012/HĐ-SCT", "12/HĐ-SCT, ngày 05/01/2024"] {
            let found = number("12/HĐ-SCT").compare(&number(other));
            assert_eq!(found, Agreement::Equal, "{other}");
        }
    }

    #[test]
    fn another_number_is_not_found_in_a_longer_one() {
        for [one, other] in [
            ["12/HĐ-SCT", "112/HĐ-SCT"],
            ["12", "HĐ 12/HĐ-SCT"],
            ["12/HĐ-SCT", "12/HĐ-SYT"],
        ] {
            let found = number(one).compare(&number(other));
            assert_eq!(found, Agreement::Different, "{one} {other}");
        }
    }

    #[test]
    fn a_text_without_a_digit_is_no_number() {
        for text in ["", " - ", "chưa ký", "không có"] {
            assert_eq!(ReferenceNumber::read(text), None, "{text}");
        }
    }
}
