//! What stands above the rows: titles, the line of the unit, headings and their numbers.

use crate::columns::{Column, Holds, unit_line};
use crate::features::Feature;
use crate::grid::Cell;
use crate::sheet::Sheet;

impl Sheet<'_> {
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

    /// Writes the headings: a group stands over its columns, and a heading of fewer levels reaches down.
    pub(crate) fn headings(&mut self) {
        let merges = self.layout.of(Feature::HeadingMerges);
        let depth = self.columns.iter().map(|column| column.levels.len()).max();
        let depth = depth.unwrap();
        for level in 0..depth {
            let row = self.row + u32::try_from(level).unwrap();
            let last_row = self.row + u32::try_from(depth - 1).unwrap();
            let mut at = 0;
            while let Some(column) = self.columns.get(at) {
                let Some(text) = column.levels.get(level) else {
                    at += 1;
                    continue;
                };
                let cell = Cell::text(text).bold();
                let (width, area) = if level + 1 == column.levels.len() {
                    let col = self.col(at);
                    (1, (row, col, last_row, col))
                } else {
                    let path = &column.levels[..=level];
                    let is_same = |other: &&Column| {
                        other.levels.len() > level + 1 && other.levels.starts_with(path)
                    };
                    let width = self.columns[at..].iter().take_while(is_same).count();
                    (width, (row, self.col(at), row, self.col(at + width - 1)))
                };
                let (top, left, bottom, right) = area;
                let is_group = bottom == row && level + 1 < column.levels.len();
                match merges {
                    "groups over each column" if is_group => {
                        for col in left..=right {
                            self.grid.set(row, col, cell.clone());
                        }
                    }
                    "none, headings at the bottom" if !is_group => {
                        self.grid.set(bottom, left, cell);
                    }
                    _ => self.grid.set(top, left, cell),
                }
                if merges == "merged" || merges == "groups only" && is_group {
                    self.grid.merge(area);
                }
                at += width;
            }
        }
        for _ in 0..depth {
            self.heading_rows.insert(self.row);
            self.row += 1;
        }
    }

    /// Writes the row of units below the headings, if there is one.
    pub(crate) fn unit_row(&mut self) {
        if self.layout.of(Feature::Unit) != "row below the headings" {
            return;
        }
        for (at, column) in self.columns.clone().iter().enumerate() {
            match column.holds {
                _ if column.is_money => self.set(at, Cell::text("triệu đồng")),
                Holds::Form("employees" | "participants") => self.set(at, Cell::text("người")),
                _ => {}
            }
        }
        self.heading_rows.insert(self.row);
        self.row += 1;
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
}
