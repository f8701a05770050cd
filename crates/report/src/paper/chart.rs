/// Cells from a first to a last: row and column.
pub(crate) type CellRange = ((u32, u16), (u32, u16));

/// Numbers drawn as bars.
#[derive(Debug, Clone)]
pub(crate) struct BarChart<'a> {
    /// Also what is read out to who cannot see it.
    pub title: &'a str,
    /// Horizontal bars, one for each category; else columns.
    pub horizontal: bool,
    /// Where the categories stand, and what they are called.
    pub categories: (CellRange, Vec<&'a str>),
    pub series: Vec<BarSeries<'a>>,
    /// The end of the scale, if it is not the largest value.
    pub end: Option<f64>,
    /// Whether the values are shares of one.
    pub is_share: bool,
}

/// The values of one kind of bar.
#[derive(Debug, Clone)]
pub(crate) struct BarSeries<'a> {
    pub name: &'a str,
    pub cells: CellRange,
    pub values: Vec<f64>,
    /// Dark and light, so that it reads in grey.
    pub color: u32,
}
