//! What the records of a table add up to, and the totals by their words that say otherwise.

use crate::cell_reader::read_cell;
use crate::column_map::ColumnMap;
use crate::column_sums::figure;
use crate::grid::{Cell, Row};
use crate::stored_value::StoredValue;
use crate::table_plan::PlacedColumn;
use model::{CellRef, Vnd};
use rust_decimal::Decimal;

/// The running sums of a table's columns of amounts, by their place on the sheet.
#[derive(Debug, Clone, Default)]
pub(crate) struct TotalCheck {
    sums: ColumnMap<Sum>,
}

/// What a column adds up to so far.
#[derive(Debug, Clone, Copy)]
struct Sum {
    /// What could be read, in đồng or whole numbers; nothing if it is too large.
    amount: Option<i64>,
    /// As the figures stand, for amounts whose unit is not known; nothing if one of them is no figure.
    figures: Option<Decimal>,
    has_negative: bool,
    unread: Unread,
}

/// Which cells of a column hold something that could not be read as an amount.
#[derive(Debug, Clone, Copy)]
enum Unread {
    None,
    One(CellRef),
    Several,
}

/// What a total says beside the amounts of its rows, as they are shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TotalFinding {
    /// The rows add up to something else.
    Differs { total: String, rows: String },
    /// The one cell that could not be read is what the others lack.
    Implies { cell: CellRef, amount: String },
}

impl Default for Sum {
    fn default() -> Self {
        Self {
            amount: Some(0),
            figures: Some(Decimal::ZERO),
            has_negative: false,
            unread: Unread::None,
        }
    }
}

impl TotalCheck {
    /// Adds what stands in a record's cell.
    pub(crate) fn add(
        &mut self,
        placed: &PlacedColumn<'_>,
        cell: &Cell,
        at: CellRef,
        stored: &StoredValue,
    ) {
        let sum = self.sums.get_or_insert_with(placed.col, Sum::default);
        if let StoredValue::Integer(amount) = stored {
            sum.amount = sum.amount.and_then(|sum| sum.checked_add(*amount));
            sum.has_negative |= *amount < 0;
        } else {
            sum.unread = match sum.unread {
                Unread::None => Unread::One(at),
                Unread::One(_) | Unread::Several => Unread::Several,
            };
        }
        // Only without a unit are the figures asked for.
        if placed.context.unit.is_none() {
            sum.figures = sum
                .figures
                .zip(figure(Some(&cell.value), placed.context.notation))
                .and_then(|(sum, figure)| sum.checked_add(figure));
        }
    }

    /// What a total of a column says beside what its records add up to; nothing if they agree or one cannot tell. A total
    /// that other columns prove, `is_proved`, is asked only about cells that could not be read.
    pub(crate) fn compare(
        &self,
        row: &Row,
        placed: &PlacedColumn<'_>,
        is_proved: bool,
    ) -> Option<TotalFinding> {
        let cell = row.whole_cell(placed.col)?;
        let sum = self.sums.get(placed.col).copied().unwrap_or_default();
        if let StoredValue::Integer(total) = read_cell(placed.column, cell, &placed.context).stored
        {
            return sum.compare(total, is_proved);
        }
        if is_proved || placed.context.unit.is_some() {
            return None;
        }
        // Whatever the unit is, total and rows are of the same.
        let total = figure(Some(&cell.value), placed.context.notation)?;
        let rows = sum.figures?;
        (rows != total).then(|| TotalFinding::Differs {
            total: total.normalize().to_string(),
            rows: rows.normalize().to_string(),
        })
    }
}

