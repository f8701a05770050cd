//! What a sheet of a report is written on: a worksheet, or a part of a page for a browser. The sheets say what stands
//! where and how it looks in words; each kind of paper knows how that is done.

use crate::ReportError;
use aggregate::Figures;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// How a cell looks.
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

/// A column of a table: its heading, the heading over several of them, its width in characters.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Heading<'a> {
    pub text: &'a str,
    pub group: Option<&'a str>,
    pub width: u16,
}

impl<'a> Heading<'a> {
    pub(crate) fn new(text: &'a str, width: u16) -> Self {
        Self {
            text,
            group: None,
            width,
        }
    }
}

/// What a figure in a table adds up, where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sum {
    /// It stands for itself.
    Not,
    /// The rows of its column since the heading.
    Column,
    /// So many columns on its left.
    Left(u16),
}

/// Cells from a first to a last: row and column.
pub(crate) type Cells = ((u32, u16), (u32, u16));

/// Numbers drawn as bars.
#[derive(Debug, Clone)]
pub(crate) struct Chart<'a> {
    /// Also what is read out to who cannot see it.
    pub title: &'a str,
    /// Bars that lie, one for each category; else columns that stand.
    pub lies: bool,
    /// Where the categories stand, and what they are called.
    pub categories: (Cells, Vec<&'a str>),
    pub series: Vec<Series<'a>>,
    /// The end of the scale, where it is not the largest value.
    pub end: Option<f64>,
    /// Whether the values are shares of one.
    pub is_share: bool,
}

/// The values of one kind of bar.
#[derive(Debug, Clone)]
pub(crate) struct Series<'a> {
    pub name: &'a str,
    pub cells: Cells,
    pub values: Vec<f64>,
    /// Dark and light, so that it reads in grey.
    pub color: u32,
}

/// The keys that a figure is narrowed to.
pub(crate) type Keys = BTreeMap<String, String>;

type Written = Result<(), ReportError>;

/// Something that a sheet is written on, from its title down, row by row and from left to right.
pub(crate) trait Paper {
    /// The titles, then the heading of the first table, in one row, or in two where columns stand in groups. It is
    /// repeated on each printed page and stays in view, with so many columns on the left.
    fn head(&mut self, headings: &[Heading<'_>], kept: u16) -> Written;

    /// The next free row.
    fn row(&self) -> u32;

    fn text(&mut self, col: u16, text: &str, look: Look) -> Written;

    fn number(&mut self, col: u16, number: i64, look: Look) -> Written;

    fn date(&mut self, col: u16, day: Option<NaiveDate>) -> Written;

    /// A figure, which leads to what it is made of.
    fn figure(&mut self, col: u16, figures: &Figures, keys: &Keys, sum: Sum, look: Look)
    -> Written;

    /// A figure's id, which leads to where the figure stands, at its first line.
    fn figure_id(&mut self, col: u16, id: &str, is_first: bool) -> Written;

    /// One number divided by another; blank where that is 0. `columns` are those of the two, where both stand in the row.
    fn share(
        &mut self,
        col: u16,
        columns: Option<(u16, u16)>,
        parts: [i64; 2],
        look: Look,
    ) -> Written;

    /// The sum of a column's rows since the heading.
    fn total(&mut self, col: u16, result: i64, look: Look) -> Written;

    /// A text over several columns.
    fn span(&mut self, cols: RangeInclusive<u16>, text: &str, look: Look) -> Written;

    /// A figure over several columns.
    fn figure_span(&mut self, cols: RangeInclusive<u16>, figures: &Figures, look: Look) -> Written;

    fn end_row(&mut self) -> Written;

    /// The heading of a further table, under a title: texts, each over so many columns.
    fn next_table(&mut self, title: Option<&str>, headings: &[(&str, u16)]) -> Written;

    /// A line of explanation below a table.
    fn note(&mut self, text: &str) -> Written;

    /// Lets the rows written so far be filtered, up to a column.
    fn filter(&mut self, last: u16) -> Written;

    fn chart(&mut self, chart: &Chart<'_>) -> Written;

    /// All of it on one printed page.
    fn fit_one_page(&mut self) -> Written;

    /// Gives the cell of a figure in this row a name that formulas can use.
    fn name(&mut self, col: u16, name: &str) -> Written;

    /// An amount in đồng, blank where it is not known.
    fn money(&mut self, col: u16, dong: Option<i64>) -> Written {
        match dong {
            Some(dong) => self.number(col, dong, Look::Number),
            None => self.text(col, "", Look::Number),
        }
    }

    /// Blank cells.
    fn blanks(&mut self, cols: RangeInclusive<u16>, look: Look) -> Written {
        cols.into_iter()
            .try_for_each(|col| self.text(col, "", look))
    }
}
