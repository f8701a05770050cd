//! The sheet of the form: titles, headings, and the rows below them one by one.

use crate::amounts;
use crate::cases::{Case, FormColumns, Value, columns};
use crate::columns::{Column, Holds, OwnKind};
use crate::features::{Feature, Layout};
use crate::grid::{Cell, Content, Grid};
use programme::Form;
use std::collections::{BTreeMap, BTreeSet};

/// A sheet that is being laid out, row by row.
pub(crate) struct Sheet<'a> {
    pub(crate) form: &'a Form,
    pub(crate) layout: &'a Layout,
    pub(crate) columns: Vec<Column>,
    pub(crate) of_form: FormColumns,
    pub(crate) grid: Grid,
    /// The next row.
    pub(crate) row: u32,
    pub(crate) case_of_row: BTreeMap<u32, usize>,
    pub(crate) heading_rows: BTreeSet<u32>,
    left: u16,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(
        form: &'a Form,
        layout: &'a Layout,
        columns: &'a [Column],
        name: &str,
    ) -> Self {
        let left = match layout.of(Feature::Start) {
            "column B" => 1,
            "column D" => 3,
            _ => 0,
        };
        Self {
            form,
            layout,
            columns: columns.to_vec(),
            of_form: crate::cases::columns(&form.code),
            grid: Grid::named(name),
            row: 0,
            case_of_row: BTreeMap::new(),
            heading_rows: BTreeSet::new(),
            left,
        }
    }

    /// The sheet's column of a place in the table.
    pub(crate) fn col(&self, at: usize) -> u16 {
        self.left + u16::try_from(at).unwrap()
    }

    pub(crate) fn place(&self, holds: Holds) -> Option<usize> {
        self.columns.iter().position(|column| column.holds == holds)
    }

    pub(crate) fn name_place(&self) -> usize {
        self.place(Holds::Form(self.of_form.name)).unwrap()
    }

    /// The first column of amounts.
    pub(crate) fn money_place(&self) -> usize {
        let mut columns = self.columns.iter();
        columns.position(|column| column.is_money).unwrap()
    }

    pub(crate) fn set(&mut self, at: usize, cell: Cell) {
        let col = self.col(at);
        self.grid.set(self.row, col, cell);
    }

    /// The cell of a case in a column; `nth` counts the cases.
    pub(crate) fn case_cell(&self, case: &Case, column: &Column, nth: usize) -> Option<Cell> {
        let layout = self.layout;
        let name = match column.holds {
            Holds::Numbering => return None,
            Holds::Own(kind, of) => return own_cell(kind, of, column, layout, nth),
            Holds::LastYear(name) => {
                return match case.get(name) {
                    Value::Money(dong) => {
                        Some(amounts::amount(dong / 4 * 3, column.zeros, layout, nth))
                    }
                    _ => None,
                };
            }
            Holds::Form(name) => name,
        };
        let cell = match case.get(name) {
            Value::Nothing if !column.is_money => return None,
            Value::Nothing => match layout.of(Feature::Amounts) {
                "some dashes" => Cell::text("-"),
                "some zero" => Cell::number("0"),
                _ => return None,
            },
            Value::Text(text) if name == "tax_code" => tax_code(text, layout),
            Value::Text(text) => Cell::text(text),
            Value::Code { text, .. } => Cell::text(*text),
            Value::Number(number) => Cell::number(number.to_string()),
            Value::Money(dong) => amounts::amount(*dong, column.zeros, layout, nth),
            Value::Days(day, _) => amounts::day(*day, layout),
            Value::Unknown => Cell {
                format: Some("0%"),
                ..Cell::number("0.5")
            },
        };
        Some(cell)
    }

    /// Writes the sums of some cases into the columns of amounts of the next row.
    pub(crate) fn sums(&mut self, cases: &[Case], first: u32) {
        let kind = self.layout.of(Feature::TotalAs);
        for (at, column) in self.columns.clone().iter().enumerate() {
            let Some((dong, zeros)) = sum(cases, column) else {
                continue;
            };
            let number = if zeros == 0 && !column.is_money {
                Cell::number(dong.to_string())
            } else {
                amounts::number(dong, zeros, self.layout)
            };
            let cell = match (&number.content, kind) {
                (Content::Number(result), "formulas") => {
                    let col = u32::from(self.col(at));
                    let cell = |row: u32| model::CellRef { row, col };
                    let last = self.row.saturating_sub(1).max(first);
                    let formula = format!("SUM({}:{})", cell(first), cell(last));
                    Cell {
                        content: Content::Formula(formula, result.clone()),
                        ..number
                    }
                }
                (_, "texts") => amounts::amount(dong, zeros, self.layout, 1),
                _ => number,
            };
            self.set(at, cell.bold());
        }
    }

    /// Writes invented amounts into the columns of amounts of the next row.
    pub(crate) fn some_amounts(&mut self, dong: i64) {
        for (at, column) in self.columns.clone().iter().enumerate() {
            if column.is_money {
                let cell = amounts::number(dong, column.zeros, self.layout);
                self.set(at, cell);
            }
        }
    }
}

fn tax_code(digits: &str, layout: &Layout) -> Cell {
    match layout.of(Feature::TaxCodes) {
        "number" => Cell::number(digits),
        "with blanks" => Cell::text(format!(
            "{} {} {}",
            &digits[..4],
            &digits[4..7],
            &digits[7..]
        )),
        "with MST" => Cell::text(format!("MST: {digits}")),
        _ => Cell::text(digits),
    }
}

/// What a column's amounts come to, in đồng or as they are, and the zeros of their unit.
fn sum(cases: &[Case], column: &Column) -> Option<(i64, usize)> {
    let amounts = |name| cases.iter().map(move |case| case.amount(name));
    match column.holds {
        Holds::Form(name) if column.is_money => Some((amounts(name).sum(), column.zeros)),
        Holds::Form("participants") => Some((amounts("participants").sum(), 0)),
        Holds::LastYear(name) => {
            let last_year = amounts(name).map(|amount| amount / 4 * 3);
            Some((last_year.sum(), column.zeros))
        }
        _ => None,
    }
}

fn own_cell(
    kind: OwnKind,
    of: usize,
    column: &Column,
    layout: &Layout,
    nth: usize,
) -> Option<Cell> {
    const TEXTS: [&str; 4] = [
        "Nguyễn Văn An",
        "0251 3836 123",
        "Đã nghiệm thu",
        "Trung tâm Kỹ thuật TĐC",
    ];
    let number = i64::try_from(1 + (nth + 2 * of) % 7).unwrap();
    let cell = match kind {
        OwnKind::Text => Cell::text(TEXTS[(nth + of) % TEXTS.len()]),
        OwnKind::Number => Cell::number((if of == 0 { 2000 } else { 0 } + number).to_string()),
        OwnKind::Day => Cell::day(format!("2023-0{number}-15").parse().unwrap()),
        OwnKind::Amount => amounts::amount(number * 35_500_000, column.zeros, layout, nth),
    };
    Some(cell)
}

/// The columns of a form that its pairs have in common.
pub(crate) fn shared_places(form: &str, columns_of_sheet: &[Column]) -> Vec<usize> {
    let shared = columns(form).shared;
    let places = columns_of_sheet.iter().enumerate();
    places
        .filter(|(_, column)| matches!(column.holds, Holds::Form(name) if shared.contains(&name)))
        .map(|(at, _)| at)
        .collect()
}