impl Sum {
    fn compare(&self, total: i64, is_proved: bool) -> Option<TotalFinding> {
        let rows = self.amount?;
        let rest = total.checked_sub(rows)?;
        let differs = match self.unread {
            Unread::None => rest != 0 && !is_proved,
            // No amount that could be meant makes it up.
            Unread::One(_) | Unread::Several => rest < 0 && !self.has_negative,
        };
        match self.unread {
            _ if differs => Some(TotalFinding::Differs {
                total: Vnd(total).to_string(),
                rows: Vnd(rows).to_string(),
            }),
            // A rest of nothing says nothing: a formula adds up only what are numbers.
            Unread::One(cell) if rest != 0 => Some(TotalFinding::Implies {
                cell,
                amount: Vnd(rest).to_string(),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read;
    use model::{Check, FileId};
    use programme::Programme;

    /// What is said of totals and of the cells in the way of them: cells, what stands there, what is expected.
    fn told(unit: &str, rows: &str) -> Vec<String> {
        let programme = Programme::default_programme().unwrap();
        let text = format!(
            "== TT chung\nCơ quan báo cáo|Sở Công Thương\nKỳ báo cáo|Năm 2023\n== Biểu 8\n{unit}\n\
             Nhiệm vụ|Nguồn kinh phí|Dự toán|Thực hiện\n{rows}"
        );
        let bytes = testkit::workbook(&text);
        let reading = read(&FileId("0".repeat(64)), "a.xlsx", &bytes, &programme);
        let told = reading.observations.into_iter();
        told.filter(|it| matches!(it.check, Check::TotalDiffers | Check::NumberUnreadable))
            .map(|it| format!("{} {} → {}", it.cells[0], it.found, it.expected))
            .collect()
    }

    fn with_total(unit: &str, total: &str) -> Vec<String> {
        told(
            unit,
            &format!("IV.1.a|NSNN bảo đảm|1.5|1\nIV.2.a|NSNN bảo đảm|2|1\nTổng cộng||{total}|2\n"),
        )
    }

    const MILLIONS: &str = "Đơn vị tính: triệu đồng";

    #[test]
    fn a_total_that_differs_is_shown_beside_what_its_rows_are() {
        assert_eq!(with_total(MILLIONS, "3.5"), [""; 0]);
        assert_eq!(with_total(MILLIONS, "4"), ["C5 4.000.000 → 3.500.000"]);
    }

    #[test]
    fn without_a_unit_the_figures_are_compared() {
        assert_eq!(with_total("Kinh phí", "3.5"), [""; 0]);
        assert_eq!(with_total("Kinh phí", "4"), ["C5 4 → 3.5"]);
    }

    #[test]
    fn a_total_above_its_rows_is_compared_with_them() {
        let rows = "Tổng cộng||4|2\nIV.1.a|NSNN bảo đảm|1|1\nIV.2.a|NSNN bảo đảm|2|1";
        assert_eq!(told(MILLIONS, rows), ["C3 4.000.000 → 3.000.000"]);
    }

    #[test]
    fn a_total_says_what_the_one_cell_that_cannot_be_read_must_be() {
        for (amounts, total, expected) in [
            (["mười", "2"], "12", vec!["C3 mười → 10.000.000"]),
            // The rest is less than nothing.
            (
                ["mười", "2"],
                "1",
                vec!["C3 mười → ", "C5 1.000.000 → 2.000.000"],
            ),
            (["mười", "-2"], "-3", vec!["C3 mười → -1.000.000"]),
            // A formula adds up only what are numbers.
            (["mười", "2"], "2", vec!["C3 mười → "]),
            (["mười", "hai"], "12", vec!["C3 mười → ", "C4 hai → "]),
        ] {
            let [first, second] = amounts;
            for spent in ["2", "3"] {
                let rows = format!(
                    "IV.1.a|NSNN bảo đảm|{first}|1\nIV.2.a|NSNN bảo đảm|{second}|1\nTổng cộng||{total}|{spent}"
                );
                let mut told = told(MILLIONS, &rows);
                told.retain(|line| !line.starts_with('D'));
                assert_eq!(told, expected, "{amounts:?} {total} {spent}");
            }
        }
    }
}
