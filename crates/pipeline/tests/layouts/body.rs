//! The rows below the headings: cases, their groups, totals.

use crate::cases::{Case, DISTRICTS, Value};
use crate::columns::Holds;
use crate::features::{Feature, Layout};
use crate::grid::Cell;
use crate::sheet::{Sheet, shared_places};

const TITLES: [&str; 4] = [
    "Lĩnh vực công nghiệp",
    "Lĩnh vực nông nghiệp",
    "Lĩnh vực dịch vụ",
    "Lĩnh vực khác",
];
const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
const LETTERS: [&str; 4] = ["A", "B", "C", "D"];

/// How many of so many cases stand in a group.
pub(crate) fn group_size(cases: usize, layout: &Layout) -> usize {
    match layout.is_plain(Feature::Groups) {
        true => cases,
        false => (cases / 2).next_multiple_of(2).max(2),
    }
}

impl Sheet<'_> {
    /// Writes all that stands below the headings.
    pub(crate) fn body(&mut self, cases: &[Case]) {
        if self.layout.of(Feature::Blanks) == "below the heading" {
            self.row += 1;
        }
        let first = self.row;
        let total = self.layout.of(Feature::Total);
        let is_above = total.starts_with("above");
        if is_above {
            self.total(cases, first + 1);
        }
        let size = group_size(cases.len(), self.layout);
        if self.layout.of(Feature::Groups) == "nested" {
            self.group_title("I", "Nhiệm vụ năm 2024", cases);
        }
        for (group, members) in cases.chunks(size).enumerate() {
            self.group(group, members, group * size);
        }
        if self.layout.of(Feature::Repeated) == "status merged over all" {
            self.merge_over_all(first);
        }
        self.empty_rows(cases.len());
        if total != "none" && !is_above {
            if total == "below, after a blank line" {
                self.row += 1;
            }
            self.total(cases, first);
        }
    }

    fn group(&mut self, group: usize, members: &[Case], before: usize) {
        let kind = self.layout.of(Feature::Groups);
        let (number, title) = match kind {
            "roman" => (ROMAN[group].to_owned(), TITLES[group]),
            "letters" => (LETTERS[group].to_owned(), TITLES[group]),
            "1 and 1.1" | "nested" => ((group + 1).to_string(), TITLES[group]),
            "districts" => (String::new(), DISTRICTS[group].0),
            _ => (String::new(), TITLES[group]),
        };
        if kind != "none" {
            self.group_title(&number, title, members);
        }
        let first = self.row;
        for (at, case) in members.iter().enumerate() {
            if at > 0 && at % 2 == 0 {
                self.interrupt(before + at);
            }
            let numbering = match kind {
                "1 and 1.1" | "nested" => format!("{}.{}", group + 1, at + 1),
                _ => String::new(),
            };
            let nth = before + at;
            let number_in_group = if self.layout.of(Feature::Numbering) == "restarts" {
                at + 1
            } else {
                nth + 1
            };
            let second = (at % 2 == 1).then(|| &members[at - 1]);
            self.case(case, nth, number_in_group, &numbering, second.is_some());
        }
        if kind != "none" && self.layout.of(Feature::GroupSums) == "in a row below" {
            let label = match number.as_str() {
                "" => "Cộng".to_owned(),
                number => format!("Cộng {number}"),
            };
            let at = self.name_place();
            self.set(at, Cell::text(label).bold());
            self.sums(members, first);
            self.row += 1;
        }
    }

    fn group_title(&mut self, number: &str, title: &str, members: &[Case]) {
        let numbering = self.place(Holds::Numbering);
        let (at, text) = match numbering {
            Some(at) if !number.is_empty() => {
                self.set(at, Cell::text(number).bold());
                (self.name_place(), title.to_owned())
            }
            None if !number.is_empty() => (self.name_place(), format!("{number}. {title}")),
            _ => (self.name_place(), title.to_owned()),
        };
        if self.layout.of(Feature::Groups) == "merged titles" {
            let (left, right) = (self.col(0), self.col(self.columns.len() - 1));
            self.set(0, Cell::text(text).bold());
            self.grid.merge((self.row, left, self.row, right));
        } else {
            self.set(at, Cell::text(text).bold());
            if self.layout.of(Feature::GroupSums) == "in the title row" {
                self.sums(members, self.row + 1);
            }
        }
        self.row += 1;
    }

    /// What may stand between two rows of a group.
    fn interrupt(&mut self, before: usize) {
        match self.layout.of(Feature::Blanks) {
            "between rows" => self.row += 1,
            "three in a row" if before == 2 => self.row += 3,
            _ => {}
        }
        match self.layout.of(Feature::Pages) {
            "heading again" => self.headings(),
            "heading and number row again" => {
                self.headings();
                self.number_row();
            }
            "second table, in đồng" if before == 2 => self.second_table(),
            _ => {}
        }
    }

    fn case(&mut self, case: &Case, nth: usize, number: usize, dotted: &str, is_second: bool) {
        let shared = shared_places(&self.form.code, &self.columns);
        let repeated = self.layout.of(Feature::Repeated);
        for (at, column) in self.columns.clone().iter().enumerate() {
            let is_repeated = is_second && shared.contains(&at);
            let is_first_amount = column.holds == Holds::Form(self.of_form.money[0]);
            if is_second
                && (repeated == "merged" && (is_repeated || column.holds == Holds::Numbering)
                    || repeated == "amount merged" && is_first_amount)
            {
                let col = self.col(at);
                self.grid.merge((self.row - 1, col, self.row, col));
                continue;
            }
            let cell = match repeated {
                "blank" if is_repeated => None,
                "như trên" | "-nt-" | "\"" if is_repeated => Some(Cell::text(repeated)),
                _ if column.holds == Holds::Numbering => self.numbering(number, dotted),
                _ => self.case_cell(case, column, nth),
            };
            if let Some(mut cell) = cell {
                cell.is_struck = match self.layout.of(Feature::Struck) {
                    "a case" => nth == 1,
                    "an amount" => nth == 1 && is_first_amount,
                    _ => false,
                };
                self.set(at, cell);
            }
        }
        self.case_of_row.insert(self.row, nth);
        self.row += 1;
        self.continuation(case, nth);
    }

    fn numbering(&self, number: usize, dotted: &str) -> Option<Cell> {
        if !dotted.is_empty() {
            return Some(Cell::text(dotted));
        }
        match self.layout.of(Feature::Numbering) {
            "text '1.'" => Some(Cell::text(format!("{number}."))),
            "01 02" => Some(Cell::text(format!("{number:02}"))),
            "blank" => None,
            _ => Some(Cell::number(number.to_string())),
        }
    }

    /// Writes what is left of a case in a second row.
    fn continuation(&mut self, case: &Case, nth: usize) {
        let below = match (self.layout.of(Feature::Continued), case.get("tax_code")) {
            ("name in two rows", _) if nth == 0 => {
                let Value::Text(name) = case.get(self.of_form.name) else {
                    return;
                };
                let (first, rest) = name.split_at(half(name));
                let (at, rest) = (self.name_place(), rest.trim().to_owned());
                let col = self.col(at);
                self.grid.set(self.row - 1, col, Cell::text(first.trim()));
                rest
            }
            ("tax code below", Value::Text(tax_code)) => format!("MST: {tax_code}"),
            ("remark below", _) if nth == 0 => "(theo Quyết định số 25/QĐ-UBND)".to_owned(),
            _ => return,
        };
        let at = self.name_place();
        self.set(at, Cell::text(below));
        self.case_of_row.insert(self.row, nth);
        self.row += 1;
    }

    /// Merges the column that is the same in all cases over all rows.
    fn merge_over_all(&mut self, first: u32) {
        let name = super::same_in_all(&self.form.code);
        let col = self.col(self.place(Holds::Form(name)).unwrap());
        let last = self.row - 1;
        for row in first + 1..=last {
            self.grid.cells.remove(&(row, col));
        }
        self.grid.merge((first, col, last, col));
    }

    fn empty_rows(&mut self, count: usize) {
        let numbering = self.place(Holds::Numbering);
        match (self.layout.of(Feature::EmptyRows), numbering) {
            ("numbered", Some(at)) => {
                for number in count + 1..count + 5 {
                    self.set(at, Cell::number(number.to_string()));
                    self.row += 1;
                }
            }
            ("dots", _) => {
                for at in 0..self.columns.len() {
                    self.set(at, Cell::text("..."));
                }
                self.row += 1;
            }
            _ => {}
        }
    }

    fn total(&mut self, cases: &[Case], first: u32) {
        let label = match self.layout.of(Feature::TotalLabel) {
            "Tổng số: N" => format!("Tổng số: {} đơn vị", cases.len()),
            "no word" => String::new(),
            word => word.to_owned(),
        };
        let (name, money) = (self.name_place(), self.money_place());
        let at = match self.layout.of(Feature::Total) {
            "below, in the number column" => self.place(Holds::Numbering).unwrap_or(name),
            "below, in the column before the amounts" if money > 0 => money - 1,
            "below, merged" => 0,
            _ => name,
        };
        if !label.is_empty() {
            let is_merged = self.layout.of(Feature::Total) == "below, merged" && money > 1;
            let at = if is_merged || at != 0 || money != 0 {
                at
            } else {
                name
            };
            self.set(at, Cell::text(label).bold());
            if is_merged {
                let (left, right) = (self.col(0), self.col(money - 1));
                self.grid.merge((self.row, left, self.row, right));
            }
        }
        if self.layout.of(Feature::Total) == "above, with a letter"
            && let Some(at) = self.place(Holds::Numbering)
        {
            self.set(at, Cell::text("A").bold());
        }
        let keeps: Vec<_> = (0..self.columns.len())
            .filter_map(|at| {
                self.grid
                    .cells
                    .get(&(self.row, self.col(at)))
                    .cloned()
                    .map(|c| (at, c))
            })
            .collect();
        self.sums(cases, first);
        if self.layout.of(Feature::Total) == "below, merged" {
            // What the label's area covers is not seen.
            for at in 1..money {
                let col = self.col(at);
                self.grid.cells.remove(&(self.row, col));
            }
        }
        for (at, cell) in keeps {
            self.set(at, cell);
        }
        if self.layout.of(Feature::Hidden) == "the total" {
            self.grid.hidden_rows.insert(self.row);
        }
        self.row += 1;
    }
}

/// Where a name is cut in two: at the blank nearest to its middle.
fn half(name: &str) -> usize {
    let blanks = name.char_indices().filter(|(_, c)| *c == ' ');
    let blanks = blanks.map(|(at, _)| at);
    blanks
        .min_by_key(|at| at.abs_diff(name.len() / 2))
        .unwrap_or(name.len())
}
