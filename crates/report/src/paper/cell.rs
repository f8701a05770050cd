use crate::paper::look::Look;
use aggregate::Figures;
use chrono::NaiveDate;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The keys that a figure is narrowed to.
pub(crate) type Keys = BTreeMap<String, String>;

/// What stands in a cell. Each format writes all of them.
#[derive(Debug, Clone)]
pub(crate) enum CellValue<'a> {
    Text(Cow<'a, str>, Look),
    Number(i64, Look),
    /// A day, or a blank cell that a day belongs in.
    Date(Option<NaiveDate>),
    /// A figure, which leads to what it is made of.
    Figure(FigureCell<'a>),
    /// A part of a whole; blank if the whole is 0. `columns` says how many columns to the left of this one each
    /// stands, if both stand in the row.
    Share {
        parts: [i64; 2],
        columns: Option<[u16; 2]>,
        look: Look,
    },
    /// The sum of the column's rows since the heading.
    Total(i64, Look),
}

/// A figure in a cell.
#[derive(Debug, Clone)]
pub(crate) struct FigureCell<'a> {
    pub figures: &'a Figures,
    pub keys: Keys,
    pub sum: FigureSum,
    pub look: Look,
    /// Whether formulas may refer to the cell by the figure's id.
    pub is_named: bool,
}

/// What a figure in a table adds up. A total that is a formula follows when somebody mends a cell by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FigureSum {
    /// It stands for itself.
    Not,
    /// The rows of its column since the heading.
    Column,
    /// The rows of its column since the heading, without those that are sums of rows below them.
    ColumnOfParts,
    /// So many rows of its column right below it, whose sum it is given.
    Below(u32, i64),
    /// So many columns on its left.
    Left(u16),
}

impl<'a> CellValue<'a> {
    /// A text that begins at the left.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into(), Look::Text)
    }

    /// A text in the middle.
    pub(crate) fn centered(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into(), Look::Center)
    }

    /// A cell of the table's body without anything in it.
    pub(crate) fn blank() -> Self {
        Self::text("")
    }

    /// A number that names rather than counts: of a line, of a row.
    pub(crate) fn ordinal(number: i64) -> Self {
        Self::Number(number, Look::Center)
    }

    /// An amount in đồng, blank if it is not known.
    pub(crate) fn money(dong: Option<i64>) -> Self {
        match dong {
            Some(dong) => Self::Number(dong, Look::Number),
            None => Self::Text("".into(), Look::Number),
        }
    }

    /// The whole figure of an indicator, whose cell formulas may refer to.
    pub(crate) fn whole_figure(figures: &'a Figures) -> Self {
        Self::Figure(FigureCell {
            figures,
            keys: Keys::new(),
            sum: FigureSum::Not,
            look: Look::NumberBold,
            is_named: true,
        })
    }

    /// How the cell looks.
    pub(crate) fn look(&self) -> Look {
        match self {
            Self::Text(_, look)
            | Self::Number(_, look)
            | Self::Share { look, .. }
            | Self::Total(_, look) => *look,
            Self::Figure(figure) => figure.look,
            Self::Date(_) => Look::Center,
        }
    }
}
