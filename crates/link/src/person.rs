//! Persons who stand for an enterprise.

use crate::hash::hash;
use crate::phrase::starts_with;
use vietext::fold;

/// A hash of the person whom a text names, without titles, case or marks; 0 for nobody.
pub(crate) fn person(text: &str, titles: &[Vec<String>]) -> u64 {
    let folded = fold(&vietext::mend(text));
    let all: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut rest = all.as_slice();
    // 'Đại diện: Ông Nguyễn Văn An' has two. A title that is all of the text is a name: 'Anh'.
    while let Some(title) = titles
        .iter()
        .find(|title| rest.len() > title.len() && starts_with(rest, title))
    {
        rest = &rest[title.len()..];
    }
    if rest.is_empty() {
        0
    } else {
        hash(rest.join(" ").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::person;
    use crate::phrase::longest_first;

    fn read(text: &str) -> u64 {
        let titles = ["ông", "anh", "giám đốc", "đại diện"].map(str::to_owned);
        person(text, &longest_first(&titles))
    }

    #[test]
    fn titles_case_and_marks_do_not_matter() {
        for text in [
            "Ông Nguyễn Văn An",
            "Đại diện: Giám đốc NGUYỄN VĂN AN",
            "nguyen van an",
        ] {
            assert_eq!(read(text), read("Nguyễn Văn An"), "{text}");
        }
    }

    #[test]
    fn a_title_alone_is_a_name_and_nothing_is_nobody() {
        assert_ne!(read("Anh"), 0);
        assert_eq!(read(" - "), 0);
    }

    #[test]
    fn the_order_of_a_persons_names_counts() {
        assert_ne!(read("Nguyễn Văn An"), read("Nguyễn An Văn"));
    }
}
