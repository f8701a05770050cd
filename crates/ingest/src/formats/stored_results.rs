//! Results that a formula cannot have: a library that writes formulas without calculating them stores 0 or the empty text
//! with each, and leaves it to Excel to calculate when the workbook is opened. What Excel would show is not known here.
//!
//! That a workbook asks for it proves nothing, since most ordinary ones do. So it takes three things: it asks, all its
//! formulas have such results, and of one of them it can be shown that the cells it refers to give something else.

use crate::grid::{SheetGrid, Value};
use model::CellRef;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;

/// The most cells of a range that are added up to find out.
const MAX_CELLS: u32 = 10_000;
/// The deepest that brackets may stand in one another.
const MAX_DEPTH: u32 = 50;

/// The formulas of a workbook, as long as none of them shows that it was calculated.
#[derive(Debug, Default)]
pub(crate) struct StoredResults {
    formulas: Vec<StoredFormula>,
    /// Whether one has another result: then somebody calculated them.
    is_calculated: bool,
}

#[derive(Debug)]
struct StoredFormula {
    sheet: usize,
    at: CellRef,
    formula: Box<str>,
    /// Whether its result is the empty text, and not 0.
    is_blank: bool,
}

impl StoredResults {
    /// Takes note of a formula and its result, nothing for the empty text.
    pub(crate) fn add(&mut self, sheet: usize, at: CellRef, formula: &str, result: Option<&Value>) {
        if self.is_calculated {
            return;
        }
        match result {
            None | Some(Value::Number(0.0)) => self.formulas.push(StoredFormula {
                sheet,
                at,
                formula: formula.into(),
                is_blank: result.is_none(),
            }),
            Some(_) => {
                self.is_calculated = true;
                self.formulas = Vec::new();
            }
        }
    }

    /// Puts the formulas in the place of their results if these were never calculated.
    pub(crate) fn take_back(self, sheets: &mut [SheetGrid]) {
        let is_refuted = |stored: &StoredFormula| {
            let result = Expression::new(sheets, stored.sheet, &stored.formula).result();
            result.is_some_and(|result| stored.is_blank || !result.is_zero())
        };
        if self.is_calculated || !self.formulas.iter().any(is_refuted) {
            return;
        }
        for stored in self.formulas {
            if let Some(sheet) = sheets.get_mut(stored.sheet) {
                sheet.put(stored.at, Value::Formula(stored.formula));
            }
        }
    }
}

/// A formula as it is worked out: sums, and the four rules of arithmetic, over cells of the workbook. Of any other there
/// is no result, and nothing is said of it.
struct Expression<'a> {
    sheets: &'a [SheetGrid],
    sheet: usize,
    rest: &'a str,
    depth: u32,
}

impl<'a> Expression<'a> {
    fn new(sheets: &'a [SheetGrid], sheet: usize, formula: &'a str) -> Self {
        Self {
            sheets,
            sheet,
            rest: formula,
            depth: 0,
        }
    }

    fn result(mut self) -> Option<Decimal> {
        let result = self.sum()?;
        self.rest.trim().is_empty().then_some(result)
    }

