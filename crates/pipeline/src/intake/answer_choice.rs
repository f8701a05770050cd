//! Which of the answers offered a person means: the sense decides, not how it is written.

use vietext::fold;

/// The words of a text without what does not change its sense: case, accents, blanks, points and quotation marks.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let words = words
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            // As offices shorten it everywhere.
            "dn" => "doanh nghiep",
            word => word,
        });
    words.collect::<Vec<_>>().join(" ")
}

/// An answer as a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AnswerChoice(String);

impl AnswerChoice {
    /// Of what was written, where some answers are offered: one may be given by its number, with or without its words.
    pub(crate) fn read(written: &str, offered: &[String]) -> Self {
        let words = plain(written);
        let (first, rest) = words.split_once(' ').unwrap_or((&words, ""));
        let number = first.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
        let numbered = number.and_then(|at| offered.get(at)).map(|it| plain(it));
        match numbered {
            Some(numbered) if rest.is_empty() || rest == numbered => Self(numbered),
            _ => Self(words),
        }
    }

    /// Whether it is this answer.
    pub(crate) fn is(&self, offered: &str) -> bool {
        !self.0.is_empty() && self.0 == plain(offered)
    }
}

#[cfg(test)]
mod tests {
    use super::AnswerChoice;

    #[test]
    fn the_sense_decides_and_not_how_it_is_written() {
        let offered = ["cùng doanh nghiệp", "khác doanh nghiệp", "cần xác minh"];
        let offered = offered.map(str::to_owned);
        for written in [
            "Cùng doanh nghiệp",
            "  CUNG  DOANH NGHIEP. ",
            "“cùng doanh nghiệp”",
            "cùng DN",
            "1",
            "1.",
            "(1)",
            "1. Cùng doanh nghiệp",
            "1) cùng DN",
        ] {
            let choice = AnswerChoice::read(written, &offered);
            assert!(choice.is(&offered[0]), "{written}");
            assert!(!choice.is(&offered[1]), "{written}");
        }
        for written in [
            "",
            "-",
            "0",
            "4",
            "12",
            "1 khác doanh nghiệp",
            "trùng rồi",
            "không cùng doanh nghiệp",
            "cùng doanh nghiệp?? chưa chắc",
        ] {
            let choice = AnswerChoice::read(written, &offered);
            assert!(!offered.iter().any(|it| choice.is(it)), "{written}");
        }
    }

    #[test]
    fn a_number_means_nothing_where_nothing_is_offered() {
        assert!(!AnswerChoice::read("1", &[]).is("cùng doanh nghiệp"));
    }
}
