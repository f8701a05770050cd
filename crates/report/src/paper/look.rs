/// How a cell looks, in words: each format knows how that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Text,
    TextBold,
    Center,
    Right,
    Number,
    NumberBold,
    /// Of the row of totals.
    TotalText,
    Total,
    Share,
    ShareTotal,
    /// What is as it should be.
    Good,
    /// What waits for somebody.
    Pending,
}