    fn take(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Option<Decimal> {
        let mut sum = self.product()?;
        loop {
            if self.take('+') {
                sum = sum.checked_add(self.product()?)?;
            } else if self.take('-') {
                sum = sum.checked_sub(self.product()?)?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<Decimal> {
        let mut product = self.factor()?;
        loop {
            if self.take('*') {
                product = product.checked_mul(self.factor()?)?;
            } else if self.take('/') {
                product = product.checked_div(self.factor()?)?;
            } else {
                return Some(product);
            }
        }
    }

    fn factor(&mut self) -> Option<Decimal> {
        let factor = self.unsigned()?;
        if self.take('%') {
            return factor.checked_div(Decimal::ONE_HUNDRED);
        }
        Some(factor)
    }

    fn unsigned(&mut self) -> Option<Decimal> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let value = self.operand();
        self.depth -= 1;
        value
    }

    fn operand(&mut self) -> Option<Decimal> {
        if self.take('-') {
            return self.unsigned().map(|value| -value);
        }
        if self.take('+') {
            return self.unsigned();
        }
        if self.take('(') {
            let value = self.sum()?;
            return self.take(')').then_some(value);
        }
        if self.take_function("SUM(") {
            return self.arguments();
        }
        if self.take_function("ROUND(") {
            let value = self.sum()?;
            let digits = self.take(',').then(|| self.sum()).flatten()?;
            let digits = u32::try_from(digits.trunc()).ok()?;
            let rounded = value.round_dp_with_strategy(digits, MidpointAwayFromZero);
            return self.take(')').then_some(rounded);
        }
        if self
            .rest
            .starts_with(|c: char| c.is_ascii_digit() || c == '.')
        {
            let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.');
            let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = rest;
            return number.parse().ok();
        }
        let (sheet, at) = self.reference()?;
        // A range by itself is no number.
        if self.rest.starts_with(':') {
            return None;
        }
        self.cell(sheet, at)
    }

    fn take_function(&mut self, name: &str) -> bool {
        let begins = self.rest.get(..name.len());
        let is_next = begins.is_some_and(|begins| begins.eq_ignore_ascii_case(name));
        if is_next {
            self.rest = &self.rest[name.len()..];
        }
        is_next
    }

    /// The arguments of a sum: ranges, of which texts count nothing, and values.
    fn arguments(&mut self) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        loop {
            let before = self.rest;
            let range = self.range();
            let value = if let Some(range) = range {
                range
            } else {
                self.rest = before;
                self.sum()?
            };
            sum = sum.checked_add(value)?;
            if self.take(')') {
                return Some(sum);
            }
            if !self.take(',') {
                return None;
            }
        }
    }

    fn range(&mut self) -> Option<Decimal> {
        self.rest = self.rest.trim_start();
        let (sheet, first) = self.reference()?;
        if !self.take(':') {
            return None;
        }
        let last = self.place()?;
        if last.row.checked_sub(first.row)? > MAX_CELLS {
            return None;
        }
        let rows = &self.sheets.get(sheet)?.rows;
        let from = rows.partition_point(|row| row.index < first.row);
        let mut sum = Decimal::ZERO;
        for row in rows[from..].iter().take_while(|row| row.index <= last.row) {
            for cell in &row.cells {
                if (first.col..=last.col).contains(&cell.col)
                    && let Some(number) = cell.value.as_decimal()
                {
                    sum = sum.checked_add(number)?;
                }
            }
        }
        Some(sum)
    }

    /// A cell, perhaps of another sheet.
    fn reference(&mut self) -> Option<(usize, CellRef)> {
        let start = self.rest;
        let name = if let Some(quoted) = start.strip_prefix('\'') {
            let end = quoted.find("'!")?;
            self.rest = &quoted[end + 2..];
            Some(quoted[..end].replace("''", "'"))
        } else {
            let end = start.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            let end = end.filter(|end| start[*end..].starts_with('!'));
            self.rest = end.map_or(start, |end| &start[end + 1..]);
            end.map(|end| start[..end].to_owned())
        };
        let sheet = match name {
            Some(name) => self.sheets.iter().position(|sheet| sheet.name == name)?,
            None => self.sheet,
        };
        Some((sheet, self.place()?))
    }

    fn place(&mut self) -> Option<CellRef> {
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '$');
        let (written, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        // A name before brackets is a function.
        if rest.starts_with('(') {
            return None;
        }
        let place = written.replace('$', "").parse().ok()?;
        self.rest = rest;
        Some(place)
    }

    /// The number in a cell; a blank counts as 0, a text has no number.
    fn cell(&self, sheet: usize, at: CellRef) -> Option<Decimal> {
        match self.sheets.get(sheet)?.value(at) {
            Some(value) => value.as_decimal(),
            None => Some(Decimal::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StoredResults;
    use crate::grid::{Cell, Row, SheetGrid, Value};

    /// A sheet with 160 in A1, a text in B1, and 0 in C1 to F1.
    fn sheets() -> Vec<SheetGrid> {
        let cells = (0..6)
            .map(|col| {
                Cell::plain(
                    col,
                    match col {
                        0 => Value::Number(160.0),
                        1 => Value::Text("x".into()),
                        _ => Value::Number(0.0),
                    },
                )
            })
            .collect();
        vec![SheetGrid {
            name: "Biểu 3".to_owned(),
            rows: vec![Row { index: 0, cells }],
            ..SheetGrid::default()
        }]
    }

    /// Whether C1 and D1 are taken back, once they hold these formulas with the result 0.
    fn is_taken_back(formulas: [&str; 2]) -> bool {
        let mut sheets = sheets();
        let mut results = StoredResults::default();
        for (cell, formula) in ["C1", "D1"].into_iter().zip(formulas) {
            results.add(0, cell.parse().unwrap(), formula, Some(&Value::Number(0.0)));
        }
        results.take_back(&mut sheets);
        let is_formula = |col: u32| matches!(sheets[0].rows[0].cell(col), Some(Value::Formula(_)));
        assert_eq!(is_formula(2), is_formula(3));
        assert!(!is_formula(4));
        is_taken(&sheets, formulas)
    }

    fn is_taken(sheets: &[SheetGrid], [first, _]: [&str; 2]) -> bool {
        sheets[0].rows[0].cell(2) == Some(&Value::Formula(first.into()))
    }

    #[test]
    fn one_result_that_cannot_be_takes_all_back() {
        for formula in [
            "A1*0.5",
            "SUM(A1:B1)",
            "sum( E1:F1, $A$1 )",
            "-A1+10",
            "(A1-100)*50%",
            "'Biểu 3'!A1/3",
            "A1+G9",
            "ROUND(A1*0.33,0)",
        ] {
            assert!(is_taken_back(["IF(A1>0,A1,0)", formula]), "{formula}");
        }
    }

    #[test]
    fn what_may_well_be_zero_or_is_not_understood_proves_nothing() {
        for formula in [
            "SUM(E1:F1)",
            "A1-160",
            "A1*0",
            "A1*B1",
            "A1+IF(A1>0,1,0)",
            "VLOOKUP(A1,A1:F9,2)",
            "Sheet9!A1",
            "A1:F1",
            "ROUND(A1/1000,0)",
            "A1/E1",
            "SUM(A1",
            "",
        ] {
            assert!(!is_taken_back([formula, "E1"]), "{formula}");
        }
        let deep = format!("{}A1{}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(!is_taken_back([&deep, "E1"]));
    }

    #[test]
    fn a_sum_is_never_the_empty_text() {
        let mut sheets = sheets();
        let mut results = StoredResults::default();
        results.add(0, "H1".parse().unwrap(), "E1+F1", None);
        results.add(0, "I9".parse().unwrap(), "IF(A1=1,\"\",A1)", None);
        results.take_back(&mut sheets);
        assert_eq!(
            sheets[0].rows[0].cell(7),
            Some(&Value::Formula("E1+F1".into()))
        );
        assert!(matches!(sheets[0].rows[1].cell(8), Some(Value::Formula(_))));
    }

    #[test]
    fn a_text_that_may_be_empty_proves_nothing() {
        let mut sheets = sheets();
        let mut results = StoredResults::default();
        results.add(0, "H1".parse().unwrap(), "IF(A1=1,\"\",A1)", None);
        results.take_back(&mut sheets);
        assert_eq!(sheets[0].rows[0].cell(7), None);
    }

    #[test]
    fn another_result_shows_that_somebody_calculated() {
        let mut sheets = sheets();
        let mut results = StoredResults::default();
        let at = |cell: &str| cell.parse().unwrap();
        results.add(0, at("C1"), "A1*2", Some(&Value::Number(0.0)));
        results.add(0, at("D1"), "A1*2", Some(&Value::Number(320.0)));
        results.take_back(&mut sheets);
        assert_eq!(sheets[0].rows[0].cell(2), Some(&Value::Number(0.0)));
    }
}
