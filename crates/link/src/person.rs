//! Persons who stand for an enterprise.

use crate::hash::hash;
use vietext::fold;

/// A hash of the person whom a text names, without titles, case or marks; 0 for nobody. Titles are folded.
pub(crate) fn person(text: &str, titles: &[String]) -> u64 {
    // Words of a folded text stand one blank apart.
    let folded = fold(&vietext::mend(text));
    let mut rest = folded.as_str();
    // 'Đại diện: Ông Nguyễn Văn An' has two. A title that is all of the text is a name: 'Anh'.
    while let Some(behind) = titles.iter().find_map(|title| without_title(rest, title)) {
        rest = behind;
    }
    match rest.is_empty() {
        true => 0,
        false => hash(rest.as_bytes()),
    }
}

/// What stands behind a title.
fn without_title<'t>(text: &'t str, title: &str) -> Option<&'t str> {
    // Nearly all titles are done here.
    if text.as_bytes().first() != title.as_bytes().first() {
        return None;
    }
    text.strip_prefix(title)?.strip_prefix(' ')
}

#[cfg(test)]
mod tests {
    use super::person;
    use crate::phrase::longest_first;

    fn read(text: &str) -> u64 {
        let titles = ["ông", "anh", "giám đốc", "đại diện"].map(str::to_owned);
        let titles: Vec<String> = longest_first(&titles).iter().map(|t| t.join(" ")).collect();
        person(text, &titles)
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
