//! Marks that mean yes or no.

use vietext::clean;

/// All that means yes: letters and words, ticks and ticked boxes, and the letters that are ticks in the font Wingdings.
const YES: &[&str] = &[
    // 'v' is the letter nearest to a tick.
    "x", "v", "1", "có", "co", "yes", "y", "true", "đúng", "dung", //
    "✓", "✔", "√", "☑", "☒", "✅", "🗸", "🗹", //
    "ü", "þ",
];

/// All that means no, with empty boxes, also as the letters that they are in Wingdings.
const NO: &[&str] = &[
    "0", "không", "khong", "ko", "k", "no", "n", "false", "sai", //
    "☐", "□", "◻", "▢", "⬜", "○", "◯", //
    "o", "¨", "-", "–", "—", "_",
];

/// A yes-mark or a no-mark. Nothing if it is neither: a mark that nobody knows is asked about.
pub(crate) fn flag(text: &str) -> Option<bool> {
    // A sign may carry a selector of its looks, and words their punctuation: '(x)', 'Có.'.
    let lower = clean(text).to_lowercase().replace('\u{fe0f}', "");
    let bare = lower.trim_matches([' ', '.', ',', ';', '(', ')', '[', ']', '\'', '"']);
    let is = |marks: &[&str]| marks.contains(&bare);
    match (is(YES), is(NO)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::flag;

    #[test]
    fn marks() {
        for yes in [
            "x", "X", "(x)", "[X]", "✓", "✔", "✔️", "√", "1", "Có", "CÓ.", "có", "TRUE", "☑", "☒",
            "v", "Đúng", "yes", "ü", "þ",
        ] {
            assert_eq!(flag(yes), Some(true), "{yes}");
        }
        for no in [
            "0", "Không", "KHÔNG", "k", "-", "–", "☐", "□", "o", "¨", "FALSE", "no", "○",
        ] {
            assert_eq!(flag(no), Some(false), "{no}");
        }
        for neither in [
            "có thể",
            "cô",
            "?",
            "x?",
            "✗",
            "✘",
            "×",
            "…",
            "...",
            "*",
            "!",
            "2",
            "■",
            "●",
            "xx",
            "",
            "()",
            "chưa",
            "û",
            "ý",
        ] {
            assert_eq!(flag(neither), None, "{neither}");
        }
    }
}
