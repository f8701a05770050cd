use vietext::fold;

/// A yes-mark: x, X, ✓, 1, Có; or a no: 0, Không. Nothing if it is neither.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match fold(text).as_str() {
        // 'v' is the letter nearest to a tick.
        "x" | "1" | "co" | "yes" | "y" | "true" | "dung" | "v" => Some(true),
        "0" | "khong" | "no" | "n" | "false" | "k" => Some(false),
        // A tick or dash folds to nothing.
        "" => Some(
            !text
                .chars()
                .all(|c| matches!(c, '-' | '–' | '—' | '_' | '.')),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::flag;

    #[test]
    fn marks() {
        for yes in ["x", "X", "✓", "√", "1", "Có", "TRUE", "☑"] {
            assert_eq!(flag(yes), Some(true), "{yes}");
        }
        for no in ["0", "Không", "-", "–"] {
            assert_eq!(flag(no), Some(false), "{no}");
        }
        assert_eq!(flag("có thể"), None);
    }
}
