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
/// where it is shown, and whole in the ledger.
const LONGEST: usize = 32_767;

/// A text as a cell can hold it.
pub(crate) fn clipped(text: &str) -> Cow<'_, str> {
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
