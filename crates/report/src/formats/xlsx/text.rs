use model::clean_text;
use std::borrow::Cow;

/// In Times New Roman twelve letters of a text take the width of ten digits.
pub(crate) fn lines_of(text: &str, width: u16) -> usize {
    let width = usize::from(width.max(1)) * 12;
    // No more lines than letters: most texts are short, and need not be counted.
    if text.len() * 10 <= width && !text.contains('\n') {
        return 1;
    }
    text.split('\n')
        .map(|line| (line.chars().count() * 10).div_ceil(width).max(1))
        .sum()
}

/// The longest text a cell of a workbook may hold; a longer one, which no spreadsheet program lets anyone type, is cut
/// on paper, and whole in the ledger.
const LONGEST: usize = 32_767;

/// A text as a cell can hold it, of letters and nothing else: whoever wrote it, no sign of it turns, moves or breaks anything.
pub(crate) fn cell_text(text: &str) -> Cow<'_, str> {
    match clean_text(text) {
        Cow::Borrowed(text) => cut(text),
        Cow::Owned(text) => Cow::Owned(cut(&text).into_owned()),
    }
}

fn cut(text: &str) -> Cow<'_, str> {
    // Spreadsheets count the units of UTF-16.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut room = LONGEST - 1;
    let kept = text.chars().take_while(|c| {
        room.checked_sub(c.len_utf16())
            .map(|left| room = left)
            .is_some()
    });
    Cow::Owned(kept.chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, cell_text, lines_of};

    #[test]
    fn a_text_takes_as_many_lines_as_its_column_needs() {
        assert_eq!(lines_of("", 10), 1);
        assert_eq!(lines_of(&"a".repeat(12), 10), 1);
        assert_eq!(lines_of(&"a".repeat(13), 10), 2);
        // Letters are counted, not bytes.
        assert_eq!(lines_of(&"ế".repeat(12), 10), 1);
        assert_eq!(lines_of("một\n\nba", 10), 3);
        assert_eq!(lines_of("a", 0), 1);
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut() {
        let fits = "á".repeat(LONGEST);
        assert_eq!(cell_text(&fits), fits);
        let cut = cell_text(&"á".repeat(LONGEST + 1)).into_owned();
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("á…"));
    }

    #[test]
    fn a_text_holds_no_sign_that_commands() {
        assert_eq!(cell_text("a\u{1b}[31m\u{202e}b\n"), "a�[31m�b\n");
        let long = "\u{7}".repeat(LONGEST + 1);
        assert_eq!(cell_text(&long).chars().count(), LONGEST);
    }

    #[test]
    fn a_sign_of_two_units_is_never_cut_in_half() {
        let cut = cell_text(&"😀".repeat(LONGEST)).into_owned();
        assert!(cut.encode_utf16().count() <= LONGEST);
        assert!(cut.ends_with("😀…"));
    }
}
