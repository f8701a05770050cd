//! The sheet of the form: titles, headings, and the rows below them one by one.

use crate::amounts;
use crate::cases::{Case, FormColumns, Value, columns};
use crate::columns::{Column, Holds, OwnKind, unit_line};
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

    /// Writes a text at the left of the table.
    fn line(&mut self, text: &str) {
        self.set(0, Cell::text(text));
        self.row += 1;
    }

    pub(crate) fn titles(&mut self) {
        let mut title = self.form.title.vi.to_uppercase();
        if self.layout.of(Feature::Unit) == "in the title" && self.form.has_money() {
            title += " (Đơn vị tính: triệu đồng)";
        }
        let (before, after): (&[&str], &[&str]) = match self.layout.of(Feature::Title) {
            "none" if self.layout.of(Feature::Unit) != "in the title" => (&[], &[]),
            "three rows" => (&["SỞ KHOA HỌC VÀ CÔNG NGHỆ"], &["Năm 2024"]),
            "twenty rows" => (
                &["Thực hiện Kế hoạch số 12015/KH-UBND ngày 01/10/2021, đơn vị báo cáo như sau:";
                    17],
                &["(Số liệu đến ngày 25/11/2024)", "Năm 2024"],
            ),
            "nine rows" => (
                &[
                    "ỦY BAN NHÂN DÂN TỈNH ĐỒNG NAI",
                    "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
                    "Số: 125/BC-SKHCN",
                    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                    "Độc lập - Tự do - Hạnh phúc",
                ],
                &[
                    "(Kèm theo Báo cáo số 125/BC-SKHCN ngày 25 tháng 11 năm 2024)",
                    "Thực hiện Kế hoạch số 12015/KH-UBND",
                ],
            ),
            _ => (&[], &[]),
        };
        let has_title = self.layout.of(Feature::Title) != "none"
            || self.layout.of(Feature::Unit) == "in the title";
        before.iter().for_each(|text| self.line(text));
        if has_title {
            self.set(0, Cell::text(title).bold());
            self.row += 1;
        }
        after.iter().for_each(|text| self.line(text));
        if let Some(line) = unit_line(self.layout) {
            let is_right = self.layout.of(Feature::Unit) == "line at the right";
            let at = if is_right { self.columns.len() - 1 } else { 0 };
            self.set(at, Cell::text(line));
            self.row += 1;
        }
        if self.layout.of(Feature::Title) == "period above the heading" {
            self.line("Kỳ báo cáo: Năm 2024");
        }
    }

    /// Writes the headings; a group stands once over its columns, and a heading of fewer levels reaches down.
    pub(crate) fn headings(&mut self) {
        let depth = self.columns.iter().map(|column| column.levels.len()).max();
        let depth = depth.unwrap();
        for level in 0..depth {
            let mut at = 0;
            while let Some(column) = self.columns.get(at) {
                let Some(text) = column.levels.get(level) else {
                    at += 1;
                    continue;
                };
                let is_last = level + 1 == column.levels.len();
                let path = &column.levels[..=level];
                let is_same = |other: &&Column| {
                    !is_last && other.levels.len() > level + 1 && other.levels.starts_with(path)
                };
                let same = self.columns[at..].iter().take_while(is_same).count();
                let width = same.max(1);
                let bottom = if is_last { depth - 1 } else { level };
                let row = self.row + u32::try_from(level).unwrap();
                let bottom = self.row + u32::try_from(bottom).unwrap();
                let (left, right) = (self.col(at), self.col(at + width - 1));
                self.grid.set(row, left, Cell::text(text).bold());
                self.grid.merge((row, left, bottom, right));
                at += width;
            }
        }
        for _ in 0..depth {
            self.heading_rows.insert(self.row);
            self.row += 1;
        }
    }

    /// Writes the row of numbers below the headings, if there is one.
    pub(crate) fn number_row(&mut self) {
        let kind = self.layout.of(Feature::NumberRow);
        if kind == "none" {
            return;
        }
        for at in 0..self.columns.len() {
            let cell = match (kind, at) {
                ("(1) (2)", _) => Cell::text(format!("({})", at + 1)),
                ("A B 1 2", 0) => Cell::text("A"),
                ("A B 1 2", 1) => Cell::text("B"),
                ("A B 1 2", _) => Cell::number((at - 1).to_string()),
                _ => Cell::number((at + 1).to_string()),
            };
            self.set(at, cell);
        }
        self.heading_rows.insert(self.row);
        self.row += 1;
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

    /// Begins a second table below the first, whose amounts are in đồng.
    pub(crate) fn second_table(&mut self) {
        self.row += 1;
        self.line("BẢNG 2");
        self.line("Đơn vị tính: đồng");
        for column in &mut self.columns {
            column.zeros = 0;
        }
        self.headings();
        self.number_row();
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
