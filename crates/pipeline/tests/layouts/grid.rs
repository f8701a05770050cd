//! A sheet before it is a workbook: cells, what is merged and hidden.

use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Text(String),
    /// A number, in digits.
    Number(String),
    Day(NaiveDate),
    /// A formula and its stored result.
    Formula(String, String),
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) content: Content,
    /// How a number is shown.
    pub(crate) format: Option<&'static str>,
    pub(crate) is_bold: bool,
    pub(crate) is_struck: bool,
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self {
            content: Content::Text(text.into()),
            format: None,
            is_bold: false,
            is_struck: false,
        }
    }

    pub(crate) fn number(digits: impl Into<String>) -> Self {
        Self {
            content: Content::Number(digits.into()),
            ..Self::text("")
        }
    }

    pub(crate) fn day(day: NaiveDate) -> Self {
        Self {
            content: Content::Day(day),
            ..Self::text("")
        }
    }

    pub(crate) fn bold(self) -> Self {
        Self {
            is_bold: true,
            ..self
        }
    }

    fn shown(&self) -> String {
        let text = match &self.content {
            Content::Text(text) => {
                let is_like_number = text.starts_with(|c: char| c.is_ascii_digit());
                let text = text.replace('\n', "⏎");
                if is_like_number {
                    format!("'{text}")
                } else {
                    text
                }
            }
            Content::Number(digits) => digits.clone(),
            Content::Day(day) => day.to_string(),
            Content::Formula(formula, result) => format!("={formula} → {result}"),
        };
        let text = match self.format {
            Some(format) => format!("{text} [{format}]"),
            None => text,
        };
        if self.is_struck {
            format!("~{text}~")
        } else {
            text
        }
    }
}

/// A rectangle: first row, first column, last row, last column.
pub(crate) type Area = (u32, u16, u32, u16);

/// A sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    pub(crate) name: String,
    pub(crate) cells: BTreeMap<(u32, u16), Cell>,
    pub(crate) merged: Vec<Area>,
    pub(crate) hidden_rows: BTreeSet<u32>,
    pub(crate) hidden_columns: BTreeSet<u16>,
}

impl Grid {
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    pub(crate) fn set(&mut self, row: u32, col: u16, cell: Cell) {
        self.cells.insert((row, col), cell);
    }

    /// Merges an area of more than one cell.
    pub(crate) fn merge(&mut self, area: Area) {
        if (area.0, area.1) != (area.2, area.3) {
            self.merged.push(area);
        }
    }

    /// As text: a line a row with its number, what is merged and hidden below.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("== {}\n", self.name);
        let rows: BTreeSet<u32> = self.cells.keys().map(|(row, _)| *row).collect();
        for row in rows {
            let cells = self.cells.range((row, 0)..=(row, u16::MAX));
            let last = cells.clone().map(|((_, col), _)| *col).max().unwrap_or(0);
            let shown = |col| {
                self.cells
                    .get(&(row, col))
                    .map_or_else(String::new, Cell::shown)
            };
            let line: Vec<String> = (0..=last).map(shown).collect();
            let mark = if self.hidden_rows.contains(&row) {
                " (hidden)"
            } else {
                ""
            };
            let _ = writeln!(text, "{:>3}{mark} {}", row + 1, line.join(" | "));
        }
        let area = |(top, left, bottom, right): &Area| {
            let cell = |row: u32, col: u16| model::CellRef {
                row,
                col: u32::from(col),
            };
            format!("{}:{}", cell(*top, *left), cell(*bottom, *right))
        };
        if !self.merged.is_empty() {
            let areas: Vec<String> = self.merged.iter().map(area).collect();
            let _ = writeln!(text, "    merged {}", areas.join(" "));
        }
        for col in &self.hidden_columns {
            let col = u32::from(*col);
            let cell = model::CellRef { row: 0, col };
            let _ = writeln!(text, "    hidden column of {cell}");
        }
        text
    }
}
